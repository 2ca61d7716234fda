//! Tenants: settings, use of limits, making and switching.

mod change;
mod make;
mod read;
pub mod store;
mod switch;
mod usage;

use drawbridge_contract::endpoints as api;
use drawbridge_domain::text;

use crate::http::{Failure, Router};
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ReadTenant, _, _>(read::handle)
        .scoped::<api::ChangeTenantSettings, _, _>(change::handle)
        .scoped::<api::ReadCredentialPolicy, _, _>(read::policy)
        .scoped::<api::ReadUsage, _, _>(usage::handle)
        .scoped::<api::ListTenants, _, _>(read::list)
        .scoped::<api::MakeTenant, _, _>(make::handle)
        .scoped::<api::SwitchTenant, _, _>(switch::handle)
}

/// A tenant's name for addresses: from its name, with a few random characters so that two tenants of one name
/// differ and none can be guessed from outside.
pub fn new_slug(services: &Services, name: &str) -> Result<String, Failure> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let random = services.random_bytes::<5>()?;
    let tail: String = random
        .iter()
        .map(|byte| char::from(ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0')))
        .collect();
    let slug = text::slug(name);
    Ok(if slug.is_empty() { format!("tenant-{tail}") } else { format!("{slug}-{tail}") })
}

#[cfg(test)]
mod tests;
