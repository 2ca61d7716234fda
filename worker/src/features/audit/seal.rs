//! Sealing: records that were written without their place in the chain get it, in their order.
//!
//! Who loses the race for the chain's end writes the record all the same, in the same batch as the change, numbered by
//! the database and without a hash (docs/adr/0009-audit-sealing.md). What a record's hash covers stands in the row and
//! is never changed, so that everybody who seals it comes to the same hash: sealing needs no turn and no lock.

use drawbridge_domain::id::TenantId;

use super::store;
use crate::ports::DbError;
use crate::services::Services;

/// Records in one round; some hundred kilobytes.
const SLICE: usize = 200;

/// Seals what stands unsealed at the end of a tenant's log.
pub(super) async fn seal(services: &Services, tenant: &TenantId) -> Result<(), DbError> {
    loop {
        let (sealed, mut rows) = store::unsealed(services, tenant, SLICE).await?;
        let mut hash = sealed.hash;
        for row in &mut rows {
            row.link.previous_hash = std::mem::take(&mut hash);
            row.hash = row.link.hash();
            hash.clone_from(&row.hash);
        }
        store::seal(services, tenant, &rows).await?;
        if rows.len() < SLICE {
            return Ok(());
        }
    }
}

/// Seals after the answer; what fails is done by the next writer or by upkeep.
pub(super) fn soon(services: &Services, tenant: &TenantId) {
    let (own, tenant) = (services.clone(), tenant.clone());
    services.background.spawn(Box::pin(async move {
        if let Err(error) = seal(&own, &tenant).await {
            let line = serde_json::json!({
                "event": "audit", "level": "error", "part": "sealing", "cause": error.to_string(),
            });
            own.log.line(&line.to_string());
        }
    }));
}

/// Seals what was left open by a Worker that ended before its time.
pub async fn seal_open(services: &Services) -> Result<(), DbError> {
    for tenant in store::open_ends(services).await? {
        seal(services, &tenant).await?;
    }
    Ok(())
}
