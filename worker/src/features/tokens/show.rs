//! A token, shown again to its owner; a record is left of it.

use drawbridge_contract::endpoints::ReadTokenSecret;
use drawbridge_contract::types::tokens::TokenSecrets;
use drawbridge_domain::id::Id;
use serde_json::json;

use super::{find, store};
use crate::features::audit;
use crate::features::credentials::{bounds, shown};
use crate::http::{Call, Failure, Reply, Scope};

/// Shows it, and the one before while that works.
pub(super) async fn handle(call: Call<ReadTokenSecret, Scope>) -> Result<Reply<TokenSecrets>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.token);
    let now = services.now();
    let row = find(services, scope, id).await?;
    row.must_be_of(scope)?;
    row.must_live(now)?;
    row.must_be_within(&bounds(services, scope).await?)?;
    let sealed = store::read_sealed(services, scope, id).await?.ok_or_else(super::unknown)?;
    let open = |sealed: Option<&str>| shown(services, scope.tenant(), id.as_str(), sealed);
    let secret = open(sealed.sealed_secret.as_deref())?;
    let works = sealed.previous_until.is_some_and(|until| until > now.millis());
    let before = sealed.sealed_previous.as_deref().filter(|_| works);
    let previous = before.map(|sealed| open(Some(sealed))).transpose()?;
    let record = row.record("token.secret_viewed", json!({}));
    audit::commit(services, scope, Vec::new(), &[record]).await?;
    Ok(Reply::new(TokenSecrets { secret, previous }))
}
