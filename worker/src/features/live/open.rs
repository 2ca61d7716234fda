//! The opening of a WebSocket.

use drawbridge_contract::endpoints::FollowChanges;
use drawbridge_contract::types::live::LiveMessage;
use drawbridge_domain::time::{HOUR, Timestamp};

use crate::http::authenticate::IDLE_LIFE;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::Seat;

/// The longest that one stays open. Who was shut out at the very moment of opening it is not there for longer.
pub(super) const LONGEST: i64 = HOUR;

/// Gives the caller a seat, which is theirs no longer than the session as it is now.
pub(super) async fn handle(call: Call<FollowChanges, Scope>) -> Result<Reply<LiveMessage>, Failure> {
    let (scope, now) = (&call.scope, call.services.now());
    let idle = Timestamp::from_millis(scope.row().last_used_at).plus(IDLE_LIFE);
    let seat = Seat {
        tenant: scope.tenant().clone(),
        user: scope.user().clone(),
        role: scope.role(),
        since: now,
        until: now.plus(LONGEST).min(idle).min(scope.expires_at()),
    };
    Ok(Reply::new(LiveMessage::default()).with_seat(seat))
}
