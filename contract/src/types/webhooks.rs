//! Webhooks: endpoints that are told of events, and what was sent to them.

use drawbridge_domain::id::{WebhookDeliveryId, WebhookId};
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::webhook::{DeliveryState, WebhookEvent, WebhookOff};
use serde::{Deserialize, Serialize};

use super::Person;
use super::query::paged;

/// An endpoint that is told of events. Its secret is never told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Webhook {
    /// The endpoint's record here.
    pub id: WebhookId,
    /// A name to tell several apart.
    pub name: String,
    /// Where messages are sent.
    pub url: String,
    /// Of what it is told.
    pub events: Vec<WebhookEvent>,
    /// Whether it is told anything.
    pub enabled: bool,
    /// Why it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_because: Option<WebhookOff>,
    /// Since when nothing arrived, where the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// Until when the secret before the present one signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_secret_until: Option<Timestamp>,
    /// Who made it.
    pub created_by: Person,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An endpoint with a new secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookWithSecret {
    /// The endpoint.
    pub webhook: Webhook,
    /// The secret that signs, `whsec_` and base64. It is told once: an answer that is repeated for the same
    /// `Idempotency-Key` is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// An endpoint to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateWebhook {
    /// A name to tell several apart.
    pub name: String,
    /// Where to send messages: a public `https` address.
    pub url: String,
    /// Of what to tell it.
    pub events: Vec<WebhookEvent>,
}

/// A change of an endpoint; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChangeWebhook {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of what to tell it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether to tell it anything. What waits when it is switched off is not sent any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// A message to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookDelivery {
    /// The delivery.
    pub id: WebhookDeliveryId,
    /// The message, as `webhook-id` has it: the same when it is delivered again.
    pub message: String,
    /// The message's `type`.
    pub event: String,
    /// The message's body.
    pub body: String,
    /// How it stands.
    pub state: DeliveryState,
    /// The attempts so far, in order.
    pub attempts: Vec<WebhookAttempt>,
    /// When the next attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When the event happened, or the delivery was asked for.
    pub created_at: Timestamp,
}

/// One attempt to deliver a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookAttempt {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub milliseconds: i64,
    /// The status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was no answer, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The first bytes of the answer.
    pub answer: String,
}

paged! {
    /// Which deliveries to list.
    ListWebhookDeliveriesQuery {
    }
}

/// An endpoint in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookPath {
    /// The endpoint.
    pub webhook: WebhookId,
}

/// A delivery in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookDeliveryPath {
    /// The endpoint.
    pub webhook: WebhookId,
    /// The delivery.
    pub delivery: WebhookDeliveryId,
}
