//! The daily check of every connection, some at a time: each says when it is due, and the run goes on where the one
//! before it stopped.

use drawbridge_domain::connection::Proof;
use drawbridge_domain::id::RequestId;
use drawbridge_domain::life::{CHECK_EVERY, DOUBT_AGAIN, after_check, is_checked};
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use super::examine::examine;
use super::settle;
use super::store::{self, upkeep as due};
use crate::features::audit::{self, Actor};
use crate::features::live::connection_changed;
use crate::http::{Facts, Failure, Scope};
use crate::new_id;
use crate::ports::DbError;
use crate::services::Services;

/// The most that one run checks: each is up to three calls outward and four to the database, and a run of the free
/// plan may make 50 in all, one of the paid plan 1000.
const SLICE: u32 = 40;

/// Checks those that are due; answers how many it was.
pub async fn check_due(services: &Services) -> Result<u32, Failure> {
    let mut done = 0;
    for found in due::to_check(services, services.now(), SLICE).await? {
        let id = found.connection_id.clone();
        match check(services, found).await {
            Ok(true) => done += 1,
            Ok(false) => {}
            Err(failure) => {
                let cause = failure.cause().unwrap_or_else(|| failure.detail());
                let line = json!({
                    "event": "upkeep", "level": "error", "part": "checking connections",
                    "connection": id, "cause": cause,
                });
                services.log.line(&line.to_string());
            }
        }
    }
    Ok(done)
}

async fn check(services: &Services, found: due::Found) -> Result<bool, Failure> {
    let (id, was_due) = (found.connection_id.clone(), found.check_at);
    let scope = Scope::of_system(found.tenant, Actor::system(), no_facts(services)?);
    let now = services.now();
    // Taken first, so that of two runs one checks it, and one that kills the run is not met again at once.
    match services.db.batch(due::claim_check(&scope, &id, was_due, now.plus(CHECK_EVERY))).await {
        Err(DbError::Guard) => return Ok(false),
        result => result?,
    };
    let Some(mut row) = store::find(services, &scope, &id, false).await? else { return Ok(false) };
    let (status, reason) = (row.summary.status()?, row.summary.reason()?);
    let proved = Timestamp::from_millis(row.summary.last_verified_at).plus(CHECK_EVERY);
    let soon = |at: Timestamp| services.db.batch(vec![due::check_at(&scope, &id, row.doubts, at)]);
    if !is_checked(status, reason) {
        return Ok(false);
    }
    // Somebody tested it, or it was made, less than a day ago. What found its gateway away since is looked at all the same.
    if proved > now && row.doubts == 0 && !reason.is_of_gateway() {
        soon(proved).await?;
        return Ok(false);
    }
    let finding = match examine(services, &scope, &mut row).await {
        Ok(finding) => finding,
        Err(failure) => {
            services.db.batch(vec![due::check_at(&scope, &id, row.doubts, now.plus(DOUBT_AGAIN))]).await?;
            return Err(failure);
        }
    };
    let checked = after_check(status, reason, row.doubts, finding.proof);
    let next = due::check_at(&scope, &id, checked.doubts, now.plus(checked.next));
    if finding.proof != Proof::Proved && checked.change.is_none() {
        services.db.batch(vec![next]).await?;
        return Ok(true);
    }
    let (mut statements, to) = settle::written(services, &scope, &row, &finding, checked.change)?;
    statements.push(next);
    let written = if checked.change.is_some() {
        let mut told = settle::status_change(status, to);
        told.insert(
            "reason".to_owned(),
            json!({ "before": reason.code(), "after": checked.change.map(|(_, why)| why.code()) }),
        );
        let mut record = settle::record(&scope, &row, "connection.checked", told);
        if finding.proof != Proof::Proved {
            record = record.refused();
        }
        audit::commit(services, &scope, statements, &[record]).await
    } else {
        services.db.batch(statements).await.inspect(|_| connection_changed(services, scope.tenant(), &id))
    };
    match written {
        // Somebody else found out more at the same moment.
        Err(DbError::Guard) => Ok(true),
        result => result.map(|_| true).map_err(Failure::from),
    }
}

/// The facts of the system's own work: there is no request.
pub(super) fn no_facts(services: &Services) -> Result<Facts, Failure> {
    Ok(Facts {
        id: new_id!(services, RequestId)?,
        address: String::new(),
        country: String::new(),
        user_agent: String::new(),
        origin: services.settings.public_origin.clone().unwrap_or_default(),
    })
}
