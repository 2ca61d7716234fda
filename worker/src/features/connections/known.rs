//! What is known of connections that are used, without asking the database each time: what the authority tells of one
//! together with the app or token that uses it ([ADR 0017](../../../../docs/adr/0017-uses-without-the-database.md)).

use std::cell::RefCell;
use std::collections::HashMap;

use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{ConnectionId, Id, TenantId, UserId};
use drawbridge_domain::time::{HOUR, MINUTE, Timestamp};

use super::record::Row;
use super::{read, store};
use crate::features::authority::Heard;
use crate::http::{Failure, Scope};
use crate::ports::DbError;
use crate::services::Services;

/// How many uses by role alone an instance remembers.
const MOST: usize = 1000;

/// What an instance of the Worker knows of the connections that it uses.
#[derive(Default)]
pub struct KnownUses {
    rows: Heard<Row>,
    /// Until when no use by the role alone need be put on record, by connection and user.
    by_role: RefCell<HashMap<(ConnectionId, UserId), Timestamp>>,
}

impl KnownUses {
    /// Whether a use by the role alone is on record already.
    pub(super) fn is_on_record(&self, id: &ConnectionId, user: &UserId, now: Timestamp) -> bool {
        self.by_role.borrow().get(&(id.clone(), user.clone())).is_some_and(|until| *until > now)
    }

    /// Remembers that it is: put there `now`, or within the last hour.
    pub(super) fn on_record(&self, id: &ConnectionId, user: &UserId, (now, just): (Timestamp, bool)) {
        let until = now.plus(if just { HOUR } else { MINUTE });
        let mut all = self.by_role.borrow_mut();
        if all.len() >= MOST {
            all.retain(|_, until| *until > now);
            if all.len() >= MOST {
                all.clear();
            }
        }
        all.insert((id.clone(), user.clone()), until);
    }
}

/// What the database says of a connection to a user, for who uses it; `None` where there is nothing that may be kept: a
/// connection that is pending is one only for a while.
pub(crate) async fn told_of_use(
    services: &Services,
    tenant: &TenantId,
    user: &UserId,
    id: &ConnectionId,
) -> Result<Option<String>, DbError> {
    let rows = store::read_as(services, tenant, user.as_str(), id, false).await?;
    let row = rows.0.into_iter().next();
    let row = row.filter(|row| row.get("status").is_some_and(|status| status != Status::Pending.code()));
    Ok(row.map(|row| row.to_string()))
}

/// A connection that the caller uses, when the caller may know of it: as it was told together with the caller, or as the
/// database has it.
pub(super) async fn find(services: &Services, scope: &Scope, id: &ConnectionId) -> Result<Row, Failure> {
    let told = scope.told_of_use().and_then(|text| services.known_uses.rows.read(text).ok());
    match told.filter(|row| row.summary.id == *id) {
        Some(row) => {
            row.summary.level(scope)?;
            Ok(Row::clone(&row))
        }
        None => read::find(services, scope, id).await,
    }
}
