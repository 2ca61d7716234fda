//! Setting single sign-on up, and changing it.

use drawbridge_contract::endpoints::ChangeSsoSettings;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::sso::{ChangeSso, SingleSignOn};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::sso::{self, DEFAULT_ROLES, SCOPES};
use drawbridge_domain::text::{TextFault, plain_name};
use serde_json::{Map, json};

use super::store::{self, SsoRow};
use super::{may_change, provider, read, secret_place};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// The longest client id and secret, in characters.
const LONGEST: usize = 2000;
/// The label that stands there until another is set.
const LABEL: &str = "single sign-on";

/// Changes what was sent; what is absent stays, and so does the secret where it is empty.
pub(super) async fn handle(call: Call<ChangeSsoSettings, Scope>) -> Result<Reply<SingleSignOn>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    may_change(scope)?;
    let before = store::find(services, scope.tenant()).await?;
    if before.as_ref().map_or(0, |row| row.version) != call.if_match {
        return Err(lost_race());
    }
    let was_on = before.as_ref().is_some_and(|row| row.enabled != 0);
    let mut row = before.clone().unwrap_or_else(|| empty(scope));
    let secret = checked(&call.body, &mut row, before.as_ref())?;
    let another_issuer = before.as_ref().is_none_or(|before| before.issuer != row.issuer);
    if another_issuer {
        let wrong = |words: &str| Failure::field("issuer", "not_usable", words);
        let found = provider::discover(services, &row.issuer).await;
        let (named, provider) = found.map_err(|trouble| wrong(trouble.words()))?;
        row.issuer = named;
        row.provider = serde_json::to_string(&provider)?;
        row.provider_at = services.now().millis();
        "[]".clone_into(&mut row.keys);
        row.keys_at = 0;
    }
    let mut changes = changed(before.as_ref(), &row);
    if let Some(secret) = &secret {
        let place = secret_place(scope.tenant().as_str());
        row.sealed_secret = services.vault.seal(&*services.random, place, secret.as_bytes())?;
        changes.insert("clientSecret".to_owned(), json!({ "changed": true }));
    }
    if changes.is_empty() {
        return read::reply(services, scope).await;
    }
    // What was tested is not what stands there now; and another provider, or another client at it, is not sent
    // anybody before it was tested.
    let touches = |names: &[&str]| names.iter().any(|name| changes.contains_key(*name));
    if touches(&["issuer", "clientId", "clientSecret", "scopes"]) {
        (row.tested_at, row.tested_as) = (None, None);
    }
    let mut statements = Vec::new();
    if touches(&["issuer", "clientId"]) && was_on {
        row.enabled = 0;
        changes.insert("enabled".to_owned(), json!({ "before": true, "after": false }));
        statements.push(store::end_sessions(scope));
    }
    statements.extend(store::save(scope, &row));
    let record = Record::done("sso.changed", "sso", "", &row.label).with_changes(changes.into());
    match audit::commit(services, scope, statements, &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            read::reply(services, scope).await
        }
    }
}

fn empty(scope: &Scope) -> SsoRow {
    SsoRow {
        tenant_id: scope.tenant().clone(),
        tenant_slug: String::new(),
        tenant_name: String::new(),
        audit_seq: 0,
        audit_hash: String::new(),
        issuer: String::new(),
        client_id: String::new(),
        sealed_secret: String::new(),
        scopes: SCOPES.to_owned(),
        label: LABEL.to_owned(),
        default_role: Role::Participant.code().to_owned(),
        auto_join: 0,
        enabled: 0,
        tested_at: None,
        tested_as: None,
        last_used_at: None,
        provider: String::new(),
        provider_at: 0,
        keys: "[]".to_owned(),
        keys_at: 0,
        keys_asked_at: 0,
        version: 0,
    }
}

/// Puts what was sent into the row; the new secret. All that is wrong is told at once.
fn checked(body: &ChangeSso, row: &mut SsoRow, before: Option<&SsoRow>) -> Result<Option<String>, Failure> {
    let mut faults = Faults::default();
    let mut put = |path: &str, slot: &mut String, new: Option<Result<String, TextFault>>| {
        if let Some(new) = new {
            *slot = faults.text(path, new);
        } else if slot.is_empty() {
            faults.add(path, "missing", "Fill this in.");
        }
    };
    put("issuer", &mut row.issuer, body.issuer.as_deref().map(sso::issuer));
    put("clientId", &mut row.client_id, body.client_id.as_deref().map(visible));
    put("scopes", &mut row.scopes, body.scopes.as_deref().map(sso::scopes));
    put("label", &mut row.label, body.label.as_deref().map(|text| plain_name(text).map(str::to_owned)));
    if let Some(role) = body.default_role {
        if DEFAULT_ROLES.contains(&role) {
            role.code().clone_into(&mut row.default_role);
        } else {
            let words = "Nobody becomes an administrator by signing in. Choose a lower role.";
            faults.add("defaultRole", "not_possible", words);
        }
    }
    row.auto_join = body.auto_join.map_or(row.auto_join, i64::from);
    let typed = body.client_secret.as_ref().map(SecretText::expose).filter(|text| !text.is_empty());
    let secret = typed.map(|text| faults.text("clientSecret", visible(text)));
    // The secret goes to no other server than the one that it was typed for.
    let elsewhere = before.is_none_or(|before| before.issuer != row.issuer);
    if secret.is_none() && elsewhere {
        faults.add("clientSecret", "missing", "Type the client's secret at this provider.");
    }
    faults.check()?;
    Ok(secret)
}

/// A client id or secret: visible ASCII with spaces (RFC 6749, appendix A).
fn visible(text: &str) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        Err(TextFault::Empty)
    } else if text.len() > LONGEST {
        Err(TextFault::TooLong(LONGEST))
    } else if text.chars().any(|c| !c.is_ascii_graphic() && c != ' ') {
        Err(TextFault::Control)
    } else {
        Ok(text.to_owned())
    }
}

fn changed(before: Option<&SsoRow>, after: &SsoRow) -> Map<String, serde_json::Value> {
    let fields = |row: &SsoRow| {
        [
            ("issuer", json!(row.issuer)),
            ("clientId", json!(row.client_id)),
            ("scopes", json!(row.scopes)),
            ("label", json!(row.label)),
            ("defaultRole", json!(row.default_role)),
            ("autoJoin", json!(row.auto_join != 0)),
        ]
    };
    let old = before.map(fields);
    let mut changes = Map::new();
    for (place, (name, new)) in fields(after).into_iter().enumerate() {
        match old.as_ref().and_then(|old| old.get(place)) {
            Some((_, old)) if *old == new => {}
            Some((_, old)) => {
                changes.insert(name.to_owned(), json!({ "before": old, "after": new }));
            }
            None => {
                changes.insert(name.to_owned(), json!({ "after": new }));
            }
        }
    }
    changes
}
