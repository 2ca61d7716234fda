//! The SQL of what apps and tokens may do.

mod deciding;

pub(super) use deciding::concerned;
#[cfg(test)]
pub(crate) use deciding::misses;

use drawbridge_domain::id::{AppId, Id, TenantId};
use drawbridge_domain::time::Timestamp;

use super::Affected;
use super::shard::{AppRow, TokenRow, Use};
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "an app or a token is what tells the tenant";

/// The token with this hash, present or previous, with its user and tenant.
pub(super) fn token(hash: &str) -> Statement {
    Statement::across(
        WHY,
        "SELECT t.id, t.name, t.tenant_id, n.slug AS tenant_slug, n.name AS tenant_name, n.max_token_days,
                t.user_id, u.email, u.first_name, u.last_name, u.role, u.state, t.scopes, t.addresses, t.made_at,
                t.expires_at, t.revoked_at, t.secret_hash, t.previous_hash, t.previous_until
         FROM tokens t
         JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
         JOIN tenants n ON n.id = t.tenant_id
         WHERE t.secret_hash = ?1 OR t.previous_hash = ?1",
        values![hash],
    )
}

/// An app with its tenant, who made it, and its access tokens that were revoked and have not ended.
pub(super) fn app(app: &AppId, now: Timestamp) -> Statement {
    Statement::across(
        WHY,
        "SELECT a.id, a.name, a.tenant_id, n.slug AS tenant_slug, n.name AS tenant_name, a.scopes, a.addresses,
                a.expires_at, a.disabled, a.token_algorithm, a.secret_hash, a.previous_hash, a.previous_until,
                a.created_by, COALESCE(u.first_name || ' ' || u.last_name, '') AS maker_name,
                (SELECT json_group_array(r.id) FROM revoked_access_tokens r
                 WHERE r.tenant_id = a.tenant_id AND r.app_id = a.id AND r.expires_at > ?2) AS revoked
         FROM apps a
         JOIN tenants n ON n.id = a.tenant_id
         LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.created_by
         WHERE a.id = ?1",
        values![app.as_str(), now],
    )
}

pub(super) async fn find_token(services: &Services, hash: &str) -> Result<Option<TokenRow>, DbError> {
    services.db.batch(vec![token(hash)]).await?.into_iter().next().unwrap_or_default().first()
}

pub(super) async fn find_app(services: &Services, id: &AppId) -> Result<Option<AppRow>, DbError> {
    let read = app(id, services.now());
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Where the apps and tokens lie that a change concerns, as far as that must be looked for.
pub(super) fn looks(tenant: &TenantId, affected: &[Affected]) -> Vec<Statement> {
    let (mut looks, mut wide) = (Vec::new(), false);
    for one in affected {
        match one {
            Affected::App(_) => {}
            Affected::Token(token) => looks.push(Statement::of(
                tenant,
                "SELECT NULL AS app, secret_hash AS hash FROM tokens WHERE tenant_id = ?1 AND id = ?2
                 UNION ALL
                 SELECT NULL, previous_hash FROM tokens
                 WHERE tenant_id = ?1 AND id = ?2 AND previous_hash IS NOT NULL",
                values![token.as_str()],
            )),
            Affected::User(user) => looks.push(Statement::of(
                tenant,
                "SELECT NULL AS app, substr(secret_hash, 1, 1) AS hash FROM tokens
                 WHERE tenant_id = ?1 AND user_id = ?2
                 UNION
                 SELECT NULL, substr(previous_hash, 1, 1) FROM tokens
                 WHERE tenant_id = ?1 AND user_id = ?2 AND previous_hash IS NOT NULL",
                values![user.as_str()],
            )),
            // Whoever keeps uses keeps the app or token that they are of.
            Affected::Tenant | Affected::Use(_) | Affected::Uses if wide => {}
            Affected::Tenant | Affected::Use(_) | Affected::Uses => {
                wide = true;
                looks.push(Statement::of(
                    tenant,
                    "SELECT NULL AS app, substr(secret_hash, 1, 1) AS hash FROM tokens WHERE tenant_id = ?1
                     UNION
                     SELECT NULL, substr(previous_hash, 1, 1) FROM tokens
                     WHERE tenant_id = ?1 AND previous_hash IS NOT NULL
                     UNION
                     SELECT id, NULL FROM apps WHERE tenant_id = ?1",
                    values![],
                ));
            }
        }
    }
    looks
}

/// Notes a last use in a table, and of which of the secrets it was, if of one.
macro_rules! used {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET
               last_address = CASE WHEN COALESCE(last_used_at, 0) <= ?4 THEN ?5 ELSE last_address END,
               last_country = CASE WHEN COALESCE(last_used_at, 0) <= ?4 THEN ?6 ELSE last_country END,
               last_used_at = MAX(COALESCE(last_used_at, 0), ?4),
               secret_used_at = CASE WHEN secret_hash = ?3 THEN ?4 ELSE secret_used_at END,
               previous_used_at = CASE WHEN previous_hash = ?3 THEN ?4 ELSE previous_used_at END
             WHERE tenant_id = ?1 AND id = ?2"
        )
    };
}

/// Notes the last use of a token.
pub(super) fn token_used(used: &Use) -> Statement {
    Statement::of(&used.tenant, used!("tokens"), facts(used))
}

/// Notes the last use of an app.
pub(super) fn app_used(used: &Use) -> Statement {
    Statement::of(&used.tenant, used!("apps"), facts(used))
}

fn facts(used: &Use) -> Vec<crate::ports::Value> {
    values![used.id.as_str(), used.secret.as_deref(), used.at, used.address.as_str(), used.country.as_str()]
}
