//! A change of a token's name, scopes or addresses. It never gets more than it has.

use drawbridge_contract::endpoints::ChangeTokenSettings;
use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::credential;
use drawbridge_domain::scopes::ApiScopes;
use serde_json::json;

use super::{find, store, token};
use crate::features::authority::{self, Affected};
use crate::features::credentials::{Changes, addresses, bounds, networks, told_scopes, within};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Changes what was sent; what is absent stays.
pub(super) async fn handle(call: Call<ChangeTokenSettings, Scope>) -> Result<Reply<Token>, Failure> {
    let (services, scope, id, body) = (&call.services, &call.scope, &call.params.token, &call.body);
    let now = services.now();
    let mut faults = Faults::default();
    let name =
        body.name.as_deref().map(|name| faults.text("name", credential::name(name).map(str::to_owned)));
    let scopes = body.scopes.map(|scopes| faults.text("scopes", credential::asked_scopes(scopes)));
    let addresses = body.addresses.as_deref().map(|typed| addresses(&mut faults, typed));
    faults.check()?;

    let mut row = find(services, scope, id).await?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    row.must_live(now)?;
    let held = ApiScopes::from_stored(&row.scopes);
    if scopes.is_some_and(|wanted| !held.hold_all(wanted)) {
        let words = "A token cannot get more scopes than it has. Create a new one for that.";
        return Err(Failure::field("scopes", "not_narrower", words));
    }
    let bounds = bounds(services, scope).await?;
    let mut changes = Changes::default();
    changes.put("name", &mut row.name, name);
    if let Some(wanted) = scopes.filter(|wanted| *wanted != held) {
        changes.note("scopes", told_scopes(held), told_scopes(wanted));
        row.scopes = wanted.stored();
    }
    if let Some(wanted) = addresses {
        let before = networks(&row.addresses)?;
        if wanted != before {
            within(bounds.may_open(&wanted))?;
            changes.note("addresses", json!(before), json!(wanted));
            row.addresses = serde_json::to_string(&wanted)?;
        }
    }
    if changes.is_empty() {
        return Ok(Reply::versioned(token(row, now)?, call.if_match));
    }
    // To widen from where a token of more scopes works is as good as giving them.
    within(bounds.may_give(held))?;
    let record = row.record("token.changed", changes.record().into());
    let affected = [Affected::Token(id.clone())];
    match authority::commit(services, scope, &affected, store::change(scope, &row), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(token(row, now)?, call.if_match + 1))
        }
    }
}
