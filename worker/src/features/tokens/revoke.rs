//! Revoking: at once and for good. The record stays until it is deleted; the secrets go.

use drawbridge_contract::endpoints::RevokeToken;
use drawbridge_contract::types::tokens::Token;
use serde_json::json;

use super::{find, store, token};
use crate::features::authority::{self, Affected};
use crate::http::{Call, Failure, Reply, Scope};

/// Revokes it.
pub(super) async fn handle(call: Call<RevokeToken, Scope>) -> Result<Reply<Token>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.token);
    let now = services.now();
    let mut row = find(services, scope, id).await?;
    row.must_live(now)?;
    let record =
        row.record("token.revoked", json!({ "status": { "before": row.status(now), "after": "revoked" } }));
    let affected = [Affected::Token(id.clone())];
    authority::commit(services, scope, &affected, store::revoke(scope, &row, now), &[record]).await?;
    let version = row.version + 1;
    row.revoked_at = Some(now.millis());
    row.uses.end();
    Ok(Reply::versioned(token(row, now)?, version))
}
