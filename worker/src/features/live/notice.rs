//! What a feed is told: changes, for whom they are, and who is to ask again who they are.

use drawbridge_contract::types::live::{Change, Topic};
use drawbridge_domain::id::UserId;
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;
use serde::{Deserialize, Serialize};

use crate::ports::Seat;

/// For whom a change is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Audience {
    /// The least role.
    role: Role,
    /// What an app or a token needs; `None`: full access.
    scope: Option<ApiScope>,
    /// Among those, administrators and these users; `None`: all.
    users: Option<Vec<String>>,
}

impl Audience {
    /// All who may read about a topic.
    pub(super) fn of(topic: Topic) -> Self {
        Self { role: topic.needs(), scope: topic.scope(), users: None }
    }

    /// Administrators and these users, as far as they may read about the topic.
    pub(super) fn only(topic: Topic, users: Vec<String>) -> Self {
        Self { role: topic.needs(), scope: topic.scope(), users: Some(users) }
    }

    fn has(&self, seat: &Seat) -> bool {
        let known = |users: &Vec<String>| users.iter().any(|user| *user == seat.user.to_string());
        seat.role.includes(self.role)
            && self.scope.map_or(seat.scopes.is_full(), |scope| seat.scopes.holds(scope))
            && (seat.role.is_administrator() || self.users.as_ref().is_none_or(known))
    }
}

/// A change and for whom it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    change: Change,
    to: Audience,
}

/// What a feed is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    changes: Vec<Told>,
    /// Those whose session, role or place in the tenant may have changed.
    ask_again: Vec<UserId>,
    /// It may be any of them.
    all_ask_again: bool,
    /// The apps and tokens that may have changed.
    #[serde(default)]
    credentials: Vec<String>,
}

impl Notice {
    /// Something changed.
    pub(super) fn add(&mut self, topic: Topic, id: Option<&str>, to: Audience) {
        let told = Told { change: Change { topic, id: id.map(str::to_owned) }, to };
        if !self.changes.contains(&told) {
            self.changes.push(told);
        }
    }

    /// The sockets of a user are to be opened again, if they may be.
    pub(super) fn ask_again(&mut self, user: UserId) {
        if !self.ask_again.contains(&user) {
            self.ask_again.push(user);
        }
    }

    /// All sockets of the tenant are to be opened again, by those who may.
    pub(super) fn all_ask_again(&mut self) {
        self.all_ask_again = true;
    }

    /// The sockets that an app or a token opened are to be opened again, if they may be.
    pub(super) fn ask_again_with(&mut self, credential: &str) {
        self.credentials.push(credential.to_owned());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.ask_again.is_empty()
            && self.credentials.is_empty()
            && !self.all_ask_again
    }

    /// Whether who sits there is to ask again.
    pub(super) fn sends_away(&self, seat: &Seat) -> bool {
        self.all_ask_again || self.ask_again.contains(&seat.user) || self.credentials.contains(&seat.by)
    }

    /// The changes that are for who sits there.
    pub(super) fn for_seat(&self, seat: &Seat) -> Vec<Change> {
        self.changes.iter().filter(|told| told.to.has(seat)).map(|told| told.change.clone()).collect()
    }
}
