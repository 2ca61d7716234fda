//! One line of JSON per request: what was asked and how it ended, never a secret, a body or a query.

use serde_json::{Map, Value, json};

use super::{Facts, Failure, Incoming, Scope};
use crate::services::Services;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;

/// The line that a request will leave.
pub(super) struct Entry(Map<String, Value>);

impl Entry {
    pub(super) fn new(incoming: &Incoming, facts: &Facts) -> Self {
        let mut entry = Map::new();
        entry.insert("event".into(), "request".into());
        entry.insert("requestId".into(), facts.id.as_str().into());
        entry.insert("method".into(), incoming.method.as_str().into());
        Self(entry)
    }

    /// The route that was found: its pattern, since addresses can hold what is nobody's business.
    pub(super) fn route(&mut self, pattern: &'static str) {
        self.0.insert("route".into(), pattern.into());
    }

    pub(super) fn scope(&mut self, scope: &Scope) {
        self.0.insert("tenant".into(), scope.tenant().as_str().into());
        if let Some(user) = scope.person() {
            self.0.insert("user".into(), user.as_str().into());
        }
        if scope.credential().is_some() {
            self.0.insert("credential".into(), scope.caller().into());
        }
    }

    pub(super) fn failure(&mut self, failure: &Failure) {
        self.0.insert("code".into(), failure.code.code().into());
        if let Some(cause) = failure.cause() {
            self.0.insert("cause".into(), cause.into());
        }
    }

    pub(super) fn write(mut self, services: &Services, status: u16, started: Timestamp, round_trips: u32) {
        let rows = services.db.rows_read();
        if rows > 0 {
            self.0.insert("databaseRowsRead".into(), rows.into());
        }
        self.0.insert("status".into(), status.into());
        self.0.insert("databaseRoundTrips".into(), round_trips.into());
        self.0.insert("milliseconds".into(), services.now().since(started).into());
        self.0.insert("level".into(), if status >= 500 { json!("error") } else { json!("info") });
        services.log.line(&Value::Object(self.0).to_string());
    }
}
