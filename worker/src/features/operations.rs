//! What operators ask: health and readiness. The API's description is a file beside the console's (wrangler.toml).

use drawbridge_contract::plain;
use serde_json::json;

use super::setup;
use crate::http::{Answer, Facts, Failure, Incoming, Router, router};
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router.plain(&plain::HEALTH, health).plain(&plain::READY, ready)
}

async fn health(_: Services, _: Facts, _: Incoming) -> Result<Answer, Failure> {
    Ok(Answer::new(200, "application/json", br#"{"ok":true}"#.to_vec()))
}

async fn ready(services: Services, _: Facts, _: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    let body = json!({ "ready": true, "setupOpen": setup::is_open(&services).await? });
    Ok(Answer::new(200, "application/json", body.to_string().into_bytes()))
}
