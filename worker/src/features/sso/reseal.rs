//! A new master key: the clients' secrets that an old one sealed are opened and sealed again.

use drawbridge_domain::id::Id;

use super::{secret_place, store};
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;

/// The statements that replace some of the seals that are not of the key `current`; none: all are.
pub(crate) async fn reseal(services: &Services, current: &str) -> Result<Vec<Statement>, Failure> {
    let mut statements = Vec::new();
    for old in store::old_secrets(services, current).await? {
        let place = secret_place(old.tenant_id.as_str());
        let opened = services.vault.open(place, &old.sealed_secret).map_err(|error| {
            let tenant = old.tenant_id.as_str();
            Failure::internal(format!("the secret of single sign-on of {tenant} does not open: {error:?}"))
        })?;
        let sealed = services.vault.seal(&*services.random, place, opened.bytes())?;
        statements.push(store::reseal(&old, &sealed));
    }
    Ok(statements)
}
