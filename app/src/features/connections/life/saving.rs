//! Saving an edited connection: what the provider refuses, what somebody else saved first, what waits for a sign-in.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::{ChangeConnectionSettings, ReadConnection};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Connection, ConnectionPath};
use drawbridge_contract::types::life::{ChangeConnection, ChangeEffect};
use leptos::prelude::*;

use super::edit::FORM;
use crate::client::words as client_words;
use crate::client::{Answered, ApiError, Options, Task, call, call_with};
use crate::features::connections::address::Beside;
use crate::features::connections::desk::Desk;
use crate::features::connections::gateway::Boxes;
use crate::features::connections::words;
use crate::shell::toasts;
use crate::ui::{Toasts, focus_first_error};

/// Why it was not saved.
#[derive(Clone, PartialEq)]
pub(super) struct Refused {
    pub(super) title: String,
    pub(super) text: String,
    /// The credentials are somebody else's; that can be accepted.
    pub(super) other: bool,
    /// Somebody else saved first; that can be saved over.
    pub(super) lost: bool,
}

/// The saving of one panel.
#[derive(Clone, Copy)]
pub(super) struct Saving {
    desk: Desk,
    toasts: Toasts,
    task: Task,
    /// The connection as it was when the form was made.
    base: RwSignal<Option<Answered<Connection>>>,
    /// Save was pressed: from now on every fault is shown.
    pub(super) tried: RwSignal<bool>,
    /// What the server says is wrong with fields.
    pub(super) faults: RwSignal<BTreeMap<String, String>>,
    /// What it says of the whole.
    pub(super) refused: RwSignal<Option<Refused>>,
}

impl Saving {
    /// Nothing saved yet.
    pub(super) fn new(desk: Desk) -> Self {
        Self {
            desk,
            toasts: toasts(),
            task: Task::new(),
            base: RwSignal::new(None),
            tried: RwSignal::new(false),
            faults: RwSignal::new(BTreeMap::new()),
            refused: RwSignal::new(None),
        }
    }

    /// Begins with a connection as it is.
    pub(super) fn start(self, base: Answered<Connection>) {
        self.base.set(Some(base));
        self.forget();
    }

    /// Forgets what became of the last try.
    pub(super) fn forget(self) {
        self.tried.try_set(false);
        self.faults.try_set(BTreeMap::new());
        self.refused.try_set(None);
    }

    /// Whether it is at work.
    pub(super) fn busy(self) -> Signal<bool> {
        self.task.busy()
    }

    fn done(self, name: &str) {
        self.toasts.success(words::saved(name));
        self.forget();
        self.desk.close();
        self.desk.changed();
    }

    /// Somebody else changed the connection. What only a check changed is saved over at once: answers whether.
    async fn newer(self, base: &Answered<Connection>) -> bool {
        let path = ConnectionPath { connection: base.value.summary.id.clone() };
        let Ok(now) = call::<ReadConnection>(&path, &Nothing {}, &Nothing {}).await else { return false };
        let settings = |of: &Connection| {
            of.details.as_ref().map(|details| {
                (
                    details.settings.clone(),
                    details.secrets_set.clone(),
                    details.sealed_to.clone(),
                    details.oauth_client.clone(),
                )
            })
        };
        let same = now.value.summary.name == base.value.summary.name
            && settings(&now.value) == settings(&base.value);
        let text = words::edited_meanwhile(&now.value.summary.name);
        self.base.try_set(Some(now));
        if !same {
            let title = words::CHANGED_MEANWHILE.to_owned();
            self.refused.try_set(Some(Refused { title, text, other: false, lost: true }));
        }
        same
    }

    fn refuse(self, error: &ApiError) {
        if let ApiError::Problem(problem) = error
            && !problem.fields.is_empty()
        {
            let fields = problem.fields.iter().map(|field| (field.path.clone(), field.message.clone()));
            self.faults.try_set(fields.collect());
            focus_first_error(FORM);
            return;
        }
        let other = error.code() == Some(ProblemCode::OtherIdentity);
        self.refused.try_set(Some(Refused {
            title: client_words::title(error),
            text: client_words::text(error),
            other,
            lost: false,
        }));
    }
}

/// Saves a change; `boxes`: what is sealed for it.
pub(super) fn save(saving: Saving, mut change: ChangeConnection, boxes: Option<Boxes>, accept_other: bool) {
    change.accept_other_identity = accept_other;
    saving.faults.set(BTreeMap::new());
    saving.refused.set(None);
    saving.task.run(async move {
        if let Some(boxes) = boxes {
            match boxes.await {
                Ok(boxes) => change.sealed = boxes,
                Err(why) => return saving.toasts.error(why),
            }
        }
        loop {
            let Some(base) = saving.base.try_get_untracked().flatten() else { return };
            let path = ConnectionPath { connection: base.value.summary.id.clone() };
            let options = Options { if_match: base.etag.clone(), ..Options::default() };
            match call_with::<ChangeConnectionSettings>(&path, &Nothing {}, &change, options).await {
                Ok(answer) if answer.value.effect == ChangeEffect::SignInNeeded => {
                    saving.forget();
                    saving.desk.changed();
                    // In the place of this panel, so that Back does not lead into it again.
                    saving.desk.open(Beside::Apply(path.connection));
                }
                Ok(answer) => saving.done(&answer.value.connection.summary.name),
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                    if saving.newer(&base).await {
                        continue;
                    }
                }
                Err(error) => saving.refuse(&error),
            }
            return;
        }
    });
}
