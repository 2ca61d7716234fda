//! Uses with a token: what the authority tells of the connection stands in for the database, and never tells what is not so
//! any more.

use std::rc::Rc;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::life::{ChangeConnection, DeleteConnectionQuery};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::id::UserId;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::{HOUR, MINUTE};
use http::Method;
use serde_json::{Value as Json, json};

use super::{made, path, read, signed_in, test};
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

/// A deployment with a connection, and a program with the token of a designer.
struct Desk {
    harness: Rc<Harness>,
    ada: Browser,
    connection: Connection,
    dora: UserId,
    program: Browser,
}

impl Desk {
    fn new() -> Self {
        let harness = Harness::new();
        let ada = harness.set_up();
        let connection = made(&harness, &ada, "Contacts");
        let dora = harness.insert_user(&ada.tenant(), Role::Designer, "dora@example.com");
        let token = harness.insert_token(&ada.tenant(), &dora, ApiScopes::FULL);
        let program = harness.program(&token.secret);
        Self { harness, ada, connection, dora, program }
    }

    fn operations(&self) -> String {
        format!("/api/v1/connections/{}/operations/list-contacts", self.connection.summary.id)
    }

    /// Uses the connection with the token.
    fn used(&self) -> TestAnswer {
        self.harness.outward.clear();
        self.harness.outward.asked.borrow_mut().clear();
        self.harness.outward.next_json(200, json!({ "items": [] }));
        self.program.send_json(Method::POST, &self.operations(), &json!({ "parameters": {} }))
    }

    /// Uses it twice, so that it is known.
    #[track_caller]
    fn warm(&self) {
        assert_eq!(self.used().status, 200);
        assert_eq!(self.used().status, 200);
        assert_eq!(self.reads_of_a_use(), 0, "it is known");
    }

    /// How often a use reads the connection.
    fn reads_of_a_use(&self) -> usize {
        self.harness.db.batches.borrow_mut().clear();
        self.used();
        let batches = self.harness.db.batches.borrow();
        batches.iter().flatten().filter(|statement| statement.sql.contains("FROM connections c")).count()
    }

    /// Gives the connection to these, and to nobody else.
    #[track_caller]
    fn grant(&self, grants: &Json) {
        let target = format!("/api/v1/connections/{}/permissions", self.connection.summary.id);
        let etag = self.ada.send(Method::GET, &target, None).header("etag").unwrap().to_owned();
        let owner = json!({ "kind": "user", "id": self.ada.who_am_i().user.id, "level": "owner" });
        let mut all = vec![owner];
        all.extend(grants.as_array().unwrap().iter().cloned());
        let saved =
            self.ada.with("if-match", &etag).send_json(Method::PUT, &target, &json!({ "grants": all }));
        self.ada.plain();
        assert_eq!(saved.status, 200, "{}", saved.text());
    }

    #[track_caller]
    fn grant_dora(&self) {
        self.grant(&json!([{ "kind": "user", "id": self.dora, "level": "user" }]));
    }
}

#[test]
fn a_use_with_a_token_reads_the_connection_once() {
    let desk = Desk::new();
    assert_eq!(desk.used().problem(ProblemCode::NotFound).status, 404);
    desk.grant_dora();
    assert_eq!(desk.reads_of_a_use(), 1);
    assert_eq!(desk.reads_of_a_use(), 0);
    // A session asks the database each time, as for all else.
    desk.harness.outward.next_json(200, json!({ "items": [] }));
    desk.harness.db.batches.borrow_mut().clear();
    desk.ada.send_json(Method::POST, &desk.operations(), &json!({ "parameters": {} }));
    let batches = desk.harness.db.batches.borrow();
    assert!(batches.iter().flatten().any(|statement| statement.sql.contains("FROM connections c")));
}

#[test]
fn what_there_is_not_and_what_waits_for_a_sign_in_is_not_kept() {
    let desk = Desk::new();
    assert_eq!(desk.reads_of_a_use(), 1, "what Dora may not know of is known, and refused each time");
    desk.used().problem(ProblemCode::NotFound);
    let target = "/api/v1/connections/con_01k0000000000000000000000a/operations/list-contacts";
    for _ in 0..2 {
        desk.harness.db.batches.borrow_mut().clear();
        let answer = desk.program.send_json(Method::POST, target, &json!({ "parameters": {} }));
        answer.problem(ProblemCode::NotFound);
        assert!(!desk.harness.db.batches.borrow().is_empty(), "looked for again");
    }
}

/// Each change that people can make of what decides about a use, and what becomes of the next one.
#[test]
fn whatever_is_changed_counts_from_the_next_use_on() {
    let desk = Desk::new();
    let (ada, connection) = (&desk.ada, &desk.connection);
    desk.grant_dora();
    desk.warm();
    desk.grant(&json!([]));
    desk.used().problem(ProblemCode::NotFound);
    desk.grant(&json!([{ "kind": "everyone", "id": "", "level": "user" }]));
    desk.warm();

    ada.call::<api::DisableConnection>(&path(connection), &Nothing {}, &Nothing {}).ok();
    desk.used().problem(ProblemCode::ConnectionDisabled);
    desk.harness.outward.clear();
    desk.harness.outward.next_json(200, super::ada());
    ada.call::<api::EnableConnection>(&path(connection), &Nothing {}, &Nothing {}).ok();
    desk.warm();

    let etag = read(ada, connection).raw.header("etag").unwrap().to_owned();
    let credentials = [("apiKey".to_owned(), SecretText::new("another-key".to_owned()))].into();
    let body = ChangeConnection { credentials, ..Default::default() };
    desk.harness.outward.clear();
    desk.harness.outward.next_json(200, super::ada());
    ada.with("if-match", &etag)
        .call::<api::ChangeConnectionSettings>(&path(connection), &Nothing {}, &body)
        .ok();
    ada.plain();
    assert_eq!(desk.used().status, 200);
    assert_eq!(desk.harness.outward.asked.borrow()[0].headers["x-api-key"], "another-key");
    desk.warm();

    desk.harness.outward.clear();
    desk.harness.outward.next_json(401, json!({}));
    test(ada, connection).ok();
    desk.used().problem(ProblemCode::ConnectionInvalid);
    desk.harness.outward.clear();
    desk.harness.outward.next_json(200, super::ada());
    test(ada, connection).ok();
    desk.warm();

    ada.call::<api::DeleteConnection>(&path(connection), &DeleteConnectionQuery::default(), &Nothing {}).ok();
    desk.used().problem(ProblemCode::NotFound);
    desk.harness.outward.clear();
    desk.harness.outward.next_json(200, super::ada());
    ada.call::<api::RestoreConnection>(&path(connection), &Nothing {}, &Nothing {}).ok();
    desk.warm();
}

#[test]
fn who_leaves_a_group_loses_what_it_was_given_with_the_next_use() {
    let desk = Desk::new();
    let group = |name: &str| {
        let answer = desk.ada.send_json(Method::POST, "/api/v1/groups", &json!({ "name": name }));
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let (sales, support) = (group("Sales"), group("Support"));
    let give = |group: &str| desk.grant(&json!([{ "kind": "group", "id": group, "level": "user" }]));
    let member = |method: Method, group: &str| {
        let target = format!("/api/v1/groups/{group}/members/{}", desk.dora);
        let answer = desk.ada.send(method, &target, None);
        assert!(answer.status < 300, "{}", answer.text());
    };
    give(&sales);
    desk.used().problem(ProblemCode::NotFound);
    member(Method::PUT, &sales);
    desk.warm();
    member(Method::DELETE, &sales);
    desk.used().problem(ProblemCode::NotFound);
    give(&support);
    member(Method::PUT, &support);
    desk.warm();
    assert_eq!(desk.ada.send(Method::DELETE, &format!("/api/v1/groups/{support}"), None).status, 204);
    desk.used().problem(ProblemCode::NotFound);
}

#[test]
fn new_tokens_of_the_provider_are_used_at_once() {
    let mut desk = Desk::new();
    desk.connection = signed_in(&desk.harness, &desk.ada, "Signed in");
    desk.grant_dora();
    desk.warm();
    desk.harness.clock.advance(46 * MINUTE);
    desk.harness.outward.clear();
    desk.harness.outward.asked.borrow_mut().clear();
    let fresh = json!({ "access_token": "second", "refresh_token": "r-second", "expires_in": 3600 });
    desk.harness.outward.next_json(200, fresh);
    desk.harness.outward.next_json(200, json!({ "items": [] }));
    let answer = desk.program.send_json(Method::POST, &desk.operations(), &json!({ "parameters": {} }));
    assert_eq!(answer.status, 200);
    assert_eq!(desk.harness.outward.asked.borrow()[1].headers["authorization"], "Bearer second");
    assert_eq!(desk.used().status, 200);
    let asked = desk.harness.outward.asked.borrow();
    assert_eq!((asked.len(), &asked[0].headers["authorization"]), (1, &"Bearer second".parse().unwrap()));
}

/// A use that reads while a change is on its way keeps nothing of it.
#[test]
fn what_is_read_during_a_change_is_not_kept() {
    let desk = Rc::new(Desk::new());
    desk.grant_dora();
    desk.warm();
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    let inner = Rc::clone(&desk);
    interrupt
        .before("SET status = ?4", move || assert_eq!(inner.used().status, 200, "nothing is written yet"));
    browser.call::<api::DisableConnection>(&path(&desk.connection), &Nothing {}, &Nothing {}).ok();
    assert!(interrupt.done());
    desk.used().problem(ProblemCode::ConnectionDisabled);
}

/// A change that nobody can be told of is not made.
#[test]
fn a_change_that_cannot_be_told_is_not_made() {
    let desk = Desk::new();
    desk.grant_dora();
    desk.warm();
    desk.harness.authorities.broken.set(usize::MAX);
    let answer = desk.ada.call::<api::DisableConnection>(&path(&desk.connection), &Nothing {}, &Nothing {});
    assert_eq!(answer.raw.status, 503);
    desk.harness.authorities.broken.set(0);
    assert_eq!(desk.used().status, 200);
}

/// An app uses by its role, which is put on record at most once an hour and costs no statement in between.
#[test]
fn an_app_that_uses_by_its_role_is_put_on_record_once_an_hour() {
    let mut desk = Desk::new();
    let eve = desk.harness.insert_user(&desk.ada.tenant(), Role::AutomationAdministrator, "eve@example.com");
    let token = desk.harness.insert_token(&desk.ada.tenant(), &eve, ApiScopes::FULL);
    desk.program = desk.harness.program(&token.secret);
    let records = || {
        let sql = "SELECT seq FROM audit WHERE action = 'connection.used_as_administrator'";
        desk.harness.db.query(sql).len()
    };
    assert_eq!((desk.used().status, records()), (200, 1));
    desk.harness.db.batches.borrow_mut().clear();
    assert_eq!((desk.used().status, records()), (200, 1));
    let tried =
        |sql: &str| desk.harness.db.batches.borrow().iter().flatten().any(|one| one.sql.contains(sql));
    assert!(!tried("connection_role_uses"));
    desk.harness.clock.advance(HOUR);
    assert_eq!((desk.used().status, records()), (200, 2));
    // Another instance of the Worker knows nothing of it; the database does.
    let other = desk.harness.variant(|services| services.known_uses = Rc::default());
    desk.program = other.program(&token.secret);
    assert_eq!((desk.used().status, records()), (200, 2));
}
