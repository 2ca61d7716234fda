//! What a shard is asked and what it answers.

use std::rc::Rc;

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_contract::types::sessions::Me;
use drawbridge_contract::types::tenants::TenantRef;
use drawbridge_domain::id::{AccessTokenId, AppId, Id, TenantId, TokenId, UserId};
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
}

/// What a shard is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Whether the token with this hash is good, from there. Without `from` nobody uses it: it is only looked at.
    Token { hash: String, from: Option<From> },
    /// Whether an app is good: with the hash of its secret, or with one of its access tokens. Without `from` nobody
    /// uses it: it is only looked at.
    App { app: AppId, secret: Option<String>, token: Option<AccessTokenId>, from: Option<From> },
    /// A change begins.
    Flux { ticket: String, keys: Vec<Key> },
    /// A change is over.
    Settled { ticket: String, keys: Vec<Key> },
}

/// What a shard answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// It is good; sent as [`good_written`] says.
    #[serde(skip)]
    Good(Rc<Good>, Option<Quota>),
    /// It is not; which is not told.
    Bad,
    /// It has made too many calls; or too many failed from there.
    Limited { wait: i64, quota: Option<Quota> },
    /// Heard.
    Heard,
}

/// A good app or token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Good {
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

/// What is good, as it is sent: first the calls that are left, which change each time, then all that stays the same.
pub(super) fn good_written(good: &str, quota: Option<Quota>) -> String {
    match quota {
        Some(Quota { per_minute, left, full_in }) => format!("{per_minute} {left} {full_in} {good}"),
        // A header loses the spaces at its ends.
        None => format!("- {good}"),
    }
}

/// The parts of such an answer; `None`: it is another one.
pub(super) fn good_parts(answer: &str) -> Option<(Option<Quota>, &str)> {
    let (counts, good) = answer.split_at(answer.find(" {")?);
    if counts == "-" {
        return Some((None, good));
    }
    let mut counts = counts.split(' ');
    let quota = Quota {
        per_minute: counts.next()?.parse().ok()?,
        left: counts.next()?.parse().ok()?,
        full_in: counts.next()?.parse().ok()?,
    };
    Some((Some(quota), good))
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
        for (quota, sent) in [(Some(quota), "600 599 100 {\"a\": {}}"), (None, "- {\"a\": {}}")] {
            assert_eq!(good_written("{\"a\": {}}", quota), sent);
            assert_eq!(good_parts(sent), Some((quota, " {\"a\": {}}")));
        }
        for other in ["\"Bad\"", "{\"Limited\":{\"wait\":1, \"quota\": {}}}", "1 2 {", "x 2 3 {", ""] {
            assert_eq!(good_parts(other), None, "{other}");
        }
    }
}
