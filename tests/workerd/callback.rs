//! Callbacks that are not what they seem.

use drawbridge_contract::endpoints::SignOut;
use drawbridge_contract::endpoints::SwitchTenant;
use drawbridge_contract::types::connections::AuthorizeIn;
use drawbridge_contract::types::tenants::TenantPath;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::oauth::CallbackRefusal as Why;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::fixtures::{ADMIN, DESIGNER, Desk, OTHER, Stack, User, shared};
use drawbridge_tests::provider::{Visitor, parameter, with_parameter};

/// A page with the right status, the right words and nothing active in it.
#[track_caller]
fn refused(ending: &Answered, status: u16, why: Why) {
    assert_eq!((ending.status, ending.header("x-refusal")), (status, Some(why.code())), "{ending:?}");
    assert!(ending.text().replace("&#39;", "'").contains(why.words()), "{ending:?}");
    assert_eq!(ending.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(
        ending.header("content-security-policy"),
        Some(
            "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        )
    );
    assert_eq!(ending.header("cache-control"), Some("no-store"));
    assert!(!ending.text().contains("data-connection"), "a stranger learns no id: {ending:?}");
}

/// How often the client asked for tokens by a code.
fn codes(stack: &Stack, desk: &Desk<'_>) -> usize {
    stack.sandbox.token_calls(&desk.client, "authorization_code").0
}

#[test]
fn a_forged_state_belongs_to_nothing() {
    let stack = shared();
    let desk = stack.desk("Forged");
    let pending = desk.pending("Target");
    let callback = desk.visit(&desk.authorize(&pending, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    for state in ["", "x", "%00", &"A".repeat(43), &"s".repeat(10_000)] {
        refused(&desk.user.navigate(&with_parameter(&callback, "state", Some(state))), 400, Why::Unknown);
    }
    refused(&desk.user.navigate(&with_parameter(&callback, "state", None)), 400, Why::Malformed);
    refused(&desk.user.navigate("/oauth/callback"), 400, Why::Malformed);
    assert_eq!((codes(&stack, &desk), desk.read(&pending)), (0, pending.clone()), "nothing was changed");
    desk.user.navigate(&callback).with_status(200);
    assert_eq!(desk.read(&pending).summary.state.status, Status::Active, "the true one still works");
}

#[test]
fn a_state_works_once_also_for_two_at_the_same_moment() {
    let stack = shared();
    let desk = stack.desk("Reused");
    let connection = desk.pending("Used once");
    let callback = desk.visit(&desk.authorize(&connection, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    let endings: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| desk.user.navigate(&callback))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(endings.iter().filter(|ending| ending.status == 200).count(), 1, "{endings:?}");
    for ending in endings.iter().filter(|ending| ending.status != 200) {
        refused(ending, 409, Why::Used);
    }
    let before = desk.read(&connection);
    assert_eq!(before.summary.state.status, Status::Active);
    refused(&desk.user.navigate(&callback), 409, Why::Used);
    assert_eq!(desk.read(&connection), before);
    assert_eq!(codes(&stack, &desk), 1, "the code went out once");
}

#[test]
fn nobody_but_the_browser_that_began_can_finish() {
    let stack = shared();
    let desk = stack.desk("Other browsers");
    let pending = desk.pending("Mine");
    let callback = desk.visit(&desk.authorize(&pending, AuthorizeIn::PopUp), &mut Visitor::new("ada"));

    let same_tenant = User::sign_in(&stack.server, ADMIN);
    same_tenant.to::<SwitchTenant>().at(TenantPath { tenant: desk.user.who.tenant.id.clone() }).good();
    let (designer, other) = (stack.person(DESIGNER), stack.person(OTHER));
    let signed_out = User::sign_in(&stack.server, OTHER);
    signed_out.to::<SignOut>().good();
    let nobody = desk.user.stranger();
    let strangers: [(&str, &Browser); 5] = [
        ("another session of the same person", &same_tenant),
        ("another user", &designer),
        ("a user of another tenant", &other),
        ("a browser that signed out", &signed_out),
        ("a browser that is not signed in", &nobody),
    ];
    for (who, browser) in strangers {
        let ending = browser.navigate(&callback);
        assert_eq!(ending.status, 403, "{who}: {ending:?}");
        refused(&ending, 403, Why::OtherBrowser);
    }
    // The same session, but in another tenant by now.
    let home = desk.user.who.tenant.id.clone();
    let first = desk.user.who.tenants.iter().find(|tenant| tenant.name == "First").unwrap().id.clone();
    desk.user.to::<SwitchTenant>().at(TenantPath { tenant: first }).good();
    refused(&desk.user.navigate(&callback), 403, Why::OtherBrowser);
    desk.user.to::<SwitchTenant>().at(TenantPath { tenant: home }).good();

    assert_eq!((codes(&stack, &desk), desk.read(&pending)), (0, pending.clone()), "nothing was changed");
    desk.user.navigate(&callback).with_status(200);
    assert_eq!(desk.read(&pending).connected_as.unwrap().id, "ada");
}

#[test]
fn repeated_and_missing_parameters_are_not_guessed_at() {
    let stack = shared();
    let desk = stack.desk("Repeated");
    let pending = desk.pending("Twice");
    let callback = desk.visit(&desk.authorize(&pending, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    for name in ["state", "code", "iss"] {
        let value = parameter(&callback, name).unwrap();
        refused(&desk.user.navigate(&format!("{callback}&{name}={value}")), 400, Why::Malformed);
        refused(&desk.user.navigate(&format!("{callback}&{name}=other")), 400, Why::Malformed);
    }
    refused(&desk.user.navigate(&format!("{callback}&error=a&error=b")), 400, Why::Malformed);
    assert_eq!((codes(&stack, &desk), desk.read(&pending)), (0, pending.clone()), "nothing was changed");
    desk.user.navigate(&callback).with_status(200);

    for code in [None, Some("")] {
        let pending = desk.pending("Without a code");
        let callback = desk.visit(&desk.authorize(&pending, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
        refused(&desk.user.navigate(&with_parameter(&callback, "code", code)), 400, Why::Malformed);
        assert_eq!(desk.read(&pending), pending, "nothing was changed");
    }
    assert_eq!(codes(&stack, &desk), 1);
}

#[test]
fn a_code_of_another_sign_in_is_no_good() {
    let stack = shared();
    let desk = stack.desk("Injected");
    let (victim, attacker) = (desk.pending("Victim"), desk.pending("Attacker"));
    let mine = desk.visit(&desk.authorize(&victim, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    let theirs = desk.visit(&desk.authorize(&attacker, AuthorizeIn::PopUp), &mut Visitor::new("alan"));
    let injected = with_parameter(&mine, "code", parameter(&theirs, "code").as_deref());
    let ending = desk.user.navigate(&injected);
    assert!(ending.text().contains("data-ok=\"false\""), "{ending:?}");
    let state = desk.read(&victim).summary.state;
    assert_eq!(
        (state.status, state.reason),
        (Status::Pending, Reason::SignInRefused),
        "PKCE binds code and sign-in"
    );
}

#[test]
fn the_callback_is_read_with_get_only() {
    let stack = shared();
    let browser = stack.server.browser();
    let answer = browser
        .raw("POST", "/oauth/callback")
        .bytes("application/x-www-form-urlencoded", b"state=x".to_vec());
    assert_eq!(answer.send().with_status(405).header("allow"), Some("GET"));
}
