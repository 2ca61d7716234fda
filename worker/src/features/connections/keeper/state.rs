//! A keeper's notes.

use drawbridge_domain::id::{ConnectionId, TenantId};
use drawbridge_domain::refresh::Course;
use drawbridge_domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Work;
use crate::json;
use crate::ports::Notes;

/// Whose keeper it is; an alarm rings without saying so.
#[derive(Serialize, Deserialize)]
pub(super) struct Of {
    pub(super) tenant: TenantId,
    pub(super) connection: ConnectionId,
}

/// New tokens, sealed, on their way to the database. Written down before anything else is done with them: whatever
/// happens then, they are not lost.
#[derive(Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) sealed: String,
    /// The version of the secrets that they replace.
    pub(super) replaces: i64,
    pub(super) scopes: Option<String>,
    pub(super) expires: Option<Timestamp>,
    pub(super) refresh: Option<Timestamp>,
    pub(super) at: Timestamp,
}

/// What else a keeper remembers.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) course: Course,
    /// The version of the secrets that the course is about; others begin anew.
    pub(super) version: i64,
    pub(super) tally: Tally,
    /// When the token is to be looked after next.
    pub(super) refresh_at: Option<Timestamp>,
}

/// Uses that the database does not have yet.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tally {
    pub(super) calls: i64,
    pub(super) failures: i64,
    pub(super) last: Option<Timestamp>,
    /// When the database last got some.
    pub(super) written_at: Option<Timestamp>,
    /// When it gets these.
    pub(super) write_at: Option<Timestamp>,
}

impl State {
    /// The course of the secrets of this version.
    pub(super) fn about(mut self, version: i64) -> Self {
        if self.version != version {
            self.course = Course::default();
            self.version = version;
        }
        self
    }
}

const OF: &str = "of";
const WRITTEN: &str = "tokens";
const STATE: &str = "state";

async fn read<T: DeserializeOwned>(notes: &dyn Notes, name: &'static str) -> Result<Option<T>, String> {
    let text = notes.get(name).await?;
    text.map(|text| json::read(&text).map_err(|_| format!("the note {name} is none"))).transpose()
}

fn text<T: Serialize>(note: &T) -> Result<String, String> {
    serde_json::to_string(note).map_err(|error| error.to_string())
}

impl Of {
    pub(super) async fn read(notes: &dyn Notes) -> Result<Option<Self>, String> {
        read(notes, OF).await
    }
}

impl Work<'_> {
    pub(super) async fn state(&self) -> Result<State, String> {
        Ok(read(self.notes, STATE).await?.unwrap_or_default())
    }

    /// Keeps the state, and sets the alarm to what is due first.
    pub(super) async fn keep(&self, state: &State) -> Result<(), String> {
        if self.notes.get(OF).await?.is_none() {
            let of = Of { tenant: self.tenant.clone(), connection: self.id.clone() };
            self.notes.put(OF, text(&of)?).await?;
        }
        self.notes.put(STATE, text(state)?).await?;
        let first = [state.refresh_at, state.tally.write_at].into_iter().flatten().min();
        self.notes.wake(first).await
    }

    /// Forgets everything: the connection is no more.
    pub(super) async fn forget(&self) -> Result<(), String> {
        for note in [WRITTEN, STATE, OF] {
            self.notes.remove(note).await?;
        }
        self.notes.wake(None).await
    }

    pub(super) async fn written(&self) -> Result<Option<Written>, String> {
        read(self.notes, WRITTEN).await
    }

    pub(super) async fn write_down(&self, written: &Written) -> Result<(), String> {
        self.notes.put(WRITTEN, text(written)?).await
    }

    pub(super) async fn cross_out(&self) -> Result<(), String> {
        self.notes.remove(WRITTEN).await
    }
}
