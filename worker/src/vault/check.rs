//! Whether the master keys given are those that sealed what is stored.
//!
//! The database keeps, per key that ever sealed, a known text sealed with it. With a wrong key nothing may be
//! written: secrets would end up under a key that the operator does not know they use.

use serde::Deserialize;

use super::{OpenError, Place, Vault};
use crate::ports::{Database, DbError, Random};

mod store;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKeyState {
    /// All is well.
    Right,
    /// A key has the id of one that sealed, and is another; or the key that sealed is missing.
    Wrong(String),
}

#[derive(Deserialize)]
struct Known {
    key_id: String,
    sealed: String,
}

const KNOWN_TEXT: &[u8] = b"drawbridge";

fn place(key_id: &str) -> Place<'_> {
    Place { tenant: "deployment", record: key_id, field: "master key check" }
}

/// Checks the vault's keys against the database; a new key beside a right one is recorded.
pub async fn check_master_keys(
    db: &dyn Database,
    random: &dyn Random,
    vault: &Vault,
) -> Result<MasterKeyState, DbError> {
    let known: Vec<Known> = store::known_keys(db).await?;
    for check in &known {
        match vault.open(place(&check.key_id), &check.sealed) {
            Ok(_) => {}
            Err(OpenError::Broken) => {
                return Ok(MasterKeyState::Wrong(format!(
                    "The master key “{}” is not the one that sealed the secrets in this database. Start with the right \
                     MASTER_KEYS; nothing was changed.",
                    check.key_id
                )));
            }
            Err(OpenError::UnknownKey) => {
                return Ok(MasterKeyState::Wrong(format!(
                    "Secrets in this database are sealed with the master key “{}”, which is not in MASTER_KEYS. Add it \
                     after the new one; nothing was changed.",
                    check.key_id
                )));
            }
        }
    }
    if !known.iter().any(|check| check.key_id == vault.sealing_key()) {
        let id = vault.sealing_key();
        let sealed = vault
            .seal(random, place(id), KNOWN_TEXT)
            .map_err(|_| DbError::Other("the check of the master key could not be sealed".to_owned()))?;
        store::record_key(db, id, &sealed).await?;
    }
    Ok(MasterKeyState::Right)
}
