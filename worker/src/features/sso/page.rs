//! What a person sees when a sign-in came to nothing: words and a way on.

use drawbridge_domain::sso::SsoRefusal;

use crate::features::connections::escaped;
use crate::http::Answer;

/// A sign-in that came to nothing, with the way back to the tenant's sign-in page where the tenant is known.
pub(super) fn refused(refusal: SsoRefusal, tenant: Option<&str>) -> Answer {
    let back = tenant.map_or_else(|| "/sign-in".to_owned(), |slug| format!("/sign-in/{slug}"));
    page(refusal, "", &back, "Back to sign-in")
}

/// A sign-in of somebody who is signed in, with the way back to the page where it was started.
pub(super) fn failed(refusal: SsoRefusal, detail: &str, back: &str) -> Answer {
    page(refusal, detail, back, "Back")
}

fn page(refusal: SsoRefusal, detail: &str, back: &str, back_words: &str) -> Answer {
    let detail = if detail.is_empty() { String::new() } else { format!("<p>{}</p>", escaped(detail)) };
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Not signed in · Drawbridge</title>\
         <link rel=\"stylesheet\" href=\"/plain.css\"></head><body><main><h1>Not signed in</h1><p>{}</p>{detail}\
         <p><a href=\"{}\">{back_words}</a></p></main></body></html>",
        escaped(refusal.words()),
        escaped(back),
    );
    Answer::new(refusal.status(), "text/html; charset=utf-8", html.into_bytes())
        .with(
            "content-security-policy",
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        .with("x-refusal", refusal.code())
}
