//! A shard of the authority: it keeps in memory what the database says of some apps and tokens, and answers from there
//! on every request. It keeps nothing that a change under way may alter.

mod failures;
mod memory;
mod rate;
mod state;
mod told;
mod uses;

pub(super) use state::{AppRow, TokenRow};
pub(super) use uses::Use;

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_domain::id::{AccessTokenId, AppId, Id};
use drawbridge_domain::time::{SECOND, Timestamp};

use super::message::{Answer, Ask, From, good_written};
use super::store;
use crate::json;
use crate::ports::Notes;
use crate::services::Services;
use failures::Failures;
use memory::Memory;
use rate::Rates;
use state::State;
use told::Told;
use uses::Uses;

/// How long a change that nobody ends keeps the shard from keeping what it reads, in milliseconds.
const FLUX: i64 = 30 * SECOND;

/// The most apps and tokens that are remembered.
const MOST_KNOWN: usize = 10_000;
/// The most that is remembered of connections, each as one user sees it.
const MOST_TOLD: usize = 1000;

/// What a shard knows.
pub struct Shard {
    memory: RefCell<Memory<State>>,
    told: RefCell<Memory<Told>>,
    rates: RefCell<Rates>,
    failures: RefCell<Failures>,
    uses: RefCell<Uses>,
}

impl Default for Shard {
    fn default() -> Self {
        Self {
            memory: RefCell::new(Memory::of(MOST_KNOWN)),
            told: RefCell::new(Memory::of(MOST_TOLD)),
            rates: RefCell::default(),
            failures: RefCell::default(),
            uses: RefCell::default(),
        }
    }
}

impl Shard {
    /// Answers one question.
    pub async fn answer(
        self: &Rc<Self>,
        services: &Services,
        notes: Rc<dyn Notes>,
        message: &str,
    ) -> Result<String, String> {
        let ask: Ask = json::read(message).map_err(|fault| fault.to_string())?;
        let answer = match ask {
            Ask::Token { hash, from, connection } => {
                let answer = self.token(services, hash, from).await?;
                self.with_told(services, answer, connection).await?
            }
            Ask::App { app, secret, token, from, connection } => {
                let answer = self.app(services, &app, secret, token, from).await?;
                self.with_told(services, answer, connection).await?
            }
            Ask::Flux { ticket, keys } => {
                let until = services.now().plus(FLUX);
                self.told.borrow_mut().begin(ticket.clone(), keys.clone(), until);
                self.memory.borrow_mut().begin(ticket, keys, until);
                Answer::Heard
            }
            Ask::Settled { ticket, keys } => {
                self.told.borrow_mut().end(&ticket, &keys);
                self.memory.borrow_mut().end(&ticket, &keys);
                Answer::Heard
            }
        };
        self.note_uses(services, notes);
        let written = match answer {
            Answer::Good(good, quota, told) => {
                serde_json::to_string(&*good).map(|good| good_written(&good, quota, told.as_deref()))
            }
            other => serde_json::to_string(&other),
        };
        written.map_err(|error| error.to_string())
    }

    async fn token(&self, services: &Services, hash: String, from: Option<From>) -> Result<Answer, String> {
        let read = store::find_token(services, &hash);
        let read = async { Ok(read.await.map_err(|error| error.to_string())?.map(State::from)) };
        let state = match self.known(services, &hash, from.as_ref(), read).await? {
            Ok(state) => state,
            Err(answer) => return Ok(answer),
        };
        let now = services.now();
        let address = from.as_ref().map(|from| from.address.as_str());
        if !state.admits(Some(&hash), None, address, now) {
            return Ok(Answer::Bad);
        }
        match from {
            Some(from) => Ok(self.used(services, &state, Some(hash), &from, now)),
            None => Ok(Answer::Good(state.good(), None, None)),
        }
    }

    async fn app(
        &self,
        services: &Services,
        app: &AppId,
        secret: Option<String>,
        token: Option<AccessTokenId>,
        from: Option<From>,
    ) -> Result<Answer, String> {
        let read = store::find_app(services, app);
        let read = async { Ok(read.await.map_err(|error| error.to_string())?.map(State::from)) };
        let state = match self.known(services, app.as_str(), from.as_ref(), read).await? {
            Ok(state) => state,
            Err(answer) => return Ok(answer),
        };
        let now = services.now();
        let address = from.as_ref().map(|from| from.address.as_str());
        if !state.admits(secret.as_deref(), token.as_ref(), address, now) {
            return Ok(Answer::Bad);
        }
        match from {
            Some(from) => Ok(self.used(services, &state, secret, &from, now)),
            None => Ok(Answer::Good(state.good(), None, None)),
        }
    }

    /// What is known under a key, from memory or else from the database. Who asks too often for what there is not
    /// waits; what is known is answered all the same.
    async fn known(
        &self,
        services: &Services,
        key: &str,
        from: Option<&From>,
        read: impl Future<Output = Result<Option<State>, String>>,
    ) -> Result<Result<Rc<State>, Answer>, String> {
        let now = services.now();
        let (known, generation) = {
            let mut memory = self.memory.borrow_mut();
            (memory.get(key), memory.generation())
        };
        if let Some(state) = known {
            return Ok(Ok(state));
        }
        // Who only looks, an app that introspects, is known itself and has its own limit.
        let wait = from.and_then(|from| self.failures.borrow_mut().wait(&from.address, now));
        if let Some(wait) = wait {
            return Ok(Err(Answer::Limited { wait, quota: None }));
        }
        let Some(state) = read.await? else {
            if let Some(from) = from {
                self.failures.borrow_mut().count(&from.address, now);
            }
            return Ok(Err(Answer::Bad));
        };
        let state = Rc::new(state);
        self.memory.borrow_mut().keep(key, &state, generation, services.now());
        Ok(Ok(state))
    }

    /// Counts a use of what is good.
    fn used(
        &self,
        services: &Services,
        state: &State,
        secret: Option<String>,
        from: &From,
        now: Timestamp,
    ) -> Answer {
        let per_minute = services.settings.api_rate_per_minute;
        match self.rates.borrow_mut().take(state.id(), per_minute, now) {
            Ok(quota) => {
                self.uses.borrow_mut().note(Use::of(state, secret, from, now));
                Answer::Good(state.good(), quota, None)
            }
            Err((wait, quota)) => Answer::Limited { wait, quota: Some(quota) },
        }
    }
}
