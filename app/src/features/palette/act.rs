//! Doing what was chosen.

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::endpoints::{DisableConnection, EnableConnection, TestConnection};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionPath, ConnectionSummary};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::ConnectionId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::entry::Act;
use super::words;
use crate::client::{self, ApiError, call_for};
use crate::shell::{self, Session, toasts};
use crate::ui::{Toasts, ask_to_close_dirty};

/// Does what was chosen.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    go: Callback<String>,
    sign_out: Callback<()>,
    toasts: Toasts,
}

impl Doing {
    pub(super) fn new(session: Session) -> Self {
        let navigate = use_navigate();
        Self {
            go: Callback::new(move |to: String| navigate(&to, NavigateOptions::default())),
            sign_out: shell::signing_out(session),
            toasts: toasts(),
        }
    }

    /// Does it. Where something was typed beside the page, it is asked about that first instead of going elsewhere.
    pub(super) fn run(self, act: Act) {
        match act {
            Act::Go(to) => {
                if !ask_to_close_dirty() {
                    self.go.run(to);
                }
            }
            Act::SignOut => {
                if !ask_to_close_dirty() {
                    self.sign_out.run(());
                }
            }
            Act::Theme(theme) => shell::show_theme(theme),
            Act::Test(id, name) => {
                let answer = ask::<TestConnection>(id);
                spawn_local(async move { self.tested(&name, answer.await) });
            }
            Act::Switch(id, true) => self.switch::<EnableConnection>(id, words::ENABLED),
            Act::Switch(id, false) => self.switch::<DisableConnection>(id, words::DISABLED),
            Act::Wait => (),
        }
    }

    fn switch<E: Endpoint<Params = ConnectionPath, Query = Nothing, Body = Nothing>>(
        self,
        id: ConnectionId,
        done: &'static str,
    ) {
        let answer = ask::<E>(id);
        spawn_local(async move {
            match answer.await {
                Ok(now) if matches!(now.state.status, Status::Active | Status::Disabled) => {
                    self.toasts.success(["“", &now.name, done].concat());
                }
                other => self.tested("", other),
            }
        });
    }

    fn tested(self, name: &str, answer: Result<ConnectionSummary, ApiError>) {
        match answer {
            Ok(now) if now.state.status == Status::Active => {
                self.toasts.success(["“", name, words::WORKS].concat());
            }
            Ok(now) => {
                let state = now.state.status.name().to_ascii_lowercase();
                self.toasts.error(["“", &now.name, "” is ", &state, ". ", now.state.reason.words()].concat());
            }
            Err(error) => self.toasts.error([words::FAILED_TO, &client::words::line(&error)].concat()),
        }
    }
}

/// Asks for something to be done with a connection; the answer is the connection as it is then.
fn ask<E: Endpoint<Params = ConnectionPath, Query = Nothing, Body = Nothing>>(
    connection: ConnectionId,
) -> impl Future<Output = Result<ConnectionSummary, ApiError>> {
    let path = ConnectionPath { connection };
    let answer = call_for::<E, ConnectionSummary>(&path, &Nothing {}, &Nothing {});
    async move { answer.await.map(|answer| answer.value) }
}
