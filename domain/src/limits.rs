//! Limits per tenant, and the lengths and counts that bound every input.

use serde::{Deserialize, Serialize};

/// Something of which a tenant may have only so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Limited {
    /// Connections that are not deleted.
    Connections,
    /// Users, invited ones included.
    Users,
    /// OAuth clients.
    OauthClients,
    /// Groups of users.
    Groups,
    /// Endpoints that are told of events.
    Webhooks,
    /// Apps.
    Apps,
    /// Personal access tokens that are not deleted.
    Tokens,
    /// Gateways.
    Gateways,
}

impl Limited {
    /// All limited things, in the order of the page that shows them.
    pub const ALL: [Self; 8] = [
        Self::Connections,
        Self::Users,
        Self::Groups,
        Self::OauthClients,
        Self::Webhooks,
        Self::Apps,
        Self::Tokens,
        Self::Gateways,
    ];

    /// The most that a tenant may have.
    pub const fn most(self) -> u32 {
        match self {
            Self::Connections | Self::Groups => 1000,
            Self::Users | Self::Tokens => 10_000,
            Self::OauthClients | Self::Apps => 500,
            Self::Webhooks => 20,
            Self::Gateways => 100,
        }
    }

    /// The thing's name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connections => "Connections",
            Self::Users => "Users",
            Self::OauthClients => "OAuth clients",
            Self::Groups => "Groups",
            Self::Webhooks => "Webhooks",
            Self::Apps => "Apps",
            Self::Tokens => "Personal access tokens",
            Self::Gateways => "Gateways",
        }
    }
}

/// The most personal access tokens of one user, so that nobody uses up the tenant's.
pub const TOKENS_PER_USER: u32 = 200;
/// The largest request body, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// The preset number of items on a page of a list.
pub const PAGE_SIZE: u32 = 50;
/// The most items on a page of a list.
pub const MAX_PAGE_SIZE: u32 = 200;
/// The longest text that a search takes, in characters.
pub const MAX_SEARCH: usize = 100;
