//! What apps and personal access tokens have in common: their secrets, the checks of their fields, who may give what,
//! and the notices of their end.

mod check;
pub mod notices;
mod reseal;
mod secret;
mod store;

use drawbridge_contract::types::apps::{LastUse, SecretInfo};
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

pub use check::{addresses, bounds, start_of_page, within};
pub use reseal::reseal;
pub use secret::{NewSecret, shown};
pub use store::{Rules, forget_old, rules};

use crate::http::Failure;

/// The version of what was just made.
pub const FIRST: i64 = 1;

/// What a row tells of its secrets and its last use.
#[derive(Deserialize)]
pub struct UseColumns {
    secret_hint: String,
    viewable: i64,
    secret_used_at: Option<i64>,
    previous_hint: Option<String>,
    previous_viewable: i64,
    previous_until: Option<i64>,
    previous_used_at: Option<i64>,
    last_used_at: Option<i64>,
    last_address: Option<String>,
    last_country: Option<String>,
}

/// The columns of [`UseColumns`], of a table called `c`.
macro_rules! use_columns {
    () => {
        "c.secret_hint, c.sealed_secret IS NOT NULL AS viewable, c.secret_used_at, c.previous_hint,
         c.sealed_previous IS NOT NULL AS previous_viewable, c.previous_until, c.previous_used_at, c.last_used_at,
         c.last_address, c.last_country"
    };
}
pub(crate) use use_columns;

impl UseColumns {
    /// The present secret first, then the one before it while it works.
    pub fn secrets(&self, now: Timestamp) -> Vec<SecretInfo> {
        let present = SecretInfo {
            hint: self.secret_hint.clone(),
            viewable: self.viewable == 1,
            until: None,
            last_used_at: self.secret_used_at.map(Timestamp::from_millis),
        };
        let until = self.previous_until.map(Timestamp::from_millis).filter(|until| *until > now);
        let before = until.map(|until| SecretInfo {
            hint: self.previous_hint.clone().unwrap_or_default(),
            viewable: self.previous_viewable == 1,
            until: Some(until),
            last_used_at: self.previous_used_at.map(Timestamp::from_millis),
        });
        [Some(present), before].into_iter().flatten().collect()
    }

    /// As after a rotation.
    pub fn rotate(&mut self, hint: &str, viewable: bool, until: Option<Timestamp>) {
        self.previous_hint = Some(std::mem::replace(&mut self.secret_hint, hint.to_owned()));
        self.previous_viewable = std::mem::replace(&mut self.viewable, i64::from(viewable));
        self.previous_used_at = self.secret_used_at.take();
        self.previous_until = until.map(Timestamp::millis);
    }

    /// As after the end of all secrets.
    pub fn end(&mut self) {
        self.viewable = 0;
        self.previous_until = None;
    }

    /// The last use.
    pub fn last_used(&self) -> Option<LastUse> {
        let country = self.last_country.clone().filter(|country| !country.is_empty());
        let address = self.last_address.clone().unwrap_or_default();
        self.last_used_at.map(|at| LastUse { at: Timestamp::from_millis(at), address, country })
    }
}

/// Networks as a row has them. What cannot be read admits nobody, so it is a fault of ours.
pub fn networks(stored: &str) -> Result<Vec<Network>, Failure> {
    Ok(crate::json::read(stored)?)
}

/// Collects what a change changes, for the audit log.
#[derive(Default)]
pub struct Changes(Map<String, Json>);

impl Changes {
    /// Puts the new value in the place of the old one, where there is a new one and it differs.
    pub fn put<T: PartialEq + Into<Json> + Clone>(
        &mut self,
        field: &str,
        slot: &mut T,
        new: Option<T>,
    ) -> bool {
        let Some(new) = new.filter(|new| new != slot) else { return false };
        self.0
            .insert(field.to_owned(), json!({ "before": slot.clone().into(), "after": new.clone().into() }));
        *slot = new;
        true
    }

    /// Notes a change of something that is no plain value.
    pub fn note(&mut self, field: &str, before: Json, after: Json) {
        self.0.insert(field.to_owned(), json!({ "before": before, "after": after }));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For the record, with what it is about beside.
    pub fn record(self) -> Map<String, Json> {
        self.0
    }
}

/// Scopes as the audit log has them.
pub fn told_scopes(scopes: ApiScopes) -> Json {
    if scopes.is_full() { "full".into() } else { scopes.to_string().into() }
}

#[cfg(test)]
mod tests;
