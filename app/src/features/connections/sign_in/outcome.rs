//! What a connection's state says about a sign-in that is under way.

use drawbridge_contract::types::connections::{Connection, RefusedSignIn};
use drawbridge_domain::connection::{Reason, Status};

/// How a sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It goes on.
    Waiting,
    /// The connection works.
    Connected,
    /// It went wrong; the connection's state says why.
    Failed,
}

/// The sign-in that was refused last, while the connection stayed as it was.
pub(super) fn now_refused(connection: &Connection) -> Option<&RefusedSignIn> {
    connection.details.as_ref()?.refused_sign_in.as_ref()
}

/// Compares a connection with what it was before. `told` is what the page at the end of the sign-in said.
pub(super) fn of(before: &Connection, now: &Connection, told: Option<bool>) -> Outcome {
    let (was, is) = (&before.summary, &now.summary);
    let changed = was.state != is.state || was.last_verified_at != is.last_verified_at;
    if now_refused(now).is_some() && now_refused(now) != now_refused(before) {
        return Outcome::Failed;
    }
    let settled = changed && is.state.reason != Reason::AwaitingSignIn;
    match is.state.status {
        // A provider that fails a moment later does not undo the sign-in.
        Status::Active | Status::Degraded if settled || told == Some(true) => Outcome::Connected,
        Status::Pending | Status::Invalid | Status::Disabled if settled => Outcome::Failed,
        // One that was not pending stays as it was when a new sign-in fails.
        _ if told == Some(false) => Outcome::Failed,
        _ => Outcome::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn connection(status: &str, reason: &str, since: &str, verified: Option<&str>) -> Connection {
        let mut value = json!({
            "id": "con_0000000001zzzzzzzzzzzzzzzz", "name": "A",
            "connector": { "id": "x", "name": "X", "icon": "x" },
            "state": { "status": status, "reason": reason, "since": since },
            "owner": { "id": "usr_0000000001zzzzzzzzzzzzzzzz", "name": "Ada" },
            "createdAt": "2026-01-01T00:00:00Z", "level": "owner", "interactive": true, "auth": "oauth"
        });
        if let Some(verified) = verified {
            value["lastVerifiedAt"] = verified.into();
        }
        serde_json::from_value(value).unwrap()
    }

    const T0: &str = "2026-01-01T00:00:00Z";
    const T1: &str = "2026-01-01T00:05:00Z";

    #[test]
    fn a_new_connection_waits_then_works_or_fails() {
        let before = connection("pending", "awaiting_sign_in", T0, None);
        assert_eq!(of(&before, &before, None), Outcome::Waiting);
        assert_eq!(of(&before, &connection("active", "proved", T1, Some(T1)), None), Outcome::Connected);
        let degraded = connection("degraded", "timed_out", T1, None);
        assert_eq!(of(&before, &degraded, None), Outcome::Connected);
        assert_eq!(of(&before, &degraded, Some(false)), Outcome::Connected);
        assert_eq!(of(&before, &connection("pending", "denied_by_user", T1, None), None), Outcome::Failed);
    }

    #[test]
    fn an_old_failure_is_not_a_new_one() {
        let before = connection("pending", "denied_by_user", T0, None);
        assert_eq!(of(&before, &before, None), Outcome::Waiting);
        assert_eq!(of(&before, &connection("pending", "awaiting_sign_in", T1, None), None), Outcome::Waiting);
        assert_eq!(of(&before, &connection("pending", "denied_by_user", T1, None), None), Outcome::Failed);
        assert_eq!(of(&before, &before, Some(false)), Outcome::Failed);
    }

    #[test]
    fn an_active_connection_is_signed_in_again_when_it_is_proved_again() {
        let before = connection("active", "proved", T0, Some(T0));
        assert_eq!(of(&before, &before, None), Outcome::Waiting);
        assert_eq!(of(&before, &connection("active", "proved", T0, Some(T1)), None), Outcome::Connected);
        assert_eq!(of(&before, &before, Some(true)), Outcome::Connected);
        assert_eq!(of(&before, &before, Some(false)), Outcome::Failed);
    }

    #[test]
    fn an_invalid_connection_stays_so_until_something_changes() {
        let before = connection("invalid", "grant_revoked", T0, Some(T0));
        assert_eq!(of(&before, &before, None), Outcome::Waiting);
        assert_eq!(of(&before, &connection("active", "proved", T1, Some(T1)), None), Outcome::Connected);
        assert_eq!(
            of(&before, &connection("invalid", "wrong_identity", T1, Some(T0)), None),
            Outcome::Failed
        );
    }
}
