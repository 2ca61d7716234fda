//! Signing in at a provider in a window of its own, and noticing how it went.

mod browser;
mod outcome;
mod panel;
mod views;

use std::time::Duration;

use drawbridge_contract::endpoints::{AuthorizeConnection, ReadConnection};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{
    Authorization, Authorize, AuthorizeIn, Connection, ConnectionPath,
};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::ConnectionId;
use drawbridge_domain::oauth::CallbackRefusal;
use drawbridge_domain::time::Timestamp;
use leptos::prelude::*;

use super::desk::Desk;
use super::words;
use crate::client::{ApiError, call};
use browser::Messages;
use outcome::Outcome;

pub(super) use panel::panel;
pub(super) use views::{done, waiting};

const SOONEST: Duration = Duration::from_millis(1500);
const LATEST: Duration = Duration::from_secs(5);

/// How far a sign-in is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage {
    /// Not begun, or broken off.
    Idle,
    /// Asked the server where to go.
    Starting,
    /// The person is at the provider.
    Waiting,
    /// It went wrong.
    Failed(Failure),
    /// The connection works.
    Done(Box<Connection>),
}

/// Why it went wrong: what happened, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    /// What happened.
    pub(super) title: String,
    /// Why, and what to do.
    pub(super) text: String,
    /// It was another person's sign-in than before; that can be accepted.
    pub(super) other: bool,
}

/// What is asked of a sign-in beyond the usual.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms {
    /// Another person than before is accepted.
    pub(super) accept_other: bool,
    /// The change that waits takes effect with it.
    pub(super) with_change: bool,
}

impl Failure {
    fn of(error: &ApiError) -> Self {
        use crate::client::words::{text, title};
        Self { title: title(error), text: text(error), other: false }
    }
}

/// One place where people sign in at providers, one sign-in at a time.
#[derive(Clone, Copy)]
pub(super) struct SignIn {
    stage: RwSignal<Stage>,
    round: StoredValue<u32>,
    window: StoredValue<Option<web_sys::Window>, LocalStorage>,
    messages: StoredValue<Option<Messages>, LocalStorage>,
}

impl SignIn {
    /// A place where nothing goes on yet; what goes on there ends with its owner.
    pub(super) fn new() -> Self {
        let sign_in = Self {
            stage: RwSignal::new(Stage::Idle),
            round: StoredValue::new(0),
            window: StoredValue::new_local(None),
            messages: StoredValue::new_local(None),
        };
        on_cleanup(move || sign_in.end(true));
        sign_in
    }

    /// How far it is.
    pub(super) fn stage(self) -> Stage {
        self.stage.get()
    }

    /// How far it is, not followed; `None` when its page is gone.
    pub(super) fn now(self) -> Option<Stage> {
        self.stage.try_get_untracked()
    }

    /// Whether the server was asked and has not answered.
    pub(super) fn is_starting(self) -> bool {
        self.stage.with(|stage| *stage == Stage::Starting)
    }

    /// Begins, and opens the window: call it while a click is handled. Answers the round, for [`Self::proceed`].
    pub(super) fn begin(self, connector: &str) -> u32 {
        self.end(false);
        self.window.update_value(|window| {
            let kept = window.take().filter(browser::come_forward);
            *window = kept.or_else(|| browser::open(&words::opening(connector)));
        });
        // Whoever opens the sign-in again goes on waiting for it.
        if self.stage.with_untracked(|stage| *stage != Stage::Waiting) {
            self.stage.set(Stage::Starting);
        }
        self.round.get_value()
    }

    /// Breaks off, closes the window and goes back to the start.
    pub(super) fn cancel(self) {
        self.end(true);
        self.stage.try_set(Stage::Idle);
    }

    /// Breaks off because its panel closes; the connection that was made, if any, is lit up in the list.
    pub(super) fn leave(self, desk: Desk) {
        if let Some(Stage::Done(made)) = self.now() {
            desk.made(&made.summary.id);
        }
        self.cancel();
    }

    /// Breaks off a round whose connection could not be made; nothing when another one has begun.
    pub(super) fn give_up(self, round: u32) {
        if self.is_current(round) {
            self.cancel();
        }
    }

    /// Ends the round. A window that is wanted again keeps its place.
    fn end(self, close: bool) {
        self.round.try_update_value(|round| *round += 1);
        if let Some(Some(messages)) = self.messages.try_update_value(Option::take) {
            messages.stop();
        }
        if close && let Some(Some(window)) = self.window.try_update_value(Option::take) {
            // It may be closed already, or out of reach at the provider.
            window.close().ok();
        }
    }

    fn is_current(self, round: u32) -> bool {
        self.round.try_get_value() == Some(round)
    }

    fn finish(self, round: u32, stage: Stage, close: bool) {
        if self.is_current(round) {
            self.end(close);
            self.stage.try_set(stage);
        }
    }

    /// Goes to the provider for a connection that exists, and waits for the end of it.
    pub(super) async fn again(self, round: u32, connection: ConnectionId, terms: Terms) {
        // What it is now tells later what the sign-in changed.
        match call::<ReadConnection>(&ConnectionPath { connection }, &Nothing {}, &Nothing {}).await {
            Ok(before) => self.go(round, before.value, terms).await,
            Err(error) => self.finish(round, Stage::Failed(Failure::of(&error)), true),
        }
    }

    /// Goes to the provider for a connection as it is now, and waits for the end of it.
    pub(super) async fn proceed(self, round: u32, before: Connection) {
        self.go(round, before, Terms::default()).await;
    }

    async fn go(self, round: u32, before: Connection, terms: Terms) {
        let params = ConnectionPath { connection: before.summary.id.clone() };
        let pop_up = self.window.try_get_value().flatten();
        let place = if pop_up.is_some() { AuthorizeIn::PopUp } else { AuthorizeIn::Page };
        let body = Authorize {
            window: place,
            accept_other_identity: terms.accept_other,
            with_change: terms.with_change,
        };
        let answer = call::<AuthorizeConnection>(&params, &Nothing {}, &body).await;
        if !self.is_current(round) {
            return;
        }
        let start = match answer {
            Ok(answer) => answer.value,
            Err(error) => return self.finish(round, Stage::Failed(Failure::of(&error)), true),
        };
        let messages = Messages::listen(params.connection.to_string());
        self.messages.set_value(Some(messages.clone()));
        self.stage.set(Stage::Waiting);
        browser::send(pop_up.as_ref().unwrap_or(&window()), &start.authorization_url);
        self.watch(round, params, before, start, messages).await;
    }

    async fn watch(
        self,
        round: u32,
        params: ConnectionPath,
        before: Connection,
        start: Authorization,
        messages: Messages,
    ) {
        let mut wait = SOONEST;
        let mut keep_open = false;
        loop {
            let told = messages.next(wait).await;
            if !self.is_current(round) {
                return;
            }
            let answer = call::<ReadConnection>(&params, &Nothing {}, &Nothing {}).await;
            let stage = match answer {
                Ok(now) => match outcome::of(&before, &now.value, told.map(|told| told.ok)) {
                    Outcome::Waiting if now_is_past(start.expires_at) => Some(expired()),
                    Outcome::Waiting => None,
                    Outcome::Connected => Some(Stage::Done(Box::new(now.value))),
                    Outcome::Failed => {
                        let (was, is) = (&before.summary.state, &now.value.summary.state);
                        let mut silent = was == is && is.status != Status::Pending;
                        let told_why = outcome::now_refused(&now.value).cloned().filter(|_| silent);
                        let other = told_why.as_ref().is_some_and(|why| why.reason == Reason::WrongIdentity);
                        // What the connection noted says more than the window's word.
                        silent = silent && told_why.is_none();
                        let (title, text) = match told_why {
                            Some(why) => words::refused_sign_in(&why),
                            None => match told.and_then(|told| told.reason).filter(|_| silent) {
                                Some(reason) => words::refusal(reason),
                                None => words::failure(is, silent),
                            },
                        };
                        // Its words may be the only ones that say why.
                        keep_open = silent;
                        Some(Stage::Failed(Failure { title, text, other }))
                    }
                },
                Err(error) if error.code() == Some(ProblemCode::NotFound) => {
                    let (title, text) = (words::SWEPT.to_owned(), words::SWEPT_TEXT.to_owned());
                    Some(Stage::Failed(Failure { title, text, other: false }))
                }
                // The server is out of reach for a moment; the person at the provider does not notice.
                Err(_) => now_is_past(start.expires_at).then(expired),
            };
            if let Some(stage) = stage {
                return self.finish(round, stage, !keep_open);
            }
            wait = (wait * 5 / 4).min(LATEST);
        }
    }
}

fn now_is_past(moment: Timestamp) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for ever")]
    let now = js_sys::Date::now() as i64;
    now > moment.millis()
}

fn expired() -> Stage {
    let text = CallbackRefusal::Expired.words().to_owned();
    Stage::Failed(Failure { title: words::NOT_FINISHED.to_owned(), text, other: false })
}
