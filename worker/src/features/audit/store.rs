//! The SQL of the audit log.

use drawbridge_domain::id::TenantId;

use super::{ChainEnd, Link};
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

pub(super) async fn chain_end(services: &Services, tenant: &TenantId) -> Result<ChainEnd, DbError> {
    let read = Statement::of(tenant, "SELECT audit_seq, audit_hash FROM tenants WHERE id = ?1", values![]);
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(rows.first()?.unwrap_or_default())
}

pub(super) fn append(tenant: &TenantId, link: &Link<'_>, hash: &str) -> Statement {
    Statement::of(
        tenant,
        "INSERT INTO audit (tenant_id, seq, at, actor_type, actor_id, actor_name, action, object_type, object_id,
           object_name, outcome, address, country, user_agent, request_id, changes, previous_hash, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
         ON CONFLICT DO NOTHING",
        values![
            link.seq,
            link.at,
            link.actor_type,
            link.actor_id,
            link.actor_name,
            link.action,
            link.object_type,
            link.object_id,
            link.object_name,
            link.outcome,
            link.address,
            link.country,
            link.user_agent,
            link.request_id,
            link.changes,
            link.previous_hash,
            hash
        ],
    )
}

/// Moves the chain's end, which must still be where it was.
pub(super) fn move_end(tenant: &TenantId, from: &ChainEnd, to: &ChainEnd) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE tenants SET audit_seq = ?2, audit_hash = ?3
             WHERE id = ?1 AND audit_seq = ?4 AND audit_hash = ?5",
            values![to.seq, to.hash.as_str(), from.seq, from.hash.as_str()],
        ),
        Statement::across(
            "a guard belongs to no tenant",
            "INSERT INTO must_chain (changed) VALUES (changes())",
            values![],
        ),
    ]
}
