//! Switching an app off and on again. Off is at once: neither its secret works nor a token that it has.

use drawbridge_contract::endpoints::{ActivateApp, DisableApp};
use drawbridge_contract::types::apps::App;
use drawbridge_domain::id::{AppId, Id};

use super::{app, must_be_within, store, unknown};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Disables.
pub(super) async fn disable(call: Call<DisableApp, Scope>) -> Result<Reply<App>, Failure> {
    turn(&call.services, &call.scope, &call.params.app, true).await
}

/// Activates.
pub(super) async fn activate(call: Call<ActivateApp, Scope>) -> Result<Reply<App>, Failure> {
    turn(&call.services, &call.scope, &call.params.app, false).await
}

async fn turn(services: &Services, scope: &Scope, id: &AppId, disabled: bool) -> Result<Reply<App>, Failure> {
    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    let (version, now) = (row.version, services.now());
    if !disabled {
        must_be_within(services, scope, &row.scopes, &row.addresses).await?;
    }
    let action = if disabled { "app.disabled" } else { "app.activated" };
    let record = Record::done(action, "app", id.as_str(), &row.name);
    let affected = [Affected::App(id.clone())];
    let changes = store::switch(scope, id, version, disabled);
    authority::commit(services, scope, &affected, changes, &[record]).await?;
    row.disabled = i64::from(disabled);
    Ok(Reply::versioned(app(row, now)?, version + 1))
}
