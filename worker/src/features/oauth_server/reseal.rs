//! A new master key: signing keys that an old one sealed are opened and sealed again.

use drawbridge_domain::id::Id;

use super::keys::place;
use super::store;
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;

/// The statements that replace some of the seals that are not of the key `current`; none: all are.
pub async fn reseal(services: &Services, current: &str) -> Result<Vec<Statement>, Failure> {
    let mut statements = Vec::new();
    for old in store::old_seals(services, current).await? {
        let opened = services
            .vault
            .open(place(&old.id), &old.sealed_private)
            .map_err(|error| Failure::internal(format!("{} does not open: {error:?}", old.id.as_str())))?;
        let sealed = services.vault.seal(&*services.random, place(&old.id), opened.bytes())?;
        statements.push(store::reseal(&old, &sealed));
    }
    Ok(statements)
}
