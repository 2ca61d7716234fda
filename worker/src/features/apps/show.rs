//! An app's secret, shown again; whoever looks leaves a record.

use drawbridge_contract::endpoints::ReadAppSecret;
use drawbridge_contract::types::apps::AppSecrets;
use drawbridge_domain::id::Id;

use super::{must_be_within, store, unknown};
use crate::features::audit::{self, Record};
use crate::features::credentials::shown;
use crate::http::{Call, Failure, Reply, Scope};

/// Shows it, and the one before while that works.
pub(super) async fn handle(call: Call<ReadAppSecret, Scope>) -> Result<Reply<AppSecrets>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.app);
    let row = store::read_sealed(services, scope, id).await?.ok_or_else(unknown)?;
    must_be_within(services, scope, &row.scopes, &row.addresses).await?;
    let open = |sealed: Option<&str>| shown(services, scope.tenant(), id.as_str(), sealed);
    let client_secret = open(row.sealed_secret.as_deref())?;
    let works = row.previous_until.is_some_and(|until| until > services.now().millis());
    let previous =
        row.sealed_previous.as_deref().filter(|_| works).map(|sealed| open(Some(sealed))).transpose()?;
    let record = Record::done("app.secret_viewed", "app", id.as_str(), &row.name);
    audit::commit(services, scope, Vec::new(), &[record]).await?;
    Ok(Reply::new(AppSecrets { client_id: id.clone(), client_secret, previous }))
}
