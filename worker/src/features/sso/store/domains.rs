//! Email domains and their proofs.

use drawbridge_domain::id::TenantId;
use drawbridge_domain::sso::MOST_DOMAINS;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

#[derive(Deserialize)]
pub(crate) struct DomainRow {
    pub(crate) domain: String,
    pub(crate) token: String,
    pub(crate) proved_at: Option<i64>,
    pub(crate) looked_up_at: i64,
}

/// All domains of the tenant, by name.
pub(crate) fn read_domains(tenant: &TenantId) -> Statement {
    Statement::of(
        tenant,
        "SELECT domain, token, proved_at, looked_up_at FROM sso_domains WHERE tenant_id = ?1 ORDER BY domain LIMIT ?2",
        values![MOST_DOMAINS],
    )
}

/// One domain of the tenant, and as whichever tenant's it is proved: one round trip.
pub(crate) async fn find_domain(
    services: &Services,
    scope: &Scope,
    domain: &str,
) -> Result<(Option<DomainRow>, Option<ProvedRow>), DbError> {
    let read = scope.statement(
        "SELECT domain, token, proved_at, looked_up_at FROM sso_domains WHERE tenant_id = ?1 AND domain = ?2",
        values![domain],
    );
    let proved = Statement::across(
        "a domain is one tenant's",
        "SELECT tenant_id, domain, token, proved_at, looked_up_at FROM sso_domains
         WHERE domain = ?1 AND proved_at IS NOT NULL",
        values![domain],
    );
    let mut results = services.db.batch(vec![read, proved]).await?.into_iter();
    Ok((results.next().unwrap_or_default().first()?, results.next().unwrap_or_default().first()?))
}

/// A new domain, where the tenant may name one more.
pub(crate) fn add_domain(scope: &Scope, domain: &str, token: &str) -> Vec<Statement> {
    vec![
        scope.statement(
            "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM sso_domains WHERE tenant_id = ?1",
            values![MOST_DOMAINS],
        ),
        scope.statement(
            "INSERT INTO sso_domains (tenant_id, domain, token) VALUES (?1, ?2, ?3)",
            values![domain, token],
        ),
    ]
}

/// Claims a look-up in the DNS: the last one was before that moment.
pub(crate) fn claim_look_up(
    scope: &Scope,
    domain: &str,
    before: Timestamp,
    now: Timestamp,
) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE sso_domains SET looked_up_at = ?4 WHERE tenant_id = ?1 AND domain = ?2 AND looked_up_at <= ?3",
            values![domain, before, now],
        ),
        Statement::must_change(),
    ]
}

/// Notes the proof.
pub(crate) fn prove_domain(scope: &Scope, domain: &str, token: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        scope.statement(
            "UPDATE sso_domains SET proved_at = ?4 WHERE tenant_id = ?1 AND domain = ?2 AND token = ?3",
            values![domain, token, now],
        ),
        Statement::must_change(),
    ]
}

/// Takes a domain away.
pub(crate) fn remove_domain(scope: &Scope, domain: &str) -> Vec<Statement> {
    vec![
        scope.statement("DELETE FROM sso_domains WHERE tenant_id = ?1 AND domain = ?2", values![domain]),
        Statement::must_change(),
    ]
}

/// A proved domain, in whatever tenant.
#[derive(Deserialize)]
pub(crate) struct ProvedRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) domain: String,
    pub(crate) token: String,
    pub(crate) proved_at: i64,
    pub(crate) looked_up_at: i64,
}

/// Some of the proved domains that nobody has looked up since that moment, the longest ago first.
pub(crate) async fn to_recheck(
    services: &Services,
    before: Timestamp,
    most: u32,
) -> Result<Vec<ProvedRow>, DbError> {
    let read = Statement::across(
        "every tenant's domains are looked up again",
        "SELECT tenant_id, domain, token, proved_at, looked_up_at FROM sso_domains
         WHERE proved_at IS NOT NULL AND looked_up_at <= ?1 ORDER BY looked_up_at LIMIT ?2",
        values![before, most],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Takes a look-up that was due; of two runs at the same moment, one does.
pub(crate) fn claim_recheck(row: &ProvedRow, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::of(
            &row.tenant_id,
            "UPDATE sso_domains SET looked_up_at = ?3 WHERE tenant_id = ?1 AND domain = ?2 AND looked_up_at = ?4",
            values![row.domain.as_str(), now, row.looked_up_at],
        ),
        Statement::must_change(),
    ]
}

/// Notes that the DNS shows the proof.
pub(crate) fn shown_again(row: &ProvedRow, now: Timestamp) -> Statement {
    Statement::of(
        &row.tenant_id,
        "UPDATE sso_domains SET proved_at = ?3, looked_up_at = ?3
         WHERE tenant_id = ?1 AND domain = ?2 AND token = ?4 AND proved_at IS NOT NULL",
        values![row.domain.as_str(), now, row.token.as_str()],
    )
}

/// Ends a proof that the DNS has not shown for long, where it is still as it was read.
pub(crate) fn end_proof(row: &ProvedRow) -> Vec<Statement> {
    vec![
        Statement::of(
            &row.tenant_id,
            "UPDATE sso_domains SET proved_at = NULL
             WHERE tenant_id = ?1 AND domain = ?2 AND proved_at = ?3 AND looked_up_at = ?4",
            values![row.domain.as_str(), row.proved_at, row.looked_up_at],
        ),
        Statement::must_change(),
    ]
}
