//! What a shard is asked and what it answers.

use std::rc::Rc;

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_contract::types::sessions::Me;
use drawbridge_contract::types::tenants::TenantRef;
use drawbridge_domain::id::{AccessTokenId, AppId, ConnectionId, Id, TenantId, TokenId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::{SECOND, Timestamp};
use serde::{Deserialize, Serialize};

use crate::encoding::hashed;

/// The shard of a token: the first character of its hash, which is one of 64.
pub(super) fn shard_of_hash(hash: &str) -> char {
    hash.chars().next().unwrap_or('A')
}

/// The shard of an app.
pub(super) fn shard_of_app(app: &AppId) -> char {
    shard_of_hash(&hashed(app.as_str()))
}

/// From where somebody calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct From {
    pub(super) address: String,
    pub(super) country: String,
}

/// What a change may concern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Key {
    App(AppId),
    Token(TokenId),
    User(UserId),
    Tenant(TenantId),
    Use(ConnectionId),
    Uses(TenantId),
}

/// What a shard is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Whether the token with this hash is good, from there. Without `from` nobody uses it: it is only looked at. With a
    /// connection that it is to be used for, what the database says of that is told, too.
    Token { hash: String, from: Option<From>, connection: Option<ConnectionId> },
    /// Whether an app is good: with the hash of its secret, or with one of its access tokens. Without `from` nobody
    /// uses it: it is only looked at. The connection is as with a token.
    App {
        app: AppId,
        secret: Option<String>,
        token: Option<AccessTokenId>,
        from: Option<From>,
        connection: Option<ConnectionId>,
    },
    /// A change begins.
    Flux { ticket: String, keys: Vec<Key> },
    /// A change is over.
    Settled { ticket: String, keys: Vec<Key> },
}

/// What a shard answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It is good, with what is told of a connection; sent as [`good_written`] says.
    #[serde(skip)]
    Good(Rc<Good>, Option<Quota>, Option<String>),
    /// It is not; which is not told.
    Bad,
    /// It has made too many calls; or too many failed from there.
    Limited { wait: i64, quota: Option<Quota> },
    /// Heard.
    Heard,
}

/// A good app or token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Good {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) tenant: TenantRef,
    pub(super) role: Role,
    pub(super) scopes: ApiScopes,
    /// Its own end.
    pub(super) ends: Option<Timestamp>,
    /// A token's user.
    pub(super) me: Option<Me>,
    pub(super) maker: UserId,
    pub(super) maker_name: String,
    /// How an app's access tokens are signed.
    pub(super) algorithm: Option<TokenAlgorithm>,
}

/// How many calls an app or a token has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Calls a minute.
    pub per_minute: u32,
    /// Calls that are left at once.
    pub left: u32,
    /// After how many milliseconds all of them are back.
    pub full_in: i64,
}

impl Quota {
    /// The headers that tell it (draft-ietf-httpapi-ratelimit-headers).
    pub fn headers(self) -> [(&'static str, String); 2] {
        let seconds = (self.full_in + SECOND - 1) / SECOND;
        [
            ("ratelimit-policy", format!("\"default\";q={};w=60", self.per_minute)),
            ("ratelimit", format!("\"default\";r={};t={seconds}", self.left)),
        ]
    }
}

/// What stands between what is good and what is told of a connection: no JSON has it.
const BESIDE: char = '\t';

/// What is good, as it is sent: first the calls that are left, which change each time, then all that stays the same, then
/// what is told of a connection.
pub(super) fn good_written(good: &str, quota: Option<Quota>, told: Option<&str>) -> String {
    let mut written = match quota {
        Some(Quota { per_minute, left, full_in }) => format!("{per_minute} {left} {full_in} {good}"),
        // A header loses the spaces at its ends.
        None => format!("- {good}"),
    };
    if let Some(told) = told {
        written.push(BESIDE);
        written.push_str(told);
    }
    written
}

/// What such an answer says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GoodParts<'a> {
    pub(super) good: &'a str,
    pub(super) quota: Option<Quota>,
    pub(super) told: Option<&'a str>,
}

/// The parts of such an answer; `None`: it is another one.
pub(super) fn good_parts(answer: &str) -> Option<GoodParts<'_>> {
    let (counts, rest) = answer.split_at(answer.find(" {")?);
    let (good, told) = match rest.split_once(BESIDE) {
        Some((good, told)) => (good, Some(told)),
        None => (rest, None),
    };
    if counts == "-" {
        return Some(GoodParts { good, quota: None, told });
    }
    let mut counts = counts.split(' ');
    let quota = Quota {
        per_minute: counts.next()?.parse().ok()?,
        left: counts.next()?.parse().ok()?,
        full_in: counts.next()?.parse().ok()?,
    };
    Some(GoodParts { good, quota: Some(quota), told })
}

impl Ask {
    /// As it is sent.
    pub(super) fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_good_is_taken_apart_as_it_was_put_together() {
        let quota = Quota { per_minute: 600, left: 599, full_in: 100 };
        for (quota, told, sent) in [
            (Some(quota), None, "600 599 100 {\"a\": {}}"),
            (None, None, "- {\"a\": {}}"),
            (Some(quota), Some("{\"b\":1}"), "600 599 100 {\"a\": {}}\t{\"b\":1}"),
            (None, Some("{}"), "- {\"a\": {}}\t{}"),
        ] {
            assert_eq!(good_written("{\"a\": {}}", quota, told), sent);
            assert_eq!(good_parts(sent), Some(GoodParts { good: " {\"a\": {}}", quota, told }));
        }
        for other in ["\"Bad\"", "{\"Limited\":{\"wait\":1, \"quota\": {}}}", "1 2 {", "x 2 3 {", ""] {
            assert_eq!(good_parts(other), None, "{other}");
        }
    }
}
