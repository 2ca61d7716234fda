//! A new master key: secrets that an old one sealed are opened and sealed again.

use drawbridge_domain::id::TenantId;

use super::secret::place;
use super::store::{self, Old};
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;

/// The statements that replace some of the seals that are not of the key `current`; none: all are.
pub async fn reseal(services: &Services, current: &str) -> Result<Vec<Statement>, Failure> {
    let (apps, tokens) = store::old_secrets(services, current).await?;
    let mut statements = Vec::new();
    for (rows, replace) in [
        (apps, store::reseal_app as fn(&Old, _, _) -> _),
        (tokens, store::reseal_token as fn(&Old, _, _) -> _),
    ] {
        for old in rows {
            let sealed = again(services, &old, old.sealed_secret.as_deref())?;
            let previous = again(services, &old, old.sealed_previous.as_deref())?;
            statements.push(replace(&old, sealed, previous));
        }
    }
    Ok(statements)
}

fn again(services: &Services, old: &Old, sealed: Option<&str>) -> Result<Option<String>, Failure> {
    let tenant: &TenantId = &old.tenant_id;
    let Some(sealed) = sealed else { return Ok(None) };
    let place = place(tenant, &old.id);
    let opened = services.vault.open(place, sealed);
    let opened = opened.map_err(|error| Failure::internal(format!("{} does not open: {error:?}", old.id)))?;
    Ok(Some(services.vault.seal(&*services.random, place, opened.bytes())?))
}
