//! Every address is read back as it was built.

use super::*;

#[test]
fn every_page_is_read_back_from_its_own_address() {
    let pages = [
        (Page::Home, "/t/acme%20eu"),
        (Page::Connections, "/t/acme%20eu/automate/connections"),
        (Page::Connection("con_1/ü".to_owned()), "/t/acme%20eu/automate/connections/con_1%2F%C3%BC"),
        (Page::Connectors, "/t/acme%20eu/automate/connectors"),
        (Page::Connector("box".to_owned()), "/t/acme%20eu/automate/connectors/box"),
        (Page::License, "/t/acme%20eu/settings/license"),
        (Page::Users, "/t/acme%20eu/settings/users"),
        (Page::User("usr_1".to_owned()), "/t/acme%20eu/settings/users/usr_1"),
        (Page::Groups, "/t/acme%20eu/settings/groups"),
        (Page::Group("grp_1".to_owned()), "/t/acme%20eu/settings/groups/grp_1"),
        (Page::Tenant, "/t/acme%20eu/settings/tenant"),
        (Page::SingleSignOn, "/t/acme%20eu/settings/single-sign-on"),
        (Page::AppsAndTokens, "/t/acme%20eu/settings/apps-and-tokens"),
        (Page::Gateways, "/t/acme%20eu/settings/gateways"),
        (Page::Gateway("gw_1".to_owned()), "/t/acme%20eu/settings/gateways/gw_1"),
        (Page::Account, "/t/acme%20eu/account"),
    ];
    for (expected, address) in pages {
        assert_eq!(page("acme eu", &expected), address);
        assert_eq!(place(address), Place::Tenant("acme eu".to_owned(), expected));
    }
}

#[test]
fn the_other_places_are_read_too() {
    assert_eq!(place("/"), Place::Root);
    assert_eq!(place(""), Place::Root);
    assert_eq!(place(SET_UP), Place::SetUp);
    assert_eq!(place("/sign-in/"), Place::SignIn(String::new()));
    assert_eq!(place("/sign-in/acme"), Place::SignIn("acme".to_owned()));
    assert_eq!(place("/t/acme/settings"), Place::Tenant("acme".to_owned(), Page::License));
    assert_eq!(place("/invitations/abc-_1"), Place::Invitation("abc-_1".to_owned()));
    for code in ProblemCode::ALL {
        assert_eq!(place(&problem(*code)), Place::Problem(*code));
    }
    for nowhere in ["/t", "/t/acme/nowhere", "/problems/unheard_of", "/connections", "/t/acme/account/x"] {
        assert_eq!(place(nowhere), Place::Unknown, "{nowhere}");
    }
}

#[test]
fn queries_are_encoded() {
    assert_eq!(add_connection("acme", None), "/t/acme/automate/connections?add=1");
    assert_eq!(add_connection("acme", Some("sandbox-crm")), "/t/acme/automate/connections?add=sandbox-crm");
    assert_eq!(with(with("/x".to_owned(), "q", "a&b"), "s", ""), "/x?q=a%26b");
    assert_eq!(sign_in(Some("/t/acme?x=1")), "/sign-in?to=%2Ft%2Facme%3Fx%3D1");
    assert_eq!(sign_in(Some("/")), "/sign-in");
}

#[test]
fn signing_in_leads_nowhere_else() {
    for own in ["/", "/t/acme", "/t/acme/automate/connections?add=1&q=%2F", "/problems/conflict"] {
        assert!(is_own(own), "{own}");
    }
    for other in [
        "",
        "t/acme",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/api/v1/session",
        "/sign-in?to=/",
        "/sign-in/acme",
        "/t/acme\n",
        "/help",
    ] {
        assert!(!is_own(other), "{other:?}");
    }
}

#[test]
fn broken_percent_signs_stay() {
    assert_eq!(decode("a%2"), "a%2");
    assert_eq!(decode("%zz%41"), "%zzA");
    assert_eq!(decode("%ff"), "%ff");
}
