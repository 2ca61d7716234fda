//! What passes through, and what does not.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::id::Id;
use http::Method;
use serde_json::json;

use super::{made, signed_in};
use crate::ports::OutwardResponse;
use crate::testing::{Browser, Harness, TestAnswer};

fn pass(browser: &Browser, connection: &Connection, method: Method, rest: &str, body: &[u8]) -> TestAnswer {
    let target = format!("/api/v1/connections/{}/proxy/{rest}", connection.summary.id.as_str());
    browser.send(method, &target, (!body.is_empty()).then(|| body.to_vec()))
}

fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &[u8]) -> OutwardResponse {
    let headers = headers
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)));
    OutwardResponse { status, headers: headers.collect(), body: body.to_vec() }
}

#[test]
fn method_path_query_safe_headers_and_bodies_pass() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        harness.outward.next(|request| {
            let body = request.body.clone().unwrap_or_default();
            let headers = [
                ("content-type", "text/html"),
                ("set-cookie", "a=b"),
                ("content-encoding", "gzip"),
                ("access-control-allow-origin", "*"),
                ("x-request-id", "theirs"),
                ("etag", "\"7\""),
            ];
            Ok(answer(201, &headers, &[b"<script>", body.as_slice()].concat()))
        });
        browser.with("if-none-match", "\"6\"").with("cookie2", "x").with("x-forwarded-for", "192.0.2.1");
        let body: &[u8] = if method == Method::GET { b"" } else { b"some bytes \x00\xff" };
        let got = pass(&browser, &connection, method.clone(), "a%2Fb/c?x=1&y=%C3%A9", body);
        assert_eq!(got.status, 201, "{method}");
        assert_eq!(got.body, [b"<script>", body].concat());
        assert_eq!(got.header("content-type"), Some("text/html"));
        assert_eq!(
            (got.header("x-answered-by"), got.header("x-provider-request-id")),
            (Some("provider"), Some("theirs"))
        );
        assert!(got.header("content-security-policy").unwrap().contains("sandbox"));
        assert_eq!(got.header("etag"), Some("\"7\""));
        for dropped in ["set-cookie", "content-encoding", "access-control-allow-origin"] {
            assert_eq!(got.header(dropped), None);
        }
        let asked = harness.outward.asked.borrow();
        let last = asked.last().unwrap();
        assert_eq!(last.url, "http://localhost:9555/generic/a%2Fb/c?x=1&y=%C3%A9");
        assert_eq!(
            (last.method.clone(), &last.headers["x-api-key"]),
            (method, &http::HeaderValue::from_static("sandbox-key-ada"))
        );
        assert_eq!(last.headers["if-none-match"], "\"6\"");
        for hidden in ["cookie", "cookie2", "origin", "x-forwarded-for", "cf-connecting-ip", "authorization"]
        {
            assert!(!last.headers.contains_key(hidden), "{hidden} went out");
        }
    }
}

#[test]
fn no_path_leads_elsewhere() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    harness.outward.asked.borrow_mut().clear();
    for rest in ["a|b", "%2e%2e/%2e%2e/api/me", "..", "%2E%2e/x"] {
        let got = pass(&browser, &connection, Method::GET, rest, b"");
        assert!([400, 404].contains(&got.status), "{rest}: {}", got.status);
    }
    assert!(harness.outward.asked.borrow().is_empty());
    for rest in
        ["//evil.example.com/x", "@evil.example.com/", "https://evil.example.com/", ".evil.example.com"]
    {
        harness.outward.asked.borrow_mut().clear();
        harness.outward.next_json(200, json!({}));
        pass(&browser, &connection, Method::GET, rest, b"");
        for asked in harness.outward.asked.borrow().iter() {
            assert!(asked.url.starts_with("http://localhost:9555/generic/"), "{rest}: {}", asked.url);
        }
    }
}

#[test]
fn other_sites_and_odd_methods_do_not_pass() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    browser.with("origin", "").with("sec-fetch-site", "cross-site");
    pass(&browser, &connection, Method::GET, "me", b"").problem(ProblemCode::CrossSite);
    browser.with("sec-fetch-site", "same-site");
    pass(&browser, &connection, Method::GET, "me", b"").problem(ProblemCode::CrossSite);
    browser.with("sec-fetch-site", "same-origin");
    pass(&browser, &connection, Method::DELETE, "me", b"").problem(ProblemCode::CrossSite);
    harness.outward.next_json(200, json!({}));
    assert_eq!(pass(&browser, &connection, Method::GET, "me", b"").status, 200);
    browser.plain();
    pass(&browser, &connection, Method::TRACE, "me", b"").problem(ProblemCode::MethodNotAllowed);
    let other = harness.other_tenant().1;
    pass(&other, &connection, Method::GET, "me", b"").problem(ProblemCode::NotFound);
}

#[test]
fn a_large_body_passes_once_and_a_small_one_is_sent_again_with_new_tokens() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.clock.advance(60_000);
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, json!({ "access_token": "second", "expires_in": 3600 }));
    harness.outward.next_json(200, json!({}));
    assert_eq!(pass(&browser, &connection, Method::POST, "contacts", b"{\"name\":\"N\"}").status, 200);
    {
        let asked = harness.outward.asked.borrow();
        assert_eq!(asked[2].body.as_deref(), Some(b"{\"name\":\"N\"}".as_slice()));
        assert_eq!(asked[2].headers["authorization"], "Bearer second");
    }
    harness.clock.advance(60_000);
    harness.outward.asked.borrow_mut().clear();
    let large = vec![b'x'; 200_000];
    harness.outward.next_json(401, json!({}));
    harness.outward.next_json(200, json!({ "access_token": "third", "expires_in": 3600 }));
    assert_eq!(pass(&browser, &connection, Method::PUT, "contacts/1", &large).status, 401);
    assert_eq!(harness.outward.asked.borrow()[0].body.as_ref().unwrap().len(), large.len());
    harness.outward.next_json(200, json!({}));
    assert_eq!(pass(&browser, &connection, Method::PUT, "contacts/1", &large).status, 200);
    assert_eq!(harness.outward.asked.borrow()[2].headers["authorization"], "Bearer third");
}

#[test]
fn answers_without_a_body_have_none() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    for (method, status) in [(Method::HEAD, 200), (Method::GET, 304), (Method::DELETE, 204)] {
        harness.outward.next(move |_| Ok(answer(status, &[], b"should not be here")));
        let got = pass(&browser, &connection, method, "contacts", b"");
        assert_eq!((got.status, got.body.len()), (status, 0));
    }
}

#[test]
fn a_header_that_repeats_the_secret_is_left_out() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "Contacts");
    for (link, told) in [
        ("<https://crm.example.com/next?key=sandbox-key-ada&page=2>; rel=\"next\"", false),
        ("<https://crm.example.com/next?page=2>; rel=\"next\"", true),
    ] {
        harness.outward.next(move |_| Ok(answer(200, &[("link", link)], b"[]")));
        let got = pass(&browser, &connection, Method::GET, "contacts", b"");
        assert_eq!(got.header("link").is_some(), told);
    }
}
