//! What was sent to an endpoint.

use drawbridge_contract::endpoints::ListWebhookDeliveries;
use drawbridge_contract::types::List;
use drawbridge_contract::types::webhooks::{WebhookAttempt, WebhookDelivery};
use drawbridge_domain::id::{Id, WebhookDeliveryId, WebhookId};
use drawbridge_domain::limits::PAGE_SIZE;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::webhook::DeliveryState;
use serde::Deserialize;

use super::store;
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;
use crate::services::Services;

pub(super) fn unknown() -> Failure {
    Failure::not_found("delivery")
}

/// Lists it, newest first, page by page.
pub(super) async fn handle(
    call: Call<ListWebhookDeliveries, Scope>,
) -> Result<Reply<List<WebhookDelivery>>, Failure> {
    let (services, scope, webhook) = (&call.services, &call.scope, &call.params.webhook);
    let before = match call.query.cursor.as_deref().map(WebhookDeliveryId::parse) {
        Some(Err(_)) => {
            let words = "Send a nextCursor as a list answered it, or none.";
            return Err(Failure::field("cursor", "bad_cursor", words));
        }
        Some(Ok(id)) => Some(id),
        None => None,
    };
    let size = call.query.page_size.unwrap_or(PAGE_SIZE);
    // One more than the page, to see whether there is a next one.
    let rows = store::deliveries(services, scope, webhook, before.as_ref(), size + 1).await?;
    let mut rows = rows.ok_or_else(super::unknown)?;
    let page = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next_cursor = rows.last().filter(|_| more).map(|row| row.id.as_str().to_owned());
    let items = rows.into_iter().map(delivery).collect::<Result<_, _>>()?;
    Ok(Reply::new(List { items, next_cursor }))
}

/// One delivery, as it is now.
pub(super) async fn read(
    services: &Services,
    scope: &Scope,
    webhook: &WebhookId,
    id: &WebhookDeliveryId,
) -> Result<Reply<WebhookDelivery>, Failure> {
    let row = store::delivery(services, scope, webhook, id).await?.ok_or_else(unknown)?;
    delivery(row).map(Reply::new)
}

#[derive(Deserialize)]
struct Attempt {
    number: u32,
    at: i64,
    millis: i64,
    status: Option<u16>,
    fault: Option<String>,
    answer: String,
}

fn delivery(row: store::DeliveryRow) -> Result<WebhookDelivery, Failure> {
    let attempts: Vec<Attempt> = json::read(&row.log)?;
    Ok(WebhookDelivery {
        id: row.id,
        message: row.message_id,
        event: row.event,
        body: row.body,
        state: DeliveryState::from_code(&row.state)
            .ok_or_else(|| Failure::internal("a state that is none"))?,
        attempts: attempts
            .into_iter()
            .map(|attempt| WebhookAttempt {
                number: attempt.number,
                at: Timestamp::from_millis(attempt.at),
                milliseconds: attempt.millis,
                status: attempt.status,
                fault: attempt.fault,
                answer: attempt.answer,
            })
            .collect(),
        next_at: row.next_at.map(Timestamp::from_millis),
        created_at: Timestamp::from_millis(row.created_at),
    })
}
