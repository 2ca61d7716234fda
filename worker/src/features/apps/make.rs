//! A new app.

use drawbridge_contract::endpoints::MakeApp;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::apps::{App, AppWithSecret, SecretInfo};
use drawbridge_domain::credential::{self, AppStatus, CLIENT_SECRET};
use drawbridge_domain::id::{AppId, Id};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::scopes::ApiScopes;
use serde_json::json;

use super::store;
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::features::credentials::{FIRST, NewSecret, addresses, bounds, rules, told_scopes, within};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

/// Makes it, with a secret of its own.
pub(super) async fn handle(call: Call<MakeApp, Scope>) -> Result<Reply<AppWithSecret>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let now = services.now();
    let mut faults = Faults::default();
    let name = faults.text("name", credential::name(&body.name).map(str::to_owned));
    let description =
        faults.text("description", credential::app_description(&body.description).map(str::to_owned));
    let scopes = body.scopes.unwrap_or(ApiScopes::FULL);
    let scopes = faults.text("scopes", credential::asked_scopes(scopes));
    let addresses = addresses(&mut faults, &body.addresses);
    let end = body.expires_at.map(|end| credential::app_end(end, now));
    let expires_at = end.and_then(|end| faults.text("expiresAt", end.map(Some)));
    faults.check()?;
    let bounds = bounds(services, scope).await?;
    within(bounds.may_give(scopes).and_then(|()| bounds.may_open(&addresses)))?;

    let keeps = rules(services, scope, scope.user()).await?.keeps_secrets();
    let id = new_id!(services, AppId)?;
    let secret = NewSecret::make(services, CLIENT_SECRET, scope.tenant(), id.as_str()).await?;
    let present = SecretInfo { hint: secret.hint.clone(), viewable: keeps, until: None, last_used_at: None };
    let app = App {
        id,
        name,
        description,
        status: AppStatus::Active,
        scopes,
        addresses,
        expires_at,
        token_algorithm: body.token_algorithm,
        secrets: vec![present],
        last_used: None,
        created_by: Person { id: scope.user().clone(), name: scope.user_name() },
        created_at: now,
    };
    let mut changes = store::add(scope, &app, &serde_json::to_string(&app.addresses)?, &secret);
    let record = Record::done("app.created", "app", app.id.as_str(), &app.name).with_changes(json!({
        "name": { "after": app.name },
        "scopes": { "after": told_scopes(app.scopes) },
        "addresses": { "after": app.addresses },
        "expiresAt": { "after": app.expires_at },
        "secret": { "changed": true },
    }));
    let affected = [Affected::App(app.id.clone())];
    let mut answer = AppWithSecret { app, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the secret: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(FIRST)));
    }
    match authority::commit(services, scope, &affected, changes, &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Apps)),
        result => result?,
    };
    answer.secret = Some(secret.text);
    Ok(Reply::versioned(answer, FIRST))
}
