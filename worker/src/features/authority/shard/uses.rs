//! When and from where an app or a token was last used: written at most once a minute, after the answer.

use std::collections::HashMap;
use std::rc::Rc;

use drawbridge_domain::id::{AppId, Id, TenantId};
use drawbridge_domain::time::{MINUTE, Timestamp};
use serde_json::json;

use super::super::message::From;
use super::state::State;
use super::{AppRow, Shard, TokenRow, store};
use crate::ports::Notes;
use crate::services::Services;

/// How many are written at once.
const AT_ONCE: usize = 40;

/// One use.
#[derive(Debug, Clone)]
pub(in super::super) struct Use {
    pub(in super::super) tenant: TenantId,
    pub(in super::super) id: String,
    /// The hash of the secret that was used; an access token is none.
    pub(in super::super) secret: Option<String>,
    pub(in super::super) at: Timestamp,
    pub(in super::super) address: String,
    pub(in super::super) country: String,
    token: bool,
}

impl Use {
    pub(super) fn of(state: &State, secret: Option<String>, from: &From, at: Timestamp) -> Self {
        Self {
            tenant: state.tenant().clone(),
            id: state.id().to_owned(),
            secret,
            at,
            address: from.address.clone(),
            country: from.country.clone(),
            token: state.is_token(),
        }
    }

    /// What it is counted under: each secret by itself.
    fn key(&self) -> String {
        format!("{} {}", self.id, self.secret.as_deref().unwrap_or_default())
    }

    /// Under which key the shard knows what was used.
    fn known_as(&self) -> &str {
        if self.token { self.secret.as_deref().unwrap_or_default() } else { &self.id }
    }
}

#[derive(Default)]
pub(super) struct Uses {
    /// The last use of each that is not written.
    waiting: HashMap<String, Use>,
    /// When each was last written.
    written: HashMap<String, Timestamp>,
    alarm: Option<Timestamp>,
    /// Whether something came that was not looked at yet.
    fresh: bool,
}

impl Uses {
    pub(super) fn note(&mut self, one: Use) {
        let key = one.key();
        let written = self.written.contains_key(&key);
        let waited = self.waiting.insert(key, one).is_some();
        self.fresh |= !(written && waited);
    }

    /// Whether there is nothing to write and no alarm to set: so it mostly is, and then nobody looks through all uses.
    fn at_rest(&mut self, now: Timestamp) -> bool {
        let fresh = std::mem::take(&mut self.fresh);
        !fresh && (self.waiting.is_empty() || self.alarm.is_some_and(|alarm| alarm > now))
    }

    /// Takes those that may be written now.
    fn due(&mut self, now: Timestamp) -> Vec<Use> {
        self.written.retain(|_, at| now.since(*at) < MINUTE);
        let due: Vec<String> = self
            .waiting
            .keys()
            .filter(|key| !self.written.contains_key(*key))
            .take(AT_ONCE)
            .cloned()
            .collect();
        let due: Vec<Use> = due.iter().filter_map(|key| self.waiting.remove(key)).collect();
        self.written.extend(due.iter().map(|one| (one.key(), now)));
        due
    }

    /// Takes back what could not be written, where nothing newer waits.
    fn take_back(&mut self, uses: Vec<Use>) {
        for one in uses {
            self.waiting.entry(one.key()).or_insert(one);
        }
    }

    /// When the next ones may be written, if the alarm is not set for it yet.
    fn next_alarm(&mut self, now: Timestamp) -> Option<Timestamp> {
        let free = |key: &String| self.written.get(key).map_or(now, |at| at.plus(MINUTE)).max(now);
        let next = self.waiting.keys().map(free).min()?;
        if self.alarm.is_some_and(|alarm| alarm > now && alarm <= next) {
            return None;
        }
        self.alarm = Some(next);
        self.alarm
    }
}

impl Shard {
    /// Writes the uses that are due, and sees to it that the others will be. Nobody waits for it.
    pub(super) fn note_uses(self: &Rc<Self>, services: &Services, notes: Rc<dyn Notes>) {
        let now = services.now();
        let (due, alarm) = {
            let mut uses = self.uses.borrow_mut();
            if uses.at_rest(now) {
                return;
            }
            let due = uses.due(now);
            (due, uses.next_alarm(now))
        };
        if due.is_empty() && alarm.is_none() {
            return;
        }
        let (shard, services) = (Rc::clone(self), services.clone());
        let background = Rc::clone(&services.background);
        background.spawn(Box::pin(async move {
            if let Some(alarm) = alarm
                && let Err(cause) = notes.wake(Some(alarm)).await
            {
                failed(&services, &cause);
            }
            shard.write(&services, due).await;
        }));
    }

    /// The alarm: writes what waits.
    pub async fn wake(self: &Rc<Self>, services: &Services, notes: Rc<dyn Notes>) -> Result<(), String> {
        self.uses.borrow_mut().alarm = None;
        loop {
            let due = self.uses.borrow_mut().due(services.now());
            if due.is_empty() {
                break;
            }
            self.write(services, due).await;
        }
        let alarm = self.uses.borrow_mut().next_alarm(services.now());
        if alarm.is_some() { notes.wake(alarm).await } else { Ok(()) }
    }

    /// Writes uses, and reads what was used in the same go: a change that nobody told of is seen then at the latest.
    async fn write(&self, services: &Services, uses: Vec<Use>) {
        if uses.is_empty() {
            return;
        }
        let generation = self.memory.borrow().generation();
        let mut batch = Vec::new();
        for one in &uses {
            if one.token {
                batch.extend([store::token_used(one), store::token(one.known_as())]);
            } else if let Ok(app) = AppId::parse(&one.id) {
                batch.extend([store::app_used(one), store::app(&app, services.now())]);
            }
        }
        match services.db.batch(batch).await {
            Ok(rows) => {
                let read = rows.into_iter().skip(1).step_by(2);
                for (one, rows) in uses.iter().zip(read) {
                    let state = if one.token {
                        rows.first::<TokenRow>().map(|row| row.map(State::from))
                    } else {
                        rows.first::<AppRow>().map(|row| row.map(State::from))
                    };
                    if let Ok(state) = state {
                        self.memory.borrow_mut().renew(one.known_as(), state, generation);
                    }
                }
            }
            Err(error) => {
                failed(services, &error.to_string());
                self.uses.borrow_mut().take_back(uses);
            }
        }
    }
}

fn failed(services: &Services, cause: &str) {
    let line = json!({ "event": "last_use", "level": "error", "cause": cause });
    services.log.line(&line.to_string());
}
