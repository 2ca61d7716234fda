//! The SQL of accounts, users and sessions.

use drawbridge_domain::id::{AccountId, Id, SessionId, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::features::audit::ChainEnd;
use crate::http::Facts;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const SIGN_IN: &str = "an account belongs to no tenant";

/// An account with one of its active places in a tenant.
#[derive(Deserialize)]
pub struct Account {
    /// The account.
    pub account_id: AccountId,
    /// Its password's hash.
    pub password_hash: String,
    /// The tenant where its last session was, or where it came first.
    pub tenant_id: TenantId,
    /// The user there.
    pub user_id: UserId,
    /// First name there.
    pub first_name: String,
    /// Last name there.
    pub last_name: String,
    /// The end of the tenant's audit chain.
    #[serde(rename = "..")]
    pub end: ChainEnd,
}

/// The active account with this email address.
pub async fn account_by_email(services: &Services, email: &str) -> Result<Option<Account>, DbError> {
    let read = Statement::across(
        SIGN_IN,
        "SELECT a.id AS account_id, a.password_hash, u.tenant_id, u.id AS user_id, u.first_name, u.last_name,
                t.audit_seq, t.audit_hash
         FROM accounts a
         JOIN users u ON u.account_id = a.id AND u.state = 'active'
         JOIN tenants t ON t.id = u.tenant_id
         WHERE a.email = ?1
         ORDER BY (SELECT MAX(s.last_used_at) FROM sessions s WHERE s.account_id = a.id AND s.tenant_id = t.id) DESC,
                  u.created_at, u.id
         LIMIT 1",
        values![email],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// The hash of an account's password.
pub async fn password_hash(services: &Services, account: &AccountId) -> Result<Option<String>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        password_hash: String,
    }
    let read = Statement::across(
        SIGN_IN,
        "SELECT password_hash FROM accounts WHERE id = ?1",
        values![account.as_str()],
    );
    let row: Option<Row> =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(row.map(|row| row.password_hash))
}

/// A new account.
pub fn add_account(id: &AccountId, email: &str, password_hash: &str, now: Timestamp) -> Statement {
    Statement::across(
        SIGN_IN,
        "INSERT INTO accounts (id, email, password_hash, created_at, password_changed_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        values![id.as_str(), email, password_hash, now],
    )
}

/// A new password; the old one must still be the one that was verified.
pub fn change_password(account: &AccountId, from: &str, to: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::across(
            SIGN_IN,
            "UPDATE accounts SET password_hash = ?3, password_changed_at = ?4 WHERE id = ?1 AND password_hash = ?2",
            values![account.as_str(), from, to, now],
        ),
        Statement::must_change(),
    ]
}

/// A person who is to become a user.
pub struct NewUser<'a> {
    /// The user.
    pub id: &'a UserId,
    /// The account.
    pub account: &'a AccountId,
    /// Email address, normalised.
    pub email: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Last name.
    pub last_name: &'a str,
    /// Role.
    pub role: Role,
}

/// A person's name as it is sorted and searched.
pub fn name_key(first_name: &str, last_name: &str) -> String {
    format!("{first_name} {last_name}").to_lowercase()
}

/// A new, active user.
pub fn add_user(tenant: &TenantId, user: &NewUser<'_>, now: Timestamp) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO users (tenant_id, id, account_id, email, first_name, last_name, role, state, created_at, name_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'active', ?8, ?9)",
        values![
            user.id.as_str(),
            user.account.as_str(),
            user.email,
            user.first_name,
            user.last_name,
            user.role.code(),
            now,
            name_key(user.first_name, user.last_name)
        ],
    )
}

/// A session that begins.
pub struct NewSession<'a> {
    /// The session.
    pub id: &'a SessionId,
    /// The hash of its secret.
    pub secret_hash: &'a str,
    /// The account.
    pub account: &'a AccountId,
    /// The tenant where it begins.
    pub tenant: &'a TenantId,
    /// Whether the tenant's single sign-on begins it.
    pub by_sso: bool,
    /// When it ends whatever happens.
    pub expires: Timestamp,
}

/// A new session.
pub fn add_session(session: &NewSession<'_>, facts: &Facts, now: Timestamp) -> Statement {
    Statement::across(
        SIGN_IN,
        "INSERT INTO sessions (id, secret_hash, account_id, tenant_id, created_at, last_used_at, expires_at,
           user_agent, address, country, sso_tenant_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?10 THEN ?4 END)",
        values![
            session.id.as_str(),
            session.secret_hash,
            session.account.as_str(),
            session.tenant.as_str(),
            now,
            session.expires,
            facts.user_agent.as_str(),
            facts.address.as_str(),
            facts.country.as_str(),
            session.by_sso
        ],
    )
}
