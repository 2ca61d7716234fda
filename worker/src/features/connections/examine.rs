//! The proof of a connection as it is now; with new tokens first where the old ones are at their end.

use drawbridge_domain::connection::{Proof, Reason};

use super::record::Row;
use super::secrets::Bundle;
use super::settle::Finding;
use super::token::TokenFailure;
use super::{prove, refresh};
use crate::http::{Failure, Scope};
use crate::services::Services;

/// Proves the connection, refreshing once where that can help.
pub(super) async fn examine(services: &Services, scope: &Scope, row: &mut Row) -> Result<Finding, Failure> {
    let (definition, way) = row.definition()?;
    let values = row.values(services, &definition, &way)?;
    let sealed = row.sealed.clone().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    let mut bundle = Bundle::open(services, scope.tenant(), &row.summary.id, &sealed)?;
    let pinned = row.connected_as()?;
    let mut refreshed = false;
    if refresh::is_due(row, services.now()) {
        if !refresh::is_possible(&way, &bundle) {
            return Ok(failed(TokenFailure::from(Reason::Expired), &bundle));
        }
        refreshed = true;
        if let Err(failure) =
            refresh::refresh(services, scope, row, &definition, &way, &values, &mut bundle).await?
        {
            return Ok(failed(failure, &bundle));
        }
    }
    let mut found = prove::prove(services, &definition, &way, &values, &bundle).await;
    if found.token_refused && !refreshed && refresh::is_possible(&way, &bundle) {
        if let Err(failure) =
            refresh::refresh(services, scope, row, &definition, &way, &values, &mut bundle).await?
        {
            return Ok(failed(failure, &bundle));
        }
        found = prove::prove(services, &definition, &way, &values, &bundle).await;
    }
    // The credentials may have changed hands at the provider; the connection stays with whom it was made for.
    let other = match (&pinned, &found.identity) {
        (Some(pinned), Some(now)) => pinned.id != now.id,
        _ => false,
    };
    if other {
        return Ok(Finding {
            proof: Proof::Disproved(Reason::WrongIdentity),
            words: None,
            identity: None,
            by: None,
        });
    }
    Ok(Finding { proof: found.proof, words: found.words, identity: found.identity, by: Some(found.by) })
}

/// What a failed refresh says about the connection.
fn failed(failure: TokenFailure, bundle: &Bundle) -> Finding {
    let proof = if failure.reason.disproves() {
        Proof::Disproved(failure.reason)
    } else {
        Proof::Unknown(failure.reason)
    };
    Finding { proof, words: failure.words.and_then(|words| bundle.clean(&words)), identity: None, by: None }
}
