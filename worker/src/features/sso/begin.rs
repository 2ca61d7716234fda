//! The way to the provider: the authorization request (OpenID Connect Core §3.1.2.1, RFC 7636) and the record of it.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{FlowId, Id, SessionId};
use drawbridge_domain::oauth::FLOW_LIFE;
use drawbridge_domain::sso::SsoRefusal;
use drawbridge_domain::time::SECOND;
use url::Url;

use super::outward::Trouble;
use super::store::{self, SsoRow};
use super::{provider, redirect_url};
use crate::encoding::{base64url, hashed, sha256};
use crate::http::{Facts, Failure, cookies};
use crate::new_id;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::vault::Place;

/// What a sign-in is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    SignIn,
    Invitation,
    Test,
    Connect,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::SignIn, Self::Invitation, Self::Test, Self::Connect];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "signIn",
            Self::Invitation => "invitation",
            Self::Test => "test",
            Self::Connect => "connect",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// How a sign-in is to begin.
pub(super) struct Start<'a> {
    pub(super) purpose: Purpose,
    /// The session that must bring the answer, for those who are signed in.
    pub(super) session: Option<&'a SessionId>,
    pub(super) invitation: Option<&'a str>,
    pub(super) return_path: &'a str,
    pub(super) login_hint: Option<&'a str>,
    /// The secret of the browser's cookie, where it has one: sign-ins in several tabs do not end each other.
    pub(super) browser: Option<String>,
}

/// A sign-in that is about to begin.
pub(super) struct Beginning {
    pub(super) url: String,
    pub(super) cookie: String,
    /// Records it; belongs in a batch.
    pub(super) statements: Vec<Statement>,
}

/// Where the secrets of PKCE and `nonce` are sealed.
pub(super) fn flow_place<'a>(tenant: &'a str, flow: &'a FlowId) -> Place<'a> {
    Place { tenant, record: flow.as_str(), field: "ssoFlow" }
}

/// Prepares a sign-in.
pub(super) async fn begin(
    services: &Services,
    facts: &Facts,
    row: &SsoRow,
    start: Start<'_>,
) -> Result<Result<Beginning, Trouble>, Failure> {
    let provider = match provider::provider(services, row).await? {
        Ok(provider) => provider,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let Ok(mut address) = Url::parse(&provider.authorization_endpoint) else {
        return Ok(Err(Trouble::Nonsense("The provider's address cannot be understood.")));
    };
    let (state, verifier, nonce) = (services.new_secret()?, services.new_secret()?, services.new_secret()?);
    let browser = match start.browser.filter(|secret| is_secret(secret)) {
        Some(secret) => secret,
        None => services.new_secret()?,
    };
    let redirect = redirect_url(facts);
    {
        let mut query = address.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &row.client_id)
            .append_pair("redirect_uri", &redirect)
            .append_pair("scope", &row.scopes)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &base64url(&sha256(verifier.as_bytes())))
            .append_pair("code_challenge_method", "S256");
        if let Some(hint) = start.login_hint {
            query.append_pair("login_hint", hint);
        }
    }
    let (id, now) = (new_id!(services, FlowId)?, services.now());
    let secrets = format!("{verifier} {nonce}");
    let place = flow_place(row.tenant_id.as_str(), &id);
    let invitation = start.invitation.map(hashed);
    let flow = store::NewFlow {
        id: &id,
        state_hash: &hashed(&state),
        browser_hash: &hashed(&browser),
        address_hash: &hashed(&format!("sign-ins from {}", facts.address)),
        purpose: start.purpose.code(),
        session: start.session,
        invitation_hash: invitation.as_deref(),
        sealed: &services.vault.seal(&*services.random, place, secrets.as_bytes())?,
        redirect_url: &redirect,
        return_path: start.return_path,
        expires: now.plus(FLOW_LIFE),
    };
    Ok(Ok(Beginning {
        url: address.into(),
        cookie: cookies::set_sso(&browser, FLOW_LIFE / SECOND),
        statements: store::add_flow(row, &flow, now),
    }))
}

/// Whether a text can be one of our secrets: 256 bits in base64url.
fn is_secret(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A provider that cannot be used, for those who set it up.
pub(super) fn unavailable(trouble: Trouble) -> Failure {
    Failure::new(ProblemCode::ProviderUnavailable, trouble.words())
}

/// Too many sign-ins are under way.
pub(super) fn too_many(error: DbError) -> Failure {
    match error {
        DbError::Limit => Failure::new(ProblemCode::TooManyRequests, SsoRefusal::TooMany.words()),
        error => error.into(),
    }
}
