//! Notices before the end of an app or a token: a record of the audit log, and with it the webhooks' event.

use drawbridge_domain::credential::{NOTICE_DAYS, notice_due};
use drawbridge_domain::id::Id;
use drawbridge_domain::time::{DAY, MINUTE, Timestamp};
use serde_json::json;

use super::store::{self, Ending};
use crate::features::audit::{self, Actor, ChainEnd, Record};
use crate::http::Failure;
use crate::ports::DbError;
use crate::services::Services;

/// How long a run goes on telling, in milliseconds.
const RUN: i64 = 2 * MINUTE;

/// What counts as told of a credential that is made, or whose end changes: somebody who says now that it ends in 7 days
/// need not be told that it ends in 7 days.
pub fn told_at_first(expires_at: Option<Timestamp>, now: Timestamp) -> Option<u32> {
    notice_due(expires_at?, None, now).map(u32::from)
}

/// Tells all that is due; answers how many notices it was. One that cannot be told keeps no other from it.
pub async fn tell_due(services: &Services) -> Result<u32, Failure> {
    let now = services.now();
    let until = now.plus(RUN);
    let times = NOTICE_DAYS.map(|days| now.plus(i64::from(days) * DAY));
    let (mut told, mut failed) = (0, None);
    while services.now() < until {
        let (apps, tokens) = store::ending(services, now, times).await?;
        let before = told;
        let due = apps.iter().map(|app| (app, "app")).chain(tokens.iter().map(|token| (token, "token")));
        for (ending, kind) in due {
            match tell(services, ending, kind, now).await {
                Ok(new) => told += u32::from(new),
                Err(failure) => failed = Some(failure),
            }
        }
        if told == before {
            break;
        }
    }
    failed.map_or(Ok(told), Err)
}

/// Tells one notice; false where it is not due, or somebody else told it or changed the end meanwhile.
async fn tell(
    services: &Services,
    ending: &Ending,
    kind: &'static str,
    now: Timestamp,
) -> Result<bool, Failure> {
    let expires_at = Timestamp::from_millis(ending.expires_at);
    let Some(days) = notice_due(expires_at, ending.told_days, now) else { return Ok(false) };
    let mut changes = json!({ "expiresAt": { "after": expires_at }, "days": { "after": days } });
    if let (Some(user), Some(changes)) = (&ending.user_id, changes.as_object_mut()) {
        changes.insert("owner".to_owned(), json!({ "id": user.as_str(), "name": ending.user_name }));
    }
    let (action, noted) = match kind {
        "app" => ("app.expiring", store::told_of_app(ending, days)),
        _ => ("token.expiring", store::told_of_token(ending, days)),
    };
    let record = Record::done(action, kind, &ending.id, &ending.name).with_changes(changes);
    let tenant = &ending.tenant_id;
    let context = audit::Context { tenant, actor: Actor::system(), facts: None, end: ChainEnd::default() };
    match audit::commit(services, context, noted, &[record]).await {
        Err(DbError::Guard) => Ok(false),
        result => result.map(|_| true).map_err(Failure::from),
    }
}
