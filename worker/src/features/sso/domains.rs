//! Naming an email domain as the tenant's own, and taking it away.

use drawbridge_contract::endpoints::{NameSsoDomain, RemoveSsoDomain};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::sso::SsoDomain;
use drawbridge_domain::sso::{self, MOST_DOMAINS};

use super::store::DomainRow;
use super::{may_change, read, store};
use crate::features::audit::{self, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::DbError;

/// Names one, and answers the record that proves it.
pub(super) async fn name(call: Call<NameSsoDomain, Scope>) -> Result<Reply<SsoDomain>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    may_change(scope)?;
    let mut faults = Faults::default();
    let domain = faults.text("domain", sso::domain(&call.body.domain));
    faults.check()?;
    let token = services.new_secret()?;
    let record = Record::done("sso.domain_named", "sso", &domain, &domain);
    match audit::commit(services, scope, store::add_domain(scope, &domain, &token), &[record]).await {
        Err(DbError::Unique) => Err(Failure::field("domain", "taken", "This domain is in the list already.")),
        Err(DbError::Limit) => {
            let words =
                format!("A tenant can name {MOST_DOMAINS} domains. Remove one that is not needed any more.");
            Err(Failure::new(ProblemCode::QuotaExceeded, words))
        }
        result => {
            result?;
            Ok(Reply::new(read::domain(DomainRow { domain, token, proved_at: None, looked_up_at: 0 })))
        }
    }
}

/// Takes one away: nobody joins or is found by it any more.
pub(super) async fn remove(call: Call<RemoveSsoDomain, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope, domain) = (&call.services, &call.scope, &call.params.domain);
    may_change(scope)?;
    let record = Record::done("sso.domain_removed", "sso", domain, domain);
    match audit::commit(services, scope, store::remove_domain(scope, domain), &[record]).await {
        Err(DbError::Guard) => Err(Failure::not_found("domain")),
        result => result.map(|_| Reply::new(Nothing {})).map_err(Failure::from),
    }
}
