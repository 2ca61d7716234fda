//! What a provider can do to a Test: each way its own status and reason, and all of them pass.

use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_tests::fixtures::{Desk, Shared, shared};
use serde_json::{Value, json};

fn tested(desk: &Desk<'_>, connection: &Connection, mut switch: Value, times: u32) -> Connection {
    switch["times"] = times.into();
    switch["path"] = "/api/me".into();
    desk.switch(switch);
    desk.test(connection)
}

fn check(stack: &Shared, name: &str, cases: &[(Value, u32, Status, Reason)]) {
    let desk = stack.desk(name);
    let connection = desk.connected("Troubled", "ada");
    let mut last = connection.summary.last_verified_at;
    for (switch, times, status, reason) in cases {
        let after = tested(&desk, &connection, switch.clone(), *times);
        let state = &after.summary.state;
        assert_eq!((state.status, state.reason), (*status, *reason), "{switch}: {state:?}");
        assert_eq!(after.summary.last_verified_at, last, "{switch} proved nothing");
        assert_eq!(after.connected_as, connection.connected_as, "{switch}");
        let mended = desk.test(&connection);
        let state = &mended.summary.state;
        assert_eq!((state.status, state.reason), (Status::Active, Reason::Proved), "after {switch}");
        assert_eq!(state.provider_words, None, "after {switch}");
        assert!(mended.summary.last_verified_at > last, "after {switch}");
        last = mended.summary.last_verified_at;
    }
    assert_eq!(desk.history(&connection).len(), 2 + 2 * cases.len(), "each change is in the history");
}

#[test]
fn each_fault_of_the_provider_has_its_status_and_reason() {
    use Reason as Why;
    use Status::{Degraded, Invalid};
    let stack = shared();
    let elsewhere = format!("{}/healthz", stack.server.origin());
    check(
        &stack,
        "Faults",
        &[
            // Also the token that a refresh brought is refused.
            (json!({ "kind": "status", "status": 401 }), 2, Invalid, Why::GrantRevoked),
            (json!({ "kind": "status", "status": 403 }), 1, Invalid, Why::ConsentNeeded),
            (json!({ "kind": "status", "status": 429, "retryAfter": 5 }), 1, Degraded, Why::RateLimited),
            (json!({ "kind": "status", "status": 500 }), 1, Degraded, Why::ProviderError),
            (json!({ "kind": "ok_with_error_body", "error": "quota" }), 1, Degraded, Why::ProviderError),
            (json!({ "kind": "malformed_json" }), 1, Degraded, Why::Nonsense),
            (json!({ "kind": "not_json_content_type" }), 1, Degraded, Why::Nonsense),
            (json!({ "kind": "huge_body" }), 1, Degraded, Why::Nonsense),
            (json!({ "kind": "close" }), 1, Degraded, Why::Unreachable),
            (
                json!({ "kind": "redirect", "location": "http://169.254.169.254/" }),
                1,
                Degraded,
                Why::Nonsense,
            ),
            (json!({ "kind": "redirect", "location": elsewhere }), 1, Degraded, Why::Nonsense),
        ],
    );
}

#[test]
fn a_provider_that_never_finishes_is_left_after_fifteen_seconds() {
    let stack = shared();
    std::thread::scope(|scope| {
        for switch in [json!({ "kind": "timeout" }), json!({ "kind": "drip" })] {
            scope.spawn(|| {
                let name = format!("Slow {}", switch["kind"].as_str().unwrap());
                let began = std::time::Instant::now();
                check(&shared(), &name, &[(switch, 1, Status::Degraded, Reason::TimedOut)]);
                let took = began.elapsed().as_secs();
                assert!((15..60).contains(&took), "{name} took {took} s");
            });
        }
    });
    drop(stack);
}

#[test]
fn what_the_provider_says_is_shown_without_the_token() {
    let stack = shared();
    let desk = stack.desk("Words");
    let connection = desk.connected("Repeats things", "ada");
    let words = "Call us:\u{7}\n <script>alert(1)</script>";
    let after =
        tested(&desk, &connection, json!({ "kind": "status", "status": 500, "description": words }), 1);
    assert_eq!(after.summary.state.provider_words.as_deref(), Some("Call us:   <script>alert(1)</script>"));
}
