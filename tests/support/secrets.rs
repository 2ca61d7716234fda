//! What of a request or an answer is a secret, so that whoever calls has it kept out of the log without saying so.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use serde_json::Value;

/// What is shorter is a name or a number of a test, or was never meant to be a secret.
const SHORTEST: usize = 8;
/// Whoever finds so much of a secret has found it.
const LONGEST: usize = 64;
/// Fields that hold secrets wherever they stand.
const NAMES: [&str; 17] = [
    "accesstoken",
    "apikey",
    "assertion",
    "clientassertion",
    "clientsecret",
    "currentpassword",
    "idtoken",
    "key",
    "newpassword",
    "password",
    "previous",
    "refreshtoken",
    "secret",
    "setupcode",
    "signingsecret",
    "token",
    "tokens",
];
/// Objects all of whose texts are secrets.
const FULL_OF_THEM: [&str; 1] = ["credentials"];

/// The secrets of a header.
pub fn of_header(name: &str, value: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match name {
        "authorization" => {
            let credentials = value.split_once(' ').map_or(value, |(_, rest)| rest);
            add(&mut found, credentials);
            let decoded =
                Base64::decode_vec(credentials).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some((_, secret)) = decoded.as_deref().and_then(|pair| pair.split_once(':')) {
                add(&mut found, secret);
            }
        }
        "cookie" | "set-cookie" => {
            let pair = value.split(';').next().unwrap_or_default();
            add(&mut found, pair.split_once('=').map_or(pair, |(_, value)| value));
        }
        _ => {}
    }
    found
}

/// The secrets of a body: JSON, a form, or a text.
pub fn of_body(body: &[u8]) -> BTreeSet<String> {
    let (mut found, text) = (BTreeSet::new(), String::from_utf8_lossy(body));
    match serde_json::from_slice::<Value>(body) {
        Ok(json) => of_json(&json, false, &mut found),
        Err(_) if text.len() < 100_000 && text.contains('=') && !text.contains(['\n', '<']) => {
            for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
                if names_one(&name) {
                    add(&mut found, &value);
                }
            }
        }
        Err(_) => {}
    }
    of_text(&text, &mut found);
    found
}

fn names_one(field: &str) -> bool {
    let plain: String = field.chars().filter(|letter| *letter != '_').collect();
    NAMES.contains(&plain.to_lowercase().as_str())
}

fn of_json(value: &Value, all: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if all {
                add(found, text);
            }
            // What stands behind the hash of a link is told to no server.
            if let Some((link, secret)) = text.split_once('#')
                && link.contains('/')
            {
                add(found, secret);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| of_json(item, all, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let is_text = value.is_string() && names_one(name);
                of_json(value, all || is_text || FULL_OF_THEM.contains(&name.as_str()), found);
            }
        }
        _ => {}
    }
}

/// What is known as a secret by its form, wherever it stands.
fn of_text(text: &str, found: &mut BTreeSet<String>) {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+/=".contains(&byte);
    for prefix in ["dbr_pat_", "dbr_app_", "whsec_", "eyJ"] {
        for (at, _) in text.match_indices(prefix) {
            let rest = &text[at..];
            let end = rest.bytes().position(|byte| !word(byte)).unwrap_or(rest.len());
            let one = &rest[..end];
            match prefix {
                // Of a signed token the signature is what nobody else can make.
                "eyJ" => {
                    if let [_, _, signature] = one.split('.').collect::<Vec<_>>()[..] {
                        add(found, signature);
                    }
                }
                _ => add(found, one),
            }
        }
    }
}

fn add(found: &mut BTreeSet<String>, text: &str) {
    let signed = text.starts_with("eyJ") && text.split('.').count() == 3;
    let text = if signed { text.rsplit('.').next().unwrap_or(text) } else { text };
    if text.len() >= SHORTEST {
        found.insert(text.chars().take(LONGEST).collect());
    }
}
