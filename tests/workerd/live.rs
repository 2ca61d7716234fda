//! Changes as they happen, on the real runtime: who hears what, and when a WebSocket ends.

use std::time::Duration;

use drawbridge_contract::endpoints::{
    EndSession, MakeConnection, ReadOwnSession, ReadUser, SaveConnectionPermissions, SignOut, SuspendUser,
};
use drawbridge_contract::types::connections::{Connection, ConnectionPath};
use drawbridge_contract::types::live::{
    ASK_AGAIN, Change, LiveMessage, NOT_UNDERSTOOD, PING, PONG, TOO_MANY, Topic,
};
use drawbridge_contract::types::people::UserPath;
use drawbridge_contract::types::permissions::{NewGrant, NewPermissions};
use drawbridge_contract::types::sessions::SessionPath;
use drawbridge_domain::access::Level;
use drawbridge_domain::grants::PrincipalKind;
use drawbridge_domain::id::Id;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{ADMIN, DESIGNER, Stack, User, by_key};
use drawbridge_tests::server::Server;
use drawbridge_tests::socket::{Heard, Socket};
use serde_json::json;

const LIVE: &str = "/api/v1/live";

#[track_caller]
fn open(user: &User) -> Socket {
    Socket::open(user, LIVE, user.origin()).unwrap_or_else(|status| panic!("refused with {status}"))
}

/// The changes of the next message.
#[track_caller]
fn changes(socket: &mut Socket) -> Vec<Change> {
    match socket.hears() {
        Heard::Text(text) => serde_json::from_str::<LiveMessage>(&text).unwrap().changes,
        other => panic!("{other:?} instead of changes"),
    }
}

#[track_caller]
fn make(user: &User, name: &str) -> Connection {
    user.to::<MakeConnection>().with(&by_key(name, "sandbox-key-ada")).good()
}

fn change(connection: &Connection) -> Vec<Change> {
    vec![Change { topic: Topic::Connections, id: Some(connection.summary.id.to_string()) }]
}

fn owner(user: &User) -> NewGrant {
    NewGrant { kind: PrincipalKind::User, id: user.who.user.id.to_string(), level: Level::Owner }
}

/// Says who has a connection, beside its maker.
#[track_caller]
fn share(user: &User, connection: &Connection, version: &str, others: Vec<NewGrant>) {
    let grants = std::iter::once(owner(user)).chain(others).collect();
    let path = ConnectionPath { connection: connection.summary.id.clone() };
    let save = user.to::<SaveConnectionPermissions>().at(path).if_match(version);
    save.with(&NewPermissions { grants }).good();
}

#[test]
fn a_socket_tells_what_its_user_may_see_until_who_that_is_changes() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let dora = stack.person(DESIGNER);
    for (origin, status) in [("https://evil.example", 403), ("", 403), ("null", 403)] {
        assert_eq!(Socket::open(&dora, LIVE, origin).unwrap_err(), status, "from “{origin}”");
    }
    assert_eq!(Socket::open(&dora.stranger(), LIVE, dora.origin()).unwrap_err(), 401);
    assert_eq!(dora.raw("GET", LIVE).header("origin", dora.origin()).send().status, 400);

    let (mut hers, mut doras) = (open(&ada), open(&dora));
    hers.say(PING);
    assert_eq!(hers.hears(), Heard::Text(PONG.to_owned()));
    // Not Dora's; then hers. A message about the first would have come before, or with the third at the latest.
    let secret = make(&ada, "Not for everybody");
    let shared = make(&ada, "For Dora too");
    let use_it = NewGrant { kind: PrincipalKind::User, id: dora.who.user.id.to_string(), level: Level::User };
    share(&ada, &shared, "\"v1\"", vec![use_it]);
    assert_eq!(changes(&mut doras), change(&shared));
    share(&ada, &shared, "\"v2\"", vec![]);
    assert_eq!(changes(&mut doras), change(&shared), "that it is taken away is told, once");
    let test = |connection: &Connection| {
        let path = format!("/api/v1/connections/{}/test", connection.summary.id);
        ada.raw("POST", &path).json(&json!({})).send().with_status(200);
    };
    test(&shared);
    let own = make(&dora, "Of Dora");
    assert_eq!(changes(&mut doras), change(&own));
    let mut heard = Vec::new();
    while !heard.contains(&change(&own)[0]) {
        heard.extend(changes(&mut hers));
    }
    for connection in [&secret, &shared] {
        assert!(heard.contains(&change(connection)[0]), "an administrator hears of all: {heard:?}");
    }

    // Another session of hers is ended: both of her sockets ask again, and only one may come back.
    let elsewhere = stack.person(DESIGNER);
    let mut there = open(&elsewhere);
    let session = elsewhere.to::<ReadOwnSession>().good().session;
    dora.to::<EndSession>().at(SessionPath { session }).good();
    assert_eq!([doras.hears(), there.hears()], [Heard::Closed(ASK_AGAIN), Heard::Closed(ASK_AGAIN)]);
    assert_eq!(Socket::open(&elsewhere, LIVE, elsewhere.origin()).unwrap_err(), 401);

    // Who signs out, and who is suspended, hears nothing more, whether they let go of the socket or not.
    let mut doras = open(&dora);
    dora.to::<SignOut>().good();
    assert_eq!(doras.hears(), Heard::Closed(ASK_AGAIN));
    let dora = stack.person(DESIGNER);
    let (mut doras, user) = (open(&dora), dora.who.user.id.clone());
    ada.to::<SuspendUser>().at(UserPath { user: user.clone() }).good();
    assert_eq!(doras.hears(), Heard::Closed(ASK_AGAIN));
    assert_eq!(Socket::open(&dora, LIVE, dora.origin()).unwrap_err(), 401);
    assert_eq!(ada.to::<ReadUser>().at(UserPath { user }).good().sessions, 0);
    doras.let_go(ASK_AGAIN);
    assert_eq!(doras.hears(), Heard::Gone);
}

#[test]
fn what_is_said_to_a_socket_closes_it_and_a_user_has_no_more_than_twenty() {
    let stack = Stack::start();
    let dora = stack.person(DESIGNER);
    let mut talks = open(&dora);
    talks.say("{\"changes\":[]}");
    assert_eq!(talks.hears(), Heard::Closed(NOT_UNDERSTOOD));
    talks.let_go(NOT_UNDERSTOOD);
    assert_eq!(talks.hears(), Heard::Gone);

    let mut sockets: Vec<Socket> = (0..21).map(|_| open(&dora)).collect();
    assert_eq!(sockets[0].hears(), Heard::Closed(TOO_MANY));
    let made = make(&dora, "Heard in every tab");
    for socket in &mut sockets[1..] {
        assert_eq!(changes(socket), change(&made));
    }
    // Somebody else has a place all the same.
    drop(open(&stack.person(ADMIN).switched_to("First")));
}

/// How long a session lives in the test of its end: longer than an idle object stays awake, which is ten seconds, and
/// than a server takes to start beside much else.
const SHORT: i64 = 40_000;

#[test]
fn sockets_outlive_the_sleep_of_the_feed_but_neither_their_session_nor_the_process() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let mut lost = open(&ada);
    let Stack { server, sandbox } = stack;
    let options = server.kill();
    assert_eq!(lost.hears(), Heard::Gone);
    let server = Server::start(options);
    drop(open(&ada.afresh()));

    // One session ends by the clock while nothing happens; the other one goes on.
    let dora = User::sign_in(&server, DESIGNER);
    let session = dora.to::<ReadOwnSession>().good().session;
    let (server, ()) = server.with_database(|database: &Database| {
        let now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
        let sql = format!("UPDATE sessions SET expires_at = {now} + ?1 WHERE id = ?2");
        assert_eq!(database.run(&sql, (SHORT, session.as_str())), 1);
    });
    let (ada, dora) = (ada.afresh(), dora.afresh());
    let (mut adas, mut doras) = (open(&ada), open(&dora));
    let began = std::time::Instant::now();
    assert_eq!(doras.hears(), Heard::Closed(ASK_AGAIN));
    assert!(began.elapsed() > Duration::from_secs(10), "the feed had nothing to do and slept");
    assert_eq!(Socket::open(&dora, LIVE, dora.origin()).unwrap_err(), 401);
    adas.say(PING);
    assert_eq!(adas.hears(), Heard::Text(PONG.to_owned()));
    let made = make(&ada, "After the sleep");
    assert!(changes(&mut adas).contains(&change(&made)[0]));
    drop((server, sandbox));
}
