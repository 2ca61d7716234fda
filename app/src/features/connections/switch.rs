//! Switching a connection off and on, and taking a deleted one back.

use drawbridge_contract::endpoint::Endpoint;
use drawbridge_contract::endpoints::{DisableConnection, EnableConnection, RestoreConnection};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionPath, ConnectionSummary};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::ConnectionId;
use leptos::task::spawn_local;

use super::desk::Desk;
use super::words;
use crate::client::{ApiError, call_for};
use crate::shell::toasts;
use crate::ui::Toasts;

/// Switches connections and says how it went.
#[derive(Clone, Copy)]
pub(super) struct Switches {
    desk: Desk,
    toasts: Toasts,
}

impl Switches {
    /// The switches of a page.
    pub(super) fn new(desk: Desk) -> Self {
        Self { desk, toasts: toasts() }
    }

    /// Switches a connection on or off.
    pub(super) fn turn(self, id: &ConnectionId, on: bool) {
        if on {
            self.ask::<EnableConnection>(id, words::ENABLED);
        } else {
            self.ask::<DisableConnection>(id, words::DISABLED);
        }
    }

    /// Takes a deleted connection back.
    pub(super) fn restore(self, id: &ConnectionId) {
        self.ask::<RestoreConnection>(id, words::RESTORED);
    }

    fn ask<E: Endpoint<Params = ConnectionPath, Query = Nothing, Body = Nothing>>(
        self,
        id: &ConnectionId,
        done: &'static str,
    ) {
        let path = ConnectionPath { connection: id.clone() };
        let answer = call_for::<E, ConnectionSummary>(&path, &Nothing {}, &Nothing {});
        spawn_local(async move { self.tell(answer.await.map(|answer| answer.value), done) });
    }

    fn tell(self, answer: Result<ConnectionSummary, ApiError>, done: &'static str) {
        match answer {
            Ok(now) => {
                let text = ["“", &now.name, "” ", done].concat();
                if matches!(now.state.status, Status::Active | Status::Disabled) {
                    self.toasts.success(text);
                } else {
                    self.toasts.error([&text, ". ", &words::why(&now.state)].concat());
                }
            }
            Err(error) => self.toasts.error(words::error(&error)),
        }
        self.desk.changed();
    }
}
