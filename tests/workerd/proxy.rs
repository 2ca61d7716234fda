//! What passes through the real runtime: bodies both ways, as they come.

use drawbridge_contract::endpoints::MakeConnection;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_tests::fixtures::{User, by_key, shared};
use serde_json::json;

fn at(connection: &Connection, rest: &str) -> String {
    format!("/api/v1/connections/{}/proxy/{rest}", connection.summary.id)
}

fn made(user: &User, name: &str) -> Connection {
    user.to::<MakeConnection>().with(&by_key(name, "sandbox-key-alan")).good()
}

#[test]
fn calls_pass_through_with_credentials_and_without_ours() {
    let stack = shared();
    let user = stack.tenant("Passes through");
    let connection = made(&user, "Through");
    let me = user.raw("GET", &at(&connection, "me")).send().with_status(200);
    assert_eq!(me.json()["id"], "alan");
    assert_eq!(me.header("x-answered-by"), Some("provider"));
    let body = json!({ "name": "Streamed", "note": "x".repeat(300_000) });
    let echo = user.raw("POST", &at(&connection, "echo/a%20b?x=1")).json(&body);
    let echo = echo.send().with_status(200);
    let told = echo.json();
    assert_eq!(told["method"], "POST");
    assert_eq!(told["query"], json!([["x", "1"]]));
    assert_eq!(told["bytes"], body.to_string().len(), "the body arrived whole");
    let text = told.to_string();
    let session = user.cookie().unwrap();
    assert!(!text.contains(&session) && !text.contains("sandbox-key-alan"));
    user.raw("GET", &at(&connection, "contacts/nobody")).send().with_status(404);
    let head = user.raw("HEAD", &at(&connection, "me")).send();
    assert_eq!((head.status, head.body.len()), (405, 0), "this provider knows no HEAD");
    assert_eq!(head.header("x-answered-by"), Some("provider"));
}

#[test]
fn a_large_answer_passes_and_a_redirect_elsewhere_does_not() {
    let stack = shared();
    let user = stack.tenant("Large answers");
    let connection = made(&user, "Large");
    let path = "/generic/echo/large";
    let target = at(&connection, "echo/large");
    let switch = stack.sandbox.switch(&json!({ "kind": "huge_body", "bytes": 8_000_000, "path": path }));
    let answer = user.raw("GET", &target).send().with_status(200);
    assert!(answer.body.len() >= 8_000_000, "{}", answer.body.len());
    stack.sandbox.switch_off(&switch);
    for location in ["http://169.254.169.254/latest/meta-data", "https://example.com/", "//127.0.0.1:1/x"] {
        let switch = stack.sandbox.switch(&json!({ "kind": "redirect", "location": location, "path": path }));
        let problem = user.raw("GET", &target).send().problem(ProblemCode::ProviderUnavailable);
        assert!(problem.detail.contains("none of the hosts"), "{problem:?}");
        stack.sandbox.switch_off(&switch);
    }
}
