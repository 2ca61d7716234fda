//! The opening of a WebSocket, and a second look once it is open.

use drawbridge_contract::endpoints::FollowChanges;
use drawbridge_contract::types::live::LiveMessage;
use drawbridge_domain::time::{HOUR, Timestamp};

use super::{Notice, store, tell};
use crate::http::authenticate::IDLE_LIFE;
use crate::http::{Call, Failure, Reply, Scope};
use crate::ports::Seat;
use crate::services::Services;

/// The longest that one stays open, should nobody succeed in telling it to close.
pub(super) const LONGEST: i64 = HOUR;

/// Gives the caller a seat, which is theirs no longer than the session as it is now.
pub(super) async fn handle(call: Call<FollowChanges, Scope>) -> Result<Reply<LiveMessage>, Failure> {
    let (scope, now) = (&call.scope, call.services.now());
    let (by, until) = if let Some(credential) = scope.credential() {
        (credential.known.id.clone(), credential.known.expires_at)
    } else {
        let row = scope.session()?;
        let idle = Timestamp::from_millis(row.last_used_at).plus(IDLE_LIFE);
        (row.session_id.to_string(), Some(idle.min(row.expires_at())))
    };
    let longest = now.plus(LONGEST);
    let seat = Seat {
        tenant: scope.tenant().clone(),
        user: scope.user().clone(),
        by,
        role: scope.role(),
        scopes: scope.scopes(),
        since: now,
        until: until.map_or(longest, |until| until.min(longest)),
    };
    Ok(Reply::new(LiveMessage::default()).with_seat(seat))
}

/// Looks once more when the seat is taken. Whoever was shut out between the check of the session and the taking was
/// told to go before there was anybody to hear it.
pub async fn look_again(services: &Services, seat: &Seat) {
    if !matches!(store::is_theirs(services, seat).await, Ok(true)) {
        let mut notice = Notice::default();
        notice.ask_again(seat.user.clone());
        tell::send(services, &seat.tenant, &notice).await;
    }
}
