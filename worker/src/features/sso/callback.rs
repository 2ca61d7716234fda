//! The provider's answer, brought by the browser (OpenID Connect Core §3.1.2.5, RFC 9207): checked, exchanged,
//! proved, and then what the sign-in was for.

use drawbridge_domain::id::Id;
use drawbridge_domain::oauth::{CallbackRefusal, FlowFacts, check_callback};
use drawbridge_domain::sso::SsoRefusal;
use drawbridge_domain::time::Timestamp;

use super::begin::{Purpose, flow_place};
use super::id_token::{self, Expected, Fault};
use super::store::{self, SsoFlowRow, SsoRow};
use super::token::{self, Person, TokenTrouble};
use super::{admit, page, provider, refusal_of, secret_place};
use crate::encoding::hashed;
use crate::features::connections::CallbackParameters;
use crate::http::{Answer, Facts, Failure, Incoming, Scope, authenticate, cookies, router};
use crate::ports::DbError;
use crate::services::Services;

/// A sign-in whose answer is here.
pub(super) struct Coming<'a> {
    pub(super) services: &'a Services,
    pub(super) facts: &'a Facts,
    pub(super) flow: SsoFlowRow,
    pub(super) row: SsoRow,
    pub(super) purpose: Purpose,
    /// Who started it, where somebody had to be signed in.
    pub(super) scope: Option<Scope>,
}

/// Why a sign-in came to nothing, with words for those who may know more.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) refusal: SsoRefusal,
    pub(super) detail: String,
    /// Whom it is about, where that is known.
    pub(super) user: Option<(String, String)>,
}

impl From<SsoRefusal> for Refused {
    fn from(refusal: SsoRefusal) -> Self {
        Self { refusal, detail: String::new(), user: None }
    }
}

impl Refused {
    fn with(refusal: SsoRefusal, detail: impl Into<String>) -> Self {
        Self { refusal, detail: detail.into(), user: None }
    }
}

/// Takes a callback. Whatever happens, a person sees words and a way on.
pub(super) async fn handle(services: Services, facts: Facts, incoming: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    let query = incoming.url.query().unwrap_or_default();
    let Ok(parameters) = CallbackParameters::read(query) else {
        return Ok(page::refused(SsoRefusal::Malformed, None));
    };
    let coming = match known(&services, &facts, &incoming, parameters.state.as_deref()).await? {
        Ok(coming) => coming,
        Err(refusal) => return Ok(page::refused(refusal, None)),
    };
    match coming.prove(parameters).await? {
        Ok(person) => admit::arrive(&coming, &person).await,
        Err(refused) => admit::refuse(&coming, refused, None).await,
    }
}

/// The sign-in that the answer belongs to, used up from now on.
async fn known<'a>(
    services: &'a Services,
    facts: &'a Facts,
    incoming: &Incoming,
    state: Option<&str>,
) -> Result<Result<Coming<'a>, SsoRefusal>, Failure> {
    let Some(state) = state else { return Ok(Err(SsoRefusal::Malformed)) };
    let flow = store::find_flow(services, &hashed(state)).await?;
    let browser = cookies::cookie(incoming, cookies::SSO).map(|secret| hashed(&secret));
    let now = services.now();
    let facts_of = |flow: &SsoFlowRow| FlowFacts {
        expires: Timestamp::from_millis(flow.expires_at),
        used: flow.used_at.is_some(),
        same_browser: browser.as_deref() == Some(flow.browser_hash.as_str()),
    };
    if let Err(refusal) = check_callback(flow.as_ref().map(facts_of), now) {
        return Ok(Err(match refusal {
            CallbackRefusal::Used => SsoRefusal::Used,
            CallbackRefusal::Expired => SsoRefusal::Expired,
            CallbackRefusal::OtherBrowser => SsoRefusal::OtherBrowser,
            _ => SsoRefusal::Unknown,
        }));
    }
    let Some(flow) = flow else { return Ok(Err(SsoRefusal::Unknown)) };
    let scope = match &flow.session_id {
        None => None,
        Some(session) => match authenticate::session(services, incoming, facts).await {
            Ok(scope) if scope.session()?.session_id == *session && *scope.tenant() == flow.tenant_id => {
                Some(scope)
            }
            Ok(_) => return Ok(Err(SsoRefusal::OtherBrowser)),
            Err(failure) if failure.code.status() == 401 => return Ok(Err(SsoRefusal::OtherBrowser)),
            Err(failure) => return Err(failure),
        },
    };
    match services.db.batch(store::use_flow(&flow, now)).await {
        Err(DbError::Guard) => return Ok(Err(SsoRefusal::Used)),
        result => result?,
    };
    let Some(row) = store::find(services, &flow.tenant_id).await? else { return Ok(Err(SsoRefusal::Off)) };
    let purpose =
        Purpose::from_code(&flow.purpose).ok_or_else(|| Failure::internal("a purpose that is none"))?;
    Ok(Ok(Coming { services, facts, flow, row, purpose, scope }))
}

impl Coming<'_> {
    /// Who signed in.
    async fn prove(&self, parameters: CallbackParameters) -> Result<Result<Person, Refused>, Failure> {
        let (services, row, flow) = (self.services, &self.row, &self.flow);
        if row.issuer != flow.issuer || row.client_id != flow.client_id {
            return Ok(Err(SsoRefusal::Changed.into()));
        }
        if row.enabled == 0 && self.purpose != Purpose::Test {
            return Ok(Err(SsoRefusal::Off.into()));
        }
        let provider = match provider::provider(services, row).await? {
            Ok(provider) => provider,
            Err(trouble) => return Ok(Err(Refused::with(refusal_of(trouble), trouble.words()))),
        };
        // Before anything is sent anywhere: the answer is from the provider that was asked.
        let named = parameters.issuer.as_deref();
        if named.map_or(provider.names_issuer, |named| named != row.issuer) {
            return Ok(Err(SsoRefusal::WrongIssuer.into()));
        }
        if let Some(error) = &parameters.error {
            let words: String =
                parameters.error_description.as_deref().unwrap_or(error).chars().take(300).collect();
            let refusal = if error == "access_denied" { SsoRefusal::Denied } else { SsoRefusal::Refused };
            return Ok(Err(Refused::with(refusal, words)));
        }
        let Some(code) = parameters.code.filter(|code| !code.is_empty()) else {
            return Ok(Err(SsoRefusal::Malformed.into()));
        };
        let open = |place, sealed: &str| {
            let opened = services.vault.open(place, sealed);
            opened.map_err(|error| {
                Failure::internal(format!("a secret of single sign-on does not open: {error:?}"))
            })
        };
        let tenant = row.tenant_id.as_str();
        let secrets = open(flow_place(tenant, &flow.id), &flow.sealed)?;
        let secret = open(secret_place(tenant), &row.sealed_secret)?;
        let (verifier, nonce) = secrets.text().and_then(|text| text.split_once(' ')).unwrap_or_default();
        let client = secret.text().unwrap_or_default();
        let exchanged =
            token::exchange(services, row, &provider, client, &code, verifier, &flow.redirect_url).await;
        let tokens = match exchanged {
            Ok(tokens) => tokens,
            Err(TokenTrouble::Refused(words)) => return Ok(Err(Refused::with(SsoRefusal::Refused, words))),
            Err(TokenTrouble::Trouble(trouble)) => {
                return Ok(Err(Refused::with(refusal_of(trouble), trouble.words())));
            }
        };
        let expected = Expected { nonce };
        let claims = match id_token::check(services, row, &provider, &tokens.id_token, &expected).await? {
            Ok(claims) => claims,
            Err(Fault::Bad(words)) => return Ok(Err(Refused::with(SsoRefusal::BadToken, words))),
            Err(Fault::Trouble(trouble)) => {
                return Ok(Err(Refused::with(refusal_of(trouble), trouble.words())));
            }
        };
        match Person::find(services, &provider, &tokens, claims).await {
            Ok(person) => Ok(Ok(person)),
            Err(trouble) => Ok(Err(Refused::with(refusal_of(trouble), trouble.words()))),
        }
    }
}
