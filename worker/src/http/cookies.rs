//! The session's cookie.

use crate::http::Incoming;

/// The cookie's name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const SESSION: &str = "__Host-session";

/// The session's secret in a request; `None` when there is none, or more than one.
pub fn session_secret(incoming: &Incoming) -> Option<String> {
    cookie(incoming, SESSION)
}

/// The value of a cookie in a request; `None` when there is none, or more than one.
pub fn cookie(incoming: &Incoming, name: &str) -> Option<String> {
    let mut found = None;
    for line in incoming.headers.get_all(http::header::COOKIE) {
        for pair in line.to_str().ok()?.split(';') {
            if let Some((found_name, value)) = pair.trim().split_once('=')
                && found_name == name
            {
                if found.is_some() {
                    return None;
                }
                found = Some(value.to_owned());
            }
        }
    }
    found
}

/// The cookie that binds a reconnect link's sign-in to the browser.
pub const RECONNECT: &str = "__Host-reconnect";

/// The `Set-Cookie` of a reconnect link's sign-in, for that many seconds.
pub fn set_reconnect(secret: &str, seconds: i64) -> String {
    format!("{RECONNECT}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// The cookie that binds a single sign-on to the browser.
pub const SSO: &str = "__Host-sso";

/// The `Set-Cookie` of a single sign-on, for that many seconds.
pub fn set_sso(secret: &str, seconds: i64) -> String {
    format!("{SSO}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// The `Set-Cookie` of a new session, for that many seconds.
pub fn set_session(secret: &str, seconds: i64) -> String {
    format!("{SESSION}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// The `Set-Cookie` that ends a session in the browser.
pub fn clear_session() -> String {
    format!("{SESSION}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
