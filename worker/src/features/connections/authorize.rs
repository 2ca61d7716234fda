//! The start of a sign-in at the provider (RFC 6749 §4.1.1 with PKCE, RFC 7636).

use drawbridge_contract::endpoints::AuthorizeConnection;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::{Authorization, AuthorizeIn};
use drawbridge_domain::access::{ConnectionAction, ConnectionRefusal};
use drawbridge_domain::id::{FlowId, Id, SessionId, TenantId};
use drawbridge_domain::oauth::FLOW_LIFE;
use url::Url;

use super::record::Row;
use super::secrets::Bundle;
use super::waiting::Waiting;
use super::{read, refresh, settle, store};
use crate::encoding::{base64url, hashed, sha256};
use crate::features::audit;
use crate::features::connectors::redirect_url;
use crate::http::{Call, Facts, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::Statement;
use crate::services::Services;
use crate::vault::Place;

/// Who starts a sign-in, and how it is to end.
pub(super) struct Start<'a> {
    /// The session that must bring the answer; a reconnect link has none.
    pub(super) session: Option<&'a SessionId>,
    /// The reconnect link, with the hash of the cookie of the browser that must bring the answer.
    pub(super) link: Option<(&'a str, &'a str)>,
    pub(super) in_page: bool,
    pub(super) accept_other: bool,
    pub(super) with_change: bool,
    /// What must hold for the sign-in to be started.
    pub(super) guards: Vec<Statement>,
}

/// Starts it.
pub(super) async fn handle(call: Call<AuthorizeConnection, Scope>) -> Result<Reply<Authorization>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let row = read::find(services, scope, &call.params.connection).await?;
    settle::allow(scope, &row, ConnectionAction::Authorize)?;
    let start = Start {
        session: Some(&scope.session()?.session_id),
        link: None,
        in_page: call.body.window == AuthorizeIn::Page,
        accept_other: call.body.accept_other_identity,
        with_change: call.body.with_change,
        guards: Vec::new(),
    };
    begin(services, scope, &call.facts, row, start).await.map(Reply::new)
}

/// Starts a sign-in that the rules allow.
pub(super) async fn begin(
    services: &Services,
    scope: &Scope,
    facts: &Facts,
    mut row: Row,
    start: Start<'_>,
) -> Result<Authorization, Failure> {
    let (definition, way) = row.definition()?;
    let Some(oauth) = way.oauth_code() else {
        return Err(settle::refused(ConnectionRefusal::NotInteractive));
    };
    let sealed =
        row.sealed.as_deref().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    let mut bundle = Bundle::open(services, scope.tenant(), &row.summary.id, sealed)?;
    if start.with_change {
        Waiting::find(services, scope, &row).await?.apply(&mut row, &mut bundle)?;
    }
    let values = row.values(services, &definition, &way)?;
    let registered = row.oauth_client_id.as_ref();
    let client =
        refresh::client(services, scope.tenant(), &definition, &way, &values, &bundle, registered).await?;

    let state = services.new_secret()?;
    let verifier = services.new_secret()?;
    let redirect = redirect_url(facts);
    let bad =
        || Failure::new(ProblemCode::Conflict, "The provider's address cannot be made from the settings.");
    let address = oauth.authorization_url.expand(&values).map_err(|_| bad())?;
    if !definition.allows_url(&address, &values) {
        return Err(bad());
    }
    let mut address = Url::parse(&address).map_err(|_| bad())?;
    {
        let mut query = address.query_pairs_mut();
        query.append_pair("response_type", "code");
        query.append_pair("client_id", &client.id);
        query.append_pair("redirect_uri", &redirect);
        query.append_pair("state", &state);
        let scopes = oauth.scopes.requested(&values);
        if !scopes.is_empty() {
            query.append_pair("scope", &oauth.scopes.join(&scopes));
        }
        if oauth.pkce {
            query.append_pair("code_challenge", &base64url(&sha256(verifier.as_bytes())));
            query.append_pair("code_challenge_method", "S256");
        }
        for (name, template) in &oauth.extra_authorization_params {
            query.append_pair(name, &template.expand_text(&values).map_err(|_| bad())?);
        }
    }
    let id = new_id!(services, FlowId)?;
    let now = services.now();
    let expires = now.plus(FLOW_LIFE);
    let sealed_verifier =
        services.vault.seal(&*services.random, verifier_place(scope.tenant(), &id), verifier.as_bytes())?;
    let flow = store::NewFlow {
        id: &id,
        state_hash: &hashed(&state),
        connection: &row.summary.id,
        session: start.session,
        link: start.link,
        accept_other: start.accept_other,
        with_change: start.with_change,
        in_page: start.in_page,
        sealed_verifier: &sealed_verifier,
        redirect_url: &redirect,
        expires,
    };
    let record = settle::record(scope, &row, "connection.authorizing", serde_json::Map::new());
    let mut changes = start.guards;
    changes.push(store::add_flow(scope, &flow, now));
    changes.extend(store::await_sign_in(scope, &row.summary.id));
    audit::commit(services, scope, changes, &[record]).await?;
    Ok(Authorization { authorization_url: address.into(), expires_at: expires })
}

/// Where a sign-in's PKCE verifier is sealed.
pub(super) fn verifier_place<'a>(tenant: &'a TenantId, flow: &'a FlowId) -> Place<'a> {
    Place { tenant: tenant.as_str(), record: flow.as_str(), field: "verifier" }
}
