//! The session's cookie.

use crate::http::Incoming;

/// The cookie's name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const SESSION: &str = "__Host-session";

/// The session's secret in a request; `None` when there is none, or more than one.
pub fn session_secret(incoming: &Incoming) -> Option<String> {
    let mut found = None;
    for line in incoming.headers.get_all(http::header::COOKIE) {
        for pair in line.to_str().ok()?.split(';') {
            if let Some((SESSION, value)) = pair.trim().split_once('=') {
                if found.is_some() {
                    return None;
                }
                found = Some(value.to_owned());
            }
        }
    }
    found
}

/// The `Set-Cookie` of a new session, for that many seconds.
pub fn set_session(secret: &str, seconds: i64) -> String {
    format!("{SESSION}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// The `Set-Cookie` that ends a session in the browser.
pub fn clear_session() -> String {
    format!("{SESSION}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
