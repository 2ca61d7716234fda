//! What a check of a definition finds.

use serde_json::{Value, json};

use crate::connector::{Definition, Problem};

fn good() -> Value {
    json!({
        "id": "acme", "name": "Acme", "description": "Things.", "category": "crm", "icon": "acme",
        "hosts": ["{site}.acme.example.com", "login.example.com"],
        "baseUrl": "https://{site}.acme.example.com/v1",
        "settings": [{ "id": "site", "label": "Site", "format": "subdomain", "required": true }],
        "auth": [
            { "id": "oauth", "label": "Sign in", "scheme": { "oauthCode": {
                "authorizationUrl": "https://login.example.com/authorize",
                "tokenUrl": "https://login.example.com/token",
                "scopes": { "known": [{ "name": "offline", "description": "Stay", "required": true }] },
                "pkce": true, "tokenAuthMethod": "basic", "refresh": { "rotates": true, "scope": "offline" }
            } } },
            { "id": "key", "label": "Key", "fields": [{ "id": "apiKey", "label": "Key", "secret": true }],
              "scheme": { "apiKey": { "in": "header", "name": "X-Key", "value": "{apiKey}" } } }
        ],
        "validation": { "path": "/me" },
        "identity": { "id": "/id" },
        "operations": [
            { "id": "get-thing", "name": "Get", "description": "Reads.", "type": "action", "path": "/things/{thing}",
              "parameters": [{ "id": "thing", "label": "Thing", "in": "path", "required": true, "lookup": "things" }] },
            { "id": "things", "name": "Things", "description": "Lists.", "type": "lookup", "path": "/things",
              "answer": { "items": "/items", "value": "/id", "label": "/name" } }
        ]
    })
}

/// The faults after the value at a pointer was replaced.
fn after(pointer: &str, value: Value) -> Vec<(String, Problem)> {
    let mut all = good();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match all.pointer_mut(parent).unwrap() {
        Value::Array(list) if name == "-" => list.push(value),
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        other => other[name] = value,
    }
    let definition: Definition = serde_json::from_value(all).unwrap();
    let faults = definition.check().err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.at, fault.problem)).collect()
}

fn finds(pointer: &str, value: Value, at: &str, problem: Problem) {
    let faults = after(pointer, value);
    assert!(faults.contains(&(at.to_owned(), problem.clone())), "{pointer}: {problem:?} not in {faults:?}");
}

#[test]
fn the_good_one_is_good() {
    assert_eq!(after("/name", json!("Acme")), []);
}

#[test]
fn ids_and_texts() {
    for id in ["Acme", "a_b", "-a", "a--b", "a-", "1a", "", "a b", "ä"] {
        finds("/id", json!(id), "id", Problem::NotKebabCase);
    }
    finds("/name", json!("  "), "name", Problem::Length);
    finds("/description", json!("x".repeat(201)), "description", Problem::Length);
    finds("/operations/1/id", json!("get-thing"), "operations.get-thing", Problem::Twice);
    finds("/auth/1/id", json!("oauth"), "auth.oauth", Problem::Twice);
    finds("/settings/0/id", json!("Site"), "settings.Site", Problem::NotAName);
    finds("/settings/0/id", json!("sandboxOrigin"), "settings.sandboxOrigin", Problem::NotAName);
}

#[test]
fn addresses_stay_inside_the_hosts() {
    let token = "/auth/0/scheme/oauthCode/tokenUrl";
    let at = "auth.oauth.tokenUrl";
    finds(token, json!("https://elsewhere.example.com/token"), at, Problem::OutsideHosts);
    finds(token, json!("http://login.example.com/token"), at, Problem::Template);
    finds(token, json!("/token\u{e4}"), at, Problem::Template);
    finds(
        token,
        json!("https://{other}.example.com/token"),
        at,
        Problem::Unknown { name: "other".to_owned() },
    );
    finds(token, json!("{sandboxOrigin}/token"), at, Problem::SandboxOnly);
    finds("/baseUrl", json!("https://{site}.example.com"), "baseUrl", Problem::OutsideHosts);
    finds("/validation/path", json!("https://evil.example/me"), "validation.path", Problem::OutsideHosts);
    let read_with_body = json!({ "path": "/me", "body": { "query": "{ me }" } });
    finds("/validation", read_with_body, "validation.body", Problem::Method);
    finds(
        "/operations/1/path",
        json!("https://evil.example/"),
        "operations.things.path",
        Problem::OutsideHosts,
    );
    finds("/hosts", json!([]), "hosts", Problem::Length);
    for pattern in [
        "*",
        "*.",
        "*.com:1",
        "localhost",
        "10.0.0.1",
        "https://a.example.com",
        "*.{site}.example.com",
        "a/b",
    ] {
        finds("/hosts/-", json!(pattern), &format!("hosts.{pattern}"), Problem::HostPattern);
    }
}

#[test]
fn secrets_stay_out_of_addresses() {
    let secret = Problem::SecretExposed { name: "apiKey".to_owned() };
    finds("/auth/1/baseUrl", json!("https://login.example.com/{apiKey}"), "auth.key.baseUrl", secret);
    finds("/auth/1/fields/0/secret", json!(false), "auth.key.value", Problem::NotSecret);
    finds("/auth/1/fields/0/default", json!("k"), "auth.key.fields.apiKey.default", Problem::NotSecret);
    // Only one of the two ways knows the name.
    let unknown = Problem::Unknown { name: "apiKey".to_owned() };
    finds("/validation/path", json!("/me/{apiKey}"), "validation.path", unknown);
    finds("/headers", json!({ "Authorization": "Bearer x" }), "headers.Authorization", Problem::Header);
    let kept = json!([{ "id": "token", "from": "access_token" }]);
    finds("/auth/0/scheme/oauthCode/tokenValues", kept, "auth.oauth.tokenValues.token", Problem::NotSecret);
}

#[test]
fn oauth_is_done_properly() {
    let oauth = "/auth/0/scheme/oauthCode";
    let mut all = good();
    all["auth"][0]["scheme"]["oauthCode"]["tokenAuthMethod"] = json!("none");
    let definition: Definition = serde_json::from_value(all.clone()).unwrap();
    assert_eq!(definition.check(), Ok(()));
    all["auth"][0]["scheme"]["oauthCode"]["pkce"] = json!(false);
    let definition: Definition = serde_json::from_value(all).unwrap();
    assert_eq!(definition.check().unwrap_err()[0].at, "auth.oauth.pkce");

    finds(
        &format!("{oauth}/refresh"),
        json!({ "rotates": true, "scope": "x" }),
        "auth.oauth.refresh.scope",
        Problem::Scopes,
    );
    let params = json!({ "redirect_uri": "https://evil.example" });
    let at = "auth.oauth.extraAuthorizationParams.redirect_uri";
    finds(&format!("{oauth}/extraAuthorizationParams"), params, at, Problem::Twice);
    let client = json!({ "clientId": "a", "clientSecret": "b" });
    finds(&format!("{oauth}/builtinClient"), client, "auth.oauth.builtinClient", Problem::SandboxOnly);
    finds(
        &format!("{oauth}/tokenAuthMethod"),
        json!({ "field": "site" }),
        "auth.oauth.tokenAuthMethod",
        Problem::Options,
    );
    finds(
        &format!("{oauth}/scopes"),
        json!({ "known": [{ "name": "a b", "description": "x" }] }),
        "auth.oauth.scopes.a b",
        Problem::Scopes,
    );
}

#[test]
fn operations_match_their_parameters() {
    let at = "operations.get-thing.parameters.thing";
    let parameter = "/operations/0/parameters/0";
    finds(&format!("{parameter}/required"), json!(false), at, Problem::Parameter);
    finds(&format!("{parameter}/lookup"), json!("get-thing"), &format!("{at}.lookup"), Problem::Lookup);
    finds(&format!("{parameter}/in"), json!("body"), at, Problem::Method);
    finds("/operations/0/path", json!("/things"), at, Problem::Parameter);
    let unknown = Problem::Unknown { name: "other".to_owned() };
    finds("/operations/0/path", json!("/things/{thing}/{other}"), "operations.get-thing.path", unknown);
    finds("/operations/1/answer", json!({ "items": "/items" }), "operations.things.answer", Problem::Lookup);
    finds("/operations/1/answer/items", json!("items"), "operations.things.answer", Problem::Pointer);
    finds("/identity/id", json!("/a~2"), "identity", Problem::Pointer);
    let taken = json!({ "id": "site", "label": "Site", "in": "query" });
    finds("/operations/0/parameters/-", taken, "operations.get-thing.parameters.site", Problem::Twice);
}

#[test]
fn fields_are_well_formed() {
    let at = "settings.site";
    finds(
        "/settings/0/format",
        json!({ "characters": { "allowed": "z-a", "max": 3 } }),
        &format!("{at}.format"),
        Problem::Format,
    );
    finds("/settings/0/format", json!({ "hostUnder": [] }), &format!("{at}.format"), Problem::Format);
    finds("/settings/0/default", json!("a.b"), &format!("{at}.default"), Problem::Format);
    finds("/settings/0/kind", json!("select"), &format!("{at}.options"), Problem::Options);
}

#[test]
fn a_fault_is_told_in_words() {
    let mut all = good();
    all["validation"]["path"] = json!("/me/{who}");
    let faults = serde_json::from_value::<Definition>(all).unwrap().check().unwrap_err();
    assert_eq!(faults.len(), 1, "each fault once, not once per way");
    assert_eq!(faults[0].to_string(), "validation.path: nothing declares {who}");
}
