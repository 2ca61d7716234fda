//! Who can see a connection, before or after a change.

use drawbridge_contract::types::live::Topic;
use serde::Deserialize;

use super::notice::Audience;
use super::store::MOST;
use crate::ports::{DbError, Rows};

/// A user to whom a connection was given; no text: everyone.
#[derive(Deserialize)]
struct Given {
    user: String,
}

/// The audience of a connection, from what it was given to at one time or another; `None` where they are too many to
/// be named.
pub(super) fn audience(looks: impl IntoIterator<Item = Rows>) -> Result<Option<Audience>, DbError> {
    let mut users = Vec::new();
    for look in looks {
        let found: Vec<Given> = look.all()?;
        if found.len() > MOST {
            return Ok(None);
        }
        users.extend(found.into_iter().map(|given| given.user));
    }
    users.sort();
    users.dedup();
    Ok(Some(match users.first() {
        Some(first) if first.is_empty() => Audience::of(Topic::Connections),
        _ => Audience::only(Topic::Connections, users),
    }))
}
