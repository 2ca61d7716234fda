//! What a client's fields must look like.

use drawbridge_contract::types::SecretText;
use drawbridge_domain::text::{self, TextFault};

use crate::features::connectors::catalogue;
use crate::http::failure::Faults;

/// The longest client id, in characters.
const CLIENT_ID_MAX: usize = 255;
/// The longest client secret, in characters.
const SECRET_MAX: usize = 2000;

/// A connector that a client can be registered for: somebody signs in at the provider, through a client that is
/// no part of the connection itself.
pub(super) fn connector(faults: &mut Faults, id: &str) {
    match catalogue::find(id) {
        None if id.is_empty() => faults.add("connector", "missing", "Fill this in."),
        None => faults.add("connector", "unknown_value", "There is no such connector."),
        Some(definition)
            if definition
                .auth
                .iter()
                .filter_map(|way| way.oauth_code())
                .any(|oauth| oauth.own_client.is_none()) => {}
        Some(definition) => {
            let words = format!("{} has no sign-in through a registered OAuth client.", definition.name);
            faults.add("connector", "no_sign_in", words);
        }
    }
}

pub(super) fn name(faults: &mut Faults, name: &str) -> String {
    faults.text("name", text::plain_name(name).map(str::to_owned))
}

pub(super) fn client_id(faults: &mut Faults, id: &str) -> String {
    faults.text("clientId", text::opaque_value(id, CLIENT_ID_MAX).map(str::to_owned))
}

/// The secret without the blanks that a paste brought along.
pub(super) fn secret<'a>(faults: &mut Faults, secret: &'a SecretText) -> &'a str {
    faults.text("clientSecret", checked(secret.expose().trim()))
}

fn checked(secret: &str) -> Result<&str, TextFault> {
    if secret.is_empty() {
        Err(TextFault::Empty)
    } else if secret.chars().any(char::is_control) {
        Err(TextFault::Control)
    } else if secret.chars().count() > SECRET_MAX {
        Err(TextFault::TooLong(SECRET_MAX))
    } else {
        Ok(secret)
    }
}
