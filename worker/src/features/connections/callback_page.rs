//! What a person sees at the end of a sign-in: in a pop-up a few words, and the window closes; in the console's
//! own window the console again.

use drawbridge_domain::connection::Reason;
use drawbridge_domain::id::{ConnectionId, Id};
use drawbridge_domain::oauth::CallbackRefusal;

use crate::http::{Answer, Failure};

/// How a sign-in ended.
pub(super) struct Ending {
    pub(super) tenant: String,
    pub(super) connection: ConnectionId,
    pub(super) name: String,
    pub(super) in_page: bool,
    /// Whether it was started by a reconnect link: there is no console to go back to.
    pub(super) by_link: bool,
    pub(super) failure: Option<(Reason, Option<String>)>,
    pub(super) connected_as: Option<String>,
}

/// The end of a sign-in that belonged to a connection.
pub(super) fn ending(ending: &Ending) -> Answer {
    let list = format!("/t/{}/automate/connections", ending.tenant);
    let id = ending.connection.as_str();
    if ending.by_link {
        return by_link(ending);
    }
    if ending.in_page {
        let result = if ending.failure.is_some() { "failed" } else { "connected" };
        return Answer::redirect(&format!("{list}?{result}={id}"));
    }
    let (title, words) = match &ending.failure {
        None => {
            let who = ending.connected_as.as_ref().map(|who| format!(" as {who}")).unwrap_or_default();
            (
                "Connected",
                format!("You are connected{who}. This window closes by itself; if it does not, close it."),
            )
        }
        Some((reason, said)) => {
            let words = failure(*reason, said.as_deref());
            ("Not connected", format!("{words} You can close this window."))
        }
    };
    let reason = ending.failure.as_ref().map(|(reason, _)| reason.code());
    page(200, title, &words, Some(&list), Some((id, reason)))
}

/// What went wrong, what the provider said, and what to do.
fn failure(reason: Reason, said: Option<&str>) -> String {
    let said = match (reason, said) {
        // Our own words: who it was, and who it should have been.
        (Reason::WrongIdentity, Some(words)) => format!(" {words}"),
        (_, Some(words)) => format!(" The provider says: “{words}”"),
        (_, None) => String::new(),
    };
    format!("{}{said} {}", reason.words(), reason.remedy())
}

/// The end for somebody who came by a link and may have no account.
fn by_link(ending: &Ending) -> Answer {
    match &ending.failure {
        None => {
            let who = ending.connected_as.as_ref().map(|who| format!(" as {who}")).unwrap_or_default();
            let name = &ending.name;
            let words = format!("Thank you: “{name}” is connected again{who}. You can close this page.");
            page(200, "Connected", &words, None, None)
        }
        Some((reason, said)) => {
            let again = "The connection stays as it was. To try again, open the link once more.";
            let words = format!("{} {again}", failure(*reason, said.as_deref()));
            page(200, "Not connected", &words, None, None).with("x-reason", reason.code())
        }
    }
}

/// A callback that belongs to no sign-in that this browser may finish.
pub(super) fn refused(refusal: CallbackRefusal) -> Answer {
    let status = match refusal {
        CallbackRefusal::Used => 409,
        CallbackRefusal::Expired => 410,
        CallbackRefusal::OtherBrowser => 403,
        CallbackRefusal::Unknown | CallbackRefusal::WrongIssuer | CallbackRefusal::Malformed => 400,
    };
    page(status, "Not connected", refusal.words(), Some("/"), None).with("x-refusal", refusal.code())
}

/// A sign-in that came to nothing because of the connection's own state.
pub(super) fn failed(failure: &Failure) -> Answer {
    page(failure.code.status(), "Not connected", failure.detail(), Some("/"), None)
}

/// A page that needs nothing but two files of ours; the script tells the console and closes the window.
fn page(
    status: u16,
    title: &str,
    words: &str,
    back: Option<&str>,
    told: Option<(&str, Option<&str>)>,
) -> Answer {
    let data = told
        .map(|(id, reason)| {
            let (ok, reason) = (reason.is_none(), reason.unwrap_or_default());
            format!(" data-connection=\"{}\" data-ok=\"{ok}\" data-reason=\"{reason}\"", escaped(id))
        })
        .unwrap_or_default();
    let back = back
        .map(|back| format!("<p><a href=\"{}\">Go to Drawbridge</a></p>", escaped(back)))
        .unwrap_or_default();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Drawbridge</title>\
         <link rel=\"stylesheet\" href=\"/plain.css\"><script src=\"/callback.js\" defer></script></head>\
         <body{data}><main><h1>{title}</h1><p>{}</p>{back}</main></body></html>",
        escaped(words),
    );
    Answer::new(status, "text/html; charset=utf-8", html.into_bytes()).with(
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    )
}

pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
