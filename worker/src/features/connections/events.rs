//! The history of a connection's status.

use drawbridge_contract::endpoints::ListConnectionEvents;
use drawbridge_contract::types::connections::{ConnectionEvent, ConnectionState};
use drawbridge_contract::types::{List, Person};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::time::Timestamp;

use super::{read, store};
use crate::http::{Call, Failure, Reply, Scope};

/// Lists it, newest first.
pub(super) async fn handle(
    call: Call<ListConnectionEvents, Scope>,
) -> Result<Reply<List<ConnectionEvent>>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    let events = store::events(services, scope, &row.summary.id).await?;
    let items = events
        .into_iter()
        .filter_map(|event| {
            let at = Timestamp::from_millis(event.at);
            Some(ConnectionEvent {
                id: event.id,
                at,
                state: ConnectionState {
                    status: Status::from_code(&event.status)?,
                    reason: Reason::from_code(&event.reason)?,
                    provider_words: event.provider_words,
                    since: at,
                },
                by: event.user_id.map(|id| Person {
                    id,
                    name: event.user_name.unwrap_or_else(|| "Removed user".to_owned()),
                }),
            })
        })
        .collect();
    Ok(Reply::new(List { items, next_cursor: None }))
}
