//! New tokens for old, exactly once whatever the load, and grants that are gone.

use std::sync::Barrier;
use std::time::Duration;

use drawbridge_contract::endpoints::TestConnection;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{Desk, shared};
use drawbridge_tests::provider::Visitor;
use drawbridge_tests::wait;
use serde_json::json;

#[track_caller]
fn is(connection: &Connection, status: Status, reason: Reason) {
    let state = &connection.summary.state;
    assert_eq!((state.status, state.reason), (status, reason), "{state:?}");
}

#[test]
fn an_expired_token_is_refreshed_once_and_the_rotated_one_is_kept() {
    let stack = shared();
    let desk = stack.desk("Expired");
    let connection = desk.connected("Refreshes", "ada");
    for round in 1..=3 {
        desk.switch(json!({ "kind": "expired_token" }));
        is(&desk.test(&connection), Status::Active, Reason::Proved);
        assert_eq!(
            desk.refreshes(),
            (round, round),
            "one refresh a round, each with the token of the one before"
        );
        is(&desk.test(&connection), Status::Active, Reason::Proved);
        assert_eq!(desk.refreshes(), (round, round), "a good token is left alone");
    }
}

#[test]
fn a_token_past_its_time_is_refreshed_before_it_is_used() {
    let stack = shared();
    let desk = stack.desk("By the clock");
    desk.switch(json!({ "kind": "access_token_ttl", "seconds": 4, "times": 1 }));
    let connection = desk.connected("Short life", "grace");
    let expires = connection.details.clone().unwrap().token_expires_at.unwrap();
    let now = || i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    wait::until("the token's end", Duration::from_secs(10), || (now() > expires.millis()).then_some(()));
    let tested = desk.test(&connection);
    is(&tested, Status::Active, Reason::Proved);
    assert!(tested.details.unwrap().token_expires_at.unwrap() > expires);
    assert_eq!(desk.refreshes(), (1, 1));
    let refused =
        stack.sandbox.requests(&desk.client).iter().filter(|request| request["status"] == 401).count();
    assert_eq!(refused, 0, "the old token was not tried");
}

#[test]
fn a_provider_that_does_not_rotate_keeps_its_refresh_token() {
    let stack = shared();
    let desk = stack.desk("No rotation");
    let connection = desk.connected("Not rotated", "alan");
    desk.switch(json!({ "kind": "token_extra", "omit": ["refresh_token"], "times": 1 }));
    desk.switch(json!({ "kind": "no_rotation" }));
    for _ in 0..2 {
        desk.switch(json!({ "kind": "expired_token" }));
        is(&desk.test(&connection), Status::Active, Reason::Proved);
    }
    assert_eq!(desk.refreshes(), (2, 2));
}

/// So many Tests of a connection at the same moment.
fn at_once(desk: &Desk<'_>, connection: &Connection, count: usize) -> Vec<Answered> {
    let barrier = Barrier::new(count);
    std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            desk.user.to::<TestConnection>().at(Desk::at(connection)).send()
        };
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn twenty_tests_at_once_make_one_refresh_and_nobody_loses_the_connection() {
    let stack = shared();
    let desk = stack.desk("Twenty");
    let connection = desk.connected("Wanted by many", "ada");
    for round in 1..=2 {
        desk.switch(json!({ "kind": "expired_token" }));
        let answers = at_once(&desk, &connection, 20);
        for answer in &answers {
            is(&answer.clone().with_status(200).read(), Status::Active, Reason::Proved);
        }
        assert_eq!(desk.refreshes(), (round, round), "exactly one refresh a round");
        is(&desk.test(&connection), Status::Active, Reason::Proved);
    }
    assert_eq!(desk.history(&connection).len(), 2, "its status never moved");
}

#[test]
fn twenty_tests_at_once_of_a_good_connection_all_say_so() {
    let stack = shared();
    let desk = stack.desk("Twenty good ones");
    let connection = desk.connected("Good for many", "grace");
    for answer in at_once(&desk, &connection, 20) {
        is(&answer.with_status(200).read(), Status::Active, Reason::Proved);
    }
    assert_eq!((desk.refreshes(), desk.history(&connection).len()), ((0, 0), 2));
}

#[test]
fn a_revoked_grant_makes_it_invalid_at_once_and_a_new_sign_in_mends_it() {
    let stack = shared();
    let desk = stack.desk("Revoked");
    let connection = desk.connected("Revoked at the provider", "ada");
    desk.switch(json!({ "kind": "revoked_grant" }));
    let tested = desk.test(&connection);
    is(&tested, Status::Invalid, Reason::GrantRevoked);
    assert!(tested.summary.state.provider_words.is_some(), "{:?}", tested.summary.state);
    assert_eq!(tested.connected_as, connection.connected_as, "as whom it was is still known");
    assert_eq!(tested.summary.last_verified_at, connection.summary.last_verified_at);
    let since = tested.summary.state.since;
    let again = desk.test(&connection);
    is(&again, Status::Invalid, Reason::GrantRevoked);
    assert_eq!(again.summary.state.since, since, "it is invalid since then");
    desk.sign_in(&connection, &mut Visitor::new("ada")).with_status(200);
    is(&desk.test(&connection), Status::Active, Reason::Proved);
    assert_eq!(
        desk.history(&connection).iter().map(|(status, _)| *status).collect::<Vec<_>>(),
        [Status::Active, Status::Invalid, Status::Active, Status::Pending]
    );
}

#[test]
fn a_refresh_token_that_was_used_elsewhere_ends_the_grant() {
    let stack = shared();
    let desk = stack.desk("Used elsewhere");
    let connection = desk.connected("Copied away", "grace");
    desk.switch(json!({ "kind": "expired_token" }));
    desk.switch(json!({ "kind": "rotated_refresh_token" }));
    is(&desk.test(&connection), Status::Invalid, Reason::GrantRevoked);
}

#[test]
fn a_token_endpoint_that_fails_disproves_nothing_and_lets_the_next_try_refresh() {
    let stack = shared();
    let desk = stack.desk("Endpoint down");
    let connection = desk.connected("Survives", "alan");
    desk.switch(json!({ "kind": "expired_token" }));
    for (switch, reason) in [
        (json!({ "kind": "status", "target": "token", "status": 503, "times": 1 }), Reason::ProviderError),
        (
            json!({ "kind": "status", "target": "token", "status": 429, "retryAfter": 9, "times": 1 }),
            Reason::RateLimited,
        ),
        (json!({ "kind": "close", "target": "token", "times": 1 }), Reason::Unreachable),
        (json!({ "kind": "malformed_json", "target": "token", "times": 1 }), Reason::Nonsense),
    ] {
        desk.switch(switch);
        is(&desk.test(&connection), Status::Degraded, reason);
    }
    is(&desk.test(&connection), Status::Active, Reason::Proved);
}

#[test]
fn a_grant_without_a_refresh_token_ends_with_its_access_token() {
    let stack = shared();
    let desk = stack.desk("No refresh token");
    desk.switch(json!({ "kind": "token_extra", "omit": ["refresh_token"], "times": 1 }));
    let connection = desk.connected("Once only", "ada");
    assert_eq!(connection.details.clone().unwrap().next_refresh_at, None, "nothing can be refreshed");
    desk.switch(json!({ "kind": "expired_token" }));
    is(&desk.test(&connection), Status::Invalid, Reason::GrantRevoked);
    assert_eq!(desk.refreshes(), (0, 0));
}
