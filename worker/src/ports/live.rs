//! The sockets of a tenant: who sits at one, and how they are told of changes.

use drawbridge_domain::id::{Id, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Dialled, Pending};

/// Who sits at a WebSocket. It goes along with the socket, which is all that anybody knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The tenant.
    pub tenant: TenantId,
    /// The user in it; for an app, who made it.
    pub user: UserId,
    /// By what it was opened: the identifier of the session, the token or the app.
    pub by: String,
    /// The user's role when the socket was opened; it is closed when that changes.
    pub role: Role,
    /// What is told there, within the role.
    pub scopes: ApiScopes,
    /// When it was opened.
    pub since: Timestamp,
    /// When it is closed whatever happens.
    pub until: Timestamp,
}

impl Seat {
    /// Among whose sockets this one counts: the user's, or the app's own.
    pub fn counts_as(&self) -> &str {
        if self.by.starts_with("app_") { &self.by } else { self.user.as_str() }
    }
}

/// A WebSocket that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Socket {
    /// Of somebody who follows changes.
    Seat(Seat),
    /// Of a gateway's agent.
    Link(Dialled),
}

/// The way to the sockets of each tenant.
pub trait Feeds {
    /// Tells the feed of a tenant a notice; the error's words are for the log.
    fn tell(&self, tenant: &TenantId, notice: String) -> Pending<'_, Result<(), String>>;
}
