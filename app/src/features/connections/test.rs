//! Testing a connection now.

use std::collections::BTreeSet;

use drawbridge_contract::endpoints::TestConnection;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionPath, ConnectionSummary};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{ConnectionId, Id};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::Desk;
use super::words;
use crate::client::{ApiError, call_for};
use crate::shell::toasts;
use crate::ui::Toasts;

/// Runs the test; the answer is the connection as it is then.
pub(super) async fn test(connection: ConnectionId) -> Result<ConnectionSummary, ApiError> {
    let path = ConnectionPath { connection };
    call_for::<TestConnection, _>(&path, &Nothing {}, &Nothing {}).await.map(|answer| answer.value)
}

/// The tests of the list that are running.
#[derive(Clone, Copy)]
pub(super) struct Tests {
    running: RwSignal<BTreeSet<String>>,
    toasts: Toasts,
}

impl Tests {
    /// None running.
    pub(super) fn new() -> Self {
        Self { running: RwSignal::new(BTreeSet::new()), toasts: toasts() }
    }

    /// Whether a connection is being tested.
    pub(super) fn is_running(self, id: &str) -> bool {
        self.running.with(|running| running.contains(id))
    }

    /// Tests a connection and says how it went.
    pub(super) fn run(self, desk: Desk, connection: &ConnectionSummary) {
        let (id, name) = (connection.id.clone(), connection.name.clone());
        let key = id.as_str().to_owned();
        if self.running.try_update(|running| running.insert(key.clone())) != Some(true) {
            return;
        }
        spawn_local(async move {
            let answer = test(id).await;
            self.running.try_update(|running| running.remove(&key));
            match answer {
                Ok(now) if now.state.status == Status::Active => self.toasts.success(words::works(&name)),
                Ok(now) => self.toasts.error(words::works_not(&name, &now.state)),
                Err(error) => self.toasts.error([words::TEST_FAILED, ". ", &words::error(&error)].concat()),
            }
            desk.changed();
        });
    }
}
