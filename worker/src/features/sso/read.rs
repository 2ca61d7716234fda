//! The tenant's single sign-on, as administrators see it.

use drawbridge_contract::endpoints::ReadSso;
use drawbridge_contract::types::sso::{SingleSignOn, SsoDomain, SsoSettings};
use drawbridge_domain::sso::{PROOF_NAME, PROOF_PREFIX, ProofState, SsoStatus, proof_state};
use drawbridge_domain::time::Timestamp;

use super::redirect_url;
use super::store::{self, DomainRow, SsoRow};
use crate::http::{Call, Failure, Reply, Scope};
use crate::services::Services;

/// Reads it.
pub(super) async fn handle(call: Call<ReadSso, Scope>) -> Result<Reply<SingleSignOn>, Failure> {
    reply(&call.services, &call.scope).await
}

/// Single sign-on as it is now.
pub(super) async fn reply(services: &Services, scope: &Scope) -> Result<Reply<SingleSignOn>, Failure> {
    let tenant = scope.tenant();
    let mut results =
        services.db.batch(vec![store::read(tenant), store::read_domains(tenant)]).await?.into_iter();
    let row: Option<SsoRow> = results.next().unwrap_or_default().first()?;
    let domains: Vec<DomainRow> = results.next().unwrap_or_default().all()?;
    let version = row.as_ref().map_or(0, |row| row.version);
    let answer = SingleSignOn {
        status: row.as_ref().map_or(SsoStatus::NotSetUp, SsoRow::status),
        redirect_url: redirect_url(scope.facts()),
        sign_in_url: format!("{}/sign-in/{}", scope.facts().origin, scope.tenant_ref().slug),
        settings: row.map(settings),
        domains: domains.into_iter().map(domain).collect(),
    };
    Ok(Reply::versioned(answer, version))
}

fn settings(row: SsoRow) -> SsoSettings {
    SsoSettings {
        default_role: row.default_role(),
        issuer: row.issuer,
        client_id: row.client_id,
        scopes: row.scopes,
        label: row.label,
        auto_join: row.auto_join != 0,
        tested_at: row.tested_at.map(Timestamp::from_millis),
        tested_as: row.tested_as,
        last_used_at: row.last_used_at.map(Timestamp::from_millis),
    }
}

/// Under which name of the DNS a domain's proof stands.
pub(super) fn proof_name(domain: &str) -> String {
    format!("{PROOF_NAME}.{domain}")
}

/// The text that proves a domain.
pub(super) fn proof(token: &str) -> String {
    format!("{PROOF_PREFIX}{token}")
}

/// Whether the DNS has not shown a proof for days.
pub(super) fn is_missing(shown: i64, asked: i64) -> bool {
    proof_state(Timestamp::from_millis(shown), Timestamp::from_millis(asked)) != ProofState::Shown
}

/// A domain in the words of the contract.
pub(super) fn domain(row: DomainRow) -> SsoDomain {
    SsoDomain {
        record_name: proof_name(&row.domain),
        record_value: proof(&row.token),
        missing: row.proved_at.is_some_and(|shown| is_missing(shown, row.looked_up_at)),
        domain: row.domain,
        proved_at: row.proved_at.map(Timestamp::from_millis),
    }
}
