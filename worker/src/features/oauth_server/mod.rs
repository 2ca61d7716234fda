//! The authorization server for apps: access tokens by client credentials, what is published about them, their
//! revocation and introspection (RFC 6749, 7009, 7662, 8414, 9068).

mod client;
mod fault;
mod introspect;
mod jwt;
mod keys;
mod metadata;
mod parameters;
mod refused;
mod reseal;
mod revoke;
mod store;
mod token;
mod verify;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::plain;
use drawbridge_domain::time::{HOUR, Timestamp};

use crate::http::Router;
use crate::ports::Statement;

pub use keys::rotate;
pub use reseal::reseal;
pub use revoke::revoke;
pub use token::sign;
pub use verify::{Invalid, verify};

/// How long an access token lives, in milliseconds.
const TOKEN_LIFE: i64 = HOUR;

/// What an instance keeps between requests: the keys, tokens whose signatures it checked, who was refused.
#[derive(Default)]
pub struct Issuing {
    keys: RefCell<Option<Rc<keys::KeySet>>>,
    remembered: verify::Remembered,
    refusals: refused::Refusals,
}

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .plain(&plain::TOKEN, token::handle)
        .plain(&plain::TOKEN_ALIAS, token::handle)
        .plain(&plain::REVOKE, revoke::handle)
        .plain(&plain::INTROSPECT, introspect::handle)
        .plain(&plain::METADATA, metadata::metadata)
        .plain(&plain::JWKS, metadata::jwks)
}

/// Forgets what is over.
pub fn forget_old(now: Timestamp) -> Vec<Statement> {
    store::forget_old(now)
}
