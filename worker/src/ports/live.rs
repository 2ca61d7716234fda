//! The sockets of a tenant: who sits at one, and how they are told of changes.

use drawbridge_domain::id::{SessionId, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Pending;

/// Who sits at a WebSocket. It goes along with the socket, which is all that anybody knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The tenant.
    pub tenant: TenantId,
    /// The user in it.
    pub user: UserId,
    /// The session that opened it.
    pub session: SessionId,
    /// The user's role when the socket was opened; it is closed when that changes.
    pub role: Role,
    /// When it was opened.
    pub since: Timestamp,
    /// When it is closed whatever happens.
    pub until: Timestamp,
}

/// The way to the sockets of each tenant.
pub trait Feeds {
    /// Tells the feed of a tenant a notice; the error's words are for the log.
    fn tell(&self, tenant: &TenantId, notice: String) -> Pending<'_, Result<(), String>>;
}
