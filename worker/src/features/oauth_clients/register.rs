//! The record of a client that was registered at a provider.

use drawbridge_contract::endpoints::RegisterOAuthClient;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::oauth_clients::OAuthClient;
use drawbridge_domain::id::{Id, OAuthClientId};
use drawbridge_domain::limits::Limited;
use serde_json::json;

use super::{check, secret_place, store};
use crate::features::audit::{self, Record};
use crate::features::connectors::redirect_url;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

/// The version of what was just made.
const FIRST: i64 = 1;

/// Records it, the secret sealed.
pub(super) async fn handle(call: Call<RegisterOAuthClient, Scope>) -> Result<Reply<OAuthClient>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let mut faults = Faults::default();
    check::connector(&mut faults, &call.body.connector);
    let name = check::name(&mut faults, &call.body.name);
    let client_id = check::client_id(&mut faults, &call.body.client_id);
    let secret = check::secret(&mut faults, &call.body.client_secret);
    faults.check()?;

    let id = new_id!(services, OAuthClientId)?;
    let sealed =
        services.vault.seal(&*services.random, secret_place(scope.tenant(), &id), secret.as_bytes())?;
    let answer = OAuthClient {
        id,
        connector: call.body.connector.clone(),
        name,
        client_id,
        redirect_url: redirect_url(&call.facts),
        connections: 0,
        created_by: Person { id: scope.user().clone(), name: scope.user_name() },
        created_at: services.now(),
    };
    let mut changes = store::add(scope, &answer, &sealed);
    if let Some(key) = &call.idempotency {
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(FIRST)));
    }
    let record = Record::done("oauth_client.created", "oauth_client", answer.id.as_str(), &answer.name)
        .with_changes(json!({
            "connector": { "after": answer.connector },
            "name": { "after": answer.name },
            "clientId": { "after": answer.client_id },
            "clientSecret": { "changed": true },
        }));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => Err(Failure::quota(Limited::OauthClients)),
        result => result.map(|_| Reply::versioned(answer, FIRST)).map_err(Failure::from),
    }
}
