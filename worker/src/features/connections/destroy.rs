//! The end of deleted connections: the grant is withdrawn at the provider, then record and secrets are destroyed.

use drawbridge_domain::id::Id;
use drawbridge_domain::life::REVOCATION_TRIES;
use drawbridge_domain::time::DAY;
use serde_json::{Map, json};

use super::revoke::{Withdrawal, revoke};
use super::store::{self, upkeep as due};
use super::{keeper, settle};
use crate::features::audit::{self, Actor};
use crate::http::{Failure, Scope};
use crate::services::Services;

/// The most that one run destroys; the next run goes on.
const MOST: u32 = 50;

/// Destroys those whose 30 days are over; answers how many it was.
pub async fn destroy_due(services: &Services) -> Result<u32, Failure> {
    let mut done = 0;
    for found in due::to_destroy(services, services.now(), MOST).await? {
        match destroy(services, found).await {
            Ok(true) => done += 1,
            Ok(false) => {}
            // One that cannot be destroyed keeps no other from it.
            Err(failure) => log(services, failure.cause().unwrap_or("a conflict")),
        }
    }
    Ok(done)
}

async fn destroy(services: &Services, found: due::Found) -> Result<bool, Failure> {
    let id = found.connection_id.clone();
    let scope = Scope::of_system(found.tenant, Actor::system(), super::check::no_facts(services)?);
    let Some(row) = store::find(services, &scope, &id, true).await? else { return Ok(false) };
    // What keeps a grant from being withdrawn, whatever it is, keeps no secret for ever.
    let withdrawal = revoke(services, &scope, &row).await.unwrap_or_else(|failure| {
        log(services, failure.cause().unwrap_or_else(|| failure.detail()));
        Withdrawal::Failed
    });
    let tries = found.revocation_tries + 1;
    if withdrawal == Withdrawal::Failed && tries < REVOCATION_TRIES {
        log(
            services,
            &format!("the grant of {id} could not be withdrawn: try {tries} of {REVOCATION_TRIES}"),
        );
        services.db.batch(due::destroy_later(&scope, &id, services.now().plus(DAY))).await?;
        return Ok(false);
    }
    let grant = match withdrawal {
        Withdrawal::Done => "withdrawn",
        Withdrawal::NotOffered => "nothing to withdraw",
        Withdrawal::Failed => "not withdrawn: the provider refused",
    };
    let mut changes = Map::new();
    changes.insert("grant".to_owned(), json!({ "after": grant }));
    let record = settle::record(&scope, &row, "connection.destroyed", changes);
    audit::commit(services, &scope, due::destroy(&scope, row.summary.id.as_str()), &[record]).await?;
    // Its keeper has nothing left to look after, and forgets.
    keeper::watch(services, scope.tenant(), &id);
    Ok(true)
}

fn log(services: &Services, cause: &str) {
    let line =
        json!({ "event": "upkeep", "level": "error", "part": "destroying connections", "cause": cause });
    services.log.line(&line.to_string());
}
