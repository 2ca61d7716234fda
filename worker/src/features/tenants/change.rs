//! A change of the tenant's settings.

use drawbridge_contract::endpoints::ChangeTenantSettings;
use drawbridge_contract::types::tenants::{CredentialPolicy, Tenant};
use drawbridge_domain::credential::{TOKEN_DAYS_MAX, TOKEN_DAYS_MIN};
use drawbridge_domain::id::Id;
use drawbridge_domain::text::{self, TextFault};
use serde_json::{Map, Value, json};

use super::{read, store};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// What is wrong with a longest life of tokens.
const NOT_SO_LONG: TextFault = TextFault::Said("out_of_range", "Type a number of days from 1 to 366.");

/// Changes the tenant's name and rules.
pub(super) async fn handle(call: Call<ChangeTenantSettings, Scope>) -> Result<Reply<Tenant>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, call.body);
    let mut faults = Faults::default();
    let name = body.name.map(|name| faults.text("name", text::plain_name(&name).map(str::to_owned)));
    if body
        .credentials
        .is_some_and(|policy| !(TOKEN_DAYS_MIN..=TOKEN_DAYS_MAX).contains(&policy.max_token_days))
    {
        faults.text::<()>("credentials.maxTokenDays", Err(NOT_SO_LONG));
    }
    faults.check()?;
    let before = read::reply(services, scope).await?;
    if before.version() != Some(call.if_match) {
        return Err(lost_race());
    }
    let before = before.answer;
    let after = Tenant {
        name: name.unwrap_or_else(|| before.name.clone()),
        credentials: body.credentials.unwrap_or(before.credentials),
        ..before.clone()
    };
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return Ok(Reply::versioned(after, call.if_match));
    }
    let record = Record::done("tenant.changed", "tenant", scope.tenant().as_str(), &after.name)
        .with_changes(Value::Object(changes));
    let changes = store::change(scope, call.if_match, &after);
    match authority::commit(services, scope, &[Affected::Tenant], changes, &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(after, call.if_match + 1))
        }
    }
}

/// What differs, before and after.
fn changes(before: &Tenant, after: &Tenant) -> Map<String, Value> {
    let mut changes = Map::new();
    let mut compare = |name: &str, before: Value, after: Value| {
        if before != after {
            changes.insert(name.to_owned(), json!({ "before": before, "after": after }));
        }
    };
    let (old, new): (CredentialPolicy, CredentialPolicy) = (before.credentials, after.credentials);
    compare("name", before.name.as_str().into(), after.name.as_str().into());
    compare("showSecretsOnce", old.show_secrets_once.into(), new.show_secrets_once.into());
    compare("maxTokenDays", old.max_token_days.into(), new.max_token_days.into());
    changes
}
