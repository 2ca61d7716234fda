//! Allowed hosts.

use proptest::prelude::*;

use crate::connector::{host_allowed, url_authority};

#[test]
fn exact_hosts_match_exactly() {
    let patterns = ["api.box.com", "upload.box.com"];
    for good in ["api.box.com", "API.box.COM", "api.box.com:443", "upload.box.com"] {
        assert!(host_allowed(&patterns, good), "{good}");
    }
    for bad in [
        "box.com",
        "x.api.box.com",
        "api.box.com.evil.example",
        "evilapi.box.com",
        "api.box.com:8443",
        "api.box.com.",
        "",
        "api.box.com@evil.example",
        "api.box.com/",
        "api.box.com:443:443",
        "api.box.com#",
        "*.box.com",
    ] {
        assert!(!host_allowed(&patterns, bad), "{bad}");
    }
}

#[test]
fn a_wildcard_is_for_what_lies_under_the_domain() {
    let patterns = ["*.salesforce.com"];
    for good in ["login.salesforce.com", "acme--dev.sandbox.my.salesforce.com", "LOGIN.salesforce.com:443"] {
        assert!(host_allowed(&patterns, good), "{good}");
    }
    for bad in [
        "salesforce.com",
        ".salesforce.com",
        "evilsalesforce.com",
        "a.salesforce.com.evil.example",
        "a..salesforce.com",
        "a.salesforce.com:8443",
        "a@b.salesforce.com",
        "a/b.salesforce.com",
        "a\\b.salesforce.com",
        "ä.salesforce.com",
        "-a.salesforce.com",
        "a b.salesforce.com",
        "[::1].salesforce.com",
        "*.salesforce.com",
    ] {
        assert!(!host_allowed(&patterns, bad), "{bad}");
    }
}

#[test]
fn a_port_is_part_of_the_host() {
    assert!(host_allowed(&["api.example.com:8443"], "api.example.com:8443"));
    assert!(!host_allowed(&["api.example.com:8443"], "api.example.com"));
    assert!(host_allowed(&["api.example.com:443"], "api.example.com"));
    let none: [&str; 0] = [];
    assert!(!host_allowed(&none, "api.example.com"));
}

#[test]
fn an_authority_is_read_only_from_a_plain_address() {
    assert_eq!(url_authority("https://api.example.com:8443/a?b=c"), Some("api.example.com:8443"));
    assert_eq!(url_authority("https://api.example.com?b"), Some("api.example.com"));
    for bad in [
        "http://api.example.com/",
        "https://u@api.example.com/",
        "https://a\\b/",
        "https://api.example.com/#a",
        "x",
    ] {
        assert_eq!(url_authority(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn nothing_outside_the_domain_is_allowed(host in any::<String>()) {
        if host_allowed(&["*.example.com"], &host) {
            let lower = host.to_ascii_lowercase();
            let name = lower.strip_suffix(":443").unwrap_or(&lower);
            prop_assert!(name.ends_with(".example.com"));
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
        }
    }
}
