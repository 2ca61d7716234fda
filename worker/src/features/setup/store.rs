//! The SQL of the first set-up.

use drawbridge_domain::time::Timestamp;

use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "the deployment is not a tenant's";

/// Whether the deployment is still to be set up.
pub async fn is_open(services: &Services) -> Result<bool, DbError> {
    let read = Statement::across(WHY, "SELECT 1 AS done FROM deployment", values![]);
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(rows.0.is_empty())
}

/// Marks the deployment as set up. There is one row and no more: of two at once, the second fails.
pub(super) fn close(now: Timestamp) -> Statement {
    Statement::across(WHY, "INSERT INTO deployment (id, set_up_at) VALUES (1, ?1)", values![now])
}
