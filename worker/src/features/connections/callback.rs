//! The provider's answer, brought by the browser (RFC 6749 §4.1.2, RFC 9207): checked, exchanged for tokens,
//! proved, written down.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::ConnectedAs;
use drawbridge_domain::access::ConnectionAction;
use drawbridge_domain::connection::{Proof, Reason, Status};
use drawbridge_domain::id::Id;
use drawbridge_domain::oauth::{CallbackRefusal, FlowFacts, authorization_error, check_callback};
use drawbridge_domain::time::Timestamp;

use super::authorize::verifier_place;
use super::callback_page::{self, Ending};
use super::record::Row;
use super::secrets::Bundle;
use super::settle::{self, Finding};
use super::token::{self, TokenEndpoint};
use super::{keeper, prove, read, refresh, store};
use crate::encoding::hashed;
use crate::features::audit::{self, Record};
use crate::http::{Answer, Facts, Failure, Incoming, Scope, authenticate, router};
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// The parameters of an authorization answer; each at most once (RFC 6749 §3.1).
#[derive(Default)]
struct Parameters {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    issuer: Option<String>,
}

impl Parameters {
    fn read(query: &str) -> Result<Self, CallbackRefusal> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut found.state,
                "code" => &mut found.code,
                "error" => &mut found.error,
                "error_description" => &mut found.error_description,
                "iss" => &mut found.issuer,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(CallbackRefusal::Malformed);
            }
        }
        Ok(found)
    }
}

/// Takes a callback. Whatever happens, a person sees words and a way on.
pub(super) async fn handle(services: Services, facts: Facts, incoming: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    match take(&services, &facts, &incoming).await {
        Ok(Ok(ending)) => Ok(callback_page::ending(&ending)),
        Ok(Err(refusal)) => Ok(callback_page::refused(refusal)),
        // Discarded, swept or lost to the caller while the sign-in was under way.
        Err(failure) if failure.code == ProblemCode::NotFound => {
            Ok(callback_page::refused(CallbackRefusal::Unknown))
        }
        Err(failure) if failure.code.status() < 500 => Ok(callback_page::failed(&failure)),
        Err(failure) => Err(failure),
    }
}

async fn take(
    services: &Services,
    facts: &Facts,
    incoming: &Incoming,
) -> Result<Result<Ending, CallbackRefusal>, Failure> {
    let parameters = match Parameters::read(incoming.url.query().unwrap_or_default()) {
        Ok(parameters) => parameters,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(state) = parameters.state.as_deref() else { return Ok(Err(CallbackRefusal::Malformed)) };
    let flow = store::find_flow(services, &hashed(state)).await?;
    let scope = match authenticate::session(services, incoming, facts).await {
        Ok(scope) => scope,
        // Signed out, or another browser: what is known of the flow is not told.
        Err(failure) if failure.code.status() == 401 => {
            let refusal =
                if flow.is_some() { CallbackRefusal::OtherBrowser } else { CallbackRefusal::Unknown };
            return Ok(Err(refusal));
        }
        Err(failure) => return Err(failure),
    };
    let now = services.now();
    let known = flow.as_ref().map(|flow| FlowFacts {
        expires: Timestamp::from_millis(flow.expires_at),
        used: flow.used_at.is_some(),
        same_browser: flow.session_id == *scope.session() && flow.tenant_id == *scope.tenant(),
    });
    if let Err(refusal) = check_callback(known, now) {
        return Ok(Err(refusal));
    }
    let Some(flow) = flow else { return Ok(Err(CallbackRefusal::Unknown)) };
    match services.db.batch(store::use_flow(&scope, &flow.id, now)).await {
        Err(DbError::Guard) => return Ok(Err(CallbackRefusal::Used)),
        result => result?,
    };
    let row = read::find(services, &scope, &flow.connection_id).await?;
    settle::allow(&scope, &row, ConnectionAction::Authorize)?;
    let (definition, way) = row.definition()?;
    let values = row.values(services, &definition, &way)?;
    let Some(oauth) = way.oauth_code() else { return Ok(Err(CallbackRefusal::Malformed)) };
    if let Some(issuer) = &oauth.issuer {
        let expected =
            issuer.expand(&values).map_err(|_| Failure::internal("an issuer that cannot be made"))?;
        if parameters.issuer.as_deref() != Some(expected.as_str()) {
            return Ok(Err(CallbackRefusal::WrongIssuer));
        }
    }
    let mut bundle = open(services, &scope, &row)?;
    let in_page = flow.in_page != 0;
    if let Some(error) = &parameters.error {
        let words = bundle.clean(parameters.error_description.as_deref().unwrap_or(error));
        let reason = authorization_error(error);
        return failed(services, &scope, &row, in_page, reason, words).await.map(Ok);
    }
    let Some(code) = parameters.code.filter(|code| !code.is_empty()) else {
        return Ok(Err(CallbackRefusal::Malformed));
    };
    let verifier = services
        .vault
        .open(verifier_place(scope.tenant(), &flow.id), &flow.sealed_verifier)
        .map_err(|error| Failure::internal(format!("a verifier does not open: {error:?}")))?;
    let registered = row.oauth_client_id.as_ref();
    let client =
        refresh::client(services, scope.tenant(), &definition, &way, &values, &bundle, registered).await?;
    let mut grant = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code),
        ("redirect_uri", flow.redirect_url.clone()),
    ];
    if oauth.pkce {
        grant.push(("code_verifier", verifier.text().unwrap_or_default().to_owned()));
    }
    let endpoint = TokenEndpoint::from(oauth);
    let tokens = match token::request(services, &definition, &endpoint, &values, &client, grant).await {
        Ok(tokens) => tokens,
        Err(failure) => {
            let words = failure.words.and_then(|words| bundle.clean(&words));
            // A code that is refused says nothing of a grant.
            let reason =
                if failure.reason == Reason::GrantRevoked { Reason::SignInRefused } else { failure.reason };
            return failed(services, &scope, &row, in_page, reason, words).await.map(Ok);
        }
    };
    // A sign-in begins anew: no refresh token of the one before stays.
    bundle.refresh_token = None;
    tokens.store(&mut bundle);
    let found = prove::prove(services, &definition, &way, &values, &bundle).await;
    if is_other(row.connected_as()?.as_ref(), found.identity.as_ref()) {
        return failed(services, &scope, &row, in_page, Reason::WrongIdentity, None).await.map(Ok);
    }
    let sealed = bundle.seal(services, scope.tenant(), &row.summary.id)?;
    let scopes = tokens.scopes.clone().unwrap_or_else(|| oauth.scopes.requested(&values));
    let new = store::NewTokens {
        sealed: &sealed,
        replaces: row.secrets_version.unwrap_or_default(),
        scopes: Some(serde_json::to_string(&scopes)?),
        expires: tokens.expires,
        refresh: tokens.refresh.filter(|_| refresh::is_possible(&way, &bundle)),
    };
    let finding =
        Finding { proof: found.proof, words: found.words, identity: found.identity, by: Some(found.by) };
    let tokens = store::replace_tokens(scope.tenant(), &row.summary.id, &new);
    let ending = settled(services, &scope, &row, in_page, &finding, tokens).await?;
    keeper::watch(services, scope.tenant(), &row.summary.id);
    Ok(Ok(ending))
}

fn open(services: &Services, scope: &Scope, row: &Row) -> Result<Bundle, Failure> {
    let sealed =
        row.sealed.as_deref().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    Bundle::open(services, scope.tenant(), &row.summary.id, sealed)
}

fn is_other(pinned: Option<&ConnectedAs>, now: Option<&ConnectedAs>) -> bool {
    matches!((pinned, now), (Some(pinned), Some(now)) if pinned.id != now.id)
}

/// A sign-in that failed. A pending connection keeps the reason; one that works goes on working as it did.
async fn failed(
    services: &Services,
    scope: &Scope,
    row: &Row,
    in_page: bool,
    reason: Reason,
    words: Option<String>,
) -> Result<Ending, Failure> {
    let ending = Ending {
        tenant: scope.row().tenant_slug.clone(),
        connection: row.summary.id.clone(),
        in_page,
        failure: Some((reason, words.clone())),
        connected_as: None,
    };
    if row.summary.status()? != Status::Pending {
        let record =
            Record::done("connection.connected", "connection", row.summary.id.as_str(), &row.summary.name);
        let record =
            record.with_changes(serde_json::json!({ "reason": { "after": reason.code() } })).refused();
        audit::commit(services, scope, Vec::new(), &[record]).await?;
        return Ok(ending);
    }
    let finding = Finding { proof: Proof::Disproved(reason), words, identity: None, by: None };
    settled(services, scope, row, in_page, &finding, Vec::new()).await?;
    Ok(ending)
}

async fn settled(
    services: &Services,
    scope: &Scope,
    row: &Row,
    in_page: bool,
    finding: &Finding,
    tokens: Vec<Statement>,
) -> Result<Ending, Failure> {
    let (mut statements, to) = settle::statements(services, scope, row, finding)?;
    statements.extend(tokens);
    let mut record =
        Record::done("connection.connected", "connection", row.summary.id.as_str(), &row.summary.name);
    let failure = match finding.proof {
        Proof::Proved => None,
        Proof::Disproved(reason) | Proof::Unknown(reason) => {
            record = record.refused();
            Some((reason, finding.words.clone()))
        }
    };
    let before = row.summary.status()?;
    if before != to {
        record = record
            .with_changes(serde_json::json!({ "status": { "before": before.code(), "after": to.code() } }));
    }
    audit::commit(services, scope, statements, &[record]).await?;
    Ok(Ending {
        tenant: scope.row().tenant_slug.clone(),
        connection: row.summary.id.clone(),
        in_page,
        failure,
        connected_as: finding.identity.as_ref().map(|who| who.name.clone().unwrap_or_else(|| who.id.clone())),
    })
}
