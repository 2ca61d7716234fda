//! The SQL of the master key check.

use super::Known;
use crate::ports::{Database, DbError, Statement};
use crate::values;

const WHY: &str = "master keys belong to the deployment";

/// All keys that ever sealed here.
pub(super) async fn known_keys(db: &dyn Database) -> Result<Vec<Known>, DbError> {
    let read = Statement::across(WHY, "SELECT key_id, sealed FROM master_key_checks", values![]);
    db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().all()
}

/// Records a key; another request may have done so first.
pub(super) async fn record_key(db: &dyn Database, id: &str, sealed: &str) -> Result<(), DbError> {
    let write = Statement::across(
        WHY,
        "INSERT INTO master_key_checks (key_id, sealed) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        values![id, sealed],
    );
    db.batch(vec![write]).await.map(|_| ())
}
