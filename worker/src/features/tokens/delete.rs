//! The end of a token's record, once the token is over.

use drawbridge_contract::endpoints::DeleteToken;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::credential::may_delete;
use serde_json::json;

use super::{find, store};
use crate::features::authority::{self, Affected};
use crate::http::{Call, Failure, Reply, Scope};

/// Deletes it.
pub(super) async fn handle(call: Call<DeleteToken, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.token);
    let now = services.now();
    let row = find(services, scope, id).await?;
    let status = row.status(now);
    may_delete(status).map_err(|why| Failure::new(ProblemCode::Conflict, why))?;
    let about = json!({ "name": { "before": row.name }, "status": { "before": status } });
    let record = row.record("token.deleted", about);
    let affected = [Affected::Token(id.clone())];
    authority::commit(services, scope, &affected, store::delete(scope, id, now), &[record]).await?;
    Ok(Reply::new(Nothing {}))
}
