//! A change of the tenant's settings.

use drawbridge_contract::endpoints::ChangeTenantSettings;
use drawbridge_contract::types::tenants::Tenant;
use drawbridge_domain::id::Id;
use drawbridge_domain::text;
use serde_json::json;

use super::{read, store};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Renames the tenant.
pub(super) async fn handle(call: Call<ChangeTenantSettings, Scope>) -> Result<Reply<Tenant>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let mut faults = Faults::default();
    let name = faults.text("name", text::plain_name(&call.body.name).map(str::to_owned));
    faults.check()?;
    let before = read::reply(services, scope).await?;
    if before.version() != Some(call.if_match) {
        return Err(lost_race());
    }
    if before.answer.name == name {
        return Ok(before);
    }
    let record = Record::done("tenant.changed", "tenant", scope.tenant().as_str(), &name)
        .with_changes(json!({ "name": { "before": before.answer.name, "after": name } }));
    match audit::commit(services, scope, store::rename(scope, call.if_match, &name), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(Tenant { name, ..before.answer }, call.if_match + 1))
        }
    }
}
