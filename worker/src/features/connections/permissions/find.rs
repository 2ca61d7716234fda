//! Whom to share a connection with.

use drawbridge_contract::endpoints::FindPrincipals;
use drawbridge_contract::types::List;
use drawbridge_contract::types::permissions::Principal;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::grants::PrincipalKind;

use super::super::{read, settle};
use super::access::searched;
use super::store;
use crate::http::{Call, Failure, Reply, Scope};

/// Finds groups first, then users.
pub(super) async fn handle(call: Call<FindPrincipals, Scope>) -> Result<Reply<List<Principal>>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let search = searched(call.query.search.as_deref())?;
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::ChangePermissions)?;
    let found = store::principals(services, scope, search.as_deref()).await?;
    let items = found
        .into_iter()
        .filter_map(|row| {
            let kind = PrincipalKind::from_code(&row.kind)?;
            Some(Principal { kind, id: row.id, name: row.name, detail: row.detail })
        })
        .collect();
    Ok(Reply::new(List { items, next_cursor: None }))
}
