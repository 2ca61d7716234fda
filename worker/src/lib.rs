//! The backend of Drawbridge: a Cloudflare Worker.
//!
//! `platform/` is the runtime, `ports` what the rest needs of the world, `http/` the way from request to answer,
//! `features/` the product's nouns, `json/` what reads JSON, `vault/` the sealing of secrets.

pub mod encoding;
pub mod features;
pub mod http;
pub mod json;
pub mod outward;
#[cfg(target_arch = "wasm32")]
mod platform;
pub mod ports;
pub mod services;
#[cfg(test)]
pub(crate) mod testing;
pub mod vault;

#[cfg(target_arch = "wasm32")]
pub use platform::{ConnectionKeeper, CredentialAuthority, GatewayHub, TenantFeed};
