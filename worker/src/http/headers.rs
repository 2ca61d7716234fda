//! The headers of every answer of the API. Those of the console's files stand in `public/_headers`.

use drawbridge_domain::id::Id;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::{Answer, Facts, Outgoing};

const ALWAYS: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
];

/// The answer with the headers that all have; one that the answer set itself stays.
pub(super) fn finish(answer: Answer, facts: &Facts) -> Response<Outgoing> {
    let body = match (answer.socket, answer.stream) {
        (Some(socket), _) => Outgoing::Socket(socket),
        (None, Some(stream)) => Outgoing::Stream(stream),
        (None, None) => Outgoing::Whole(answer.body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            let name = HeaderName::from_static(name);
            if name == http::header::SET_COOKIE {
                headers.append(name, value);
            } else {
                headers.insert(name, value);
            }
        }
    }
    if let Ok(id) = HeaderValue::from_str(facts.id.as_str()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// An answer with nothing but a status: there were not even random bytes for a request id.
pub(super) fn bare(status: u16) -> Response<Outgoing> {
    let mut response = Response::new(Outgoing::Whole(Vec::new()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}
