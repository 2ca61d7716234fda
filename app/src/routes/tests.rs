//! Who is shown what, decided without a browser.

use super::*;

fn who(role: &str) -> SessionState {
    let tenant = |n: u8, slug: &str| serde_json::json!({ "id": format!("ten_{}{n}", "0".repeat(25)), "slug": slug, "name": slug });
    let who = serde_json::json!({
        "session": format!("ses_{}", "0".repeat(26)), "expiresAt": "2030-01-01T00:00:00Z",
        "user": { "id": format!("usr_{}", "0".repeat(26)), "email": "a@b.co", "firstName": "A", "lastName": "B" },
        "tenant": tenant(1, "acme"), "role": role, "tenants": [tenant(1, "acme"), tenant(2, "globex")],
    });
    SessionState::SignedIn(Box::new(serde_json::from_value(who).unwrap()))
}

fn at(state: &SessionState, path: &str, wanted: Option<&str>) -> Screen {
    screen(state, &paths::place(path), path, wanted)
}

fn onward(to: &str) -> Screen {
    Screen::Onward(to.to_owned())
}

#[test]
fn signed_out_leads_to_signing_in_and_remembers_the_page() {
    let out = SessionState::SignedOut { ended: false };
    assert_eq!(at(&out, "/t/acme/account", None), onward("/sign-in?to=%2Ft%2Facme%2Faccount"));
    assert_eq!(at(&out, "/", None), onward("/sign-in"));
    assert_eq!(at(&out, "/setup", None), onward("/sign-in"));
    assert_eq!(at(&out, "/sign-in", None), Screen::SignIn(String::new()));
    assert_eq!(at(&out, "/nowhere", None), Screen::Missing);
    assert_eq!(at(&out, "/problems/conflict", None), Screen::Problem(ProblemCode::Conflict));
}

#[test]
fn an_open_set_up_comes_first() {
    assert_eq!(at(&SessionState::SetUpOpen, "/sign-in", None), onward("/setup"));
    assert_eq!(at(&SessionState::SetUpOpen, "/setup", None), Screen::SetUp);
}

#[test]
fn signed_in_leads_to_what_was_wanted_but_never_elsewhere() {
    let designer = who("designer");
    assert_eq!(at(&designer, "/sign-in", Some("/t/acme/account")), onward("/t/acme/account"));
    assert_eq!(at(&designer, "/sign-in", Some("//evil.example")), onward("/t/acme"));
    assert_eq!(at(&designer, "/sign-in", None), onward("/t/acme"));
    assert_eq!(at(&designer, "/t/acme", None), onward("/t/acme/automate/connections"));
    assert_eq!(at(&who("participant"), "/t/acme", None), Screen::Framed);
}

#[test]
fn another_tenant_is_entered_and_an_unknown_one_is_not() {
    assert!(
        matches!(at(&who("designer"), "/t/globex/account", None), Screen::Switching(t) if t.slug == "globex")
    );
    assert_eq!(at(&who("designer"), "/t/initech/account", None), Screen::Framed);
    assert_eq!(shown(&paths::place("/t/initech/account"), "acme", role::Role::Designer), Shown::Missing);
}

#[test]
fn an_invitation_is_for_everybody_who_has_its_link() {
    let invitation = Screen::Invitation("abc".to_owned());
    assert_eq!(at(&SessionState::SignedOut { ended: false }, "/invitations/abc", None), invitation);
    assert_eq!(at(&who("participant"), "/invitations/abc", None), invitation);
    assert_eq!(at(&SessionState::Unknown, "/invitations/abc", None), Screen::Waiting);
    assert_eq!(at(&SessionState::SetUpOpen, "/invitations/abc", None), onward("/setup"));
}

#[test]
fn pages_ask_for_their_role() {
    let license = paths::place("/t/acme/settings/license");
    let needed = role::Role::AutomationAdministrator;
    assert_eq!(shown(&license, "acme", role::Role::Designer), Shown::Refused(needed));
    assert_eq!(shown(&license, "acme", needed), Shown::License);
    assert_eq!(shown(&paths::place("/t/acme/account"), "acme", role::Role::Participant), Shown::Account);
}
