//! Templates: no value leaves its place.

use proptest::prelude::*;

use super::values;
use crate::connector::{SANDBOX_ORIGIN, Template, TemplateError, Values, expand, expand_text, url_authority};

fn with(value: &str) -> Values {
    values(&[("x", value)])
}

#[test]
fn values_take_their_places() {
    let v = values(&[("sub", "Acme"), ("id", "a/b c?d#e&f%ä"), ("q", "x=1&y\n")]);
    let url = expand("https://{sub}.zendesk.com/users/{id}.json?query={q}&n=1", &v).unwrap();
    assert_eq!(
        url,
        "https://acme.zendesk.com/users/a%2Fb%20c%3Fd%23e%26f%25%C3%A4.json?query=x%3D1%26y%0A&n=1"
    );
    assert_eq!(expand("/users/{id}", &with("")), Err(TemplateError::Missing { name: "id".to_owned() }));
    assert_eq!(expand("/users/{x}", &with("")), Err(TemplateError::Empty { name: "x".to_owned() }));
    assert_eq!(expand("/users?q={x}", &with("")).unwrap(), "/users?q=");
}

#[test]
fn a_host_takes_labels_only() {
    for hostile in [
        "evil.example/",
        "a.b",
        "a@b",
        "a:1",
        "a#",
        "a?",
        "a\\",
        "a/",
        "a%2f",
        "a\n",
        "a\0",
        "ä",
        "",
        " ",
        "-a",
        "a-",
        "a b",
        "a%",
        "a\u{202e}",
        "a_b",
    ] {
        assert!(expand("https://{x}.zendesk.com/", &with(hostile)).is_err(), "{hostile:?}");
    }
    // A hyphen at the edge of a value is one in the middle of a label here.
    assert_eq!(expand("https://api{x}.example.com/", &with("-eu")).unwrap(), "https://api-eu.example.com/");
    assert!(expand("https://{x}.zendesk.com/", &with(&"a".repeat(64))).is_err());
    assert!(expand("https://{x}.zendesk.com/", &with(&"a".repeat(63))).is_ok());
}

#[test]
fn a_whole_host_is_a_public_name() {
    assert_eq!(
        expand("https://{x}/a", &with("Acme.my.salesforce.com")).unwrap(),
        "https://acme.my.salesforce.com/a"
    );
    for hostile in [
        "localhost",
        "127.0.0.1",
        "10.0.0.1",
        "0x7f.1",
        "2130706433",
        "1.2.3.0x4",
        "metadata.google.internal",
        "a.local",
        "[::1]",
        "acme.com:443",
        "acme.com.",
        ".acme.com",
        "a..b",
        "acme.com/",
        "u@acme.com",
        "intranet",
        "db.corp",
    ] {
        assert!(expand("https://{x}/a", &with(hostile)).is_err(), "{hostile}");
    }
}

#[test]
fn an_address_stands_at_the_start_only() {
    let base = with("https://api.example.com:8443/v1/");
    assert_eq!(expand("{x}/users", &base).unwrap(), "https://api.example.com:8443/v1/users");
    assert_eq!(
        expand("{x}", &with("https://a.example.com/t?tenant=1")).unwrap(),
        "https://a.example.com/t?tenant=1"
    );
    assert!(expand("{x}/a", &with("https://a.example.com/t?tenant=1")).is_err());
    assert!(expand("{x}.evil.example/a", &base).is_err());
    assert!(expand("{x}{x}", &base).is_err());
    for hostile in [
        "http://a.example.com",
        "https://u@a.example.com",
        "https://u:p@a.example.com",
        "https://a.example.com#f",
        "https://a.example.com\\@evil.example",
        "https:/a.example.com",
        "//a.example.com",
        "javascript:alert(1)",
        "https://a.example.com/../b",
        "https://a.example.com/%2e%2E/b",
        "https://a.example.com:0",
        "https://",
        "https://a.example.com:65536",
        "https://a.example.com:",
        "https://a.example.com/a b",
        "HTTPS://a.example.com",
        " https://a.example.com",
        "https://a.example.com/\n",
        "https://[::1]/",
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://db.internal",
        "https://exämple.com",
    ] {
        assert!(expand("{x}/p", &with(hostile)).is_err(), "{hostile}");
    }
}

#[test]
fn only_the_sandbox_may_be_plain_http() {
    let origin = values(&[(SANDBOX_ORIGIN, "http://localhost:9555"), ("x", "http://localhost:9555")]);
    assert_eq!(expand("{sandboxOrigin}/api", &origin).unwrap(), "http://localhost:9555/api");
    assert!(expand("{x}/api", &origin).is_err());
}

#[test]
fn a_whole_path_stays_a_path() {
    let base = |path: &str| values(&[("b", "https://a.example.com"), ("x", path)]);
    assert_eq!(expand("{b}{+x}", &base("/me?a=1")).unwrap(), "https://a.example.com/me?a=1");
    assert_eq!(expand("{+x}", &base("/me")).unwrap(), "/me");
    for hostile in [
        "me",
        "//evil.example",
        "/../x",
        "/a/%2e%2e/x",
        "/a\\b",
        "/a#b",
        "/a b",
        "/\u{e4}",
        "",
        "@evil.example",
    ] {
        assert!(expand("{b}{+x}", &base(hostile)).is_err(), "{hostile}");
    }
    assert_eq!(expand("/a{+x}", &base("/me")), Err(TemplateError::Malformed));
    assert_eq!(expand("{+x}/a", &base("/me")), Err(TemplateError::Malformed));
}

#[test]
fn dot_segments_are_refused() {
    for hostile in [".", ".."] {
        assert_eq!(expand("/users/{x}/keys", &with(hostile)), Err(TemplateError::NotAUrl));
    }
    assert_eq!(expand("/users/a{x}/keys", &with("..")).unwrap(), "/users/a../keys");
    assert_eq!(expand("/users/{x}", &with("%2e%2e")).unwrap(), "/users/%252e%252e");
}

#[test]
fn malformed_templates_are_refused() {
    let v = with("a");
    for template in [
        "",
        "users",
        "//evil.example/",
        "http://a.example.com/",
        "ftp://a.example.com/",
        "https://a.example.com:80/",
        "https://u@a.example.com/",
        "/{",
        "/}",
        "/{}",
        "/{ x }",
        "/{x",
        "/{{x}}",
        "/{X}",
        "/{x-y}",
        "/a b",
        "/a#{x}",
        "https://",
        "https:///a",
        "https://localhost/",
        "/../a",
        "/a\\b",
        "/\u{e4}",
    ] {
        assert!(expand(template, &v).is_err(), "{template}");
    }
}

#[test]
fn texts_begin_no_other_header() {
    assert_eq!(expand_text("{x}/token", &with("ada@example.com")).unwrap(), "ada@example.com/token");
    assert_eq!(expand_text("{x} k", &with("")).unwrap(), "k");
    for hostile in ["a\r\nX: y", "a\n", "\0", "a\u{7f}", "a\u{85}"] {
        assert!(expand_text("{x}", &with(hostile)).is_err(), "{hostile:?}");
    }
}

#[test]
fn optional_addresses_may_be_absent() {
    let template = Template::new("{x}");
    assert_eq!(template.expand_optional(&Values::new()), Ok(None));
    assert_eq!(template.expand_optional(&with("")), Ok(None));
    let url = "https://a.example.com/revoke";
    assert_eq!(template.expand_optional(&with(url)), Ok(Some(url.to_owned())));
    assert!(template.expand_optional(&with("nonsense")).is_err());
}

fn undo(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

proptest! {
    #[test]
    fn any_value_keeps_the_host(value in any::<String>()) {
        if let Ok(url) = expand("https://{x}.zendesk.com/a", &with(&value)) {
            let host = url_authority(&url).unwrap();
            prop_assert_eq!(host.split('.').count(), 3);
            prop_assert!(host.ends_with(".zendesk.com") && url.ends_with(".zendesk.com/a"));
        }
    }

    #[test]
    fn any_value_keeps_its_segment(value in any::<String>()) {
        if let Ok(url) = expand("https://a.example.com/users/{x}/keys?n=1", &with(&value)) {
            let parts: Vec<&str> = url.split('/').collect();
            prop_assert_eq!(parts.len(), 6);
            prop_assert_eq!(parts[5], "keys?n=1");
            prop_assert!(url.bytes().all(|b| b.is_ascii_graphic()));
            prop_assert_eq!(url.matches(['?', '#', '\\', '@']).count(), 1);
            prop_assert_eq!(undo(parts[4]), value);
        }
    }

    #[test]
    fn any_value_keeps_its_parameter(value in any::<String>()) {
        let url = expand("/search?q={x}&n=1", &with(&value)).unwrap();
        prop_assert_eq!(url.matches('&').count(), 1);
        prop_assert!(!url.contains('#'));
        let inner = url.strip_prefix("/search?q=").unwrap().strip_suffix("&n=1").unwrap();
        prop_assert_eq!(undo(inner), value);
    }

    #[test]
    fn any_base_keeps_scheme_and_host(value in "https://[a-z.:/@?#\\\\%0-9\\[\\] -]{0,40}") {
        if let Ok(url) = expand("{x}/p", &with(&value)) {
            let authority = url_authority(&url).unwrap();
            let start = ["https://", authority].concat();
            prop_assert!(value.starts_with(&start));
            prop_assert!(!authority.contains('@') && !url.contains(['#', '\\', '?', ' ']));
        }
    }

    #[test]
    fn any_template_is_filled_or_refused(template in any::<String>(), value in any::<String>()) {
        let _ = expand(&template, &with(&value));
        let _ = expand_text(&template, &with(&value));
    }
}
