//! Who answers which address, and with which headers.

use std::fs;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::shared;
use drawbridge_tests::places::root;
use serde_json::json;

const PAGES: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'none'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin-allow-popups"),
    ("x-frame-options", "DENY"),
];
const API: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("cache-control", "no-store"),
];
const BOTH: &[(&str, &str)] = &[
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
];

#[track_caller]
fn has(answer: &Answered, headers: &[&[(&str, &str)]]) {
    for (name, value) in headers.iter().copied().flatten() {
        assert_eq!(answer.header(name), Some(*value), "{name} of {answer:?}");
    }
    assert!(answer.header("permissions-policy").is_some(), "{answer:?}");
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "{answer:?}");
    for name in ["access-control-allow-origin", "server", "x-powered-by"] {
        assert_eq!(answer.header(name), None, "{answer:?}");
    }
}

#[test]
fn navigations_get_the_console_at_any_address_of_its_own() {
    let stack = shared();
    let browser = stack.server.browser();
    let index = fs::read(root().join("build/console/index.html")).unwrap();
    for path in ["/", "/sign-in", "/t/first/automate/connections", "/t/x/y/z?panel=add", "/nothing/here"] {
        let answer = browser.navigate(path).with_status(200);
        assert_eq!(answer.body, index, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        has(&answer, &[PAGES, BOTH]);
    }
}

#[test]
fn the_api_and_the_callback_reach_the_worker_also_by_navigation() {
    let stack = shared();
    let browser = stack.server.browser();
    for path in [
        "/api/v1/nothing",
        "/api/",
        "/oauth/nothing",
        "/authentication/nothing",
        "/workflows/v1/nothing",
        "/tenants/v1/nothing",
        "/gateway/x",
        "/.well-known/openid-configuration",
        "/api/v1/connections/../../x",
    ] {
        let answer = browser.navigate(path);
        if path.contains("..") {
            continue;
        }
        answer.problem(ProblemCode::NotFound);
        has(&answer, &[API, BOTH]);
    }
    let answer = browser.navigate("/api/v1/session");
    answer.problem(ProblemCode::Unauthenticated);
    has(&answer, &[API, BOTH]);
    let answer = browser.navigate("/oauth/callback?state=x").with_status(400);
    assert_eq!(answer.header("x-refusal"), Some("flow_unknown"));
    has(&answer, &[BOTH]);
}

#[test]
fn operators_and_readers_are_answered() {
    let stack = shared();
    let browser = stack.server.browser();
    let ready = browser.raw("GET", "/readyz").send().with_status(200);
    assert_eq!(ready.json(), serde_json::json!({ "ready": true, "setupOpen": false }));
    has(&ready, &[API, BOTH]);
    browser.raw("GET", "/healthz").send().with_status(200).json();
    browser.raw("GET", "/api/v1/setup").send().problem(ProblemCode::NotFound);
}

/// On this machine the launcher stands where Cloudflare does.
#[test]
fn the_launcher_tells_what_a_network_would_and_has_no_tools_of_its_own_at_the_products_address() {
    let stack = shared();
    let user = stack.tenant("Before the Worker");
    let (browser, mut number) = (&*user, 0);
    let mut recorded = |headers: &[(&str, &str)]| {
        number += 1;
        let ask = browser.raw("POST", "/api/v1/apps").json(&json!({ "name": format!("App {number}") }));
        headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send().with_status(201);
        let last = browser.raw("GET", "/api/v1/audit?pageSize=1").send().json();
        last["items"][0]["address"].as_str().unwrap().to_owned()
    };
    assert_eq!(recorded(&[]), "127.0.0.1");
    assert_eq!(recorded(&[("cf-connecting-ip", "198.51.100.9")]), "198.51.100.9");

    let metadata = browser.raw("GET", "/.well-known/oauth-authorization-server");
    let metadata = metadata.header("x-forwarded-proto", "https").send().json();
    assert!(metadata["issuer"].as_str().unwrap().starts_with("https://"), "{metadata}");

    let index = fs::read(root().join("build/console/index.html")).unwrap();
    for tool in ["/cdn-cgi/local/scheduled", "/cdn-cgi/local/explorer", "/cdn-cgi/local/platform-proxy"] {
        assert_eq!(browser.navigate(tool).with_status(200).body, index, "{tool}");
    }
    // Who leaves a path upwards goes where it leads, not where it seems to begin.
    browser.raw("GET", "/assets/../healthz").send().with_status(200);
    for up in ["/api/../settings", "/api/%2e%2e/settings"] {
        assert_eq!(browser.navigate(up).with_status(200).body, index, "{up}");
    }
}

#[test]
fn the_description_of_the_api_is_a_file_at_its_address_and_nowhere_else() {
    let stack = shared();
    let browser = stack.server.browser();
    let file = fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    for answer in [browser.raw("GET", "/api/openapi.json").send(), browser.navigate("/api/openapi.json")] {
        let answer = answer.with_status(200);
        assert!(answer.json() == file, "the API's description is another");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        let (name, value) = API[0];
        assert_eq!(answer.header(name), Some(value));
        has(&answer, &[BOTH]);
    }
    let known = browser.raw("GET", "/api/openapi.json").send().header("etag").unwrap().to_owned();
    let again = browser.raw("GET", "/api/openapi.json").header("if-none-match", &known).send();
    assert!(again.with_status(304).body.is_empty());
    assert!(browser.raw("HEAD", "/api/openapi.json").send().with_status(200).body.is_empty());
    browser.raw("POST", "/api/openapi.json").send().with_status(405);
    for other in ["/api/openapi", "/api/openapi.json/", "/api/openapi.json/x"] {
        browser.raw("GET", other).send().problem(ProblemCode::NotFound);
    }
}

#[test]
fn hashed_files_are_kept_for_ever_and_everything_else_is_asked_for_again() {
    let stack = shared();
    let browser = stack.server.browser();
    let mut seen = 0;
    for entry in fs::read_dir(root().join("build/console/assets")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let kind = match name.rsplit('.').next().unwrap() {
            "wasm" => "application/wasm",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => continue,
        };
        let answer = browser.raw("GET", &format!("/assets/{name}")).send().with_status(200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{name}");
        assert_eq!(answer.header("content-type"), Some(kind), "{name}");
        has(&answer, &[PAGES, BOTH]);
        seen += 1;
    }
    assert!(seen >= 3, "HTML alone is no console");
    for path in [
        "/favicon.svg",
        "/callback.js",
        "/plain.css",
        "/icons/connectors/sandbox-crm.svg",
        "/assets/gone-0123456789ab.js",
    ] {
        let answer = browser.raw("GET", path).send();
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{answer:?}");
        has(&answer, &[PAGES, BOTH]);
    }
}

#[test]
fn bodies_over_a_mebibyte_are_refused_before_they_are_read_whole() {
    let stack = shared();
    let browser = stack.server.browser();
    let post =
        |size: usize| browser.raw("POST", "/api/v1/session").bytes("application/json", vec![b' '; size]);
    let answer = post(1024 * 1024 + 1).send();
    answer.problem(ProblemCode::BodyTooLarge);
    has(&answer, &[API, BOTH]);
    // Nobody reads on: a client that insists on sending all of it may find the connection closed.
    if let Some(answer) = post(24 * 1024 * 1024).try_send() {
        answer.problem(ProblemCode::BodyTooLarge);
    }
    post(1024 * 1024).send().problem(ProblemCode::NotJson);
}

#[test]
fn changes_are_taken_from_our_own_pages_only() {
    let stack = shared();
    let user = stack.tenant("Own pages");
    for origin in ["", "null", "http://evil.example", "http://localhost", "http://localhost:1"] {
        let answer = user.raw("DELETE", "/api/v1/session").header("origin", origin).send();
        answer.problem(ProblemCode::CrossSite);
    }
    user.raw("GET", "/api/v1/session").header("origin", "http://evil.example").send().with_status(200).json();
    for preflight in ["/api/v1/session", "/api/v1/connections"] {
        let answer = user.raw("OPTIONS", preflight).header("origin", "http://evil.example").send();
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (405, None), "{answer:?}");
    }
}
