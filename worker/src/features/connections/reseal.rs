//! A new master key: what the old ones sealed is opened and sealed again, some at a time.

use drawbridge_domain::id::{ConnectionId, Id, OAuthClientId, TenantId};

use super::store::upkeep as store;
use crate::features::{authority, credentials, oauth_server, sso, webhooks};
use crate::http::Failure;
use crate::services::Services;
use crate::vault::Place;

/// The most rounds of one run; the next run goes on.
const ROUNDS: u32 = 50;

/// Seals again what another key than the first sealed; answers how many secrets it was. A replaced seal is left
/// alone when the secret itself changed meanwhile.
pub async fn reseal(services: &Services) -> Result<u32, Failure> {
    let current = format!("v1.{}.", services.vault.sealing_key());
    let mut done = 0;
    for _ in 0..ROUNDS {
        let secrets = store::old_secrets(services, &current).await?;
        let clients = store::old_client_secrets(services, &current).await?;
        let mut batch = webhooks::reseal(services, &current).await?;
        batch.extend(sso::reseal(services, &current).await?);
        batch.extend(authority::reseal(services).await?);
        batch.extend(credentials::reseal(services, &current).await?);
        batch.extend(oauth_server::reseal(services, &current).await?);
        if secrets.is_empty() && clients.is_empty() && batch.is_empty() {
            let ended = vec![
                store::drop_old_flows(&current),
                sso::drop_old_flows(&current),
                store::drop_old_changes(&current),
                store::drop_old_checks(services.vault.sealing_key(), &current),
            ];
            services.db.batch(ended).await?;
            return Ok(done);
        }
        for old in &secrets {
            if ConnectionId::parse(&old.record).is_ok() {
                batch.push(store::reseal_secret(old, &again(services, old, "secrets")?));
            }
        }
        for old in &clients {
            if OAuthClientId::parse(&old.record).is_ok() {
                batch.push(store::reseal_client_secret(old, &again(services, old, "client_secret")?));
            }
        }
        done += u32::try_from(batch.len()).unwrap_or(u32::MAX);
        services.db.batch(batch).await?;
    }
    Ok(done)
}

fn again(services: &Services, old: &store::Sealed, field: &str) -> Result<String, Failure> {
    let tenant = TenantId::parse(&old.tenant_id).map_err(|_| Failure::internal("a tenant that is none"))?;
    let place = Place { tenant: tenant.as_str(), record: &old.record, field };
    let opened = services
        .vault
        .open(place, &old.text)
        .map_err(|error| Failure::internal(format!("{} does not open: {error:?}", old.record)))?;
    Ok(services.vault.seal(&*services.random, place, opened.bytes())?)
}
