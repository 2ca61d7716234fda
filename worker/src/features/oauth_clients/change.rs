//! A change of a client's name, client id or secret.

use drawbridge_contract::endpoints::ChangeOAuthClientSettings;
use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::id::Id;
use serde_json::{Map, json};

use super::{check, client, secret_place, store, unknown};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Changes what was sent; what is absent stays, and so does the secret where it is empty.
pub(super) async fn handle(
    call: Call<ChangeOAuthClientSettings, Scope>,
) -> Result<Reply<OAuthClient>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.client);
    let mut faults = Faults::default();
    let name = call.body.name.as_deref().map(|name| check::name(&mut faults, name));
    let client_id = call.body.client_id.as_deref().map(|id| check::client_id(&mut faults, id));
    let secret = call.body.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
    let secret = secret.map(|secret| check::secret(&mut faults, secret));
    faults.check()?;

    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    let mut changes = Map::new();
    for (field, slot, new) in [("name", &mut row.name, name), ("clientId", &mut row.client_id, client_id)] {
        if let Some(new) = new.filter(|new| new != slot) {
            changes.insert(field.to_owned(), json!({ "before": slot, "after": new }));
            *slot = new;
        }
    }
    let mut sealed = None;
    if let Some(secret) = secret {
        changes.insert("clientSecret".to_owned(), json!({ "changed": true }));
        sealed = Some(services.vault.seal(
            &*services.random,
            secret_place(scope.tenant(), id),
            secret.as_bytes(),
        )?);
    }
    if changes.is_empty() {
        return Ok(Reply::versioned(client(row, &call.facts), call.if_match));
    }
    let record = Record::done("oauth_client.changed", "oauth_client", id.as_str(), &row.name)
        .with_changes(changes.into());
    match audit::commit(services, scope, store::change(scope, &row, sealed), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(client(row, &call.facts), call.if_match + 1))
        }
    }
}
