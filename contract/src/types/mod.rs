//! The types of requests and answers, by the product's nouns.

mod query;

pub mod apps;
pub mod audit;
pub mod compatible;
pub mod connections;
pub mod connectors;
pub mod gateways;
pub mod groups;
pub mod life;
pub mod live;
pub mod oauth_clients;
pub mod people;
pub mod permissions;
pub mod sessions;
pub mod sso;
pub mod tenants;
pub mod tokens;
pub mod uses;
pub mod webhooks;

use std::fmt;

use drawbridge_domain::id::UserId;
use serde::{Deserialize, Serialize};

/// Nothing: no parameters, no query, no body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Nothing {}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct List<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A user, as far as others are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// First and last name.
    pub name: String,
}

/// A secret on its way. It cannot be printed. Answers have one only where a secret of ours is told to its holder.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SecretText(String);

impl SecretText {
    /// Takes a secret in.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself: only for checking, hashing and sealing it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
