//! The token endpoint: requests, scopes, answers.

use drawbridge_domain::time::{HOUR, Timestamp};
use http::Method;
use serde_json::json;

use super::*;

#[test]
fn an_app_gets_a_token_by_basic_by_form_and_by_json() {
    let world = World::new();
    let (id, secret) = (world.app.id.as_str(), world.app.secret.as_str());
    for path in ["/oauth/token", "/authentication/v1/token"] {
        assert_eq!(world.form(path, GRANT).status, 200, "client_secret_basic");
        let body = format!("{GRANT}&client_id={id}&client_secret={secret}");
        assert_eq!(post(&world.harness, path, &[], &body).status, 200, "client_secret_post");
        let body = json!({
            "client_id": id, "client_secret": secret, "grant_type": "client_credentials", "scope": "read:user",
        });
        let media = [("content-type", "application/json; charset=utf-8")];
        let answer = send(&world.harness, Method::POST, path, &media, &body.to_string());
        assert_eq!((answer.status, answer.json()["scope"].as_str()), (200, Some("read:user")), "JSON");
    }
}

#[test]
fn the_answer_says_all_and_is_kept_nowhere() {
    let world = World::new();
    let answer = world.form("/oauth/token", GRANT);
    let body = answer.json();
    let mut names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["access_token", "expires_at", "expires_in", "scope", "token_type"]);
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 3600);
    let end = Timestamp::parse(body["expires_at"].as_str().unwrap()).unwrap();
    assert_eq!(end, world.harness.services.now().plus(HOUR));
    assert_eq!(body["scope"].as_str(), Some(ApiScopes::FULL.to_string().as_str()));
    for (name, value) in
        [("content-type", "application/json"), ("cache-control", "no-store"), ("pragma", "no-cache")]
    {
        assert_eq!(answer.header(name), Some(value));
    }
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("set-cookie"), None);
}

#[test]
fn only_post_is_taken() {
    let world = World::new();
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
        for method in [Method::GET, Method::PUT, Method::OPTIONS] {
            let answer = send(&world.harness, method, path, &[("authorization", &world.app.basic())], "");
            assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{path}");
        }
    }
}

#[test]
fn what_stands_in_the_address_is_refused() {
    let world = World::new();
    for named in ["client_id=x", "client_secret=x", "grant_type=client_credentials", "scope=read:user"] {
        fault(&world.form(&format!("/oauth/token?{named}"), GRANT), 400, "invalid_request");
    }
    for path in ["/oauth/revoke?token=x", "/oauth/introspect?token=x", "/oauth/introspect?access_token=x"] {
        fault(&world.form(path, "token=x"), 400, "invalid_request");
    }
    assert_eq!(world.form("/oauth/token?tracing=1", GRANT).status, 200, "what is not ours is ignored");
}

#[test]
fn a_repeated_parameter_is_refused() {
    let world = World::new();
    for more in [GRANT, "scope=read:user&scope=read:user", "other=1&other=2", "gr%61nt_type=x"] {
        fault(&world.form("/oauth/token", &format!("{GRANT}&{more}")), 400, "invalid_request");
    }
    let media = [("content-type", "application/json"), ("authorization", &*world.app.basic())];
    let twice = r#"{"grant_type": "client_credentials", "grant_type": "client_credentials"}"#;
    fault(&send(&world.harness, Method::POST, "/oauth/token", &media, twice), 400, "invalid_request");
}

#[test]
fn a_parameter_without_a_value_is_as_one_that_is_not_there_and_unknown_ones_are_ignored() {
    let world = World::new();
    let answer = world.form("/oauth/token", &format!("{GRANT}&scope=&client_secret=&client_id&audience=x&"));
    assert_eq!(answer.json()["scope"].as_str(), Some(ApiScopes::FULL.to_string().as_str()));
    fault(&world.form("/oauth/token", "grant_type="), 400, "invalid_request");
}

#[test]
fn bodies_that_are_no_forms_are_refused() {
    let world = World::new();
    for body in ["", "grant_type", "grant_type=%zz", "grant_type=%f", "grant_type=%ff", "a=%c3%28"] {
        fault(&world.form("/oauth/token", body), 400, "invalid_request");
    }
    fault(&world.form("/oauth/token", &format!("{GRANT}&x={}", "y".repeat(100_000))), 400, "invalid_request");
    let basic = world.app.basic();
    for media in ["text/plain", "multipart/form-data", "application/x-www-form-urlencodedx"] {
        let headers = [("content-type", media), ("authorization", &*basic)];
        fault(&send(&world.harness, Method::POST, "/oauth/token", &headers, GRANT), 400, "invalid_request");
    }
    let media = [("content-type", "application/json"), ("authorization", &*basic)];
    for body in ["", "[]", "{", r#"{"grant_type": 1}"#, r#"{"grant_type": {"a": "b"}}"#] {
        fault(&send(&world.harness, Method::POST, "/oauth/token", &media, body), 400, "invalid_request");
    }
    // JSON is for the token endpoint; the other two take forms (RFC 7009 §2.1, RFC 7662 §2.1).
    for path in ["/oauth/revoke", "/oauth/introspect"] {
        let answer = send(&world.harness, Method::POST, path, &media, r#"{"token": "x"}"#);
        fault(&answer, 400, "invalid_request");
    }
}

#[test]
fn another_grant_is_not_supported_and_none_is_no_request() {
    let world = World::new();
    for grant in ["password", "refresh_token", "authorization_code", "CLIENT_CREDENTIALS", "x"] {
        let answer = world.form("/oauth/token", &format!("grant_type={grant}"));
        fault(&answer, 400, "unsupported_grant_type");
    }
    fault(&world.form("/oauth/token", "scope=read:user"), 400, "invalid_request");
}

#[test]
fn a_token_has_the_scopes_that_were_asked_for_and_never_more_than_the_app() {
    let world = World::new();
    world.set("scopes = 'read:connection manage:user'");
    let granted = |scope: &str| {
        let answer = world.form("/oauth/token", &format!("{GRANT}&scope={scope}"));
        let scope = answer.json()["scope"].as_str().map(str::to_owned);
        if let Some(scope) = &scope {
            let token = answer.json()["access_token"].as_str().unwrap().to_owned();
            assert_eq!(taken_apart(&token).1["scope"], scope.as_str());
        }
        scope.ok_or_else(|| Box::new(answer))
    };
    assert_eq!(granted("").ok().unwrap(), "read:connection manage:user");
    assert_eq!(granted("manage:user+read:connection").ok().unwrap(), "read:connection manage:user");
    assert_eq!(granted("read:user").ok().unwrap(), "read:user", "manage implies read");
    for bad in ["manage:connection", "read:connection+read:app", "read:nothing", "READ:USER", "full", "+"] {
        fault(&granted(bad).err().unwrap(), 400, "invalid_scope");
    }
    world.set("scopes = ''");
    fault(&granted("").err().unwrap(), 400, "invalid_scope");
}

#[test]
fn a_token_is_what_rfc_9068_demands() {
    let world = World::new();
    let (header, claims) = taken_apart(&world.token());
    let key = world.harness.db.query("SELECT id FROM signing_keys")[0]["id"].clone();
    assert_eq!(header, json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key }));
    let now = world.harness.services.now().millis() / 1000;
    let id = claims["jti"].as_str().unwrap();
    assert!(id.starts_with("atk_"));
    assert_eq!(
        claims,
        json!({
            "iss": ORIGIN, "aud": ORIGIN, "sub": world.app.id, "client_id": world.app.id, "iat": now,
            "exp": now + 3600, "jti": id, "scope": ApiScopes::FULL.to_string(), "tenant": world.tenant,
        })
    );
    let (_, other) = taken_apart(&world.token());
    assert_ne!(other["jti"].as_str(), Some(id), "no two have the same id");
}

#[test]
fn an_app_that_asks_for_it_has_its_tokens_signed_by_rs256() {
    let world = World::new();
    let app = add_app(&world.harness, &world.tenant, "read:user", "RS256");
    let token = token_of(&world.harness, &app, "");
    let (header, _) = taken_apart(&token);
    assert_eq!(header["alg"], "RS256");
    let told = world.form("/oauth/introspect", &format!("token={token}")).json();
    assert_eq!((told["active"].as_bool(), told["sub"].as_str()), (Some(true), Some(app.id.as_str())));
}
