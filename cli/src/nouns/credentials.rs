//! What apps and tokens have in common.

use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::apps::{LastUse, SecretInfo};
use drawbridge_domain::credential::Grace;
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};

use crate::fault::Fault;
use crate::out::when;
use crate::session::Session;

/// How long a secret works beside the one after it.
pub(super) const GRACES: &[&str] = &["now", "hour", "day", "week"];

/// A scope, or `full` for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Full,
    One(ApiScope),
}

/// Reads a scope.
pub(crate) fn scope(text: &str) -> Result<Scope, String> {
    if text == "full" {
        return Ok(Scope::Full);
    }
    ApiScope::from_code(text).map(Scope::One).ok_or_else(|| {
        let all: Vec<&str> = ApiScope::ALL.iter().map(|scope| scope.code()).collect();
        format!("one of: full, {}", all.join(", "))
    })
}

/// What was asked for; nothing where nothing was said.
pub(super) fn scopes(asked: &[Scope]) -> Option<ApiScopes> {
    (!asked.is_empty()).then(|| {
        asked.iter().fold(ApiScopes::NONE, |scopes, scope| match scope {
            Scope::Full => ApiScopes::FULL,
            Scope::One(scope) => scopes.with(*scope, true),
        })
    })
}

/// Scopes in words.
pub(super) fn shown(scopes: ApiScopes) -> String {
    if scopes.is_full() { "full access".to_owned() } else { scopes.to_string() }
}

/// From where something may be used.
pub(super) fn networks(addresses: &[Network]) -> String {
    if addresses.is_empty() {
        return "anywhere".to_owned();
    }
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The last use, in words.
pub(super) fn used(last: Option<&LastUse>) -> String {
    last.map_or_else(
        || "never".to_owned(),
        |last| {
            format!("{} from {} {}", when(last.at), last.address, last.country.as_deref().unwrap_or_default())
        },
    )
}

/// Secrets, as far as they are told again and again.
pub(super) fn hints(secrets: &[SecretInfo]) -> String {
    let hints = secrets.iter().map(|secret| match secret.until {
        Some(until) => format!("{} (works until {})", secret.hint, when(until)),
        None => secret.hint.clone(),
    });
    hints.collect::<Vec<_>>().join(", ")
}

/// Asks before a rotation by which the present secret ends at once.
pub(super) fn confirm_rotation(session: &Session, what: &str, grace: Grace) -> Result<(), Fault> {
    if grace == Grace::Now {
        session.confirm(&format!("Rotate {what}? The present secret stops working at once."))?;
    }
    Ok(())
}

/// Tells a secret that is told this once.
pub(super) fn told_once(
    session: &Session,
    label: &str,
    secret: Option<&SecretText>,
    again: &str,
) -> Result<(), Fault> {
    match secret {
        Some(secret) => session.out.secret(label, secret),
        // The call had been carried out before, and its answer was lost.
        None => Err(Fault::Negative(format!(
            "It was made by an earlier call with the same key, and that answer had the secret. To have one: {again}"
        ))),
    }
}
