//! A change of an app's name, description, scopes, addresses, end or algorithm.

use drawbridge_contract::endpoints::ChangeAppSettings;
use drawbridge_contract::types::apps::App;
use drawbridge_domain::credential;
use drawbridge_domain::id::Id;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use super::{algorithm_code, app, store, unknown};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::features::credentials::{Changes, addresses, bounds, networks, told_scopes, within};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Changes what was sent; what is absent stays.
pub(super) async fn handle(call: Call<ChangeAppSettings, Scope>) -> Result<Reply<App>, Failure> {
    let (services, scope, id, body) = (&call.services, &call.scope, &call.params.app, &call.body);
    let now = services.now();
    let mut faults = Faults::default();
    let name =
        body.name.as_deref().map(|name| faults.text("name", credential::name(name).map(str::to_owned)));
    let description = body
        .description
        .as_deref()
        .map(|text| faults.text("description", credential::app_description(text).map(str::to_owned)));
    let scopes = body.scopes.map(|scopes| faults.text("scopes", credential::asked_scopes(scopes)));
    let addresses = body.addresses.as_deref().map(|typed| addresses(&mut faults, typed));
    let never = body.never_expires == Some(true);
    if never && body.expires_at.is_some() {
        faults.add("expiresAt", "repeated", "Send an end or that there is none, not both.");
    }
    faults.check()?;

    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    // An end that stays as it is may have passed meanwhile.
    let end = body.expires_at.filter(|end| Some(end.millis()) != row.expires_at);
    let end = end.map(|end| credential::app_end(end, now)).transpose();
    let end = end.map_err(|fault| Failure::field("expiresAt", fault.code(), fault.to_string()))?;

    let held = ApiScopes::from_stored(&row.scopes);
    let bounds = bounds(services, scope).await?;
    let mut changes = Changes::default();
    changes.put("name", &mut row.name, name);
    changes.put("description", &mut row.description, description);
    if let Some(wanted) = scopes.filter(|wanted| *wanted != held) {
        within(bounds.may_give(wanted))?;
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
    let expires_at = if never { Some(None) } else { end.map(|end| Some(end.millis())) };
    if let Some(wanted) = expires_at.filter(|wanted| *wanted != row.expires_at) {
        let told = |millis: Option<i64>| json!(millis.map(Timestamp::from_millis));
        changes.note("expiresAt", told(row.expires_at), told(wanted));
        row.expires_at = wanted;
    }
    let algorithm = body.token_algorithm.map(|algorithm| algorithm_code(algorithm).to_owned());
    changes.put("tokenAlgorithm", &mut row.token_algorithm, algorithm);
    if changes.is_empty() {
        return Ok(Reply::versioned(app(row, now)?, call.if_match));
    }
    // To widen from where or until when an app of more scopes works is as good as giving them.
    within(bounds.may_give(held))?;
    let record =
        Record::done("app.changed", "app", id.as_str(), &row.name).with_changes(changes.record().into());
    let affected = [Affected::App(id.clone())];
    match authority::commit(services, scope, &affected, store::change(scope, &row, now), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(app(row, now)?, call.if_match + 1))
        }
    }
}
