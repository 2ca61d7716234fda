//! The authorization server on the real runtime, with a client that we did not write.

use std::sync::Arc;

use base64ct::{Base64, Encoding};
use drawbridge_contract::endpoints::{DisableApp, MakeApp};
use drawbridge_contract::types::apps::{AppPath, AppWithSecret, CreateApp, TokenAlgorithm};
use drawbridge_domain::id::Id;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::fixtures::{Stack, User, shared};
use drawbridge_tests::log::Log;
use drawbridge_tests::places;
use drawbridge_tests::process::Program;
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

fn app(admin: &User, stack: &Stack, algorithm: TokenAlgorithm) -> (AppWithSecret, String) {
    let body = CreateApp {
        name: "Night run".to_owned(),
        description: String::new(),
        scopes: None,
        addresses: Vec::new(),
        expires_at: None,
        token_algorithm: algorithm,
    };
    let made = admin.to::<MakeApp>().with(&body).good();
    let secret = made.secret.as_ref().unwrap().expose().to_owned();
    stack.server.log().keep_out(&secret);
    (made, secret)
}

/// What a client is told that knows OAuth and nothing of us.
fn told(origin: &str, id: &str, secret: &str, way: &str) -> Value {
    let log = Arc::new(Log::default());
    let mut command = places::node();
    command.arg("tests/support/oauth.mjs").arg(origin);
    let mut client = Program::start(&mut command, &log);
    client.tell(&json!({ "id": id, "secret": secret, "way": way }).to_string());
    client.said().unwrap_or_else(|| panic!("the client ended by itself:\n{}", log.lines().join("\n")))
}

fn post(browser: &Browser, path: &str, id: &str, secret: &str, body: &str) -> Answered {
    let basic = format!("Basic {}", Base64::encode_string(format!("{id}:{secret}").as_bytes()));
    let sent = browser.raw("POST", path).header("origin", "").header("authorization", &basic);
    sent.bytes(FORM, body.as_bytes().to_vec()).send()
}

#[test]
fn a_client_that_knows_only_oauth_discovers_gets_uses_and_ends_a_token() {
    let stack = shared();
    let admin = stack.in_tenant("Thousand");
    let origin = stack.server.origin();
    for (algorithm, name) in [(TokenAlgorithm::EdDsa, "EdDSA"), (TokenAlgorithm::Rs256, "RS256")] {
        let (made, secret) = app(&admin, &stack, algorithm);
        let id = made.app.id.as_str();
        for way in ["basic", "post"] {
            let told = told(origin, id, &secret, way);
            assert_eq!(told["protectedHeader"]["alg"], name, "{told}");
            let token = told["granted"]["access_token"].as_str().unwrap();
            stack.server.log().keep_out(token);
            assert_eq!(told["granted"]["scope"], "read:connection read:user");
            assert_eq!(
                (told["payload"]["sub"].as_str(), told["payload"]["iss"].as_str()),
                (Some(id), Some(origin))
            );
            assert_eq!(told["before"]["active"], true);
            assert_eq!(told["used"], 200, "it calls the API");
            assert_eq!((&told["connections"], &told["users"]), (&json!(1000), &json!(1)));
            assert_eq!(told["after"], json!({ "active": false }), "and is good no more once it is revoked");
            assert_eq!(told["refused"], 401);
        }
    }
}

#[test]
fn a_disabled_app_gets_no_token_and_its_tokens_are_over() {
    let stack = shared();
    let admin = stack.tenant("A disabled app");
    let (made, secret) = app(&admin, &stack, TokenAlgorithm::EdDsa);
    let (id, stranger) = (made.app.id.as_str(), admin.stranger());
    let granted = post(&stranger, "/authentication/v1/token", id, &secret, "grant_type=client_credentials");
    let granted = granted.with_status(200).json();
    let token = granted["access_token"].as_str().unwrap().to_owned();
    stack.server.log().keep_out(&token);
    assert_eq!(
        (granted["token_type"].as_str(), granted["expires_in"].as_i64()),
        (Some("Bearer"), Some(3600))
    );
    let who =
        || stranger.raw("GET", "/api/v1/session").header("authorization", &format!("Bearer {token}")).send();
    who().with_status(200);
    admin.to::<DisableApp>().at(AppPath { app: made.app.id.clone() }).good();
    who().with_status(401);
    let refused =
        post(&stranger, "/oauth/token", id, &secret, "grant_type=client_credentials").with_status(401);
    assert_eq!(refused.json()["error"], "invalid_client");
    assert!(refused.header("www-authenticate").unwrap().starts_with("Basic "));
    // The client looks at the challenge first.
    let told = told(stack.server.origin(), id, &secret, "basic");
    assert_eq!(told["failed"], "OAUTH_WWW_AUTHENTICATE_CHALLENGE", "{told}");
    assert_eq!(told["status"], 401);
}

#[test]
fn what_a_header_says_twice_is_refused_by_the_real_runtime_too() {
    let stack = shared();
    let admin = stack.tenant("Headers twice");
    let (made, secret) = app(&admin, &stack, TokenAlgorithm::EdDsa);
    let basic = Base64::encode_string(format!("{}:{secret}", made.app.id).as_bytes());
    // The runtime joins what stands in several lines by commas.
    let stranger = admin.stranger();
    let sent = stranger.raw("POST", "/oauth/token").header("origin", "");
    let sent = sent.header("authorization", &format!("Basic {basic}, Basic {basic}"));
    let refused = sent.bytes(FORM, b"grant_type=client_credentials".to_vec()).send().with_status(401);
    assert_eq!(refused.json()["error"], "invalid_client");
}
