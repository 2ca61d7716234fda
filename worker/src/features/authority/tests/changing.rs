//! What is changed counts from the answer on.

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use serde_json::json;

use super::{Desk, asked, caller};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::features::oauth_server;
use crate::http::Scope;
use crate::ports::{DbError, Rows, Statement};
use crate::values;

/// A scope of the system, for changes that tests make.
pub(super) fn scope(desk: &Desk) -> Scope {
    let rows = desk.harness.db.query(&format!(
        "SELECT id AS tenant_id, slug AS tenant_slug, name AS tenant_name, audit_seq, audit_hash FROM tenants
         WHERE id = '{}'",
        desk.tenant
    ));
    let row = serde_json::from_value(rows[0].clone()).unwrap();
    let facts = crate::http::Facts {
        id: drawbridge_domain::id::RequestId::new(1, [0; 10]),
        address: String::new(),
        country: String::new(),
        user_agent: String::new(),
        origin: String::new(),
    };
    Scope::of_system(row, crate::features::audit::Actor::system(), facts)
}

/// Commits a change of one column through the authority.
pub(super) fn change(desk: &Desk, affected: Affected, sql: &'static str) -> Result<Vec<Rows>, DbError> {
    let change = Statement::of(&desk.tenant, sql, values![]);
    let record = Record::done("token.changed", "token", desk.token.id.as_str(), "CI");
    pollster::block_on(authority::commit(
        &desk.harness.services,
        &scope(desk),
        &[affected],
        vec![change, Statement::must_change()],
        &[record],
    ))
}

#[test]
fn a_change_counts_from_its_answer_on() {
    let desk = Desk::full();
    let token = || Affected::Token(desk.token.id.clone());
    let user = || Affected::User(desk.user.clone());
    for (affected, sql, status) in [
        (token(), "UPDATE tokens SET addresses = '[\"10.0.0.0/8\"]' WHERE tenant_id = ?1", 401),
        (token(), "UPDATE tokens SET addresses = '[]' WHERE tenant_id = ?1", 200),
        (Affected::Tenant, "UPDATE tenants SET max_token_days = 30 WHERE id = ?1", 401),
        (Affected::Tenant, "UPDATE tenants SET max_token_days = 90 WHERE id = ?1", 200),
        (
            user(),
            "UPDATE users SET state = 'suspended' WHERE tenant_id = ?1 AND email = 'dora@example.com'",
            401,
        ),
        (
            user(),
            "UPDATE users SET state = 'active' WHERE tenant_id = ?1 AND email = 'dora@example.com'",
            200,
        ),
        (
            user(),
            "UPDATE users SET role = 'participant' WHERE tenant_id = ?1 AND email = 'dora@example.com'",
            200,
        ),
        (token(), "UPDATE tokens SET revoked_at = 1 WHERE tenant_id = ?1", 401),
    ] {
        desk.who();
        change(&desk, affected, sql).unwrap();
        assert_eq!(desk.who().status, status, "{sql}");
    }
}

#[test]
fn a_role_that_is_lowered_is_lower_at_the_next_call() {
    let desk = Desk::full();
    assert_eq!(desk.program().send(http::Method::GET, "/api/v1/users", None).status, 200);
    let sql = "UPDATE users SET role = 'designer' WHERE tenant_id = ?1 AND email = 'dora@example.com'";
    change(&desk, Affected::User(desk.user.clone()), sql).unwrap();
    desk.program().send(http::Method::GET, "/api/v1/users", None).problem(P::NeedsRole);
    assert_eq!(caller(&desk.program()).role, Role::Designer);
}

#[test]
fn an_app_that_is_disabled_takes_its_access_tokens_along() {
    let desk = Desk::full();
    let (app, _) = desk.harness.insert_app(&desk.tenant, &desk.user, ApiScopes::FULL);
    let program = desk.harness.program(&desk.harness.access_token(&desk.harness.claims(
        &desk.tenant,
        &app,
        ApiScopes::FULL,
    )));
    assert_eq!(asked(&program).status, 200);
    change(&desk, Affected::App(app.clone()), "UPDATE apps SET disabled = 1 WHERE tenant_id = ?1").unwrap();
    asked(&program).problem(P::Unauthenticated);
    change(&desk, Affected::App(app), "UPDATE apps SET disabled = 0 WHERE tenant_id = ?1").unwrap();
    assert_eq!(asked(&program).status, 200);
}

#[test]
fn one_access_token_is_revoked_and_the_others_stay() {
    let desk = Desk::full();
    let (app, _) = desk.harness.insert_app(&desk.tenant, &desk.user, ApiScopes::FULL);
    let services = &desk.harness.services;
    let [one, other] = [(); 2].map(|()| desk.harness.claims(&desk.tenant, &app, ApiScopes::FULL));
    let [first, second] =
        [&one, &other].map(|claims| desk.harness.program(&desk.harness.access_token(claims)));
    assert_eq!((asked(&first).status, asked(&second).status), (200, 200));
    let facts = scope(&desk).facts().clone();
    let revoke = || oauth_server::revoke(services, &facts, &one);
    pollster::block_on(revoke()).unwrap();
    pollster::block_on(revoke()).unwrap();
    asked(&first).problem(P::Unauthenticated);
    assert_eq!(asked(&second).status, 200);
    assert_eq!(pollster::block_on(authority::stands(services, &one)).unwrap(), None);
    assert_eq!(pollster::block_on(authority::stands(services, &other)).unwrap(), Some(ApiScopes::FULL));
}

#[test]
fn the_authorization_server_is_told_of_an_app_by_its_secret() {
    let desk = Desk::full();
    let (app, secret) = desk.harness.insert_app(&desk.tenant, &desk.user, ApiScopes::FULL);
    let facts = scope(&desk).facts().clone();
    let ask = |secret: Option<&str>| {
        pollster::block_on(authority::app(&desk.harness.services, &app, secret, &facts)).map(|app| app.name)
    };
    assert_eq!(ask(Some(&secret)).unwrap(), "Robot");
    assert_eq!(ask(None).unwrap(), "Robot");
    for bad in ["", "x", &format!("{secret}x"), &desk.token.secret] {
        assert!(matches!(ask(Some(bad)), Err(authority::Refused::Credentials)), "{bad}");
    }
    let hash = desk.harness.db.query("SELECT secret_hash FROM apps")[0]["secret_hash"].clone();
    let now = desk.harness.services.now().millis();
    desk.harness.db.query(
        &format!(
            "UPDATE apps SET secret_hash = 'new', previous_hash = {hash}, previous_until = {}",
            now + 10
        )
        .replace('"', "'"),
    );
    desk.harness.authorities.forget();
    assert!(ask(Some(&secret)).is_ok());
    desk.harness.clock.advance(10);
    assert!(matches!(ask(Some(&secret)), Err(authority::Refused::Credentials)));
}

#[test]
fn who_cannot_be_told_of_a_change_prevents_it() {
    let desk = Desk::full();
    desk.who();
    desk.harness.authorities.broken.set(3);
    let sql = "UPDATE tokens SET revoked_at = 1 WHERE tenant_id = ?1";
    let failed = change(&desk, Affected::Token(desk.token.id.clone()), sql).unwrap_err();
    assert_eq!(crate::http::Failure::from(failed).code, P::NotReady);
    assert_eq!(desk.who().status, 200, "nothing was changed");
    // Once is no harm.
    desk.harness.authorities.broken.set(1);
    change(&desk, Affected::Token(desk.token.id.clone()), sql).unwrap();
    desk.who().problem(P::Unauthenticated);
}

#[test]
fn an_authority_that_does_not_answer_lets_nobody_in() {
    let desk = Desk::full();
    desk.harness.authorities.broken.set(2);
    desk.who().problem(P::NotReady);
    desk.harness.authorities.broken.set(1);
    assert_eq!(desk.who().status, 200, "it is asked once more");
}

#[test]
fn a_change_that_fails_leaves_all_as_it_was() {
    let desk = Desk::full();
    let sql = "UPDATE tokens SET revoked_at = 1 WHERE tenant_id = ?1 AND id = 'nobody'";
    assert_eq!(change(&desk, Affected::Token(desk.token.id.clone()), sql).unwrap_err(), DbError::Guard);
    assert_eq!(desk.who().status, 200);
    let before = desk.trips();
    assert_eq!(desk.who().status, 200);
    assert_eq!(desk.trips(), before, "what is read is kept again");
}

#[test]
fn what_an_app_or_a_token_does_is_recorded_as_theirs() {
    let desk = Desk::full();
    let (app, _) = desk.harness.insert_app(&desk.tenant, &desk.user, ApiScopes::FULL);
    let claims = desk.harness.claims(&desk.tenant, &app, ApiScopes::FULL);
    for program in [desk.program(), desk.harness.program(&desk.harness.access_token(&claims))] {
        let made = program.send_json(
            http::Method::POST,
            "/api/v1/groups",
            &json!({ "name": format!("G{}", desk.trips()) }),
        );
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let rows =
        desk.harness.db.query("SELECT actor_type, actor_id, actor_name FROM audit ORDER BY seq DESC LIMIT 2");
    let of = |row: usize, name: &str| rows[row][name].as_str().unwrap().to_owned();
    assert_eq!(
        (of(0, "actor_type"), of(0, "actor_id"), of(0, "actor_name")),
        ("app".into(), app.to_string(), "Robot".into())
    );
    assert_eq!((of(1, "actor_type"), of(1, "actor_id")), ("user".into(), desk.user.to_string()));
    assert!(of(1, "actor_name").ends_with("(token CI)"));
    let verified = desk.ada.send(http::Method::GET, "/api/v1/audit/verification", None).json();
    assert_eq!(verified["broken"], serde_json::Value::Null);
}
