//! What is wrong with a request, and what is answered.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::RequestId;
use drawbridge_domain::limits::MAX_BODY;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::json;
use url::Url;

use crate::http::{Body, Incoming, handle};
use crate::new_id;
use crate::services::Settings;
use crate::testing::{Browser, Harness, ORIGIN, in_pieces};

const TENANTS: &str = "/api/v1/tenants";
const CLIENTS: &str = "/api/v1/oauth-clients";

fn post(browser: &Browser, body: &str) -> crate::testing::TestAnswer {
    browser.send(Method::POST, TENANTS, Some(body.as_bytes().to_vec()))
}

#[test]
fn a_change_from_another_site_is_refused() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let before = harness.db.dump(&[]);
    for origin in [
        "",
        "null",
        "https://evil.example",
        "http://drawbridge.example",
        "https://drawbridge.example:8443",
        "https://drawbridge.example/",
        "https://drawbridge.example.evil.example",
        "https://DRAWBRIDGE.example",
    ] {
        browser.with("origin", origin);
        let answer = post(&browser, "{\"name\":\"x\"}");
        answer.problem(ProblemCode::CrossSite);
        // Signing in and out and setting up too: a page elsewhere can do none of it.
        let body = json!({ "email": "ada@example.com", "password": crate::testing::PASSWORD });
        browser.send_json(Method::POST, "/api/v1/session", &body).problem(ProblemCode::CrossSite);
        browser.send(Method::DELETE, "/api/v1/session", None).problem(ProblemCode::CrossSite);
        browser.send_json(Method::POST, "/api/v1/setup", &json!({})).problem(ProblemCode::CrossSite);
    }
    assert!(harness.db.changed_since(&before).is_empty());
    browser.with("origin", "https://evil.example").who_am_i();
    assert_eq!(post(browser.with("origin", ORIGIN), "{\"name\":\"x\"}").status, 201);
}

#[test]
fn an_origin_sent_twice_is_none() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let mut headers = HeaderMap::new();
    headers.append("origin", HeaderValue::from_static(ORIGIN));
    headers.append("origin", HeaderValue::from_static("https://evil.example"));
    headers.append("cookie", HeaderValue::from_str(browser.cookie.borrow().as_ref().unwrap()).unwrap());
    let incoming = Incoming {
        method: Method::DELETE,
        url: Url::parse(ORIGIN).unwrap().join("/api/v1/session").unwrap(),
        headers,
        body: Body::Read(Vec::new()),
        country: String::new(),
    };
    let response = pollster::block_on(handle(&harness.router, &harness.services, incoming));
    assert_eq!(response.status(), 403);
}

#[test]
fn the_clients_address_is_the_networks_word_and_the_deployments_only_where_there_is_none() {
    let harness = Harness::new();
    let settings = Settings { client_address: "127.0.0.1".to_owned(), ..Settings::default() };
    for (values, address) in [
        (&[][..], "127.0.0.1"),
        (&["198.51.100.4"], "198.51.100.4"),
        (&[""], ""),
        // Whose word it is cannot be known: nobody's address, and none that a list allows.
        (&["198.51.100.4", "127.0.0.1"], ""),
    ] {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("cf-connecting-ip", HeaderValue::from_static(value));
        }
        let (method, url, body) = (Method::GET, Url::parse(ORIGIN).unwrap(), Body::Read(Vec::new()));
        let incoming = Incoming { method, url, headers, body, country: String::new() };
        let facts = incoming.facts(&settings, new_id!(harness.services, RequestId).unwrap());
        assert_eq!(facts.address, address, "{values:?}");
    }
}

#[test]
fn only_json_is_read() {
    let browser = Harness::new().set_up();
    for media_type in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "json",
        "a/b, application/json",
    ] {
        browser.with("content-type", media_type);
        post(&browser, "{\"name\":\"x\"}").problem(ProblemCode::UnsupportedMediaType);
    }
    for media_type in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x=y"] {
        browser.with("content-type", media_type);
        assert_eq!(post(&browser, "{\"name\":\"x\"}").status, 201, "{media_type}");
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let browser = Harness::new().set_up();
    for body in [
        "",
        " ",
        "{",
        "name=x",
        "{\"name\":\"x\"} x",
        "{\"name\":\"x\"}{}",
        "{\"name\":\"x\",}",
        "{'name':'x'}",
        "{\"name\":\"\\ud800\"}",
        "\u{feff}{\"name\":\"x\"}",
        "{\"name\":NaN}",
    ] {
        post(&browser, body).problem(ProblemCode::NotJson);
    }
    browser.send(Method::POST, TENANTS, Some(b"{\"name\":\"\xff\"}".to_vec())).problem(ProblemCode::NotJson);
    let depth = "[".repeat(100_000);
    for nested in [depth.clone(), format!("{{\"name\":{depth}"), format!("{{\"x\":{depth}")] {
        let answer = post(&browser, &nested);
        assert!([400, 422].contains(&answer.status), "{}", answer.status);
    }
    for value in ["null", "1", "\"x\"", "[\"x\"]", "[[]]", "true"] {
        assert_eq!(
            post(&browser, value).field_codes(),
            [(String::new(), "wrong_type".to_owned())],
            "{value}"
        );
    }
    assert_eq!(post(&browser, " \n{\"name\":\"x\"} \n").status, 201);
}

#[test]
fn fields_that_do_not_fit_are_named_and_their_values_are_not() {
    let browser = Harness::new().set_up();
    let told = |body: &str| {
        let answer = post(&browser, body);
        assert!(!String::from_utf8_lossy(&answer.body).contains("s3cret"));
        answer.field_codes().remove(0)
    };
    for (body, path, code) in [
        ("{}", "name", "missing"),
        ("{\"name\":[\"s3cret\"]}", "name", "wrong_type"),
        ("{\"name\":\"x\",\"name\":\"s3cret\"}", "name", "repeated"),
        ("{\"name\":\"x\",\"Name\":\"s3cret\"}", "Name", "unknown_field"),
        ("{\"__proto__\":{\"a\":\"s3cret\"}}", "__proto__", "unknown_field"),
    ] {
        assert_eq!(told(body), (path.to_owned(), code.to_owned()), "{body}");
    }
    let long = format!("{{\"{}\\u0000\":1}}", "x".repeat(10_000));
    assert_eq!(told(&long), ("x".repeat(200), "unknown_field".to_owned()));
    let window = browser.send_json(
        Method::POST,
        "/api/v1/connections/con_00000000010000000000000000/authorize",
        &json!({ "window": "s3cret" }),
    );
    assert_eq!(window.field_codes(), [("window".to_owned(), "unknown_value".to_owned())]);
}

#[test]
fn a_body_is_at_most_a_mebibyte() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let of_size = |size: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(size - 11));
    assert_eq!(of_size(MAX_BODY).len(), MAX_BODY);
    assert_eq!(post(&browser, &of_size(MAX_BODY)).field_codes()[0].1, "too_long");
    post(&browser, &of_size(MAX_BODY + 1)).problem(ProblemCode::BodyTooLarge);
    // Also where no body is wanted, and where it was not even read to its end.
    browser
        .send(Method::DELETE, "/api/v1/session", Some(vec![b'x'; MAX_BODY + 1]))
        .problem(ProblemCode::BodyTooLarge);
    let mut headers = HeaderMap::new();
    headers.insert("origin", HeaderValue::from_static(ORIGIN));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let url = Url::parse(ORIGIN).unwrap().join("/api/v1/session").unwrap();
    let body = Body::Stream(in_pieces(&vec![b'x'; MAX_BODY + 8]));
    let incoming = Incoming { method: Method::POST, url, headers, body, country: String::new() };
    let response = pollster::block_on(handle(&harness.router, &harness.services, incoming));
    assert_eq!(response.status(), 413);
    browser.who_am_i();
}

#[test]
fn a_query_says_each_thing_once_and_nothing_else() {
    let browser = Harness::new().set_up();
    for (target, path, code) in [
        ("/api/v1/session?x=1", "x", "unknown_field"),
        ("/api/v1/oauth-clients?cursor=a&cursor=a", "cursor", "repeated"),
        ("/api/v1/oauth-clients?pageSize=1&page%53ize=2", "pageSize", "repeated"),
        ("/api/v1/oauth-clients?pageSize=", "pageSize", "bad_value"),
        ("/api/v1/oauth-clients?pageSize=1e1", "pageSize", "bad_value"),
        ("/api/v1/oauth-clients?pageSize=99999999999", "pageSize", "bad_value"),
        ("/api/v1/oauth-clients?=1", "", "unknown_field"),
        ("/api/v1/connections?sort=size", "sort", "unknown_value"),
        ("/api/v1/connections?owner=me", "owner", "bad_value"),
        ("/api/v1/connections?cursor=%00", "cursor", "bad_value"),
    ] {
        let answer = browser.send(Method::GET, target, None);
        assert_eq!(answer.field_codes(), [(path.to_owned(), code.to_owned())], "{target}");
    }
    for target in
        ["/api/v1/oauth-clients?connector=%ff%fe", "/api/v1/oauth-clients?connector=%zz", "/api/v1/session?"]
    {
        assert_eq!(browser.send(Method::GET, target, None).status, 200, "{target}");
    }
}

#[test]
fn addresses_that_are_none() {
    let browser = Harness::new().set_up();
    for target in [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/session/",
        "/api/v1//session",
        "/API/v1/session",
        "/api/v1/nothing",
        "/api/v1/connectors/",
        "/api/v1/connectors/box/more",
        "/api/v1/connectors/b%6fx/",
        "/api/v1/connectors/box%2f",
        "/api/v1/connectors/{connector}",
        "/oauth/callback/",
        "/healthz/x",
    ] {
        browser.send(Method::GET, target, None).problem(ProblemCode::NotFound);
    }
    for target in
        ["/api/v1/connectors/%", "/api/v1/connectors/%2", "/api/v1/connectors/%zz", "/api/v1/connectors/%ff"]
    {
        browser.send(Method::GET, target, None).problem(ProblemCode::BadRequest);
    }
    assert_eq!(browser.send(Method::GET, "/api/v1/connectors/b%6Fx", None).status, 200);
    assert_eq!(browser.send(Method::GET, &format!("{CLIENTS}/../connectors/./box"), None).status, 200);
}

#[test]
fn another_method_is_told_which_there_are() {
    let browser = Harness::new().set_up();
    for (method, target, allowed) in [
        (Method::PATCH, "/api/v1/session", "POST, GET, DELETE"),
        (Method::HEAD, "/api/v1/session", "POST, GET, DELETE"),
        (Method::OPTIONS, "/api/v1/tenant", "GET, PATCH"),
        (Method::POST, "/api/v1/connectors/box", "GET"),
        (Method::from_bytes(b"PROPFIND").unwrap(), "/healthz", "GET"),
        (Method::POST, "/oauth/callback", "GET"),
    ] {
        let answer = browser.send(method.clone(), target, None);
        answer.problem(ProblemCode::MethodNotAllowed);
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {target}");
    }
}

#[test]
fn two_session_cookies_open_nothing_whichever_comes_first() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let good = browser.cookie.borrow().clone().unwrap();
    for lines in [vec![good.clone(), "__Host-session=x".to_owned()], vec![good.clone(), good.clone()]] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("cookie", HeaderValue::from_str(&line).unwrap());
        }
        let url = Url::parse(ORIGIN).unwrap().join("/api/v1/session").unwrap();
        let incoming = Incoming {
            method: Method::GET,
            url,
            headers,
            body: Body::Read(Vec::new()),
            country: String::new(),
        };
        let response = pollster::block_on(handle(&harness.router, &harness.services, incoming));
        assert_eq!(response.status(), 401);
    }
}
