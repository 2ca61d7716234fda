//! Calls to a connector's service: only its hosts, only public addresses, bounded in size and time.

use drawbridge_domain::connection::Reason;
use drawbridge_domain::connector::{Definition, Values};
use http::HeaderMap;

use crate::outward::is_public;
use crate::ports::{OutwardError, OutwardRequest, OutwardResponse};
use crate::services::Services;

/// How long a provider may take for a check or a token, in milliseconds.
pub(super) const TIME_LIMIT: u32 = 15_000;
/// The largest answer that a check or a token request reads, in bytes.
pub(super) const SIZE_LIMIT: usize = 1024 * 1024;

/// Sends a request to the connector's service.
pub(super) async fn send(
    services: &Services,
    definition: &Definition,
    values: &Values,
    method: http::Method,
    url: &str,
    mut headers: HeaderMap,
    body: Option<Vec<u8>>,
) -> Result<OutwardResponse, Reason> {
    if !may_call(definition, values, url) {
        return Err(Reason::Unreachable);
    }
    headers.insert(http::header::USER_AGENT, http::HeaderValue::from_static("Drawbridge"));
    let request = OutwardRequest {
        method,
        url: url.to_owned(),
        headers,
        body,
        time_limit: TIME_LIMIT,
        size_limit: SIZE_LIMIT,
    };
    services.outward.send(request).await.map_err(|error| reason(services, definition, error))
}

/// Whether a connection with these values may call this address: one of its connector's hosts, and a public one.
pub(super) fn may_call(definition: &Definition, values: &Values, url: &str) -> bool {
    // Through a gateway it is a path, and the gateway says what of its target may be reached.
    let inside = definition.sandbox || definition.gateway.is_some();
    definition.allows_url(url, values) && (inside || is_public(url))
}

/// Why a call brought no answer; its cause is logged.
pub(super) fn reason(services: &Services, definition: &Definition, error: OutwardError) -> Reason {
    match error {
        OutwardError::TimedOut => Reason::TimedOut,
        OutwardError::TooLarge => Reason::Nonsense,
        OutwardError::Unreachable(cause) => {
            // The address is left out: a key can stand in its query.
            let line = serde_json::json!({ "event": "outward", "level": "warn", "connector": definition.id, "cause": cause });
            services.log.line(&line.to_string());
            Reason::Unreachable
        }
    }
}
