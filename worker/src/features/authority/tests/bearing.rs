//! Who is let in with a bearer token, and what the others are told.

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_contract::types::sessions::CredentialKind;
use drawbridge_domain::credential::{CLIENT_SECRET, PERSONAL_TOKEN, written};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use drawbridge_domain::time::{DAY, HOUR};
use http::{Method, header::HeaderName};

use super::{Desk, asked, caller};
use crate::testing::Browser;

const INVALID: &str = "Bearer realm=\"drawbridge\", error=\"invalid_token\"";

#[test]
fn a_token_tells_its_user_with_the_role_of_now() {
    let desk = Desk::new(Role::Designer, ApiScopes::of(&[ApiScope::ReadConnection]));
    let who = caller(&desk.program());
    let credential = who.credential.unwrap();
    assert_eq!((credential.kind, credential.id.as_str()), (CredentialKind::Token, desk.token.id.as_str()));
    assert_eq!(credential.scopes, ApiScopes::of(&[ApiScope::ReadConnection]));
    assert_eq!((who.session, who.user.unwrap().id, who.role), (None, desk.user.clone(), Role::Designer));
    assert_eq!(who.tenants, [who.tenant]);
    let before = desk.trips();
    assert_eq!(desk.who().status, 200);
    assert_eq!(desk.trips(), before, "the warm path asks the database nothing");
}

#[test]
fn what_is_mistyped_or_misshapen_is_refused_without_asking_anybody() {
    let desk = Desk::full();
    desk.who();
    let secret = desk.token.secret.clone();
    let last = if secret.ends_with('a') { "b" } else { "a" };
    let (app_secret, _) = written(CLIENT_SECRET, &[7; 64]).unwrap();
    let long = "a".repeat(100_000);
    let mistyped = format!("{}{last}", &secret[..secret.len() - 1]);
    let (trips, asks) = (desk.trips(), desk.harness.authorities.asked.borrow().len());
    for bad in [
        &mistyped,
        &secret[..20],
        &secret.to_uppercase(),
        "dbr_pat_",
        "x",
        &app_secret,
        &long,
        // Not one of these is signed by us.
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "..",
    ] {
        let answer = asked(&desk.harness.program(bad));
        answer.problem(P::Unauthenticated);
        assert_eq!(answer.header("www-authenticate"), Some(INVALID), "{bad}");
        assert!(bad.len() < 9 || !answer.text().contains(bad), "the token is not repeated");
    }
    assert_eq!((desk.trips(), desk.harness.authorities.asked.borrow().len()), (trips, asks));
}

#[test]
fn a_token_that_is_not_good_is_refused_and_not_told_why() {
    let desk = Desk::full();
    let (unknown, _) = written(PERSONAL_TOKEN, &[3; 64]).unwrap();
    let mut answers = vec![asked(&desk.harness.program(&unknown)).problem(P::Unauthenticated)];
    let now = desk.harness.services.now().millis();
    for (columns, good) in [
        (format!("expires_at = {now}"), false),
        (format!("expires_at = {}", now + 1), true),
        (format!("expires_at = {}, revoked_at = 1", now + DAY), false),
        ("revoked_at = NULL, addresses = '[\"203.0.113.0/24\"]'".to_owned(), false),
        ("addresses = '[\"192.0.2.0/24\"]'".to_owned(), true),
        (format!("addresses = '[]', made_at = {now}, expires_at = {}", now + 367 * DAY), false),
        (format!("expires_at = {}", now + 366 * DAY), true),
    ] {
        desk.set(&columns);
        let answer = desk.who();
        if good {
            assert_eq!(answer.status, 200, "{columns}");
        } else {
            assert_eq!(answer.header("www-authenticate"), Some(INVALID), "{columns}");
            answers.push(answer.problem(P::Unauthenticated));
        }
    }
    desk.harness.db.query("UPDATE users SET state = 'suspended' WHERE email = 'dora@example.com'");
    desk.harness.authorities.forget();
    answers.push(desk.who().problem(P::Unauthenticated));
    desk.harness.db.query("DELETE FROM users WHERE email = 'dora@example.com'");
    desk.harness.authorities.forget();
    answers.push(desk.who().problem(P::Unauthenticated));
    for problem in &mut answers {
        problem.request_id.clear();
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_token_ends_at_its_very_millisecond_though_it_is_remembered() {
    let desk = Desk::full();
    assert_eq!(desk.who().status, 200);
    desk.harness.clock.advance(90 * DAY - 1);
    assert_eq!(desk.who().status, 200);
    desk.harness.clock.advance(1);
    desk.who().problem(P::Unauthenticated);
}

#[test]
fn the_secret_before_works_until_its_grace_is_over() {
    let desk = Desk::full();
    let now = desk.harness.services.now().millis();
    let hash = desk.harness.db.query("SELECT secret_hash FROM tokens")[0]["secret_hash"].clone();
    let hash = hash.as_str().unwrap();
    desk.set(&format!("secret_hash = 'new', previous_hash = '{hash}', previous_until = {}", now + HOUR));
    assert_eq!(desk.who().status, 200);
    desk.harness.clock.advance(HOUR - 1);
    assert_eq!(desk.who().status, 200);
    desk.harness.clock.advance(1);
    desk.who().problem(P::Unauthenticated);
}

/// Sends exactly these values of the header.
fn with_headers(program: &Browser, values: &[&str]) -> crate::testing::TestAnswer {
    let harness = &program.harness;
    let mut headers = http::HeaderMap::new();
    for value in values {
        headers.append(HeaderName::from_static("authorization"), value.parse().unwrap());
    }
    if let Some(cookie) = &*program.cookie.borrow() {
        headers.append(HeaderName::from_static("cookie"), cookie.parse().unwrap());
    }
    let incoming = crate::http::Incoming {
        method: Method::GET,
        url: "https://drawbridge.example/api/v1/session".parse().unwrap(),
        headers,
        body: crate::http::Body::Read(Vec::new()),
        country: String::new(),
    };
    let response = pollster::block_on(crate::http::handle(&harness.router, &harness.services, incoming));
    let (parts, body) = response.into_parts();
    let crate::http::Outgoing::Whole(body) = body else { panic!("no body") };
    crate::testing::TestAnswer { status: parts.status.as_u16(), headers: parts.headers, body }
}

#[test]
fn a_request_that_is_none_is_told_so() {
    let desk = Desk::full();
    let good = format!("Bearer {}", desk.token.secret);
    let invalid = "Bearer realm=\"drawbridge\", error=\"invalid_request\"";
    let joined = format!("{good}, {good}");
    for values in [
        &[good.as_str(), good.as_str()][..],
        &[joined.as_str()],
        &["Bearer"],
        &["Bearer "],
        &["Bearer a b"],
        &["Bearer \"a\""],
        &["bearer a,b"],
    ] {
        let answer = with_headers(&desk.ada, values);
        answer.problem(P::BadRequest);
        assert_eq!(answer.header("www-authenticate"), Some(invalid), "{values:?}");
    }
    for address in [
        "/api/v1/session?access_token=",
        "/api/v1/users?access_token=a",
        "/api/v1/session?a=b&access_token=c",
    ] {
        let answer = desk.program().send(Method::GET, address, None);
        answer.problem(P::BadRequest);
        assert_eq!(answer.header("www-authenticate"), Some(invalid), "{address}");
    }
    assert_eq!(with_headers(&desk.ada, &[&good.replace("Bearer", "bEARER ")]).status, 200);
}

#[test]
fn where_the_header_is_the_cookie_does_not_count() {
    let desk = Desk::full();
    assert_eq!(with_headers(&desk.ada, &[]).status, 200);
    with_headers(&desk.ada, &["Bearer x"]).problem(P::Unauthenticated);
    let other = with_headers(&desk.ada, &["Basic YTpi"]);
    other.problem(P::Unauthenticated);
    assert_eq!(other.header("www-authenticate"), Some("Bearer realm=\"drawbridge\""), "without an error");
    let nobody = with_headers(&desk.harness.browser(), &[]);
    nobody.problem(P::Unauthenticated);
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer realm=\"drawbridge\""));
}

/// A browser sends `Basic` credentials by itself, wherever the request comes from; it never does so with `Bearer`.
#[test]
fn only_a_bearer_token_does_without_the_origin() {
    let desk = Desk::full();
    let body = serde_json::json!({ "name": "Group" });
    assert_eq!(desk.program().send_json(Method::POST, "/api/v1/groups", &body).status, 201);
    desk.ada.with("authorization", "Basic YTpi").with("origin", "https://evil.example");
    desk.ada.send_json(Method::POST, "/api/v1/groups", &body).problem(P::CrossSite);
    desk.ada.send_json(Method::POST, "/api/v1/session", &body).problem(P::CrossSite);
}

#[test]
fn an_app_calls_with_the_scopes_that_both_it_and_its_token_have() {
    let desk = Desk::full();
    let some = ApiScopes::of(&[ApiScope::ManageUser, ApiScope::ReadAudit]);
    let (app, _) = desk.harness.insert_app(&desk.tenant, &desk.user, some);
    let claims = desk.harness.claims(
        &desk.tenant,
        &app,
        ApiScopes::of(&[ApiScope::ReadUser, ApiScope::UseConnection]),
    );
    let program = desk.harness.program(&desk.harness.access_token(&claims));
    let who = caller(&program);
    let credential = who.credential.unwrap();
    assert_eq!((credential.kind, credential.id.as_str()), (CredentialKind::App, app.as_str()));
    assert_eq!(credential.scopes, ApiScopes::of(&[ApiScope::ReadUser]));
    assert_eq!((who.user, who.role), (None, Role::AutomationAdministrator));
    assert_eq!(credential.expires_at, Some(claims.expires_at));
    let before = desk.trips();
    assert_eq!(asked(&program).status, 200);
    assert_eq!(desk.trips(), before, "the warm path asks the database nothing");
}

#[test]
fn an_access_token_is_refused_once_anything_of_it_is_wrong() {
    let desk = Desk::full();
    let (other, _) = desk.harness.other_tenant();
    let (app, _) = desk.harness.insert_app(&desk.tenant, &desk.user, ApiScopes::FULL);
    let good = desk.harness.claims(&desk.tenant, &app, ApiScopes::FULL);
    let refused = |claims: &crate::features::authority::Claims| {
        asked(&desk.harness.program(&desk.harness.access_token(claims))).problem(P::Unauthenticated);
    };
    refused(&crate::features::authority::Claims { tenant: other.clone(), ..good.clone() });
    let nobody = drawbridge_domain::id::AppId::new(1, [1; 10]);
    refused(&crate::features::authority::Claims { app: nobody, ..good.clone() });
    refused(&crate::features::authority::Claims { expires_at: desk.harness.services.now(), ..good.clone() });
    assert_eq!(asked(&desk.harness.program(&desk.harness.access_token(&good))).status, 200);
    for columns in
        ["disabled = 1", "disabled = 0, expires_at = 5", "expires_at = NULL, addresses = '[\"10.0.0.1\"]'"]
    {
        desk.harness.db.query(&format!("UPDATE apps SET {columns}"));
        desk.harness.authorities.forget();
        refused(&good);
    }
}

#[test]
fn the_end_is_told_when_it_is_near() {
    let desk = Desk::full();
    assert_eq!(desk.who().header("drawbridge-token-expires"), None);
    desk.harness.clock.advance(60 * DAY);
    let answer = desk.who();
    let told = answer.header("drawbridge-token-expires").unwrap();
    assert!(told.ends_with(" GMT") && told.len() == 29, "{told}");
    let missing = desk.program().send(Method::GET, "/api/v1/nothing", None);
    assert_eq!(missing.header("drawbridge-token-expires"), None, "nobody was asked who calls");
    let refused = desk.program().send(Method::GET, "/api/v1/sessions", None);
    refused.problem(P::NeedsSession);
    assert!(refused.header("drawbridge-token-expires").is_some(), "with a refusal, too");
}
