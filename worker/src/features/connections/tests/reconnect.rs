//! Signing in again: the identity stays pinned, what is refused leaves all as it was; links for somebody else.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{Authorize, AuthorizeIn, Connection};
use drawbridge_contract::types::life::{
    ChangeConnection, ChangeEffect, DeleteConnectionQuery, ReconnectLink, ReconnectPath,
};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::life::RECONNECT_LINK_LIFE;
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::callback::url;
use super::{ada, authorize, made, path, read, signed_in, test, tokens};
use crate::testing::{Browser, Harness, TestAnswer};

fn grace() -> serde_json::Value {
    json!({ "id": "grace", "name": "Grace Hopper", "email": "grace@sandbox.example" })
}

fn bring(browser: &Browser, state: &str) -> TestAnswer {
    browser.send(Method::GET, &url(state, "code=c0de"), None)
}

fn html(answer: &TestAnswer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// Starts a sign-in and answers its `state`.
fn start(browser: &Browser, connection: &Connection, accept: bool, with_change: bool) -> String {
    let body = Authorize { window: AuthorizeIn::PopUp, accept_other_identity: accept, with_change };
    let answer = browser.call::<api::AuthorizeConnection>(&path(connection), &Nothing {}, &body).ok();
    state_of(&answer.authorization_url)
}

fn state_of(address: &str) -> String {
    let address = url::Url::parse(address).unwrap();
    address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

#[test]
fn somebody_else_is_refused_by_name_and_accepted_when_that_is_said() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    let state = authorize(&browser, &connection)["state"].clone();
    harness.outward.next_json(200, json!({ "access_token": "graces", "expires_in": 60 }));
    harness.outward.next_json(200, grace());
    let page = html(&bring(&browser, &state));
    for words in ["Ada Lovelace (ada@sandbox.example)", "You signed in as Grace Hopper", "data-ok=\"false\""]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let after = read(&browser, &connection).ok();
    assert_eq!(after.summary.state.status, Status::Active, "it stays as it was");
    let refused = after.details.unwrap().refused_sign_in.unwrap();
    assert_eq!(refused.reason, Reason::WrongIdentity);
    assert!(refused.words.unwrap().contains("Grace Hopper"));
    harness.outward.next_json(200, ada());
    test(&browser, &connection).ok();
    let sent = harness.outward.asked.borrow().last().unwrap().headers["authorization"].clone();
    assert_eq!(sent, "Bearer access-token-1", "Ada's token still");

    let state = start(&browser, &connection, true, false);
    harness.outward.next_json(200, json!({ "access_token": "graces", "expires_in": 60 }));
    harness.outward.next_json(200, grace());
    assert!(html(&bring(&browser, &state)).contains("connected as Grace Hopper"));
    let after = read(&browser, &connection).ok();
    assert_eq!(
        (after.connected_as.unwrap().id.as_str(), after.details.unwrap().refused_sign_in),
        ("grace", None)
    );
    let row =
        harness.db.query("SELECT changes FROM audit WHERE action = 'connection.connected' ORDER BY seq");
    let last = row.last().unwrap()["changes"].as_str().unwrap();
    assert!(last.contains("connectedAs") && last.contains("Ada Lovelace"), "{last}");
}

#[test]
fn new_tokens_that_do_not_work_take_no_place() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    for (status, body) in [(401, json!({ "error": "invalid_token" })), (503, json!({})), (403, json!({}))] {
        let state = start(&browser, &connection, false, false);
        harness.outward.next_json(200, json!({ "access_token": "broken", "expires_in": 60 }));
        harness.outward.next_json(status, body);
        assert!(html(&bring(&browser, &state)).contains("data-ok=\"false\""), "{status}");
        assert_eq!(read(&browser, &connection).ok().summary.state.status, Status::Active);
    }
    harness.outward.next_json(200, ada());
    test(&browser, &connection).ok();
    let sent = harness.outward.asked.borrow().last().unwrap().headers["authorization"].clone();
    assert_eq!(sent, "Bearer access-token-1");
}

#[test]
fn a_revoked_grant_is_mended_in_place() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    harness.outward.next_json(401, json!({ "error": "invalid_token" }));
    harness.outward.next_json(400, json!({ "error": "invalid_grant" }));
    let state = test(&browser, &connection).ok().summary.state;
    assert_eq!((state.status, state.reason), (Status::Invalid, Reason::GrantRevoked));
    let state = start(&browser, &connection, false, false);
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    bring(&browser, &state);
    let after = read(&browser, &connection).ok();
    assert_eq!(after.summary.state.status, Status::Active);
    assert_eq!(after.summary.id, connection.summary.id);
}

/// A Zendesk connection that is signed in, put together from one of the sandbox's.
#[test]
fn a_change_that_needs_it_waits_for_the_sign_in() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let client = browser.send_json(
        Method::POST,
        "/api/v1/oauth-clients",
        &json!({ "connector": "zendesk", "name": "Z", "clientId": "id", "clientSecret": "client-secret" }),
    );
    let body = json!({
        "connector": "zendesk", "name": "Help desk", "auth": "oauth", "settings": { "subdomain": "acme" },
        "oauthClient": client.json()["id"],
    });
    let pending = browser.send_json(Method::POST, "/api/v1/connections", &body);
    assert_eq!(pending.status, 201, "{}", html(&pending));
    let connection: Connection = serde_json::from_slice(&pending.body).unwrap();
    let me = json!({ "user": { "id": 7, "name": "Ada", "email": "ada@example.com" } });
    let sign_in = |with_change: bool| {
        let body = Authorize { window: AuthorizeIn::PopUp, accept_other_identity: false, with_change };
        let answer = browser.call::<api::AuthorizeConnection>(&path(&connection), &Nothing {}, &body);
        let address = answer.ok().authorization_url;
        harness
            .outward
            .next_json(200, json!({ "access_token": "a", "refresh_token": "r", "expires_in": 600 }));
        harness.outward.next_json(200, me.clone());
        let back = browser.send(
            Method::GET,
            &format!("/oauth/callback?state={}&code=c0de", state_of(&address)),
            None,
        );
        (address, html(&back))
    };
    let (_, page) = sign_in(false);
    assert!(page.contains("data-ok=\"true\""), "{page}");

    let etag = read(&browser, &connection).raw.header("etag").unwrap().to_owned();
    let change = ChangeConnection {
        name: Some("Support".to_owned()),
        settings: [("subdomain".to_owned(), "acme-eu".to_owned())].into(),
        ..Default::default()
    };
    let changed = browser.with("if-match", &etag).call::<api::ChangeConnectionSettings>(
        &path(&connection),
        &Nothing {},
        &change,
    );
    let changed = changed.ok();
    browser.plain();
    assert_eq!(changed.effect, ChangeEffect::SignInNeeded);
    let subdomain =
        |connection: &Connection| connection.details.as_ref().unwrap().settings["subdomain"].clone();
    assert_eq!(changed.connection.summary.name, "Support");
    assert_eq!(subdomain(&changed.connection), "acme", "until then everything stays as it was");
    let (address, page) = sign_in(true);
    assert!(
        address.starts_with("https://acme-eu.zendesk.com/") && page.contains("data-ok=\"true\""),
        "{page}"
    );
    let after = read(&browser, &connection).ok();
    assert_eq!((subdomain(&after).as_str(), after.summary.state.status), ("acme-eu", Status::Active));
    assert!(harness.db.query("SELECT * FROM connection_changes").is_empty());
    let body = Authorize { window: AuthorizeIn::PopUp, accept_other_identity: false, with_change: true };
    let none = browser.call::<api::AuthorizeConnection>(&path(&connection), &Nothing {}, &body).raw;
    assert!(none.problem(ProblemCode::Conflict).detail.contains("Edit the connection again"));
}

fn link(browser: &Browser, connection: &Connection) -> (ReconnectLink, ReconnectPath) {
    let link = browser.call::<api::MakeReconnectLink>(&path(connection), &Nothing {}, &Nothing {}).ok();
    let secret = link.url.strip_prefix("https://drawbridge.example/reconnect#").unwrap().to_owned();
    (link, ReconnectPath { secret })
}

#[test]
fn a_link_lets_somebody_without_an_account_sign_in_once() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    let (_, at) = link(&browser, &connection);
    let stored = format!("{:?}", harness.db.query("SELECT * FROM reconnect_links"));
    assert!(!stored.contains(&at.secret), "only its hash is kept");
    let guest = harness.browser();
    let told = guest.call::<api::ReadReconnectLink>(&at, &Nothing {}, &Nothing {}).ok();
    assert_eq!(
        (told.connection_name.as_str(), told.asked_by.as_str(), told.tenant_name.as_str()),
        ("Contacts", "Ada Lovelace", "Acme")
    );
    assert_eq!(told.sign_in_as.as_deref(), Some("Ada Lovelace (ada@sandbox.example)"));
    let begin = |guest: &Browser| {
        let begun = guest.call::<api::StartReconnect>(&at, &Nothing {}, &Nothing {}).ok();
        state_of(&begun.authorization_url)
    };
    // Another person than before is refused, and the link stays good.
    let state = begin(&guest);
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, grace());
    let page = bring(&guest, &state);
    assert_eq!(page.header("x-reason"), Some("wrong_identity"), "{}", html(&page));
    assert!(html(&page).contains("open the link once more") && !html(&page).contains("href=\"/t/"));
    // Another browser cannot bring the answer, be it signed in or not.
    let state = begin(&guest);
    for other in [&harness.browser(), &browser] {
        assert_eq!(bring(other, &state).header("x-refusal"), Some("flow_other_browser"));
    }
    let other = harness.browser();
    let second = begin(&other);
    harness.outward.next_json(200, tokens());
    harness.outward.next_json(200, ada());
    let page = html(&bring(&guest, &state));
    assert!(page.contains("“Contacts” is connected again as Ada Lovelace"), "{page}");
    assert_eq!(bring(&other, &second).header("x-refusal"), Some("flow_used"), "one of two comes too late");
    guest.call::<api::ReadReconnectLink>(&at, &Nothing {}, &Nothing {}).raw.problem(ProblemCode::NotFound);
    let row =
        &harness.db.query("SELECT * FROM audit WHERE action = 'connection.connected' ORDER BY seq DESC")[0];
    assert_eq!(row["actor_name"], "Reconnect link of Ada Lovelace");
    // It opens nothing else.
    guest.send(Method::GET, "/api/v1/connections", None).problem(ProblemCode::Unauthenticated);
}

#[test]
fn a_link_ends_by_time_by_a_newer_one_and_with_its_connection() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let connection = signed_in(&harness, &browser, "Contacts");
    let guest = harness.browser();
    let read_link =
        |at: &ReconnectPath| guest.call::<api::ReadReconnectLink>(at, &Nothing {}, &Nothing {}).raw;
    let (_, first) = link(&browser, &connection);
    let (_, second) = link(&browser, &connection);
    read_link(&first).problem(ProblemCode::NotFound);
    assert_eq!(read_link(&second).status, 200);
    harness.clock.advance(RECONNECT_LINK_LIFE);
    read_link(&second).problem(ProblemCode::NotFound);
    let (_, third) = link(&browser, &connection);
    browser
        .call::<api::DeleteConnection>(&path(&connection), &DeleteConnectionQuery::default(), &Nothing {})
        .ok();
    read_link(&third).problem(ProblemCode::NotFound);
    // Guesses wait after a while.
    let try_one = |place: u32| read_link(&ReconnectPath { secret: format!("guess-{place}") }).status;
    let statuses: Vec<u16> = (0..60).map(try_one).collect();
    assert_eq!((statuses[0], statuses[59]), (404, 429));
}

#[test]
fn links_are_for_owners_and_for_sign_ins() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let fixed = made(&harness, &browser, "Fixed");
    let connection = signed_in(&harness, &browser, "Contacts");
    let call = |browser: &Browser, connection: &Connection| {
        browser.call::<api::MakeReconnectLink>(&path(connection), &Nothing {}, &Nothing {}).raw
    };
    call(&browser, &fixed).problem(ProblemCode::NotInteractive);
    let (_, user) = harness.add_user(&browser.tenant(), Role::Designer, "grace@example.com");
    call(&user, &connection).problem(ProblemCode::NotFound);
    harness
        .db
        .query("INSERT INTO connection_grants SELECT tenant_id, id, 'everyone', '', 'user' FROM connections");
    call(&user, &connection).problem(ProblemCode::NeedsOwner);
}
