//! The end of a client that no connection uses.

use drawbridge_contract::endpoints::DeleteOAuthClient;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::store::ClientRow;
use super::{store, unknown};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Deletes it, its secret with it.
pub(super) async fn handle(call: Call<DeleteOAuthClient, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.client);
    let row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    unused(&row)?;
    let record =
        Record::done("oauth_client.deleted", "oauth_client", id.as_str(), &row.name).with_changes(json!({
            "connector": { "before": row.connector },
            "name": { "before": row.name },
            "clientId": { "before": row.client_id },
        }));
    match audit::commit(services, scope, store::delete(scope, id, services.now()), &[record]).await {
        // Meanwhile it was deleted, or a connection was made through it.
        Err(DbError::Guard) => {
            unused(&store::read(services, scope, id).await?.ok_or_else(unknown)?)?;
            Err(DbError::Guard.into())
        }
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}

fn unused(row: &ClientRow) -> Result<(), Failure> {
    let made = match row.connections {
        0 => return Ok(()),
        1 => "1 connection was".to_owned(),
        count => format!("{count} connections were"),
    };
    let who = match (row.deleted, row.connections) {
        (0, _) => None,
        (1, 1) => Some("It is".to_owned()),
        (deleted, all) if deleted == all => Some("All of them are".to_owned()),
        (1, _) => Some("1 of them is".to_owned()),
        (deleted, _) => Some(format!("{deleted} of them are")),
    };
    let kept = who.map(|who| {
        format!(" {who} deleted and can be restored for 30 days; after that this client takes the access back at the provider.")
    });
    let next = if row.deleted == row.connections {
        "Delete the client then."
    } else {
        "Delete the connections first, or keep the client."
    };
    let kept = kept.unwrap_or_default();
    let detail = format!("{made} made through this OAuth client.{kept} {next}");
    Err(Failure::new(ProblemCode::InUse, detail))
}
