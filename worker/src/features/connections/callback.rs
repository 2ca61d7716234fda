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
use super::finish::{self, Finish};
use super::prove::Proved;
use super::record::Row;
use super::secrets::Bundle;
use super::settle::{self, Finding};
use super::store::FlowRow;
use super::token::{self, TokenEndpoint};
use super::waiting::Waiting;
use super::{keeper, link, prove, read, refresh, store};
use crate::encoding::hashed;
use crate::http::{Answer, Facts, Failure, Incoming, Scope, authenticate, cookies, router};
use crate::ports::DbError;
use crate::services::Services;

/// The parameters of an authorization answer; each at most once (RFC 6749 §3.1).
#[derive(Default)]
pub(crate) struct Parameters {
    pub(crate) state: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
    pub(crate) issuer: Option<String>,
}

impl Parameters {
    pub(crate) fn read(query: &str) -> Result<Self, CallbackRefusal> {
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

/// Who brings a callback: the session that started the sign-in, or the browser that opened the link.
async fn bearer(
    services: &Services,
    facts: &Facts,
    incoming: &Incoming,
    flow: Option<&FlowRow>,
) -> Result<Result<(Scope, bool), CallbackRefusal>, Failure> {
    if let Some((flow, link)) = flow.and_then(|flow| Some((flow, flow.link_id.as_deref()?))) {
        let cookie = cookies::cookie(incoming, cookies::RECONNECT).map(|secret| hashed(&secret));
        if cookie.is_none() || cookie != flow.browser_hash {
            return Ok(Err(CallbackRefusal::OtherBrowser));
        }
        let row = store::link_of_flow(services, flow.tenant_id.as_str(), link).await?;
        return Ok(row.map(|row| (link::scope(row, facts), true)).ok_or(CallbackRefusal::Used));
    }
    match authenticate::session(services, incoming, facts).await {
        Ok(scope) => {
            let same = flow.is_some_and(|flow| {
                let session = scope.session().map(|row| row.session_id.as_str());
                session.is_ok_and(|session| flow.session_id == session) && flow.tenant_id == *scope.tenant()
            });
            Ok(Ok((scope, same)))
        }
        // Signed out, or another browser: what is known of the flow is not told.
        Err(failure) if failure.code.status() == 401 => {
            let known = flow.is_some();
            Ok(Err(if known { CallbackRefusal::OtherBrowser } else { CallbackRefusal::Unknown }))
        }
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
    let (scope, same_browser) = match bearer(services, facts, incoming, flow.as_ref()).await? {
        Ok(bearer) => bearer,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = services.now();
    let known = flow.as_ref().map(|flow| FlowFacts {
        expires: Timestamp::from_millis(flow.expires_at),
        used: flow.used_at.is_some(),
        same_browser,
    });
    if let Err(refusal) = check_callback(known, now) {
        return Ok(Err(refusal));
    }
    let Some(flow) = flow else { return Ok(Err(CallbackRefusal::Unknown)) };
    match services.db.batch(store::use_flow(&scope, &flow.id, now)).await {
        Err(DbError::Guard) => return Ok(Err(CallbackRefusal::Used)),
        result => result?,
    };
    let mut row = read::find(services, &scope, &flow.connection_id).await?;
    settle::allow(&scope, &row, ConnectionAction::Authorize)?;
    let mut bundle = open(services, &scope, &row)?;
    let mut change = None;
    if flow.with_change != 0 {
        let waiting = Waiting::find(services, &scope, &row).await?;
        waiting.apply(&mut row, &mut bundle)?;
        change = Some(waiting);
    }
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
    let finish = Finish { services, scope: &scope, flow: &flow, change };
    if let Some(error) = &parameters.error {
        let words = bundle.clean(parameters.error_description.as_deref().unwrap_or(error));
        return finish.failed(&row, authorization_error(error), words).await.map(Ok);
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
            return finish.failed(&row, reason, words).await.map(Ok);
        }
    };
    // A sign-in begins anew: no refresh token of the one before stays.
    bundle.refresh_token = None;
    tokens.store(&mut bundle);
    let found = prove::prove(services, &definition, &way, &values, &bundle, None).await;
    if let Some((reason, words)) = unwelcome(&row, &found, flow.accept_other != 0)? {
        return finish.failed(&row, reason, words).await.map(Ok);
    }
    let scopes = tokens.scopes.clone().unwrap_or_else(|| oauth.scopes.requested(&values));
    let new = finish::Given {
        sealed: bundle.seal(services, scope.tenant(), &row.summary.id)?,
        scopes: serde_json::to_string(&scopes)?,
        expires: tokens.expires,
        refresh: tokens.refresh.filter(|_| refresh::is_possible(&way, &bundle)),
    };
    let finding =
        Finding { proof: found.proof, words: found.words, identity: found.identity, by: Some(found.by) };
    let id = row.summary.id.clone();
    let ending = finish.settled(row, &finding, Some(new)).await?;
    keeper::watch(services, scope.tenant(), &id);
    Ok(Ok(ending))
}

fn open(services: &Services, scope: &Scope, row: &Row) -> Result<Bundle, Failure> {
    let sealed =
        row.sealed.as_deref().ok_or_else(|| Failure::internal("a connection without its secrets"))?;
    Bundle::open(services, scope.tenant(), &row.summary.id, sealed)
}

/// Why new tokens do not take the place of those that a connection has: they do not work, or they are another
/// person's, or nobody can say whose they are.
fn unwelcome(
    row: &Row,
    found: &Proved,
    accept_other: bool,
) -> Result<Option<(Reason, Option<String>)>, Failure> {
    if let (false, Proof::Disproved(reason)) = (row.summary.status()? == Status::Pending, found.proof) {
        return Ok(Some((reason, found.words.clone())));
    }
    let Some(pinned) = row.connected_as()?.filter(|_| !accept_other) else { return Ok(None) };
    match &found.identity {
        Some(now) if now.id == pinned.id => Ok(None),
        Some(now) => {
            let words = format!(
                "This connection belongs to {}. You signed in as {}.",
                described(&pinned),
                described(now)
            );
            Ok(Some((Reason::WrongIdentity, Some(words))))
        }
        None => {
            let reason = match found.proof {
                Proof::Unknown(reason) => reason,
                Proof::Proved | Proof::Disproved(_) => Reason::Nonsense,
            };
            Ok(Some((reason, found.words.clone())))
        }
    }
}

/// A person in words, as the provider names them.
pub(super) fn described(who: &ConnectedAs) -> String {
    match (&who.name, &who.email) {
        (Some(name), Some(email)) => format!("{name} ({email})"),
        (Some(text), None) | (None, Some(text)) => text.clone(),
        (None, None) => who.id.clone(),
    }
}
