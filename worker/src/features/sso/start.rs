//! The start of a sign-in: the browser itself comes here, and is sent on to the provider.

use drawbridge_domain::account;
use drawbridge_domain::sso::{SsoRefusal, domain_of, return_path};

use super::begin::{Purpose, Start, begin};
use super::outward::Trouble;
use super::store::{self, SsoRow};
use super::{page, refusal_of};
use crate::http::{Answer, Facts, Failure, Incoming, cookies, router};
use crate::ports::DbError;
use crate::services::Services;

/// What the address names; each at most once.
#[derive(Default)]
struct Named {
    tenant: Option<String>,
    email: Option<String>,
    invitation: Option<String>,
    to: Option<String>,
}

impl Named {
    fn read(query: &str) -> Option<Self> {
        let mut named = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "tenant" => &mut named.tenant,
                "email" => &mut named.email,
                "invitation" => &mut named.invitation,
                "to" => &mut named.to,
                _ => continue,
            };
            if value.len() > 1000 || place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(named)
    }
}

/// Sends the browser to the provider of the tenant that is named. Whoever exists there is told to nobody: an email
/// address counts by its domain only.
pub(super) async fn handle(services: Services, facts: Facts, incoming: Incoming) -> Result<Answer, Failure> {
    router::ready(&services).await?;
    let Some(named) = Named::read(incoming.url.query().unwrap_or_default()) else {
        return Ok(page::refused(SsoRefusal::NothingNamed, None));
    };
    let email = named.email.as_deref().map(account::email).and_then(Result::ok);
    let row = match (&named.invitation, &named.tenant, &email) {
        (Some(token), _, _) => store::find_by_invitation(&services, token).await?,
        (_, Some(slug), _) => store::find_by_slug(&services, slug).await?,
        (_, _, Some(email)) => store::find_by_domain(&services, domain_of(email)).await?,
        _ => return Ok(page::refused(SsoRefusal::NothingNamed, None)),
    };
    let Some(row) = row else { return Ok(page::refused(SsoRefusal::Off, None)) };
    let start = Start {
        purpose: if named.invitation.is_some() { Purpose::Invitation } else { Purpose::SignIn },
        session: None,
        invitation: named.invitation.as_deref(),
        return_path: return_path(named.to.as_deref().unwrap_or_default()),
        login_hint: email.as_deref(),
        browser: cookies::cookie(&incoming, cookies::SSO),
    };
    let beginning = match begin(&services, &facts, &row, start).await? {
        Ok(beginning) => beginning,
        Err(trouble) => return Ok(troubled(&services, &row, trouble)),
    };
    match services.db.batch(beginning.statements).await {
        Err(DbError::Limit) => Ok(page::refused(SsoRefusal::TooMany, Some(&row.tenant_slug))),
        result => {
            result?;
            Ok(Answer::redirect(&beginning.url).with("set-cookie", &beginning.cookie))
        }
    }
}

fn troubled(services: &Services, row: &SsoRow, trouble: Trouble) -> Answer {
    let line = serde_json::json!({
        "event": "sso", "level": "warn", "tenant": row.tenant_id.to_string(), "cause": trouble.words(),
    });
    services.log.line(&line.to_string());
    page::refused(refusal_of(trouble), Some(&row.tenant_slug))
}
