//! The proof of a connection as it is now; with new tokens first where the old ones are at their end.

use drawbridge_domain::connection::{Proof, Reason};

use super::keeper::{self, Refreshed, Why};
use super::record::Row;
use super::secrets::Bundle;
use super::settle::Finding;
use super::through::On;
use super::{prove, read, refresh};
use crate::http::{Failure, Scope};
use crate::services::Services;

/// Proves the connection, refreshing once where that can help.
pub(super) async fn examine(services: &Services, scope: &Scope, row: &mut Row) -> Result<Finding, Failure> {
    let (definition, way) = row.definition()?;
    let values = row.values(services, &definition, &way)?;
    let sealed = row.sealed.clone().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    let mut bundle = Bundle::open(services, scope.tenant(), &row.summary.id, &sealed)?;
    let pinned = row.connected_as()?;
    let mut asked = false;
    if refresh::is_due(row, services.now()) {
        asked = true;
        match renewed(services, scope, row, &mut bundle).await? {
            Refreshed::Failed { reason, words, .. }
                if reason.disproves() || refresh::is_over(row, services.now()) =>
            {
                return Ok(Finding::without_tokens(reason, words));
            }
            Refreshed::Impossible if refresh::is_over(row, services.now()) => {
                return Ok(Finding::without_tokens(Reason::Expired, None));
            }
            _ => {}
        }
    }
    let id = row.summary.id.clone();
    let on = Some(On { scope, connection: &id });
    let mut found = prove::prove(services, &definition, &way, &values, &bundle, on).await;
    if found.token_refused && !asked && refresh::is_possible(&way, &bundle) {
        if let Refreshed::Failed { reason, words, .. } = renewed(services, scope, row, &mut bundle).await? {
            return Ok(Finding::without_tokens(reason, words));
        }
        found = prove::prove(services, &definition, &way, &values, &bundle, on).await;
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
    Ok(Finding::of(found))
}

/// Has the keeper get new tokens because a person asks; row and bundle are the present ones afterwards.
async fn renewed(
    services: &Services,
    scope: &Scope,
    row: &mut Row,
    bundle: &mut Bundle,
) -> Result<Refreshed, Failure> {
    let id = row.summary.id.clone();
    let seen = row.secrets_version.unwrap_or_default();
    let refreshed = keeper::refresh(services, scope.tenant(), &id, seen, Why::Asked).await?;
    *row = read::find(services, scope, &id).await?;
    if let Some(sealed) = &row.sealed {
        *bundle = Bundle::open(services, scope.tenant(), &id, sealed)?;
    }
    Ok(refreshed)
}
