//! The later life of a connection: switched on again, checked every day, deleted, restored, destroyed.

use crate::connection::{Proof, Reason, Status, after_proof};
use crate::time::{DAY, HOUR, MINUTE, Timestamp};

/// How long a deleted connection can be restored, in milliseconds.
pub const DELETED_LIFE: i64 = 30 * DAY;
/// How long a reconnect link lives, in milliseconds.
pub const RECONNECT_LINK_LIFE: i64 = 30 * MINUTE;
/// How long a change that waits for a sign-in is kept, in milliseconds.
pub const CHANGE_LIFE: i64 = 30 * MINUTE;
/// How long after a check by the system the next one is due, in milliseconds: a little less than a day, so that the
/// hour does not wander.
pub const CHECK_EVERY: i64 = 23 * HOUR;
/// How long after a first doubt the system looks again, in milliseconds.
pub const DOUBT_AGAIN: i64 = 10 * MINUTE;
/// How often the withdrawal of a grant is tried at the provider, a day apart, before the secrets are destroyed
/// without it.
pub const REVOCATION_TRIES: u32 = 7;

/// The status and reason of a connection that is switched on again, after its proof.
pub const fn after_enable(proof: Proof) -> (Status, Reason) {
    match proof {
        Proof::Proved => (Status::Active, Reason::Proved),
        Proof::Disproved(why) => (Status::Invalid, why),
        Proof::Unknown(why) => (Status::Degraded, why),
    }
}

/// Whether the system checks a connection by itself. What a person must mend first is not asked again every day.
pub const fn is_checked(status: Status, reason: Reason) -> bool {
    match status {
        Status::Active | Status::Degraded => true,
        Status::Invalid => {
            matches!(
                reason,
                Reason::CredentialsRefused
                    | Reason::ConsentNeeded
                    | Reason::ClientRefused
                    | Reason::TargetNotAllowed
            )
        }
        Status::Pending | Status::Disabled => false,
    }
}

/// What a check by the system comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// The new status and reason; `None`: they stay.
    pub change: Option<(Status, Reason)>,
    /// How many checks in a row learned nothing.
    pub doubts: u32,
    /// How long until the next check, in milliseconds.
    pub next: i64,
}

/// The status after a check by the system, damped: a provider that fails makes an active connection degraded only
/// when it fails a second time, and a degraded one that goes on failing keeps its first reason. What proves or
/// disproves counts at once.
pub fn after_check(status: Status, reason: Reason, doubts: u32, proof: Proof) -> Checked {
    let doubted = matches!(proof, Proof::Unknown(_));
    let doubts = if doubted { doubts.saturating_add(1) } else { 0 };
    let change = match (status, proof) {
        (Status::Active, Proof::Unknown(_)) if doubts < 2 => None,
        (Status::Degraded, Proof::Unknown(_)) => None,
        _ => after_proof(status, reason, proof),
    };
    let soon = doubted && doubts < 2;
    Checked { change, doubts, next: if soon { DOUBT_AGAIN } else { CHECK_EVERY } }
}

/// When a connection that is deleted now is destroyed.
pub fn destroyed_at(deleted: Timestamp) -> Timestamp {
    deleted.plus(DELETED_LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_of_the_provider_is_no_news_and_two_are() {
        let failing = Proof::Unknown(Reason::TimedOut);
        let first = after_check(Status::Active, Reason::Proved, 0, failing);
        assert_eq!(first, Checked { change: None, doubts: 1, next: DOUBT_AGAIN });
        let second = after_check(Status::Active, Reason::Proved, first.doubts, failing);
        assert_eq!(second.change, Some((Status::Degraded, Reason::TimedOut)));
        assert_eq!(second.next, CHECK_EVERY);
        let other = Proof::Unknown(Reason::RateLimited);
        assert_eq!(after_check(Status::Degraded, Reason::TimedOut, 2, other).change, None, "no new entry");
        let well = after_check(Status::Active, Reason::Proved, 1, Proof::Proved);
        assert_eq!(well, Checked { change: None, doubts: 0, next: CHECK_EVERY });
    }

    #[test]
    fn what_is_definite_counts_at_once() {
        let revoked = Proof::Disproved(Reason::GrantRevoked);
        let gone = after_check(Status::Active, Reason::Proved, 0, revoked);
        assert_eq!(gone.change, Some((Status::Invalid, Reason::GrantRevoked)));
        let back = after_check(Status::Degraded, Reason::TimedOut, 3, Proof::Proved);
        assert_eq!(back.change, Some((Status::Active, Reason::Proved)));
    }

    #[test]
    fn only_what_can_mend_itself_is_asked_again() {
        assert!(is_checked(Status::Active, Reason::Proved));
        assert!(is_checked(Status::Invalid, Reason::ConsentNeeded));
        assert!(is_checked(Status::Invalid, Reason::TargetNotAllowed));
        assert!(!is_checked(Status::Invalid, Reason::GrantRevoked));
        assert!(!is_checked(Status::Invalid, Reason::GatewayDisconnected));
        assert!(!is_checked(Status::Invalid, Reason::PasswordNeeded));
        assert!(!is_checked(Status::Disabled, Reason::SwitchedOff));
        assert!(!is_checked(Status::Pending, Reason::AwaitingSignIn));
    }

    #[test]
    fn switched_on_is_what_the_proof_says() {
        assert_eq!(after_enable(Proof::Proved), (Status::Active, Reason::Proved));
        assert_eq!(after_enable(Proof::Unknown(Reason::TimedOut)), (Status::Degraded, Reason::TimedOut));
        assert_eq!(after_enable(Proof::Disproved(Reason::Expired)), (Status::Invalid, Reason::Expired));
    }
}
