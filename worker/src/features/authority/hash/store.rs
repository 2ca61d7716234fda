//! The SQL of the deployment's own secrets.

use serde::Deserialize;

use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "the key of the hashes belongs to the deployment";

#[derive(Deserialize)]
struct Kept {
    sealed: String,
}

fn read(name: &str) -> Statement {
    Statement::across(WHY, "SELECT sealed FROM deployment_secrets WHERE name = ?1", values![name])
}

/// A secret of the deployment, sealed; `None` when it was never made.
pub(super) async fn find(services: &Services, name: &str) -> Result<Option<String>, DbError> {
    let row: Option<Kept> =
        services.db.batch(vec![read(name)]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(row.map(|row| row.sealed))
}

/// Keeps a secret of that name, unless there is one; the one that is there then.
pub(super) async fn keep_first(services: &Services, name: &str, sealed: &str) -> Result<String, DbError> {
    let add = Statement::across(
        WHY,
        "INSERT INTO deployment_secrets (name, sealed) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        values![name, sealed],
    );
    let rows = services.db.batch(vec![add, read(name)]).await?.pop().unwrap_or_default();
    let kept: Option<Kept> = rows.first()?;
    kept.map(|kept| kept.sealed).ok_or_else(|| DbError::Other(format!("{name} was not kept")))
}

/// Replaces a seal, where it is still the one that was opened.
pub(super) fn replace(name: &str, old: &str, sealed: &str) -> Statement {
    Statement::across(
        WHY,
        "UPDATE deployment_secrets SET sealed = ?3 WHERE name = ?1 AND sealed = ?2",
        values![name, old, sealed],
    )
}
