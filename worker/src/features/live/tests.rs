//! Who is told of what, through the router: seats are taken by opening a WebSocket, and hear what the tenant's feed
//! would give them.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::live::{Change, LiveMessage, Topic};
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR, MINUTE, Timestamp};
use http::Method;
use serde_json::{Value as Json, json};

use super::{Given, Notice, Room, Teller, given, look_again, room};
use crate::features::audit::Record;
use crate::testing::{Browser, Harness, PASSWORD, TestAnswer};

const LIVE: &str = "/api/v1/live";
const CONNECTIONS: &str = "/api/v1/connections";

fn open(browser: &Browser) -> TestAnswer {
    let answer = browser.with("upgrade", "websocket").send(Method::GET, LIVE, None);
    browser.plain();
    answer
}

#[track_caller]
fn seat(browser: &Browser) -> crate::ports::Seat {
    let answer = open(browser);
    assert_eq!(answer.status, 101, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

/// What a seat hears of all that was told since the last time; `Err`: it was to ask again.
fn hears(harness: &Harness, seats: &[&crate::ports::Seat]) -> Vec<Result<Vec<Change>, ()>> {
    let told: Vec<_> = harness.feeds.told.borrow_mut().drain(..).collect();
    let now = harness.services.now();
    let one = |seat: &&crate::ports::Seat| {
        let mut heard = Vec::new();
        for (tenant, notice) in &told {
            if *tenant != seat.tenant {
                continue;
            }
            let notice: Notice = serde_json::from_str(notice).unwrap();
            match given(Some(&notice), seat, now) {
                Given::Nothing => {}
                Given::Message(text) => {
                    heard.extend(serde_json::from_str::<LiveMessage>(&text).unwrap().changes);
                }
                Given::AskAgain => return Err(()),
            }
        }
        Ok(heard)
    };
    seats.iter().map(one).collect()
}

fn change(topic: Topic, id: &str) -> Change {
    Change { topic, id: Some(id.to_owned()) }
}

fn any(topic: Topic) -> Change {
    Change { topic, id: None }
}

#[track_caller]
fn ok(answer: TestAnswer) -> Json {
    assert!(answer.status < 300, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[track_caller]
fn make_connection(harness: &Harness, browser: &Browser) -> String {
    harness.outward.next_json(200, json!({ "id": "ada", "name": "Ada" }));
    let body = json!({
        "connector": "sandbox-crm", "name": "CRM", "auth": "api-key", "credentials": { "apiKey": "the-key" },
    });
    ok(browser.send_json(Method::POST, CONNECTIONS, &body))["id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn share(browser: &Browser, connection: &str, grants: &Json) {
    let target = format!("{CONNECTIONS}/{connection}/permissions");
    let etag = browser.send(Method::GET, &target, None).header("etag").unwrap().to_owned();
    ok(browser.with("if-match", &etag).send_json(Method::PUT, &target, &json!({ "grants": grants })));
    browser.plain();
}

#[track_caller]
fn test(harness: &Harness, browser: &Browser, connection: &str, status: u16) {
    harness.outward.next_json(status, json!({ "id": "ada", "name": "Ada" }));
    ok(browser.send_json(Method::POST, &format!("{CONNECTIONS}/{connection}/test"), &json!({})));
}

fn grant(kind: &str, id: &str, level: &str) -> Json {
    json!({ "kind": kind, "id": id, "level": level })
}

#[test]
fn a_socket_is_for_our_own_pages_and_for_those_who_are_signed_in() {
    let harness = Harness::new();
    let ada = harness.set_up();
    open(&harness.browser()).problem(ProblemCode::Unauthenticated);
    for origin in ["https://evil.example", ""] {
        let answer = ada.with("origin", origin).with("upgrade", "websocket").send(Method::GET, LIVE, None);
        answer.problem(ProblemCode::CrossSite);
        ada.plain();
    }
    ada.send(Method::GET, LIVE, None).problem(ProblemCode::BadRequest);
    let seat = seat(&ada);
    assert_eq!(seat.tenant, ada.tenant());
    assert_eq!((seat.user, seat.role), (ada.who_am_i().user.id, Role::GlobalAdministrator));
}

#[test]
fn a_socket_lasts_an_hour_and_never_longer_than_its_session() {
    let harness = Harness::new();
    let ada = harness.set_up();
    assert_eq!(seat(&ada).until, harness.services.now().plus(HOUR));
    // Unused for all but ten minutes of its life: opening the socket is no use.
    harness.clock.advance(12 * HOUR - 10 * MINUTE);
    let end = harness.services.now().plus(10 * MINUTE);
    assert_eq!(seat(&ada).until, end);
    assert_eq!(seat(&ada).until, end);
    harness.clock.advance(10 * MINUTE);
    open(&ada).problem(ProblemCode::Unauthenticated);
    // The absolute end counts as well.
    let ada = harness.browser_of("ada@example.com");
    let end = harness.services.now().plus(14 * DAY);
    while harness.services.now().plus(HOUR) < end {
        harness.clock.advance(6 * HOUR - 1000);
        ada.who_am_i();
        if end.since(harness.services.now()) < 6 * HOUR {
            harness.clock.advance(end.since(harness.services.now()) - MINUTE);
            break;
        }
    }
    assert_eq!(seat(&ada).until, end);
}

#[test]
fn a_seat_whose_time_is_over_is_sent_away() {
    let harness = Harness::new();
    let seat = seat(&harness.set_up());
    let before = Timestamp::from_millis(seat.until.millis() - 1);
    assert_eq!(given(None, &seat, before), Given::Nothing);
    assert_eq!(given(None, &seat, seat.until), Given::AskAgain);
}

#[test]
fn of_a_connection_only_those_hear_who_can_see_it() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let (owner, grace) = harness.add_user(&tenant, Role::Designer, "grace@example.com");
    let (_, alan) = harness.add_user(&tenant, Role::Designer, "alan@example.com");
    let (pia, participant) = harness.add_user(&tenant, Role::Participant, "pia@example.com");
    let (_, eve) = harness.other_tenant();
    let seats = [&ada, &grace, &alan, &participant, &eve].map(seat);
    let seats: Vec<_> = seats.iter().collect();
    hears(&harness, &seats);
    let id = make_connection(&harness, &grace);
    let it = change(Topic::Connections, &id);
    let heard = hears(&harness, &seats);
    assert_eq!(heard[0], Ok(vec![any(Topic::Audit), it.clone()]));
    assert_eq!(heard[1..], [Ok(vec![it.clone()]), Ok(vec![]), Ok(vec![]), Ok(vec![])]);

    // Given: those who have it now hear of it; a Participant opens no page of it, whatever was given.
    let mine = grant("user", owner.as_str(), "owner");
    let alans = alan.who_am_i().user.id;
    let shared = json!([mine, grant("user", alans.as_str(), "user"), grant("user", pia.as_str(), "user")]);
    share(&grace, &id, &shared);
    let heard = hears(&harness, &seats);
    assert_eq!(heard[1..], [Ok(vec![it.clone()]), Ok(vec![it.clone()]), Ok(vec![]), Ok(vec![])]);
    test(&harness, &grace, &id, 401);
    assert_eq!(hears(&harness, &seats)[2], Ok(vec![it.clone()]));

    // Taken: those who had it hear that too, and then nothing more.
    share(&grace, &id, &json!([mine]));
    assert_eq!(hears(&harness, &seats)[2], Ok(vec![it.clone()]));
    test(&harness, &grace, &id, 200);
    let heard = hears(&harness, &seats);
    assert_eq!((&heard[1], &heard[2]), (&Ok(vec![it.clone()]), &Ok(vec![])));

    // Everyone is every Designer of the tenant.
    share(&grace, &id, &json!([mine, grant("everyone", "", "user")]));
    let heard = hears(&harness, &seats);
    assert_eq!(heard[2..], [Ok(vec![it]), Ok(vec![]), Ok(vec![])]);
}

#[test]
fn a_group_carries_what_it_was_given_to_its_members() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (alan_id, alan) = harness.add_user(&ada.tenant(), Role::Designer, "alan@example.com");
    let (_, kay) = harness.add_user(&ada.tenant(), Role::Designer, "kay@example.com");
    let made = ok(ada.send_json(Method::POST, "/api/v1/groups", &json!({ "name": "Sales" })));
    let group = made["id"].as_str().unwrap().to_owned();
    let id = make_connection(&harness, &ada);
    let me = ada.who_am_i().user.id;
    share(&ada, &id, &json!([grant("user", me.as_str(), "owner"), grant("group", &group, "user")]));
    let seats = [&ada, &alan, &kay].map(seat);
    let seats: Vec<_> = seats.iter().collect();
    hears(&harness, &seats);
    let member = format!("/api/v1/groups/{group}/members/{alan_id}");
    ok(ada.send_json(Method::PUT, &member, &json!({})));
    let heard = hears(&harness, &seats);
    assert_eq!(heard[1..], [Ok(vec![any(Topic::Connections)]), Ok(vec![])]);
    assert!(heard[0].as_ref().unwrap().contains(&change(Topic::Groups, &group)));
    test(&harness, &ada, &id, 401);
    assert_eq!(hears(&harness, &seats)[1..], [Ok(vec![change(Topic::Connections, &id)]), Ok(vec![])]);
    ok(ada.send(Method::DELETE, &member, None));
    assert_eq!(hears(&harness, &seats)[1], Ok(vec![any(Topic::Connections)]));
    test(&harness, &ada, &id, 200);
    assert_eq!(hears(&harness, &seats)[1], Ok(vec![]));
    // With the group goes what it gave; whom that concerns is not looked up, so all who may read look again.
    ok(ada.send(Method::DELETE, &format!("/api/v1/groups/{group}"), None));
    assert_eq!(hears(&harness, &seats)[2], Ok(vec![any(Topic::Connections)]));
}

#[test]
fn people_and_the_log_are_for_administrators() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (_, dev) = harness.add_user(&ada.tenant(), Role::Developer, "dev@example.com");
    let seats = [&ada, &dev].map(seat);
    let seats: Vec<_> = seats.iter().collect();
    hears(&harness, &seats);
    ok(ada.send_json(
        Method::POST,
        "/api/v1/users",
        &json!({ "email": "new@example.com", "firstName": "New", "lastName": "One", "role": "designer" }),
    ));
    let heard = hears(&harness, &seats);
    let topics: Vec<Topic> = heard[0].as_ref().unwrap().iter().map(|change| change.topic).collect();
    assert_eq!((topics, &heard[1]), (vec![Topic::Audit, Topic::Users], &Ok(vec![])));
    let client =
        json!({ "connector": "box", "name": "Box", "clientId": "id", "clientSecret": "client-secret" });
    ok(dev.send_json(Method::POST, "/api/v1/oauth-clients", &client));
    let heard = hears(&harness, &seats);
    assert!(matches!(heard[1].as_deref(), Ok([Change { topic: Topic::OauthClients, id: Some(_) }])));
    let tenant = "/api/v1/tenant";
    let etag = ada.send(Method::GET, tenant, None).header("etag").unwrap().to_owned();
    ok(ada.with("if-match", &etag).send_json(Method::PATCH, tenant, &json!({ "name": "New name" })));
    let it = change(Topic::Tenant, ada.plain().tenant().as_str());
    assert_eq!(hears(&harness, &seats)[1], Ok(vec![it]));
}

#[test]
fn who_somebody_is_is_asked_again_when_it_changes() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let at = |user: &UserId, verb: &str| format!("/api/v1/users/{user}{verb}");
    let (user, dan) = harness.add_user(&tenant, Role::Designer, "dan@example.com");
    let sent_away = |change: &dyn Fn()| {
        let seats = [&ada, &dan].map(seat);
        hears(&harness, &[]);
        change();
        let heard = hears(&harness, &[&seats[0], &seats[1]]);
        (heard[0].is_err(), heard[1].is_err())
    };
    let role = || {
        let etag = ada.send(Method::GET, &at(&user, ""), None).header("etag").unwrap().to_owned();
        ada.with("if-match", &etag);
        ok(ada.send_json(Method::PATCH, &at(&user, ""), &json!({ "role": "developer" })));
        ada.plain();
    };
    assert_eq!(sent_away(&role), (false, true));
    assert_eq!(seat(&dan).role, Role::Developer);
    let password = || {
        let body = json!({ "currentPassword": PASSWORD, "newPassword": "eleven quiet harbours" });
        ok(dan.send_json(Method::PUT, "/api/v1/session/password", &body));
    };
    assert_eq!(sent_away(&password), (false, true));
    let failed = || {
        let body = json!({ "email": "dan@example.com", "password": "not the one" });
        harness
            .browser()
            .send_json(Method::POST, "/api/v1/session", &body)
            .problem(ProblemCode::SignInFailed);
    };
    assert_eq!(sent_away(&failed), (false, false));
    let suspended = || {
        ok(ada.send_json(Method::POST, &at(&user, "/suspend"), &json!({})));
    };
    assert_eq!(sent_away(&suspended), (false, true));
    open(&dan).problem(ProblemCode::Unauthenticated);
    let seat = seat(&ada);
    hears(&harness, &[]);
    ok(ada.send(Method::DELETE, "/api/v1/session", None));
    assert_eq!(hears(&harness, &[&seat]), [Err(())]);
}

#[test]
fn a_session_that_ends_is_told_in_every_tenant_of_its_account() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let first = seat(&ada);
    let other = ok(ada.send_json(Method::POST, "/api/v1/tenants", &json!({ "name": "Second" })));
    let there = harness.browser_of("ada@example.com");
    let switch = format!("/api/v1/tenants/{}/switch", other["id"].as_str().unwrap());
    let answer = there.send_json(Method::POST, &switch, &json!({}));
    assert!(answer.status < 300, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    let second = seat(&there);
    assert_ne!(first.tenant, second.tenant);
    hears(&harness, &[]);
    let sessions = ok(ada.send(Method::GET, "/api/v1/sessions", None));
    let theirs = sessions["items"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
    ok(ada.send(Method::DELETE, &format!("/api/v1/sessions/{}", theirs["id"].as_str().unwrap()), None));
    assert_eq!(hears(&harness, &[&first, &second]), [Err(()), Err(())]);
}

#[test]
fn what_failed_is_told_to_nobody_and_who_cannot_be_told_stops_nothing() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let id = make_connection(&harness, &ada);
    harness.feeds.told.borrow_mut().clear();
    let target = format!("{CONNECTIONS}/{id}");
    let late = ada.with("if-match", "\"v99\"").send_json(Method::PATCH, &target, &json!({ "name": "X" }));
    late.problem(ProblemCode::PreconditionFailed);
    ada.plain();
    assert_eq!(harness.feeds.told.borrow().len(), 0);
    harness.feeds.broken.set(true);
    ok(ada.send(Method::DELETE, &target, None));
    let of_feed = |line: &&String| line.contains("\"live\"") && line.contains("no feed");
    assert_eq!(harness.log.0.borrow().iter().filter(of_feed).count(), 3, "it is tried three times");
}

#[test]
fn what_is_given_to_very_many_is_told_without_its_name() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let (_, alan) = harness.add_user(&tenant, Role::Designer, "alan@example.com");
    let id = make_connection(&harness, &ada);
    for number in 0..1001 {
        harness.db.query(&format!(
            "INSERT INTO connection_grants (tenant_id, connection_id, principal_type, principal_id, level)
             VALUES ('{tenant}', '{id}', 'user', 'usr_{number}', 'user')"
        ));
    }
    let seat = seat(&alan);
    hears(&harness, &[]);
    test(&harness, &ada, &id, 401);
    assert_eq!(hears(&harness, &[&seat]), [Ok(vec![any(Topic::Connections)])]);
}

#[test]
fn a_user_has_twenty_sockets_and_the_oldest_make_room() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (_, alan) = harness.add_user(&ada.tenant(), Role::Designer, "alan@example.com");
    let mut seats = vec![seat(&alan)];
    for _ in 0..19 {
        harness.clock.advance(1);
        seats.push(seat(&ada));
    }
    let of_ada = |seats: &[crate::ports::Seat]| seats[1..].iter().cloned().map(Some).collect::<Vec<_>>();
    assert_eq!(room(&of_ada(&seats)), Room::After(vec![]));
    seats.push(seats[1].clone());
    seats[20].since = seats[19].since.plus(1);
    seats.swap(1, 7);
    let mut open = of_ada(&seats);
    assert_eq!(room(&open), Room::After(vec![6]));
    // Whoever does not let go of what is closed keeps a place with it, and at last gets none.
    open.splice(0..0, vec![None; 19]);
    assert_eq!(room(&open), Room::After(vec![25]));
    open.push(None);
    assert_eq!(room(&open), Room::Full);
}

#[test]
fn who_is_shut_out_while_the_socket_opens_is_sent_away_when_it_is_open() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let again = |seat: &crate::ports::Seat| {
        hears(&harness, &[]);
        pollster::block_on(look_again(&harness.services, seat));
        hears(&harness, &[seat])[0].is_err()
    };
    let (user, dan) = harness.add_user(&tenant, Role::Designer, "dan@example.com");
    let taken = seat(&dan);
    assert!(!again(&taken), "all is as it was");
    for change in ["role = 'developer'", "state = 'suspended', role = 'designer'"] {
        harness.db.query(&format!("UPDATE users SET {change} WHERE id = '{user}'"));
        assert!(again(&taken), "{change}");
    }
    harness.db.query(&format!("UPDATE users SET state = 'active' WHERE id = '{user}'"));
    assert!(!again(&taken), "and all is well again");
    harness.db.query(&format!("DELETE FROM sessions WHERE id = '{}'", taken.by));
    assert!(again(&taken), "the session has ended");
    // Elsewhere than where the session is.
    let (_, eve) = harness.other_tenant();
    let foreign = crate::ports::Seat { by: seat(&eve).by, ..seat(&ada) };
    assert!(again(&foreign));
}

#[test]
fn what_ends_sessions_of_single_sign_on_sends_away() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (dan_id, dan) = harness.add_user(&ada.tenant(), Role::Designer, "dan@example.com");
    let (_, eve) = harness.other_tenant();
    let seats = [&ada, &dan, &eve].map(seat);
    let seats: Vec<_> = seats.iter().collect();
    let sent_away = |action: &'static str, kind: &'static str, id: &str| {
        hears(&harness, &[]);
        let records = [Record::done(action, kind, id, "It")];
        Teller::new(&ada.tenant(), "nobody", &records).speak(&harness.services, vec![], vec![]);
        hears(&harness, &seats).iter().map(Result::is_err).collect::<Vec<_>>()
    };
    assert_eq!(sent_away("identity.disconnected", "user", dan_id.as_str()), [false, true, false]);
    for action in ["sso.changed", "sso.disabled", "sso.deleted"] {
        assert_eq!(sent_away(action, "sso", "sso"), [true, true, false], "{action}");
    }
    assert_eq!(sent_away("sso.tested", "sso", "sso"), [false, false, false]);
}

#[test]
fn a_session_that_goes_to_a_tenant_by_invitation_leaves_the_socket_behind() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (_, eve) = harness.other_tenant();
    let first = seat(&ada);
    let email = ada.who_am_i().user.email;
    let invited = ok(eve.send_json(
        Method::POST,
        "/api/v1/users",
        &json!({ "email": email, "firstName": "Ada", "lastName": "L", "role": "designer" }),
    ));
    let token = invited["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    hears(&harness, &[]);
    ok(ada.send_json(Method::POST, "/api/v1/invitations/join", &json!({ "token": token })));
    assert_eq!(hears(&harness, &[&first]), [Err(())]);
    assert_eq!(seat(&ada).tenant, eve.tenant());
}
