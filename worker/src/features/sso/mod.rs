//! Single sign-on of a tenant by OpenID Connect: settings and domains, the way to the provider and back, and who
//! comes in by it.

mod admit;
mod begin;
mod callback;
mod change;
mod delete;
mod domains;
mod find;
mod id_token;
mod identity;
mod outward;
mod page;
mod prove;
mod provider;
mod read;
mod recheck;
mod reseal;
mod start;
mod store;
mod switch;
mod test;
mod token;

pub(crate) use recheck::recheck;
pub(crate) use reseal::reseal;
pub(crate) use store::{drop_old_flows, forget_old};

use drawbridge_contract::endpoints as api;
use drawbridge_contract::plain;
use drawbridge_domain::id::TenantId;
use drawbridge_domain::sso::{SsoRefusal, change_refusal};

use outward::Trouble;

use crate::features::audit::{Actor, ChainEnd, Context};
use crate::http::{Facts, Failure, Router, Scope};
use crate::vault::Place;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .plain(&plain::SSO_START, start::handle)
        .plain(&plain::SSO_CALLBACK, callback::handle)
        .scoped::<api::ReadSso, _, _>(read::handle)
        .scoped::<api::ChangeSsoSettings, _, _>(change::handle)
        .scoped::<api::DeleteSso, _, _>(delete::handle)
        .scoped::<api::TestSso, _, _>(test::handle)
        .scoped::<api::EnableSso, _, _>(switch::on)
        .scoped::<api::DisableSso, _, _>(switch::off)
        .scoped::<api::NameSsoDomain, _, _>(domains::name)
        .scoped::<api::ProveSsoDomain, _, _>(prove::handle)
        .scoped::<api::RemoveSsoDomain, _, _>(domains::remove)
        .open::<api::FindSignIn, _, _>(find::handle)
        .scoped::<api::ReadOwnIdentity, _, _>(identity::read)
        .scoped::<api::ConnectOwnIdentity, _, _>(identity::connect)
        .scoped::<api::DisconnectOwnIdentity, _, _>(identity::disconnect)
}

/// The redirect URL to register at the provider: one for all tenants, always computed here.
fn redirect_url(facts: &Facts) -> String {
    format!("{}{}", facts.origin, plain::SSO_CALLBACK.path)
}

/// Where the client's secret is sealed.
fn secret_place(tenant: &str) -> Place<'_> {
    Place { tenant, record: "sso", field: "clientSecret" }
}

/// Refuses whoever may not change single sign-on. The role is the table's matter; here it is the session: whoever
/// switches single sign-on off or over must be able to come back without it.
fn may_change(scope: &Scope) -> Result<(), Failure> {
    match change_refusal(scope.role(), scope.is_by_sso()) {
        Some(_) => scope.needs_password(),
        None => Ok(()),
    }
}

/// What people who sign in are told of a provider that cannot be used.
fn refusal_of(trouble: Trouble) -> SsoRefusal {
    match trouble {
        Trouble::Unreachable => SsoRefusal::Unreachable,
        Trouble::NotPublic | Trouble::Nonsense(_) => SsoRefusal::Nonsense,
    }
}

/// The system's own work in a tenant.
fn system(tenant: &TenantId) -> Context<'_> {
    Context { tenant, actor: Actor::system(), facts: None, end: ChainEnd::default() }
}

fn not_set_up() -> Failure {
    Failure::new(
        drawbridge_contract::problem::ProblemCode::NotFound,
        "Single sign-on is not set up in this tenant. Save the provider's settings first.",
    )
}

#[cfg(test)]
mod tests;
