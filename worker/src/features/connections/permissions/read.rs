//! What was given on a connection.

use drawbridge_contract::endpoints::ReadConnectionPermissions;
use drawbridge_contract::types::permissions::{Grant, Permissions, Principal};
use drawbridge_domain::access::{ConnectionAction, Level};
use drawbridge_domain::grants::PrincipalKind;

use super::super::{read, settle};
use super::store::{self, GrantRow};
use crate::http::{Call, Failure, Reply, Scope};

/// Reads it.
pub(super) async fn handle(
    call: Call<ReadConnectionPermissions, Scope>,
) -> Result<Reply<Permissions>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::ChangePermissions)?;
    let grants = store::grants(services, scope, &row.summary.id).await?;
    Ok(Reply::versioned(Permissions { grants: told(grants) }, row.grants_version))
}

/// The grants in the words of the contract.
pub(super) fn told(rows: Vec<GrantRow>) -> Vec<Grant> {
    rows.into_iter()
        .filter_map(|row| {
            let kind = PrincipalKind::from_code(&row.kind)?;
            let level = Level::from_code(&row.level)?;
            let name = if kind == PrincipalKind::Everyone { "Everyone".to_owned() } else { row.name };
            Some(Grant { to: Principal { kind, id: row.id, name, detail: row.detail }, level })
        })
        .collect()
}
