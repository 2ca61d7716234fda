//! A tour of everything that handles secrets, also of what goes wrong there; then the whole log is searched.

use drawbridge_contract::endpoints::{
    ChangeOwnPassword, MakeConnection, RegisterOAuthClient, SetUpDeployment, SignInWithPassword,
    TestConnection,
};
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::{AuthorizeIn, CreateConnection};
use drawbridge_contract::types::oauth_clients::CreateOAuthClient;
use drawbridge_contract::types::sessions::{ChangePassword, SetUp, SignIn};
use drawbridge_tests::fixtures::{ADMIN, Desk, OTHER, PASSWORD, Stack, by_key};
use drawbridge_tests::provider::{Visitor, parameter, with_parameter};
use drawbridge_tests::secrets::{of_body, of_header};
use serde_json::json;

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

#[test]
fn secrets_are_found_where_they_stand() {
    let of = |body: &str| of_body(body.as_bytes()).into_iter().collect::<Vec<_>>();
    assert_eq!(of(r#"{"email":"ada@example.org","password":"violet harbour"}"#), ["violet harbour"]);
    assert_eq!(
        of(r#"{"credentials":{"anything":"sandbox-key-ada"},"name":"long enough"}"#),
        ["sandbox-key-ada"]
    );
    assert_eq!(of(r#"{"token":{"id":"pat_0000000001"},"secret":"dbr_pat_012345"}"#), ["dbr_pat_012345"]);
    assert_eq!(of("grant_type=client_credentials&client_secret=a%2Bb+c%25def"), ["a+b c%def"]);
    assert_eq!(of(r#"{"url":"https://a.example/reconnect#0123456789"}"#), ["0123456789"]);
    assert_eq!(of("said dbr_app_0123 and more"), ["dbr_app_0123"]);
    assert_eq!(of(r#"{"access_token":"eyJhbGciOi.eyJpc3Mi.c2lnbmF0dXJl"}"#), ["c2lnbmF0dXJl"]);
    assert_eq!(of(r#"{"name":"nothing secret","status":"active"}"#), [] as [String; 0]);
    let header = |name, value| of_header(name, value).into_iter().collect::<Vec<_>>();
    assert_eq!(header("authorization", "Bearer abcdefgh"), ["abcdefgh"]);
    assert_eq!(header("authorization", "Basic YXBwOnRoZS1zZWNyZXQ="), ["YXBwOnRoZS1zZWNyZXQ=", "the-secret"]);
    assert_eq!(header("set-cookie", "__Host-session=0123456789; Path=/; Secure"), ["0123456789"]);
    assert_eq!(header("content-type", "application/json"), [] as [String; 0]);
}

#[test]
fn no_secret_is_in_the_log_of_a_whole_tour() {
    let stack = Stack::start();
    let log = stack.server.log();
    let stranger = stack.server.browser();

    // Passwords: wrong, right, not even a text, changed.
    for typed in ["wrong-password-typed-1", "wrong-password-typed-2"] {
        log.keep_out(typed);
        stranger
            .to::<SignInWithPassword>()
            .with(&SignIn { email: OTHER.to_owned(), password: secret(typed) })
            .send();
    }
    log.keep_out("password-in-a-wrong-place");
    for body in [
        json!({ "email": "password-in-a-wrong-place", "password": ["password-in-a-wrong-place"] }),
        json!({ "email": ADMIN, "password": PASSWORD, "password-in-a-wrong-place": "password-in-a-wrong-place" }),
        json!(["password-in-a-wrong-place"]),
    ] {
        stranger.raw("POST", "/api/v1/session").json(&body).send();
    }
    stranger.raw("POST", "/api/v1/session?password=password-in-a-wrong-place").json(&json!({})).send();
    stranger.raw("GET", "/api/v1/password-in-a-wrong-place").send();
    stranger.raw("GET", "/oauth/callback/password-in-a-wrong-place?x=password-in-a-wrong-place").send();
    let set_up = SetUp {
        setup_code: secret("WRONG-SETUP-CODE-7777"),
        tenant_name: "x".to_owned(),
        email: ADMIN.to_owned(),
        first_name: "x".to_owned(),
        last_name: "x".to_owned(),
        password: secret("another new password 1"),
    };
    log.keep_out("WRONG-SETUP-CODE-7777");
    log.keep_out("another new password 1");
    stranger.to::<SetUpDeployment>().with(&set_up).send();

    let desk = stack.desk("Tour");
    let new = "violet harbour 72 engine";
    log.keep_out(new);
    let change = |from: &str, to: &str| {
        let body = ChangePassword { current_password: secret(from), new_password: secret(to) };
        desk.user.to::<ChangeOwnPassword>().with(&body).send()
    };
    change("wrong-password-typed-1", new).with_status(422);
    change(PASSWORD, new).with_status(204);
    change(new, PASSWORD).with_status(204);

    // Credentials typed in: good, bad, in the wrong field, repeated by the provider.
    for key in ["sandbox-key-ada", "sandbox-key-mistyped"] {
        log.keep_out(key);
        desk.user.to::<MakeConnection>().with(&by_key("Tour by key", key)).send();
    }
    log.keep_out("secret-as-a-setting");
    let mut body = by_key("Tour misplaced", "sandbox-key-ada");
    body.settings.insert("secret-as-a-setting".to_owned(), "secret-as-a-setting".to_owned());
    desk.user.to::<MakeConnection>().with(&body).send();
    let words = "You sent sandbox-key-ada and that is wrong";
    let switch =
        json!({ "kind": "status", "status": 401, "description": words, "path": "/generic", "times": 1 });
    stack.sandbox.switch(&switch);
    let answer = desk
        .user
        .to::<MakeConnection>()
        .with(&by_key("Tour echo", "sandbox-key-ada"))
        .send()
        .with_status(422);
    assert!(!answer.text().contains("sandbox-key-ada"), "a key that the provider repeats: {answer:?}");
    log.keep_out("client-secret-mistyped");
    let body = CreateConnection {
        auth: "client-credentials".to_owned(),
        settings: [("clientId".to_owned(), desk.client.clone())].into(),
        credentials: [("clientSecret".to_owned(), secret("client-secret-mistyped"))].into(),
        ..by_key("Tour client", "")
    };
    desk.user.to::<MakeConnection>().with(&body).send();
    for base in ["https://service.test", "https://nothing.invalid"] {
        log.keep_out("key-in-an-address");
        let body = CreateConnection {
            connector: "http".to_owned(),
            auth: "api-key-query".to_owned(),
            settings: [("baseUrl", base), ("validationPath", "/me")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .into(),
            credentials: [("apiKey".to_owned(), secret("key-in-an-address"))].into(),
            ..by_key("Tour query", "")
        };
        desk.user.to::<MakeConnection>().with(&body).send();
    }
    log.keep_out("registered-client-secret");
    let client = CreateOAuthClient {
        connector: "no-such-connector".to_owned(),
        name: "Tour".to_owned(),
        client_id: "tour".to_owned(),
        client_secret: secret("registered-client-secret"),
    };
    desk.user.to::<RegisterOAuthClient>().with(&client).send();

    // The application itself, and tokens that are refreshed; each of them is noted while the provider knows it.
    let secret_of = stack.sandbox.client(&desk.client, stack.server.origin());
    let body =
        CreateConnection { credentials: [("clientSecret".to_owned(), secret(&secret_of))].into(), ..body };
    desk.user.to::<MakeConnection>().with(&body).good();
    let refreshed = desk.connected("Tour refreshed", "grace");
    assert!(stack.keep_tokens_out() >= 4, "codes, access tokens and refresh tokens");
    desk.switch(json!({ "kind": "expired_token" }));
    desk.test(&refreshed);
    assert!(stack.keep_tokens_out() >= 2, "a new access token and a new refresh token");

    // The flow: good, reused, denied, broken; then tokens that expire, are refreshed, and fail.
    let connection = desk.connected("Tour by sign-in", "ada");
    let callback = desk.visit(&desk.authorize(&connection, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    for address in [
        with_parameter(&callback, "iss", Some("https://issuer.example")),
        callback.clone(),
        format!("{callback}&state={}", parameter(&callback, "state").unwrap_or_default()),
    ] {
        desk.user.navigate(&address);
        stranger.navigate(&address);
    }
    desk.sign_in(&connection, &mut Visitor::new("ada").who_denies());
    for switch in [
        json!({ "kind": "malformed_json", "target": "token", "when": "after", "times": 1 }),
        json!({ "kind": "close", "target": "token", "when": "after", "times": 1 }),
        json!({ "kind": "status", "target": "token", "status": 500, "times": 1 }),
    ] {
        desk.switch(switch);
        desk.sign_in(&connection, &mut Visitor::new("ada"));
    }
    for switch in [
        json!({ "kind": "expired_token" }),
        json!({ "kind": "status", "status": 500, "times": 1 }),
        json!({ "kind": "close", "times": 1 }),
        json!({ "kind": "malformed_json", "times": 1 }),
        json!({ "kind": "revoked_grant" }),
    ] {
        stack.keep_tokens_out();
        desk.switch(switch);
        desk.user.to::<TestConnection>().at(Desk::at(&connection)).send();
    }
    stack.server.run_scheduled();

    stack.keep_tokens_out();
    let log = std::sync::Arc::clone(stack.server.log());
    stack.server.stop();
    assert!(
        log.entries().len() > 40 && log.secrets() > 50,
        "{} lines, {} secrets",
        log.entries().len(),
        log.secrets()
    );
    log.holds_no_secret();
    for entry in log.entries().iter().filter(|entry| entry["event"] == "request") {
        let ours = entry["status"].as_u64().unwrap() >= 500 && entry["code"] != "provider_unavailable";
        assert!(!ours, "nothing of this is a fault of ours: {entry}");
    }
}
