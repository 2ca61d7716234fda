//! The problems that an endpoint can answer: its own, and those that follow from what it is and takes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::endpoint::{Access, Info, Reach};
use crate::problem::{FieldProblem, Problem, ProblemCode};

/// All of them, by status.
pub(super) fn of(info: &Info, has_body: bool) -> BTreeMap<u16, Vec<ProblemCode>> {
    use ProblemCode as P;
    let passes_through = info.method == crate::endpoint::Method::Any;
    let changes = !info.method.is_safe();
    let mut list = info.problems.to_vec();
    // Anything can meet a fault, a database that does not answer and a wrong master key; and be asked in a bad way.
    list.extend([P::BadRequest, P::Internal, P::NotReady, P::WrongMasterKey]);
    if !passes_through {
        // A parameter that is unknown, or there twice.
        list.push(P::InvalidFields);
    }
    if info.access != Access::Public {
        // No credentials or bad ones; a limit of the app or token, or of the address that tries.
        list.extend([P::Unauthenticated, P::TooManyRequests]);
    }
    if matches!(info.access, Access::Role(_)) {
        list.push(P::NeedsRole);
    }
    match info.reach {
        Reach::SessionOnly if info.access != Access::Public => list.push(P::NeedsSession),
        Reach::Scope(_) | Reach::Full => list.push(P::InsufficientScope),
        Reach::Any | Reach::SessionOnly => {}
    }
    if !info.by_machines && (changes || info.is_socket() || info.shows_secret()) {
        list.push(P::CrossSite);
    }
    if changes && !passes_through {
        // Another change at the same moment.
        list.push(P::Conflict);
    }
    if info.path.contains('{') {
        // What is no identifier names nothing.
        list.push(P::NotFound);
    }
    if has_body {
        list.extend([P::NotJson, P::BodyTooLarge, P::UnsupportedMediaType]);
    }
    if info.if_match {
        list.extend([P::PreconditionFailed, P::PreconditionRequired]);
    }
    if info.idempotent {
        list.push(P::IdempotencyMismatch);
    }
    list.sort_by_key(|code| (code.status(), code.code()));
    list.dedup();
    let mut by_status = BTreeMap::<u16, Vec<P>>::new();
    for code in list {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status
}

/// The name under which an answer with these problems stands among the components.
pub(super) fn name(status: u16, codes: &[ProblemCode]) -> String {
    let codes: Vec<&str> = codes.iter().map(|code| code.code()).collect();
    format!("{status}.{}", codes.join("."))
}

/// An answer with one of these problems.
pub(super) fn response(status: u16, codes: &[ProblemCode]) -> Value {
    let words: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.code(), code.title())).collect();
    let known: Vec<&str> = codes.iter().map(|code| code.code()).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| {
            (code.code().to_owned(), json!({ "$ref": format!("#/components/examples/{}", code.code()) }))
        })
        .collect();
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    if status == 401 || codes.contains(&ProblemCode::InsufficientScope) {
        headers["WWW-Authenticate"] = json!({ "$ref": "#/components/headers/WWW-Authenticate" });
    }
    if status == 429 {
        for name in ["Retry-After", "RateLimit", "RateLimit-Policy"] {
            headers[name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
    }
    json!({
        "description": words.join(" · "),
        "headers": headers,
        "content": { "application/problem+json": {
            "schema": {
                "$ref": "#/components/schemas/Problem",
                "properties": { "status": { "const": status }, "code": { "enum": known } },
            },
            "examples": examples,
        } },
    })
}

/// An example of each code.
pub(super) fn examples() -> Map<String, Value> {
    let example = |code: &ProblemCode| {
        let request = "req_01kafz2b5e4q8x7w9r3t6y1m0c".to_owned();
        let mut problem = Problem::new(*code, format!("{}.", code.title()), request);
        if *code == ProblemCode::InvalidFields {
            problem.fields.push(FieldProblem {
                path: "name".to_owned(),
                code: "missing".to_owned(),
                message: "Fill this in.".to_owned(),
            });
        }
        if *code == ProblemCode::InsufficientScope {
            problem.required_scope = Some("manage:connection".to_owned());
            problem.scopes = vec!["read:connection".to_owned()];
        }
        (code.code().to_owned(), json!({ "summary": code.title(), "value": problem }))
    };
    ProblemCode::ALL.iter().map(example).collect()
}
