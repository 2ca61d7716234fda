//! What a WebSocket of the console is told: that something changed, never what is in it.

use drawbridge_domain::role::{Page, Role};
use drawbridge_domain::scopes::ApiScope;
use serde::{Deserialize, Serialize};

/// What a browser sends now and then to hear that the connection stands.
pub const PING: &str = "ping";
/// What it hears; nothing of ours wakes up for it.
pub const PONG: &str = "pong";
/// Closed with this code: who asks may have changed, ask who is signed in and open it again.
pub const ASK_AGAIN: u16 = 4000;
/// Closed with this code: the same user has opened too many others since.
pub const TOO_MANY: u16 = 4001;
/// Closed with this code: it said something that nobody listens to.
pub const NOT_UNDERSTOOD: u16 = 4002;

/// Something that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum Topic {
    /// Connections, and what was given on them.
    Connections,
    /// OAuth clients.
    OauthClients,
    /// Users.
    Users,
    /// Groups and their members.
    Groups,
    /// The audit log.
    Audit,
    /// The tenant's own settings.
    Tenant,
    /// Webhooks, and that something was sent to one.
    Webhooks,
    /// Apps.
    Apps,
    /// Personal access tokens: one's own, and to administrators all.
    Tokens,
    /// Gateways, and how they are.
    Gateways,
}

impl Topic {
    /// The least role that may read about it.
    pub const fn needs(self) -> Role {
        match self {
            Self::Connections | Self::OauthClients => Page::Connections.needs(),
            Self::Users | Self::Groups => Page::People.needs(),
            Self::Audit => Page::AuditLog.needs(),
            Self::Tenant => Role::Participant,
            Self::Webhooks => Page::Webhooks.needs(),
            Self::Apps | Self::Tokens => Page::AppsAndTokens.needs(),
            Self::Gateways => Page::Gateways.needs(),
        }
    }
}

impl Topic {
    /// The scope with which an app or a token is told of it; `None`: only with all that there are.
    pub const fn scope(self) -> Option<ApiScope> {
        match self {
            Self::Connections => Some(ApiScope::ReadConnection),
            Self::OauthClients => Some(ApiScope::ReadConnector),
            Self::Users | Self::Groups => Some(ApiScope::ReadUser),
            Self::Audit => Some(ApiScope::ReadAudit),
            Self::Apps => Some(ApiScope::ReadApp),
            Self::Tokens => Some(ApiScope::ReadToken),
            Self::Gateways => Some(ApiScope::ReadGateway),
            Self::Tenant | Self::Webhooks => None,
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Change {
    /// What changed.
    pub topic: Topic,
    /// Which one; absent: it may be any of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// A message to the browser. What changed is to be read anew through the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LiveMessage {
    /// What changed, as far as the user may know of it.
    pub changes: Vec<Change>,
}
