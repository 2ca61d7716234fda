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

/// Which of the sockets make room for one more of that user's: the oldest of theirs, by their places.
pub fn surplus(seats: &[Seat], new: &Seat) -> Vec<usize> {
    let mut own: Vec<(usize, &Seat)> =
        seats.iter().enumerate().filter(|(_, seat)| seat.user == new.user).collect();
    own.sort_by_key(|(_, seat)| seat.since);
    let too_many = (own.len() + 1).saturating_sub(MOST);
    own.into_iter().take(too_many).map(|(place, _)| place).collect()
}
