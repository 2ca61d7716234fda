//! Proved domains are looked up again every day: a domain can change hands, and a record be lost. What is missing is
//! said, and locks nobody out.

use drawbridge_domain::time::{HOUR, Timestamp};
use serde_json::json;

use super::read::{is_missing, proof, proof_name};
use super::store::{self, ProvedRow};
use super::{prove, system};
use crate::features::audit::{self, Record};
use crate::http::Failure;
use crate::ports::DbError;
use crate::services::Services;

/// How soon a domain is looked up again, in milliseconds.
const EVERY: i64 = 24 * HOUR;
/// The most that one run looks up: each is one call outward and two to the database.
const SLICE: u32 = 5;

/// Looks some of them up; answers how many it was.
pub(crate) async fn recheck(services: &Services) -> Result<u32, Failure> {
    let now = services.now();
    let mut done = 0;
    for row in store::to_recheck(services, now.plus(-EVERY), SLICE).await? {
        // Taken first, so that one that is slow or fails is not met again at once.
        match services.db.batch(store::claim_recheck(&row, now)).await {
            Err(DbError::Guard) => continue,
            result => result?,
        };
        look(services, &row, now).await?;
        done += 1;
    }
    Ok(done)
}

async fn look(services: &Services, row: &ProvedRow, now: Timestamp) -> Result<(), Failure> {
    let was_missing = is_missing(row.proved_at, row.looked_up_at);
    // A DNS that does not answer shows nothing; whether that lasts, the days tell.
    let found = prove::look_up(services, &proof_name(&row.domain)).await.unwrap_or_default();
    let (changes, action) = if found.contains(&proof(&row.token)) {
        (vec![store::shown_again(row, now)], was_missing.then_some("sso.domain_found"))
    } else {
        let is_new = !was_missing && is_missing(row.proved_at, now.millis());
        (Vec::new(), is_new.then_some("sso.domain_missing"))
    };
    let Some(action) = action else {
        return services.db.batch(changes).await.map(|_| ()).map_err(Failure::from);
    };
    let record = Record::done(action, "sso", &row.domain, &row.domain)
        .with_changes(json!({ "lastShown": { "before": Timestamp::from_millis(row.proved_at) } }));
    audit::commit(services, system(&row.tenant_id), changes, &[record]).await?;
    Ok(())
}
