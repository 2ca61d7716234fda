//! A change of a connection's name, settings and credentials. What the provider must agree to is proved before it is
//! saved; what needs a sign-in there waits for it.

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::endpoints::ChangeConnectionSettings;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::life::{ChangeEffect, ChangedConnection};
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::connection::Status;
use drawbridge_domain::connector::{AuthScheme, AuthWay, Definition, GATEWAY, TARGET, Values};
use drawbridge_domain::id::GatewayId;
use drawbridge_domain::text;
use serde_json::{Map, Value as Json, json};

use super::callback::described;
use super::make::{check_client, no_token, refuse_unproved};
use super::record::{Row, values};
use super::secrets::Bundle;
use super::settle::Finding;
use super::through::{On, boxes};
use super::waiting::{Waiting, took_effect};
use super::{prove, read, refresh, settle, store, typed};
use crate::features::audit;
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// Changes it.
pub(super) async fn handle(
    call: Call<ChangeConnectionSettings, Scope>,
) -> Result<Reply<ChangedConnection>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::Edit)?;
    let wanted = wanted(&call, &row).await?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    if wanted.told.is_empty() {
        return answered(services, scope, &row, ChangeEffect::Saved).await;
    }
    let mut told = wanted.told.clone();
    let renamed = |version: i64| match &wanted.name {
        Some(name) => store::rename(scope, &row.summary.id, version, name),
        None => Vec::new(),
    };
    let (statements, effect) = if !wanted.changes_more {
        (renamed(row.version), ChangeEffect::Saved)
    } else if wanted.needs_sign_in() {
        let mut statements = renamed(row.version);
        statements.push(wanted.waiting()?.keep(services, scope, &row)?);
        (statements, ChangeEffect::SignInNeeded)
    } else {
        let (mut statements, to) =
            proved(services, scope, &row, &wanted, call.body.accept_other_identity).await?;
        told.extend(settle::status_change(row.summary.status()?, to));
        // The proof's own statement moved the version on by one.
        statements.extend(renamed(row.version + 1));
        (statements, ChangeEffect::Proved)
    };
    if effect == ChangeEffect::SignInNeeded {
        told.insert("takesEffect".to_owned(), json!({ "after": "with the next sign-in" }));
    }
    let record = settle::record(scope, &row, "connection.changed", told);
    match audit::commit(services, scope, statements, &[record]).await {
        Err(DbError::Guard) => return Err(lost_race()),
        result => result?,
    };
    answered(services, scope, &row, effect).await
}

async fn answered(
    services: &Services,
    scope: &Scope,
    row: &Row,
    effect: ChangeEffect,
) -> Result<Reply<ChangedConnection>, Failure> {
    let fresh = read::fresh(services, scope, &row.summary.id).await?;
    let version = fresh.version().unwrap_or_default();
    Ok(Reply::versioned(ChangedConnection { connection: fresh.answer, effect }, version))
}

/// What the connection is to be.
struct Wanted {
    name: Option<String>,
    row: Row,
    bundle: Bundle,
    definition: Rc<Definition>,
    way: AuthWay,
    before: Values,
    after: Values,
    new_client: bool,
    new_secrets: bool,
    /// The gateway that it is to go through from now on, where that is another or it gets new credentials.
    gateway: Option<GatewayId>,
    /// Whether more than the name changes.
    changes_more: bool,
    /// Before and after without secrets, for the record; empty: nothing changes.
    told: Map<String, Json>,
}

/// What was sent over what is there, checked as a whole.
async fn wanted(call: &Call<ChangeConnectionSettings, Scope>, old: &Row) -> Result<Wanted, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let (definition, way) = old.definition()?;
    let mut row = old.clone();
    let mut faults = Faults::default();
    let mut told = Map::new();
    let name =
        body.name.as_deref().map(|name| faults.text("name", text::connection_name(name).map(str::to_owned)));
    let name = name.filter(|name| *name != old.summary.name);
    if let Some(name) = &name {
        told.insert("name".to_owned(), json!({ "before": old.summary.name, "after": name }));
    }
    let sealed =
        old.sealed.as_deref().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    let mut bundle = Bundle::open(services, scope.tenant(), &old.summary.id, sealed)?;
    let had: BTreeMap<String, String> = json::read(&old.settings)?;
    let (mut settings, mut secrets) = (had.clone(), bundle.fields.clone());
    let fields: Vec<_> = definition.settings.iter().chain(&way.fields).collect();
    typed::refuse_unknown(&fields, &body.settings, &body.credentials, &mut faults);
    let typed = (&body.settings, &body.credentials);
    typed::over(&fields, (&mut settings, &mut secrets), typed, &mut faults);
    let mut new_client = false;
    let other = body.oauth_client.as_ref().filter(|id| old.oauth_client_id.as_ref() != Some(id));
    if other.is_some()
        && let Some(found) = check_client(services, scope, other, &definition, &way, &mut faults).await?
    {
        let change = json!({ "before": old.oauth_client_name, "after": found.name });
        told.insert("oauthClient".to_owned(), change);
        row.oauth_client_id = Some(found.id);
        new_client = true;
    }
    let moved = [GATEWAY, TARGET].iter().any(|id| had.get(*id) != settings.get(*id));
    let has_boxes = !moved && !bundle.boxes.is_empty();
    let pair = (&*definition, &way);
    // A gateway that was disconnected stands in the way of nothing but what needs it.
    let gateway = if moved || !body.sealed.is_empty() {
        let (found, sealed) =
            boxes::check(services, scope, pair, &settings, &body.sealed, has_boxes, &mut faults).await?;
        if moved || !sealed.is_empty() {
            if bundle.boxes != sealed {
                told.insert("credentials.sealed".to_owned(), json!({ "changed": true }));
            }
            bundle.boxes = sealed;
        }
        found.map(|found| found.id)
    } else {
        None
    };
    faults.check()?;
    for field in &fields {
        let (before, after) = (had.get(&field.id), settings.get(&field.id));
        if before != after {
            let change = json!({ "before": before, "after": after });
            told.insert(format!("settings.{}", field.id), change);
        }
        if bundle.fields.get(&field.id) != secrets.get(&field.id) {
            told.insert(format!("credentials.{}", field.id), json!({ "changed": true }));
        }
    }
    let new_secrets = bundle.fields != secrets || told.contains_key("credentials.sealed");
    row.settings = serde_json::to_string(&settings)?;
    bundle.fields = secrets;
    row.secrets_set = serde_json::to_string(&bundle.set())?;
    Ok(Wanted {
        changes_more: new_client || new_secrets || had != settings,
        before: values(services, &definition, &way, &had),
        after: values(services, &definition, &way, &settings),
        name,
        row,
        bundle,
        definition,
        way,
        new_client,
        new_secrets,
        gateway,
        told,
    })
}

impl Wanted {
    /// Whether the provider must be asked by a person: another client, another place or other scopes to sign in with.
    fn needs_sign_in(&self) -> bool {
        let Some(oauth) = self.way.oauth_code() else { return false };
        let differs = |template: &drawbridge_domain::connector::Template| {
            template.expand_text(&self.before).ok() != template.expand_text(&self.after).ok()
        };
        self.new_client
            || self.new_secrets
            || differs(&oauth.authorization_url)
            || differs(&oauth.token_url)
            || oauth.extra_authorization_params.values().any(differs)
            || oauth.own_client.as_ref().is_some_and(|own| differs(&own.client_id))
            || oauth.scopes.requested(&self.before) != oauth.scopes.requested(&self.after)
    }

    fn waiting(&self) -> Result<Waiting, Failure> {
        Ok(Waiting {
            settings: json::read(&self.row.settings)?,
            fields: self.bundle.fields.clone(),
            oauth_client: self.row.oauth_client_id.clone(),
        })
    }
}

/// The statements that save what was proved. What the provider refuses is not saved, and what was there stays.
async fn proved(
    services: &Services,
    scope: &Scope,
    row: &Row,
    wanted: &Wanted,
    accept_other: bool,
) -> Result<(Vec<Statement>, Status), Failure> {
    let Wanted { definition, way, after, .. } = wanted;
    let mut bundle = wanted.bundle.clone();
    let mut tokens = None;
    if matches!(way.scheme, AuthScheme::OauthClientCredentials(_)) {
        let got = refresh::client_credentials(services, definition, way, after, &bundle).await;
        let got = got.map_err(|failure| no_token(failure, definition, &bundle))?;
        got.store(&mut bundle);
        tokens = Some(got);
    }
    let on = Some(On { scope, connection: &row.summary.id });
    let found = prove::prove(services, definition, way, after, &bundle, on).await;
    refuse_unproved(&found, definition)?;
    if let (Some(pinned), Some(now)) = (row.connected_as()?, &found.identity)
        && pinned.id != now.id
        && !accept_other
    {
        let detail = format!(
            "This connection belongs to {}. These credentials are those of {}. Nothing was saved.",
            described(&pinned),
            described(now)
        );
        return Err(Failure::new(ProblemCode::OtherIdentity, detail));
    }
    let finding =
        Finding { proof: found.proof, words: found.words, identity: found.identity, by: Some(found.by) };
    let id = &row.summary.id;
    let (mut statements, to) = settle::statements(services, scope, row, &finding)?;
    statements.extend(took_effect(scope, &wanted.row));
    if let Some(gateway) = &wanted.gateway {
        statements.extend(store::through::gateway_is_there(scope, gateway));
    }
    // The tokens of somebody who signed in stay as they are; whatever else there is was typed or given just now.
    if !way.is_interactive() {
        let new = store::NewTokens {
            sealed: &bundle.seal(services, scope.tenant(), id)?,
            replaces: row.secrets_version.unwrap_or_default(),
            scopes: tokens
                .as_ref()
                .and_then(|tokens| tokens.scopes.as_ref())
                .map(serde_json::to_string)
                .transpose()?,
            expires: tokens.as_ref().and_then(|tokens| tokens.expires),
            refresh: tokens.as_ref().and_then(|tokens| tokens.refresh),
        };
        statements.extend(store::replace_tokens(scope.tenant(), id, &new));
    }
    Ok((statements, to))
}
