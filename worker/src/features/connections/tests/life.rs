//! The later life of a connection: changed, switched off, deleted, restored, destroyed, checked by the system.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::{Connection, ConnectionView, ListConnectionsQuery};
use drawbridge_contract::types::life::{
    ChangeConnection, ChangeEffect, ChangedConnection, DeleteConnectionQuery,
};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::life::{DELETED_LIFE, DOUBT_AGAIN, REVOCATION_TRIES};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::DAY;
use serde_json::json;

use super::{ada, by_sign_in, made, make, path, read, signed_in, test};
use crate::features::upkeep;
use crate::testing::{Browser, Harness, Typed};

fn change(browser: &Browser, connection: &Connection, body: &ChangeConnection) -> Typed<ChangedConnection> {
    let etag = read(browser, connection).raw.header("etag").unwrap_or("\"v1\"").to_owned();
    let changed = browser.with("if-match", &etag).call::<api::ChangeConnectionSettings>(
        &path(connection),
        &Nothing {},
        body,
    );
    browser.plain();
    changed
}

fn key(secret: &str) -> ChangeConnection {
    let credentials = [("apiKey".to_owned(), SecretText::new(secret.to_owned()))].into();
    ChangeConnection { credentials, ..Default::default() }
}

fn delete(browser: &Browser, connection: &Connection) -> Typed<Nothing> {
    browser.call::<api::DeleteConnection>(&path(connection), &DeleteConnectionQuery::default(), &Nothing {})
}

fn restore(browser: &Browser, connection: &Connection) -> Typed<Connection> {
    browser.call::<api::RestoreConnection>(&path(connection), &Nothing {}, &Nothing {})
}

fn deleted(browser: &Browser) -> Vec<String> {
    let query = ListConnectionsQuery { view: Some(ConnectionView::Deleted), ..Default::default() };
    let list = browser.call::<api::ListConnections>(&Nothing {}, &query, &Nothing {}).ok();
    assert!(list.items.iter().all(|item| item.deleted.is_some()));
    list.items.into_iter().map(|item| item.name).collect()
}

fn daily(harness: &Harness) {
    pollster::block_on(upkeep::run(&harness.services));
}

fn share(harness: &Harness, connection: &Connection, level: &str) {
    harness.db.query(&format!(
        "INSERT INTO connection_grants SELECT tenant_id, id, 'everyone', '', '{level}' FROM connections
         WHERE id = '{}'",
        connection.summary.id
    ));
}

#[test]
fn a_name_is_changed_at_once_and_new_credentials_are_proved_first() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let renamed = ChangeConnection { name: Some("  Sales CRM ".to_owned()), ..Default::default() };
    let changed = change(&browser, &connection, &renamed).ok();
    assert_eq!(
        (changed.effect, changed.connection.summary.name.as_str()),
        (ChangeEffect::Saved, "Sales CRM")
    );
    assert_eq!(harness.outward.asked.borrow().len(), 1, "the proof of the making");

    harness.outward.next_json(401, json!({ "error": "invalid_key" }));
    change(&browser, &connection, &key("wrong-key")).raw.problem(ProblemCode::CredentialsRefused);
    harness.outward.next_json(200, ada());
    assert_eq!(test(&browser, &connection).ok().summary.state.status, Status::Active);
    let sent = |place: usize| {
        harness.outward.asked.borrow()[place].headers["x-api-key"].to_str().unwrap().to_owned()
    };
    assert_eq!(sent(2), "sandbox-key-ada", "the old key stays");

    harness.outward.next_json(200, json!({ "id": "grace", "name": "Grace Hopper" }));
    let refused = change(&browser, &connection, &key("key-of-grace")).raw.problem(ProblemCode::OtherIdentity);
    assert!(
        refused.detail.contains("Ada Lovelace") && refused.detail.contains("Grace Hopper"),
        "{refused:?}"
    );
    harness.outward.next_json(200, json!({ "id": "grace", "name": "Grace Hopper" }));
    let accepted = ChangeConnection { accept_other_identity: true, ..key("key-of-grace") };
    let changed = change(&browser, &connection, &accepted).ok();
    assert_eq!(changed.effect, ChangeEffect::Proved);
    assert_eq!(changed.connection.connected_as.unwrap().id, "grace");
    harness.outward.next_json(200, json!({ "id": "grace" }));
    test(&browser, &connection).ok();
    assert_eq!(sent(5), "key-of-grace");
    // An empty secret is kept, and nothing that changes nothing is recorded.
    let before = harness.db.query("SELECT seq FROM audit").len();
    change(&browser, &connection, &key("")).ok();
    assert_eq!(harness.db.query("SELECT seq FROM audit").len(), before);
    let told = harness.db.query("SELECT changes FROM audit WHERE action = 'connection.changed'");
    assert_eq!(told.len(), 2);
    assert!(
        !format!("{told:?}").contains("key-of-grace") && format!("{told:?}").contains("credentials.apiKey")
    );
}

#[test]
fn a_change_is_checked_and_guarded() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let mut body = key("");
    body.name = Some("a<b".to_owned());
    body.settings.insert("nothing".to_owned(), "x".to_owned());
    let paths: Vec<_> = change(&browser, &connection, &body).raw.field_codes();
    assert_eq!(paths.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["name", "settings.nothing"]);
    let call = |etag: &str| {
        let body = ChangeConnection { name: Some("New".to_owned()), ..Default::default() };
        let answer = browser
            .with("if-match", etag)
            .call::<api::ChangeConnectionSettings>(&path(&connection), &Nothing {}, &body)
            .raw;
        browser.plain();
        answer
    };
    call("\"v7\"").problem(ProblemCode::PreconditionFailed);
    call("").problem(ProblemCode::PreconditionRequired);
    let pending = make(&browser, &by_sign_in("Pending")).ok();
    let rename = ChangeConnection { name: Some("New".to_owned()), ..Default::default() };
    change(&browser, &pending, &rename).raw.problem(ProblemCode::ConnectionPending);
    let (_, user) = harness.add_user(&browser.tenant(), Role::Designer, "grace@example.com");
    change(&user, &connection, &rename).raw.problem(ProblemCode::NotFound);
    share(&harness, &connection, "user");
    change(&user, &connection, &rename).raw.problem(ProblemCode::NeedsOwner);
}

#[test]
fn switched_off_nothing_goes_out_and_on_again_it_is_proved() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let call = |enable: bool| {
        let (at, none) = (path(&connection), Nothing {});
        harness.clock.advance(1);
        if enable {
            browser.call::<api::EnableConnection>(&at, &none, &none)
        } else {
            browser.call::<api::DisableConnection>(&at, &none, &none)
        }
    };
    call(true).raw.problem(ProblemCode::Conflict);
    let state = call(false).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Disabled, Reason::SwitchedOff));
    call(false).raw.problem(ProblemCode::ConnectionDisabled);
    test(&browser, &connection).raw.problem(ProblemCode::ConnectionDisabled);
    harness.clock.advance(2 * DAY);
    browser.sign_in("ada@example.com");
    daily(&harness);
    assert_eq!(harness.outward.asked.borrow().len(), 1, "no call goes out");
    harness.outward.next_json(401, json!({}));
    let state = call(true).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::CredentialsRefused));
    call(false).ok();
    harness.outward.next_json(200, ada());
    assert_eq!(call(true).ok().summary.state.status, Status::Active);
    let events = browser.call::<api::ListConnectionEvents>(&path(&connection), &Nothing {}, &Nothing {}).ok();
    let statuses: Vec<_> = events.items.iter().map(|event| event.state.status).collect();
    let expect = [Status::Active, Status::Disabled, Status::Invalid, Status::Disabled, Status::Active];
    assert_eq!(statuses, expect);
}

#[test]
fn deleted_it_is_gone_and_owners_can_have_it_back() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let (_, user) = harness.add_user(&browser.tenant(), Role::Designer, "grace@example.com");
    share(&harness, &connection, "user");
    delete(&user, &connection).raw.problem(ProblemCode::NeedsOwner);
    assert_eq!(delete(&browser, &connection).raw.status, 204);
    read(&browser, &connection).raw.problem(ProblemCode::NotFound);
    test(&browser, &connection).raw.problem(ProblemCode::NotFound);
    delete(&browser, &connection).raw.problem(ProblemCode::NotFound);
    let present =
        browser.call::<api::ListConnections>(&Nothing {}, &ListConnectionsQuery::default(), &Nothing {}).ok();
    assert_eq!((present.items.len(), present.counts.active), (0, 0));
    assert_eq!((deleted(&browser), deleted(&user)), (vec!["CRM".to_owned()], vec![]));
    restore(&user, &connection).raw.problem(ProblemCode::NeedsOwner);
    let (_, stranger) = harness.other_tenant();
    restore(&stranger, &connection).raw.problem(ProblemCode::NotFound);
    // Restored, it is proved: nobody knows what became of its key.
    harness.clock.advance(DAY / 4);
    harness.outward.next_json(401, json!({}));
    let back = restore(&browser, &connection).ok();
    assert_eq!((back.summary.state.status, back.summary.deleted), (Status::Invalid, None));
    restore(&browser, &connection).raw.problem(ProblemCode::NotFound);
    assert_eq!(deleted(&browser), [] as [&str; 0]);
    read(&user, &connection).ok();
}

#[test]
fn a_test_that_ends_after_the_deletion_writes_nothing() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let (id, db) = (connection.summary.id.clone(), std::rc::Rc::clone(&harness.db));
    harness.outward.next(move |_| {
        db.query(&format!(
            "UPDATE connections SET deleted_at = 1, deleted_by = created_by, destroy_at = 9, version = version + 1
             WHERE id = '{id}'"
        ));
        Ok(crate::ports::OutwardResponse { status: 401, headers: http::HeaderMap::new(), body: Vec::new() })
    });
    test(&browser, &connection).raw.problem(ProblemCode::NotFound);
    let row = &harness.db.query("SELECT status FROM connections")[0];
    assert_eq!(row["status"], "active");
}

#[test]
fn after_30_days_the_grant_is_withdrawn_and_all_is_destroyed() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    delete(&browser, &connection).ok();
    harness.clock.advance(DELETED_LIFE - 1);
    daily(&harness);
    assert_eq!(harness.db.query("SELECT id FROM connections").len(), 1);
    harness.clock.advance(1);
    harness.outward.asked.borrow_mut().clear();
    harness.outward.next_json(200, json!({}));
    daily(&harness);
    {
        let asked = harness.outward.asked.borrow();
        assert_eq!(asked[0].url, "http://localhost:9555/oauth/revoke");
        assert_eq!(asked[0].body.as_deref(), Some(b"token=refresh-token-1".as_slice()));
        assert!(asked[0].headers.contains_key("authorization"));
    }
    for table in ["connections", "connection_secrets", "connection_grants", "connection_events"] {
        assert!(harness.db.query(&format!("SELECT * FROM {table}")).is_empty(), "{table}");
    }
    let row = &harness.db.query("SELECT * FROM audit WHERE action = 'connection.destroyed'")[0];
    assert_eq!((row["actor_type"].as_str(), row["object_name"].as_str()), (Some("system"), Some("Contacts")));
    assert!(row["changes"].as_str().unwrap().contains("withdrawn"));
}

#[test]
fn a_provider_that_does_not_take_it_back_is_asked_every_day_for_a_week() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    delete(&browser, &connection).ok();
    harness.clock.advance(DELETED_LIFE);
    for attempt in 1..=REVOCATION_TRIES {
        harness.outward.next_json(503, json!({}));
        daily(&harness);
        daily(&harness);
        let left = harness.db.query("SELECT id FROM connections").len();
        assert_eq!(left, usize::from(attempt < REVOCATION_TRIES), "{attempt}");
        harness.clock.advance(DAY);
    }
    assert!(harness.log.0.borrow().iter().any(|line| line.contains("could not be withdrawn: try 1 of 7")));
    let rows = harness.db.query("SELECT changes FROM audit WHERE action = 'connection.destroyed'");
    assert!(rows[0]["changes"].as_str().unwrap().contains("not withdrawn"));
}

#[test]
fn every_connection_is_checked_once_a_day_and_one_failure_is_no_news() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = made(&harness, &browser, "CRM");
    let often = || pollster::block_on(upkeep::often(&harness.services));
    let asked = || harness.outward.asked.borrow().len();
    let state = || {
        browser.sign_in("ada@example.com");
        let state = read(&browser, &connection).ok().summary.state;
        (state.status, state.reason)
    };
    often();
    assert_eq!(asked(), 1, "it was proved a moment ago");
    harness.clock.advance(DAY);
    harness.outward.next_json(200, ada());
    often();
    often();
    assert_eq!(asked(), 2, "once");
    let verified =
        harness.db.query("SELECT last_verified_at FROM connections")[0]["last_verified_at"].clone();
    assert_eq!(verified, harness.services.now().millis());

    harness.clock.advance(DAY);
    harness.outward.next_json(503, json!({}));
    often();
    assert_eq!(state(), (Status::Active, Reason::Proved), "one failure is no news");
    harness.clock.advance(DOUBT_AGAIN);
    harness.outward.next_json(429, json!({}));
    often();
    assert_eq!(state(), (Status::Degraded, Reason::RateLimited));
    harness.clock.advance(DAY);
    harness.outward.next_json(503, json!({}));
    often();
    assert_eq!(state(), (Status::Degraded, Reason::RateLimited), "the first reason stays");
    harness.clock.advance(DAY);
    harness.outward.next_json(403, json!({}));
    often();
    assert_eq!(state(), (Status::Invalid, Reason::ConsentNeeded));
    harness.clock.advance(DAY);
    harness.outward.next_json(200, ada());
    often();
    assert_eq!(state(), (Status::Active, Reason::Proved), "it mended itself");
    let rows = harness.db.query("SELECT actor_type FROM audit WHERE action = 'connection.checked'");
    assert_eq!(rows.len(), 3, "one record for each change");
    assert!(rows.iter().all(|row| row["actor_type"] == "system"));
}

#[test]
fn a_slice_goes_on_where_the_one_before_stopped() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for place in 0..45 {
        made(&harness, &browser, &format!("CRM {place}"));
    }
    harness.clock.advance(2 * DAY);
    for (answers, in_all) in [(40, 85), (5, 90), (0, 90)] {
        for _ in 0..answers {
            harness.outward.next_json(200, ada());
        }
        pollster::block_on(upkeep::often(&harness.services));
        assert_eq!(harness.outward.asked.borrow().len(), in_all);
    }
}
