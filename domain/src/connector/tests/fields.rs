//! Field values, as the browser and the server check them.

use proptest::prelude::*;
use serde_json::json;

use super::values;
use crate::connector::{Field, FieldFault, Format, fill};

fn field(extra: serde_json::Value) -> Field {
    let mut all = json!({ "id": "x", "label": "X" });
    for (name, value) in extra.as_object().unwrap() {
        all[name] = value.clone();
    }
    serde_json::from_value(all).unwrap()
}

#[test]
fn a_required_field_wants_more_than_blanks() {
    let required = field(json!({ "required": true }));
    for empty in ["", "   ", "\t\n"] {
        assert_eq!(required.check(empty), Err(FieldFault::Required));
        assert_eq!(field(json!({})).check(empty), Ok(()));
    }
}

#[test]
fn length_is_counted_in_characters() {
    let short = field(json!({ "maxLength": 3 }));
    assert_eq!(short.check("äöü"), Ok(()));
    assert_eq!(short.check(" abc "), Ok(()));
    assert_eq!(short.check("abcd"), Err(FieldFault::TooLong { most: 3 }));
    assert_eq!(field(json!({})).check(&"a".repeat(501)), Err(FieldFault::TooLong { most: 500 }));
    assert_eq!(field(json!({ "secret": true })).check(&"a".repeat(4096)), Ok(()));
}

#[test]
fn control_characters_are_refused_except_in_long_texts() {
    for hostile in ["a\nb", "a\0b", "a\u{7f}b", "a\u{9f}b", "a\rb"] {
        assert_eq!(field(json!({})).check(hostile), Err(FieldFault::ControlCharacter), "{hostile:?}");
        assert_eq!(field(json!({ "secret": true })).check(hostile), Err(FieldFault::ControlCharacter));
    }
    let long = field(json!({ "kind": "longText" }));
    assert_eq!(long.check("-----BEGIN KEY-----\r\nabc\n"), Ok(()));
    assert_eq!(long.check("a\0b"), Err(FieldFault::ControlCharacter));
}

#[test]
fn what_was_pasted_along_is_taken_off() {
    let subdomain = field(json!({
        "format": "subdomain", "prefix": "https://", "suffix": ".zendesk.com", "required": true
    }));
    for typed in
        ["acme", " Acme ", "acme.zendesk.com", "https://acme.zendesk.com", "https://acme.zendesk.com/agent/"]
    {
        assert_eq!(subdomain.clean(typed), "acme", "{typed}");
        assert_eq!(subdomain.check(typed), Ok(()));
    }
    for bad in ["acme.example", "a@b", "a:b", "a b", "https://evil.example", "-a", "ä", "a%2f", "a_b"] {
        assert_eq!(subdomain.check(bad), Err(FieldFault::Subdomain), "{bad}");
    }
    // A secret is never changed beyond blanks around it.
    let secret = field(json!({ "secret": true, "prefix": "https://" }));
    assert_eq!(secret.clean(" https://k "), "https://k");
}

#[test]
fn addresses_are_public_and_https() {
    let base = field(json!({ "kind": "url", "format": "httpsBase" }));
    for good in ["https://api.example.com", "https://api.example.com:8443/v1/"] {
        assert_eq!(base.check(good), Ok(()), "{good}");
    }
    for bad in [
        "http://api.example.com",
        "api.example.com",
        "https://localhost",
        "https://127.0.0.1",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://[::1]/",
        "https://u:p@api.example.com",
        "https://api.example.com/?a=b",
        "https://api.example.com/#a",
        "https://db.internal",
        "https://printer.local",
        "https://api.example.com/a/../b",
        "https://api.example.com\\@x",
        "javascript:1",
        "https://",
    ] {
        assert_eq!(base.check(bad), Err(FieldFault::HttpsUrl), "{bad}");
    }
    let origin = field(json!({ "format": "httpsOrigin" }));
    assert_eq!(origin.check("https://api.example.com/v1"), Err(FieldFault::Origin));
    assert_eq!(origin.check("https://api.example.com/"), Ok(()));
}

#[test]
fn names_of_headers_carry_keys_only() {
    let header = field(json!({ "format": "headerName" }));
    for good in ["X-Api-Key", "Authorization", "apikey"] {
        assert_eq!(header.check(good), Ok(()), "{good}");
    }
    for bad in [
        "Host",
        "content-length",
        "Cookie",
        "a b",
        "a:b",
        "Transfer-Encoding",
        "CF-Worker",
        "X-Forwarded-For",
        "ä",
    ] {
        assert_eq!(header.check(bad), Err(FieldFault::HeaderName), "{bad}");
    }
}

#[test]
fn other_formats() {
    let check = |format: serde_json::Value, value: &str| field(json!({ "format": format })).check(value);
    assert_eq!(check(json!("email"), "ada@example.com"), Ok(()));
    for bad in [
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "a b@example.com",
        "ada@exa mple.com",
        "<a@example.com>",
    ] {
        assert_eq!(check(json!("email"), bad), Err(FieldFault::Email), "{bad}");
    }
    assert_eq!(check(json!("token"), "a b"), Err(FieldFault::Character { found: ' ' }));
    assert_eq!(check(json!("token"), "a\u{202e}b"), Err(FieldFault::Character { found: '\u{202e}' }));
    assert_eq!(check(json!("scopes"), "a b:c https://x/y"), Ok(()));
    assert_eq!(check(json!("scopes"), "a\"b"), Err(FieldFault::Character { found: '"' }));
    assert_eq!(check(json!("urlPath"), "me"), Err(FieldFault::UrlPath));
    let under = json!({ "hostUnder": ["my.salesforce.com"] });
    assert_eq!(check(under.clone(), "Acme.my.salesforce.com"), Ok(()));
    let elsewhere = FieldFault::HostElsewhere { under: "my.salesforce.com".to_owned() };
    assert_eq!(check(under.clone(), "acme.my.salesforce.com.evil.example"), Err(elsewhere.clone()));
    assert_eq!(check(under, "evilmy.salesforce.com"), Err(elsewhere));
    let digits = json!({ "characters": { "allowed": "0-9a-c_-", "min": 2, "max": 4 } });
    assert_eq!(check(digits.clone(), "0b_-"), Ok(()));
    assert_eq!(check(digits.clone(), "0"), Err(FieldFault::TooShort { least: 2 }));
    assert_eq!(check(digits.clone(), "00000"), Err(FieldFault::TooLong { most: 4 }));
    assert_eq!(check(digits, "0d"), Err(FieldFault::Character { found: 'd' }));
    let select = field(json!({ "kind": "select", "options": [{ "value": "a", "label": "A" }] }));
    assert_eq!(select.check("a"), Ok(()));
    assert_eq!(select.check("b"), Err(FieldFault::NotAnOption));
}

#[test]
fn gaps_are_filled_with_defaults_or_nothing() {
    let fields = [field(json!({ "default": "d" })), field(json!({ "id": "y" })), field(json!({ "id": "z" }))];
    let filled = fill(&fields, &values(&[("z", " 1 "), ("unknown", "2")]));
    assert_eq!(filled, values(&[("x", "d"), ("y", ""), ("z", "1")]));
}

#[test]
fn every_fault_has_words_and_a_code() {
    for fault in [
        FieldFault::Required,
        FieldFault::Subdomain,
        FieldFault::Character { found: ' ' },
        FieldFault::HttpsUrl,
    ] {
        assert!(!fault.code().is_empty());
        assert!(!fault.to_string().contains("  "));
    }
}

proptest! {
    #[test]
    fn any_value_is_judged(value in any::<String>()) {
        for format in ["text", "subdomain", "hostname", "httpsUrl", "httpsBase", "urlPath", "email", "headerName", "token"] {
            let field = field(json!({ "format": format, "prefix": "https://", "suffix": ".example.com" }));
            let cleaned = field.clean(&value);
            if field.check(&value).is_ok() && field.format != Format::Text && !cleaned.is_empty() {
                prop_assert!(!cleaned.chars().any(|c| c.is_control() || c.is_whitespace()), "{format}: {cleaned:?}");
            }
        }
    }
}
