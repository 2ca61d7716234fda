//! Who users are at their tenant's provider.

use drawbridge_domain::id::{AccountId, Id, TenantId, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::SsoRow;
use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A user, as far as an arrival asks.
#[derive(Deserialize)]
pub(crate) struct ArrivedUser {
    pub(crate) id: UserId,
    pub(crate) account_id: Option<AccountId>,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) state: String,
    /// Whether the user is somebody else at this provider already.
    pub(crate) is_connected: i64,
}

impl ArrivedUser {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// What is known of who arrives: the user of the identity, the user with the email address, whether its domain is
/// proved. One round trip.
pub(crate) async fn look_up(
    services: &Services,
    row: &SsoRow,
    subject: &str,
    email: &str,
    domain: &str,
) -> Result<(Option<ArrivedUser>, Option<ArrivedUser>, bool), DbError> {
    let tenant = &row.tenant_id;
    let known = Statement::of(
        tenant,
        "SELECT u.id, u.account_id, u.first_name, u.last_name, u.state, 1 AS is_connected
         FROM sso_identities i JOIN users u ON u.tenant_id = ?1 AND u.id = i.user_id
         WHERE i.tenant_id = ?1 AND i.issuer = ?2 AND i.subject = ?3",
        values![row.issuer.as_str(), subject],
    );
    let same = Statement::of(
        tenant,
        "SELECT u.id, u.account_id, u.first_name, u.last_name, u.state,
           EXISTS (SELECT 1 FROM sso_identities i WHERE i.tenant_id = ?1 AND i.user_id = u.id AND i.issuer = ?2)
             AS is_connected
         FROM users u WHERE u.tenant_id = ?1 AND u.email = ?3",
        values![row.issuer.as_str(), email],
    );
    let proved = Statement::of(
        tenant,
        "SELECT 1 AS found FROM sso_domains WHERE tenant_id = ?1 AND domain = ?2 AND proved_at IS NOT NULL",
        values![domain],
    );
    let mut results = services.db.batch(vec![known, same, proved]).await?.into_iter();
    let known = results.next().unwrap_or_default().first()?;
    let same = results.next().unwrap_or_default().first()?;
    Ok((known, same, !results.next().unwrap_or_default().0.is_empty()))
}

/// Connects an identity to a user. It fails as not unique where either is connected already.
pub(crate) fn connect(
    row: &SsoRow,
    subject: &str,
    user: &UserId,
    known_as: &str,
    now: Timestamp,
) -> Statement {
    Statement::of(
        &row.tenant_id,
        "INSERT INTO sso_identities (tenant_id, issuer, subject, user_id, known_as, connected_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![row.issuer.as_str(), subject, user.as_str(), known_as, now],
    )
}

/// An account that belongs to the tenant's provider: it has no password, and no email address by which anybody
/// outside of the tenant finds it.
pub(crate) fn add_account(account: &AccountId, now: Timestamp) -> Statement {
    Statement::across(
        "an account belongs to no tenant",
        "INSERT INTO accounts (id, email, password_hash, created_at, password_changed_at)
         VALUES (?1, 'sso:' || ?1, '', ?2, ?2)",
        values![account.as_str(), now],
    )
}

/// The tenant may have one more user.
pub(crate) fn room_for_one(tenant: &TenantId) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO must_be_under (used, most) SELECT COUNT(*), ?2 FROM users WHERE tenant_id = ?1",
        values![Limited::Users.most()],
    )
}

/// Makes an invited user active, with the account that the provider's word gives them; the invitation ends.
pub(crate) fn activate(tenant: &TenantId, user: &UserId, account: &AccountId) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE users SET account_id = ?3, state = 'active', version = version + 1
             WHERE tenant_id = ?1 AND id = ?2 AND state = 'invited' AND account_id IS NULL",
            values![user.as_str(), account.as_str()],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "DELETE FROM invitations WHERE tenant_id = ?1 AND user_id = ?2",
            values![user.as_str()],
        ),
    ]
}

/// An invitation that can be accepted, with its user.
#[derive(Deserialize)]
pub(crate) struct Invited {
    pub(crate) id: UserId,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// The invitation with this hash.
pub(crate) async fn find_invited(
    services: &Services,
    tenant: &TenantId,
    token_hash: &str,
) -> Result<Option<Invited>, DbError> {
    let read = Statement::of(
        tenant,
        "SELECT u.id, u.first_name, u.last_name FROM invitations i
         JOIN users u ON u.tenant_id = ?1 AND u.id = i.user_id AND u.state = 'invited'
         WHERE i.tenant_id = ?1 AND i.token_hash = ?2 AND i.expires_at > ?3",
        values![token_hash, services.now()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

#[derive(Deserialize)]
pub(crate) struct OwnRow {
    pub(crate) label: Option<String>,
    pub(crate) known_as: Option<String>,
    pub(crate) connected_at: Option<i64>,
    pub(crate) has_password: i64,
}

/// As whom the tenant's provider knows the caller.
pub(crate) async fn own(
    services: &Services,
    scope: &Scope,
    account: &AccountId,
) -> Result<Option<OwnRow>, DbError> {
    let read = scope.statement(
        "SELECT CASE WHEN s.enabled = 1 THEN s.label END AS label, i.known_as, i.connected_at,
           a.password_hash <> '' AS has_password
         FROM accounts a
         LEFT JOIN sso s ON s.tenant_id = ?1
         LEFT JOIN sso_identities i ON i.tenant_id = ?1 AND i.user_id = ?3 AND i.issuer = s.issuer
         WHERE a.id = ?2",
        values![account.as_str(), scope.user().as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Disconnects the caller from all providers of the tenant, and ends the sessions that began by them.
pub(crate) fn disconnect(scope: &Scope, account: &AccountId) -> Vec<Statement> {
    vec![
        scope.statement(
            "DELETE FROM sso_identities WHERE tenant_id = ?1 AND user_id = ?2
               AND issuer = (SELECT issuer FROM sso WHERE tenant_id = ?1)",
            values![scope.user().as_str()],
        ),
        Statement::must_change(),
        scope.statement(
            "DELETE FROM sessions WHERE tenant_id = ?1 AND account_id = ?2 AND sso_tenant_id = ?1",
            values![account.as_str()],
        ),
    ]
}
