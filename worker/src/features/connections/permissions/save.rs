//! A connection is given to exactly those who are named.

use drawbridge_contract::endpoints::SaveConnectionPermissions;
use drawbridge_contract::types::permissions::{Grant, NewGrant, Permissions};
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::grants::{GrantRefusal, PrincipalKind, check_list, check_owners};
use serde_json::{Map, Value as Json, json};

use super::super::{read, settle};
use super::read::told;
use super::store;
use crate::features::audit;
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Saves it.
pub(super) async fn handle(
    call: Call<SaveConnectionPermissions, Scope>,
) -> Result<Reply<Permissions>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::ChangePermissions)?;
    let id = &row.summary.id;
    if row.grants_version != call.if_match {
        return Err(lost_race());
    }
    let wanted = &call.body.grants;
    let principals: Vec<_> = wanted.iter().map(|grant| (grant.kind, grant.id.as_str())).collect();
    check_list(&principals).map_err(refused)?;
    let wanted_json = as_json(wanted);
    let look = store::look(services, scope, id, &wanted_json).await?;
    let (before, known) = (told(look.before), told(look.after));
    let mut faults = Faults::default();
    for (place, grant) in wanted.iter().enumerate() {
        if !known.iter().any(|known| known.to.kind == grant.kind && known.to.id == grant.id) {
            let message = match grant.kind {
                PrincipalKind::Everyone => "Everyone has no id.",
                PrincipalKind::Group => "There is no such group. It may have been deleted meanwhile.",
                PrincipalKind::User => "There is no such user. They may have been removed meanwhile.",
            };
            faults.add(&format!("grants.{place}.id"), "unknown_value", message);
        }
    }
    faults.check()?;
    check_owners(scope.role(), u32::from(look.has_owner)).map_err(refused)?;
    if before == known {
        return Ok(Reply::versioned(Permissions { grants: known }, row.grants_version));
    }
    let mut changes = Map::new();
    changes.insert("permissions".to_owned(), json!({ "before": words(&before), "after": words(&known) }));
    let record = settle::record(scope, &row, "connection.permissions_changed", changes);
    match audit::commit(services, scope, store::save(scope, id, call.if_match, &wanted_json), &[record]).await
    {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(Permissions { grants: known }, call.if_match + 1))
        }
    }
}

fn refused(refusal: GrantRefusal) -> Failure {
    let code = match refusal {
        GrantRefusal::NoOwnerLeft => "no_owner_left",
        GrantRefusal::Twice => "repeated",
        GrantRefusal::TooMany => "too_many",
    };
    Failure::field("grants", code, refusal.words())
}

/// As the statements read it.
fn as_json(grants: &[NewGrant]) -> String {
    let grants = grants
        .iter()
        .map(|grant| json!({ "kind": grant.kind.code(), "id": grant.id, "level": grant.level.code() }));
    Json::Array(grants.collect()).to_string()
}

/// For the record: names as they are now.
fn words(grants: &[Grant]) -> Vec<String> {
    grants
        .iter()
        .map(|grant| format!("{} {}: {}", grant.to.kind.code(), grant.to.name, grant.level.code()))
        .collect()
}
