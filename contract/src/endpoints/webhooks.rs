//! Webhooks.

use drawbridge_domain::role::Role;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::webhooks::{
    ChangeWebhook, CreateWebhook, ListWebhookDeliveriesQuery, Webhook, WebhookDelivery, WebhookDeliveryPath,
    WebhookPath, WebhookWithSecret,
};
use crate::types::{List, Nothing};

const ADMINISTRATORS: Access = Access::Role(Role::AutomationAdministrator);

endpoint! {
    /// All endpoints of the tenant.
    ListWebhooks {
        summary: "List webhooks", tag: "Webhooks",
        method: Method::Get, path: "/api/v1/webhooks", access: ADMINISTRATORS, reach: Reach::Full,
    }
    Nothing, Nothing, Nothing => List<Webhook>
}
endpoint! {
    /// Makes an endpoint. Its secret is told in this answer and never again.
    MakeWebhook {
        summary: "Make a webhook", tag: "Webhooks",
        method: Method::Post, path: "/api/v1/webhooks", access: ADMINISTRATORS, reach: Reach::Full, success: 201,
        audit: Audit::Records(&["webhook.created"]), etag: true, idempotent: true, problems: &[P::QuotaExceeded],
    }
    Nothing, Nothing, CreateWebhook => WebhookWithSecret
}
endpoint! {
    /// One endpoint.
    ReadWebhook {
        summary: "Read a webhook", tag: "Webhooks",
        method: Method::Get, path: "/api/v1/webhooks/{webhook}", access: ADMINISTRATORS, reach: Reach::Full, etag: true,
        problems: &[P::NotFound],
    }
    WebhookPath, Nothing, Nothing => Webhook
}
endpoint! {
    /// Changes an endpoint's name, address or events, or switches it on or off.
    ChangeWebhookSettings {
        summary: "Change a webhook", tag: "Webhooks",
        method: Method::Patch, path: "/api/v1/webhooks/{webhook}", access: ADMINISTRATORS, reach: Reach::Full,
        audit: Audit::Records(&["webhook.changed"]), etag: true, if_match: true, problems: &[P::NotFound],
    }
    WebhookPath, Nothing, ChangeWebhook => Webhook
}
endpoint! {
    /// Deletes an endpoint with its deliveries.
    DeleteWebhook {
        summary: "Delete a webhook", tag: "Webhooks",
        method: Method::Delete, path: "/api/v1/webhooks/{webhook}", access: ADMINISTRATORS, reach: Reach::Full, success: 204,
        audit: Audit::Records(&["webhook.deleted"]), problems: &[P::NotFound],
    }
    WebhookPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Gives an endpoint a new secret, told in this answer and never again; the one before signs too for a day.
    RotateWebhookSecret {
        summary: "Rotate a webhook's secret", tag: "Webhooks",
        method: Method::Post, path: "/api/v1/webhooks/{webhook}/secret", access: ADMINISTRATORS, reach: Reach::Full,
        audit: Audit::Records(&["webhook.secret_rotated"]), etag: true, idempotent: true,
        problems: &[P::NotFound],
    }
    WebhookPath, Nothing, Nothing => WebhookWithSecret
}
endpoint! {
    /// Sends a message of type `webhook.test` once, and tells how it went.
    TestWebhook {
        summary: "Test a webhook", tag: "Webhooks",
        method: Method::Post, path: "/api/v1/webhooks/{webhook}/test", access: ADMINISTRATORS, reach: Reach::Full,
        audit: Audit::Records(&["webhook.tested"]), problems: &[P::NotFound, P::QuotaExceeded],
    }
    WebhookPath, Nothing, Nothing => WebhookDelivery
}
endpoint! {
    /// What was sent to an endpoint in the last 30 days, newest first.
    ListWebhookDeliveries {
        summary: "List a webhook's deliveries", tag: "Webhooks",
        method: Method::Get, path: "/api/v1/webhooks/{webhook}/deliveries", access: ADMINISTRATORS, reach: Reach::Full,
        problems: &[P::NotFound],
    }
    WebhookPath, ListWebhookDeliveriesQuery, Nothing => List<WebhookDelivery>
}
endpoint! {
    /// Delivers a message again, under the same `webhook-id`: at once, then as any other. One that still waits has its
    /// next attempt now.
    Redeliver {
        summary: "Deliver again", tag: "Webhooks",
        method: Method::Post, path: "/api/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver",
        access: ADMINISTRATORS, reach: Reach::Full, audit: Audit::Records(&["webhook.redelivered"]),
        problems: &[P::NotFound, P::Conflict, P::QuotaExceeded],
    }
    WebhookDeliveryPath, Nothing, Nothing => WebhookDelivery
}
