//! A new master key: signing secrets that an old one sealed are opened and sealed again.

use super::{secret_place, store};
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;
use drawbridge_domain::id::{Id, TenantId};

/// The statements that replace some of the seals that are not of the key `current`; none: all are.
pub async fn reseal(services: &Services, current: &str) -> Result<Vec<Statement>, Failure> {
    let mut statements = Vec::new();
    for old in store::sending::old_secrets(services, current).await? {
        let sealed = again(services, &old.tenant_id, &old.id, &old.sealed_secret)?;
        let previous = old.sealed_previous.as_deref();
        let previous = previous.map(|text| again(services, &old.tenant_id, &old.id, text)).transpose()?;
        statements.push(store::sending::reseal(&old, &sealed, previous));
    }
    Ok(statements)
}

fn again(services: &Services, tenant: &TenantId, webhook: &str, sealed: &str) -> Result<String, Failure> {
    let place = secret_place(tenant, webhook);
    let opened = services.vault.open(place, sealed).map_err(|error| {
        Failure::internal(format!("{webhook} of {} does not open: {error:?}", tenant.as_str()))
    })?;
    Ok(services.vault.seal(&*services.random, place, opened.bytes())?)
}
