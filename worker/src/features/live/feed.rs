//! What a feed does with its sockets. It decides by what goes along with each, and by nothing else.

use drawbridge_contract::types::live::LiveMessage;
use drawbridge_domain::time::Timestamp;

use super::Notice;
use crate::ports::Seat;

/// The most sockets that a user has open in a tenant: one per tab.
const MOST: usize = 20;

/// What becomes of one socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Nothing.
    Nothing,
    /// It is sent this.
    Message(String),
    /// It is closed, and may be opened again by who may still.
    AskAgain,
}

/// What becomes of a socket when the feed is told a notice, or looks after its time (`None`).
pub fn given(notice: Option<&Notice>, seat: &Seat, now: Timestamp) -> Given {
    if seat.until <= now || notice.is_some_and(|notice| notice.sends_away(seat)) {
        return Given::AskAgain;
    }
    let changes = notice.map(|notice| notice.for_seat(seat)).unwrap_or_default();
    if changes.is_empty() {
        return Given::Nothing;
    }
    serde_json::to_string(&LiveMessage { changes }).map_or(Given::Nothing, Given::Message)
}

/// Whether a user may sit down once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// Yes, when these places of theirs are cleared.
    After(Vec<usize>),
    /// No: too many of theirs were closed and do not go.
    Full,
}

/// What room there is for one more of a user, whose sockets sit in these places and may be closed already.
pub fn room(theirs: &[Option<Seat>]) -> Room {
    if theirs.len() >= 2 * MOST {
        return Room::Full;
    }
    let mut open: Vec<(usize, &Seat)> =
        theirs.iter().enumerate().filter_map(|(place, seat)| Some((place, seat.as_ref()?))).collect();
    open.sort_by_key(|(_, seat)| seat.since);
    let too_many = (open.len() + 1).saturating_sub(MOST);
    Room::After(open.into_iter().take(too_many).map(|(place, _)| place).collect())
}
