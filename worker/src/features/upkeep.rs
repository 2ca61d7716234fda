//! The scheduled runs. Daily: what has ended is forgotten, what is pending too long is swept, old seals are renewed,
//! what was deleted 30 days ago is destroyed, who has an app or a token that ends soon is told, keys that sign are
//! followed by new ones. Every few minutes: tokens that are due are
//! refreshed, connections checked, messages to webhooks sent.

use futures_util::future::join;

use crate::features::{audit, connections, credentials, gateways, oauth_server, sessions, sso, webhooks};
use crate::http::idempotency;
use crate::services::Services;

/// What runs every few minutes: tokens that are due, whose keepers may have missed their alarms; some of the
/// connections that are due to be checked; audit records that are not sealed, and those that are missing of gateways that
/// were disconnected; some of the proved domains that were not looked up for a day; and messages to webhooks that did not
/// arrive at once.
pub async fn often(services: &Services) {
    if let Err(failure) = crate::http::router::ready(services).await {
        log(services, "readiness", failure.cause().unwrap_or("the master keys are not right"));
        return;
    }
    if let Err(error) = connections::keeper::wake_due(services).await {
        log(services, "tokens that are due", &error.to_string());
    }
    if let Err(error) = audit::seal_open(services).await {
        log(services, "sealing the audit log", &error.to_string());
    }
    if let Err(error) = gateways::record_left_behind(services).await {
        log(services, "ends of gateways", &error.to_string());
    }
    // Beside each other: slow providers do not keep messages back, nor slow receivers checks.
    join(join(check(services), deliver(services)), look_up_domains(services)).await;
}

async fn deliver(services: &Services) {
    if let Err(failure) = webhooks::deliver_due(services).await {
        log(services, "webhooks", failure.cause().unwrap_or_default());
    }
}

async fn look_up_domains(services: &Services) {
    if let Err(failure) = sso::recheck(services).await {
        log(services, "looking domains up", failure.cause().unwrap_or_default());
    }
}

async fn check(services: &Services) {
    if let Err(failure) = connections::check_due(services).await {
        log(services, "checking connections", failure.cause().unwrap_or_default());
    }
}

/// Does all of it; one part's failure keeps no other from running, and is logged.
pub async fn run(services: &Services) {
    if let Err(failure) = crate::http::router::ready(services).await {
        log(services, "readiness", failure.cause().unwrap_or("the master keys are not right"));
        return;
    }
    let now = services.now();
    let mut forget =
        vec![sessions::forget_old(now), sessions::throttle::forget_old(now), idempotency::forget_old(now)];
    forget.push(sso::forget_old(now));
    forget.extend(connections::sweep(now));
    forget.extend(webhooks::forget_old(now));
    forget.extend(credentials::forget_old(now));
    forget.extend(oauth_server::forget_old(now));
    if let Err(error) = services.db.batch(forget).await {
        log(services, "forgetting", &error.to_string());
    }
    if let Err(error) = connections::keeper::wake_due(services).await {
        log(services, "tokens that are due", &error.to_string());
    }
    if let Err(failure) = connections::reseal(services).await {
        log(services, "sealing again", failure.cause().unwrap_or_default());
    }
    if let Err(failure) = oauth_server::rotate(services).await {
        log(services, "keys that sign", failure.cause().unwrap_or_default());
    }
    if let Err(failure) = connections::destroy_due(services).await {
        log(services, "destroying connections", failure.cause().unwrap_or_default());
    }
    if let Err(failure) = credentials::notices::tell_due(services).await {
        log(services, "notices of ends", failure.cause().unwrap_or_default());
    }
    check(services).await;
}

fn log(services: &Services, part: &str, cause: &str) {
    let line = serde_json::json!({ "event": "upkeep", "level": "error", "part": part, "cause": cause });
    services.log.line(&line.to_string());
}
