//! Client authentication (RFC 6749 §2.3): by the Basic scheme or in the body, never both.

use drawbridge_domain::credential::{BadCredential, CLIENT_SECRET, checked};
use drawbridge_domain::id::{AppId, Id};
use serde_json::json;
use zeroize::Zeroizing;

use super::fault::Fault;
use super::parameters::{Parameters, decoded};
use super::refused;
use crate::encoding::from_base64;
use crate::features::authority::{self, AppState, Refused};
use crate::http::{Facts, Incoming};
use crate::services::Services;

const NO_CLIENT: Fault = Fault::InvalidClient(
    "The client is unknown, disabled or expired, its secret is wrong, or it may not be used from this address.",
);
const TWO_WAYS: Fault = Fault::InvalidRequest("Use one way of client authentication only.");

/// The app that asks, proved.
pub(super) async fn authenticated(
    services: &Services,
    facts: &Facts,
    incoming: &Incoming,
    parameters: &Parameters,
) -> Result<AppState, Fault> {
    let (id, secret) = credentials(incoming, parameters)?;
    let id = AppId::parse(&id).map_err(|_| NO_CLIENT)?;
    match checked(CLIENT_SECRET, &secret) {
        Ok(()) => {}
        Err(BadCredential::Malformed) => return Err(NO_CLIENT),
        Err(BadCredential::Mistyped) => {
            return Err(Fault::InvalidClient("A character of the client secret is wrong or missing."));
        }
    }
    authority::app(services, &id, Some(&secret), facts).await.map_err(|refused| {
        let fault = match refused {
            Refused::Credentials => {
                refused::note(services, facts, &id);
                NO_CLIENT
            }
            Refused::TooMany(wait) => Fault::TooMany(wait),
            Refused::Failed(failure) => Fault::Failed(failure),
        };
        log(services, facts, &id, &fault);
        fault
    })
}

/// Whom the client says it is, and its secret.
fn credentials(
    incoming: &Incoming,
    parameters: &Parameters,
) -> Result<(Zeroizing<String>, Zeroizing<String>), Fault> {
    let mut headers = incoming.headers.get_all("authorization").iter();
    let header = headers.next();
    if headers.next().is_some() {
        return Err(TWO_WAYS);
    }
    let (id, secret) = (parameters.get("client_id"), parameters.get("client_secret"));
    let asserts =
        parameters.get("client_assertion").or_else(|| parameters.get("client_assertion_type")).is_some();
    let Some(header) = header else {
        return match (id, secret, asserts) {
            (_, Some(_), true) => Err(TWO_WAYS),
            (Some(id), Some(secret), false) => {
                Ok((Zeroizing::new(id.to_owned()), Zeroizing::new(secret.to_owned())))
            }
            _ => Err(Fault::InvalidClient("Authenticate as a client with its id and secret.")),
        };
    };
    if secret.is_some() || asserts {
        return Err(TWO_WAYS);
    }
    let basic = header.to_str().ok().and_then(basic);
    let (named, secret) =
        basic.ok_or(Fault::InvalidClient("The Authorization header is not of the Basic scheme."))?;
    // The name may stand in the body too, but not that of somebody else.
    if id.is_some_and(|id| id != named.as_str()) {
        return Err(Fault::InvalidRequest("The body names another client than the Authorization header."));
    }
    Ok((named, secret))
}

/// Id and secret of a Basic header, each form-encoded within it (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(Zeroizing<String>, Zeroizing<String>)> {
    let (scheme, code) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Zeroizing::new(from_base64(code.trim_matches(' '))?);
    let (id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

/// Refusals are logged by client, never with what was sent as its secret.
fn log(services: &Services, facts: &Facts, client: &AppId, fault: &Fault) {
    let line = json!({
        "event": "oauth", "level": "info", "requestId": facts.id.as_str(), "client": client.as_str(),
        "error": fault.code(),
    });
    services.log.line(&line.to_string());
}
