//! The SQL that apps and tokens have in common: the tenant's rules, seals, what is forgotten, whose end is near.

use drawbridge_domain::id::{Id, TenantId, UserId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// A tenant's rules, and how many tokens a user has.
#[derive(Deserialize)]
pub struct Rules {
    show_secrets_once: i64,
    /// The longest life of a token, in days.
    pub max_token_days: u16,
    /// How many tokens the user has.
    pub tokens: u32,
}

impl Rules {
    /// Whether secrets are kept, to be shown again.
    pub const fn keeps_secrets(&self) -> bool {
        self.show_secrets_once == 0
    }
}

/// The rules of the caller's tenant, and how many tokens `user` has.
pub async fn rules(services: &Services, scope: &Scope, user: &UserId) -> Result<Rules, DbError> {
    let read = scope.statement(
        "SELECT show_secrets_once, max_token_days,
                (SELECT COUNT(*) FROM tokens WHERE tenant_id = ?1 AND user_id = ?2) AS tokens
         FROM tenants WHERE id = ?1",
        values![user.as_str()],
    );
    let row = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    row.ok_or_else(|| DbError::Other("the tenant is gone".to_owned()))
}

#[derive(Deserialize)]
struct Addresses {
    addresses: String,
}

/// From where the app or token that calls may be used, as a row has it.
pub(super) async fn own_addresses(services: &Services, scope: &Scope) -> Result<Option<String>, DbError> {
    let read = scope.statement(
        "SELECT addresses FROM apps WHERE tenant_id = ?1 AND id = ?2
         UNION ALL SELECT addresses FROM tokens WHERE tenant_id = ?1 AND id = ?2",
        values![scope.caller()],
    );
    let row =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first::<Addresses>()?;
    Ok(row.map(|row| row.addresses))
}

/// Secrets that do not work any more are destroyed.
pub fn forget_old(now: Timestamp) -> Vec<Statement> {
    const WHY: &str = "what is over is forgotten in all tenants alike";
    vec![
        Statement::across(
            WHY,
            "UPDATE apps SET previous_hash = NULL, previous_hint = NULL, sealed_previous = NULL, previous_until = NULL,
               previous_used_at = NULL WHERE previous_until <= ?1",
            values![now],
        ),
        Statement::across(
            WHY,
            "UPDATE tokens SET previous_hash = NULL, previous_hint = NULL, sealed_previous = NULL, previous_until = NULL,
               previous_used_at = NULL WHERE previous_until <= ?1",
            values![now],
        ),
        Statement::across(
            WHY,
            "UPDATE tokens SET sealed_secret = NULL
             WHERE revoked_at IS NULL AND expires_at <= ?1 AND sealed_secret IS NOT NULL",
            values![now],
        ),
    ]
}

/// A credential with a seal of another master key.
#[derive(Deserialize)]
pub(super) struct Old {
    pub(super) tenant_id: TenantId,
    pub(super) id: String,
    pub(super) sealed_secret: Option<String>,
    pub(super) sealed_previous: Option<String>,
}

/// Some of the apps and some of the tokens with a secret that is not sealed with the key `current`.
pub(super) async fn old_secrets(services: &Services, current: &str) -> Result<(Vec<Old>, Vec<Old>), DbError> {
    const WHY: &str = "a new master key seals all tenants' secrets";
    let apps = Statement::across(
        WHY,
        "SELECT tenant_id, id, sealed_secret, sealed_previous FROM apps
         WHERE substr(sealed_secret, 1, length(?1)) <> ?1 OR substr(sealed_previous, 1, length(?1)) <> ?1 LIMIT 100",
        values![current],
    );
    let tokens = Statement::across(
        WHY,
        "SELECT tenant_id, id, sealed_secret, sealed_previous FROM tokens
         WHERE substr(sealed_secret, 1, length(?1)) <> ?1 OR substr(sealed_previous, 1, length(?1)) <> ?1 LIMIT 100",
        values![current],
    );
    let mut results = services.db.batch(vec![apps, tokens]).await?.into_iter();
    Ok((results.next().unwrap_or_default().all()?, results.next().unwrap_or_default().all()?))
}

fn seals(old: &Old, sealed: Option<String>, previous: Option<String>) -> Vec<crate::ports::Value> {
    values![old.id.as_str(), sealed, previous, old.sealed_secret.as_deref(), old.sealed_previous.as_deref()]
}

/// Replaces an app's seals, where they are still those that were opened.
pub(super) fn reseal_app(old: &Old, sealed: Option<String>, previous: Option<String>) -> Statement {
    Statement::of(
        &old.tenant_id,
        "UPDATE apps SET sealed_secret = ?3, sealed_previous = ?4
         WHERE tenant_id = ?1 AND id = ?2 AND sealed_secret IS ?5 AND sealed_previous IS ?6",
        seals(old, sealed, previous),
    )
}

/// Replaces a token's seals, where they are still those that were opened.
pub(super) fn reseal_token(old: &Old, sealed: Option<String>, previous: Option<String>) -> Statement {
    Statement::of(
        &old.tenant_id,
        "UPDATE tokens SET sealed_secret = ?3, sealed_previous = ?4
         WHERE tenant_id = ?1 AND id = ?2 AND sealed_secret IS ?5 AND sealed_previous IS ?6",
        seals(old, sealed, previous),
    )
}

/// A credential that ends soon.
#[derive(Deserialize)]
pub(super) struct Ending {
    pub(super) tenant_id: TenantId,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) expires_at: i64,
    pub(super) told_days: Option<u16>,
    /// Of a token, whose it is.
    #[serde(default)]
    pub(super) user_id: Option<UserId>,
    #[serde(default)]
    pub(super) user_name: String,
}

/// Some apps and some tokens of which a notice is due at `now`, those that end first; `month`, `week` and `day` are
/// the moments that are 30, 7 and 1 days off.
pub(super) async fn ending(
    services: &Services,
    now: Timestamp,
    [month, week, day]: [Timestamp; 3],
) -> Result<(Vec<Ending>, Vec<Ending>), DbError> {
    const WHY: &str = "whose end is near is told in all tenants alike";
    let apps = Statement::across(
        WHY,
        "SELECT tenant_id, id, name, expires_at, told_days FROM apps
         WHERE expires_at > ?1 AND expires_at <= ?2 AND disabled = 0
           AND (told_days IS NULL OR (told_days > 7 AND expires_at <= ?3) OR (told_days > 1 AND expires_at <= ?4))
         ORDER BY expires_at LIMIT 100",
        values![now, month, week, day],
    );
    let tokens = Statement::across(
        WHY,
        "SELECT t.tenant_id, t.id, t.name, t.expires_at, t.told_days, t.user_id,
                u.first_name || ' ' || u.last_name AS user_name
         FROM tokens t JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
         WHERE t.revoked_at IS NULL AND t.expires_at > ?1 AND t.expires_at <= ?2
           AND (t.told_days IS NULL OR (t.told_days > 7 AND t.expires_at <= ?3)
             OR (t.told_days > 1 AND t.expires_at <= ?4))
         ORDER BY t.expires_at LIMIT 100",
        values![now, month, week, day],
    );
    let mut results = services.db.batch(vec![apps, tokens]).await?.into_iter();
    Ok((results.next().unwrap_or_default().all()?, results.next().unwrap_or_default().all()?))
}

/// Notes that an app's notice is told, where nobody else did and its end is the same.
pub(super) fn told_of_app(ending: &Ending, days: u16) -> Vec<Statement> {
    vec![
        Statement::of(
            &ending.tenant_id,
            "UPDATE apps SET told_days = ?3 WHERE tenant_id = ?1 AND id = ?2 AND expires_at = ?4 AND told_days IS ?5",
            values![ending.id.as_str(), u32::from(days), ending.expires_at, ending.told_days.map(u32::from)],
        ),
        Statement::must_change(),
    ]
}

/// The same for a token.
pub(super) fn told_of_token(ending: &Ending, days: u16) -> Vec<Statement> {
    vec![
        Statement::of(
            &ending.tenant_id,
            "UPDATE tokens SET told_days = ?3 WHERE tenant_id = ?1 AND id = ?2 AND expires_at = ?4 AND told_days IS ?5",
            values![ending.id.as_str(), u32::from(days), ending.expires_at, ending.told_days.map(u32::from)],
        ),
        Statement::must_change(),
    ]
}
