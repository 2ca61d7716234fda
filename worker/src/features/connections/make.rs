//! The making of a connection. One that signs in at the provider begins as pending; any other is proved first,
//! and not made when the proof fails: what was typed is still in the form.

use std::rc::Rc;

use drawbridge_contract::endpoints::MakeConnection;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::{Connection, CreateConnection, OAuthClientRef};
use drawbridge_domain::connection::{Proof, Reason};
use drawbridge_domain::connector::{AuthScheme, AuthWay, Definition};
use drawbridge_domain::id::{ConnectionId, Id, OAuthClientId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::text;
use serde_json::json;

use super::plan::Plan;
use super::prove::{Proved, prove};
use super::record::values;
use super::secrets::Bundle;
use super::through::{On, boxes};
use super::token::TokenFailure;
use super::{refresh, typed};
use crate::features::audit::{self, Record};
use crate::features::connectors::catalogue;
use crate::features::oauth_clients::store::find_for_flow;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;
use crate::services::Services;

/// Makes it.
pub(super) async fn handle(call: Call<MakeConnection, Scope>) -> Result<Reply<Connection>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let Checked { definition, way, name, mut bundle, client, gateway } =
        checked(services, scope, body).await?;
    let id = new_id!(services, ConnectionId)?;
    let values = values(services, &definition, &way, &body.settings);
    let mut tokens = None;
    let mut proved = None;
    if !way.is_interactive() {
        if matches!(way.scheme, AuthScheme::OauthClientCredentials(_)) {
            let got = refresh::client_credentials(services, &definition, &way, &values, &bundle).await;
            let got = got.map_err(|failure| no_token(failure, &definition, &bundle))?;
            got.store(&mut bundle);
            tokens = Some(got);
        }
        let on = On { scope, connection: &id };
        let found = prove(services, &definition, &way, &values, &bundle, Some(on)).await;
        refuse_unproved(&found, &definition)?;
        proved = Some(found);
    }
    let plan = Plan {
        id,
        body,
        client,
        gateway,
        name,
        definition,
        way,
        bundle,
        tokens,
        now: services.now(),
        proved,
    };
    let answer = plan.answer(scope);
    let mut changes = plan.statements(services, scope)?;
    if let Some(key) = &call.idempotency {
        let version = Some(plan.version());
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, version));
    }
    let record = Record::done("connection.created", "connection", plan.id.as_str(), &plan.name).with_changes(
        json!({ "connector": { "after": plan.definition.id }, "auth": { "after": plan.way.id } }),
    );
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => Err(Failure::quota(Limited::Connections)),
        Err(DbError::Guard) if plan.gateway.is_some() => Err(gateway_gone()),
        result => {
            result?;
            Ok(Reply::versioned(answer, plan.version()))
        }
    }
}

/// What was sent, once it is found good.
struct Checked {
    definition: Rc<Definition>,
    way: AuthWay,
    name: String,
    bundle: Bundle,
    client: Option<OAuthClientRef>,
    gateway: Option<boxes::Found>,
}

/// The gateway was disconnected while the connection was proved.
pub(super) fn gateway_gone() -> Failure {
    Failure::field(
        "settings.gateway",
        "unknown_value",
        "This gateway was disconnected just now. Choose another one.",
    )
}

/// What was sent, checked as a whole: all that is wrong is told at once.
async fn checked(services: &Services, scope: &Scope, body: &CreateConnection) -> Result<Checked, Failure> {
    let mut faults = Faults::default();
    let name = faults.text("name", text::connection_name(&body.name).map(str::to_owned));
    let Some(definition) = catalogue::find(&body.connector) else {
        faults.add("connector", "unknown_value", "There is no such connector.");
        faults.check()?;
        return Err(Failure::internal("a fault that is none"));
    };
    let Some(way) = definition.auth_way(&body.auth).cloned() else {
        faults.add("auth", "unknown_value", "This connector has no such way to authenticate.");
        faults.check()?;
        return Err(Failure::internal("a fault that is none"));
    };
    let fields: Vec<_> = definition.settings.iter().chain(&way.fields).collect();
    let mut bundle = Bundle::default();
    for field in &fields {
        let (place, typed) = if field.secret {
            ("credentials", body.credentials.get(&field.id).map_or("", |secret| secret.expose()))
        } else {
            ("settings", body.settings.get(&field.id).map_or("", String::as_str))
        };
        // A field left out has its preset, as it has in the form.
        let value = if typed.is_empty() { field.default.as_deref().unwrap_or_default() } else { typed };
        if let Err(fault) = field.check(value) {
            faults.add(&format!("{place}.{}", field.id), fault.code(), fault.to_string());
        } else if field.secret && !value.is_empty() {
            bundle.fields.insert(field.id.clone(), field.clean(value));
        }
    }
    typed::refuse_unknown(&fields, &body.settings, &body.credentials, &mut faults);
    let client =
        check_client(services, scope, body.oauth_client.as_ref(), &definition, &way, &mut faults).await?;
    let pair = (&*definition, &way);
    let (gateway, sealed) =
        boxes::check(services, scope, pair, &body.settings, &body.sealed, false, &mut faults).await?;
    bundle.boxes = sealed;
    faults.check()?;
    Ok(Checked { definition, way, name, bundle, client, gateway })
}

/// An OAuth client must be named where one is needed, and only there.
pub(super) async fn check_client(
    services: &Services,
    scope: &Scope,
    named: Option<&OAuthClientId>,
    definition: &Definition,
    way: &AuthWay,
    faults: &mut Faults,
) -> Result<Option<OAuthClientRef>, Failure> {
    let takes = way.oauth_code().is_some_and(|oauth| oauth.own_client.is_none());
    let has_own = way.oauth_code().is_some_and(|oauth| oauth.builtin_client.is_some());
    match named {
        None if takes && !has_own => {
            faults.add("oauthClient", "missing", "Choose the OAuth client to sign in through.");
        }
        Some(_) if !takes => faults.add("oauthClient", "unknown_field", "This way needs no OAuth client."),
        Some(id) => match find_for_flow(services, scope.tenant(), &definition.id, id).await? {
            Some(found) => return Ok(Some(OAuthClientRef { id: found.id, name: found.name })),
            None => faults.add(
                "oauthClient",
                "unknown_value",
                "There is no such OAuth client for this connector.",
            ),
        },
        None => {}
    }
    Ok(None)
}

/// A connection that does not work is not made: the person is there and can mend it.
pub(super) fn refuse_unproved(found: &Proved, definition: &Definition) -> Result<(), Failure> {
    match found.proof {
        Proof::Proved => Ok(()),
        Proof::Disproved(reason) | Proof::Unknown(reason) => {
            Err(refusal(reason, definition, found.words.clone()))
        }
    }
}

/// Who said so: the gateway for what is about it, the provider otherwise.
pub(super) fn said(reason: Reason, definition: &Definition, words: &str) -> String {
    let who = if reason.is_of_gateway() { "The gateway" } else { &definition.name };
    format!(" {who} says: “{words}”")
}

pub(super) fn no_token(failure: TokenFailure, definition: &Definition, bundle: &Bundle) -> Failure {
    refusal(failure.reason, definition, failure.words.and_then(|words| bundle.clean(&words)))
}

fn refusal(reason: Reason, definition: &Definition, words: Option<String>) -> Failure {
    let code = match reason {
        Reason::GatewayOffline => ProblemCode::GatewayOffline,
        Reason::TargetUnreachable => ProblemCode::GatewayFailed,
        reason if reason.disproves() => ProblemCode::CredentialsRefused,
        _ => ProblemCode::ProviderUnavailable,
    };
    let said = words.map(|words| said(reason, definition, &words)).unwrap_or_default();
    Failure::new(code, format!("{}{said} {} Nothing was saved.", reason.words(), reason.remedy()))
}
