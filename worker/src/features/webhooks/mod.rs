//! Webhooks: endpoints of a tenant that are told of events. What is to be sent is written in the same batch as its
//! cause, sent at once, and tried again by the scheduled run; signed as Standard Webhooks says.

mod change;
mod check;
mod deliver;
mod deliveries;
mod list;
mod make;
pub mod outbox;
mod redeliver;
mod remove;
mod reseal;
mod rotate;
mod sign;
mod store;
mod test;

pub use deliver::deliver_due;
pub use reseal::reseal;
pub use store::sending::forget_old;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::webhooks::Webhook;
use drawbridge_domain::id::{Id, TenantId};
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::webhook::WebhookOff;

use crate::http::{Failure, Router};
use crate::json;
use crate::vault::Place;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListWebhooks, _, _>(list::handle)
        .scoped::<api::MakeWebhook, _, _>(make::handle)
        .scoped::<api::ReadWebhook, _, _>(list::read)
        .scoped::<api::ChangeWebhookSettings, _, _>(change::handle)
        .scoped::<api::DeleteWebhook, _, _>(remove::handle)
        .scoped::<api::RotateWebhookSecret, _, _>(rotate::handle)
        .scoped::<api::TestWebhook, _, _>(test::handle)
        .scoped::<api::ListWebhookDeliveries, _, _>(deliveries::handle)
        .scoped::<api::Redeliver, _, _>(redeliver::handle)
}

/// Where an endpoint's secrets belong.
fn secret_place<'a>(tenant: &'a TenantId, webhook: &'a str) -> Place<'a> {
    Place { tenant: tenant.as_str(), record: webhook, field: "signing_secret" }
}

/// A row in the words of the contract.
fn webhook(row: store::WebhookRow, now: Timestamp) -> Result<Webhook, Failure> {
    Ok(Webhook {
        id: row.id,
        name: row.name,
        url: row.url,
        events: json::read(&row.events)?,
        enabled: row.enabled == 1,
        disabled_because: WebhookOff::from_code(&row.disabled_because),
        failing_since: row.failing_since.map(Timestamp::from_millis),
        previous_secret_until: row.previous_until.map(Timestamp::from_millis).filter(|until| *until > now),
        created_by: Person { id: row.created_by, name: row.created_by_name },
        created_at: Timestamp::from_millis(row.created_at),
    })
}

fn unknown() -> Failure {
    Failure::not_found("webhook")
}

#[cfg(test)]
mod tests;
