//! The SQL of idempotency keys.

use drawbridge_domain::time::{DAY, Timestamp};
use serde::Deserialize;

use crate::http::Scope;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// How long an answer is kept, in milliseconds.
const LIFE: i64 = DAY;

#[derive(Deserialize)]
pub(super) struct Known {
    pub(super) request_hash: String,
    pub(super) answer: String,
    pub(super) version: Option<i64>,
}

pub(super) async fn find(services: &Services, scope: &Scope, key: &str) -> Result<Option<Known>, DbError> {
    let read = scope.statement(
        "SELECT request_hash, answer, version FROM idempotency
         WHERE tenant_id = ?1 AND user_id = ?2 AND key = ?3",
        values![scope.caller(), key],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

pub(super) fn remember(
    scope: &Scope,
    now: Timestamp,
    key: &str,
    request_hash: &str,
    answer: String,
    version: Option<i64>,
) -> Statement {
    scope.statement(
        "INSERT INTO idempotency (tenant_id, user_id, key, request_hash, version, answer, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        values![scope.caller(), key, request_hash, version, answer, now],
    )
}

/// Forgets the answers that are old enough, in all tenants.
pub(crate) fn forget_old(now: Timestamp) -> Statement {
    Statement::across(
        "answers age alike in all tenants",
        "DELETE FROM idempotency WHERE created_at < ?1",
        values![now.plus(-LIFE)],
    )
}
