//! The later life of a connection.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::Nothing;
use crate::types::connections::{Authorization, Connection, ConnectionPath};
use crate::types::life::{
    ChangeConnection, ChangedConnection, ConnectionUses, DeleteConnectionQuery, ReconnectLink, ReconnectPath,
    ReconnectRequest,
};

endpoint! {
    /// Changes name, settings and credentials. What the provider must agree to is proved first; what it refuses is
    /// not saved.
    ChangeConnectionSettings {
        summary: "Change a connection", tag: "Connections",
        method: Method::Patch, path: "/api/v1/connections/{connection}", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection),
        audit: Audit::Records(&["connection.changed"]), etag: true, if_match: true,
        problems: &[
            P::NotFound, P::NeedsOwner, P::ConnectionPending, P::ConnectionDisabled, P::CredentialsRefused,
            P::ProviderUnavailable, P::OtherIdentity,
        ],
    }
    ConnectionPath, Nothing, ChangeConnection => ChangedConnection
}
endpoint! {
    /// Deletes a connection: nobody can use it from then on, and an owner can restore it for 30 days. One whose
    /// making was not finished is removed for good.
    DeleteConnection {
        summary: "Delete a connection", tag: "Connections",
        method: Method::Delete, path: "/api/v1/connections/{connection}", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection),
        success: 204, audit: Audit::Records(&["connection.deleted", "connection.discarded"]),
        problems: &[P::NotFound, P::NeedsOwner, P::Conflict],
    }
    ConnectionPath, DeleteConnectionQuery, Nothing => Nothing
}
endpoint! {
    /// Switches a connection off: no call goes out, the credentials are kept.
    DisableConnection {
        summary: "Disable a connection", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/disable",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), audit: Audit::Records(&["connection.disabled"]), etag: true,
        problems: &[P::NotFound, P::NeedsOwner, P::ConnectionPending, P::ConnectionDisabled],
    }
    ConnectionPath, Nothing, Nothing => Connection
}
endpoint! {
    /// Switches a connection on again, with the status that its proof gives.
    EnableConnection {
        summary: "Enable a connection", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/enable",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), audit: Audit::Records(&["connection.enabled"]), etag: true,
        problems: &[P::NotFound, P::NeedsOwner, P::ConnectionPending, P::Conflict],
    }
    ConnectionPath, Nothing, Nothing => Connection
}
endpoint! {
    /// Takes a deleted connection back, and proves it.
    RestoreConnection {
        summary: "Restore a deleted connection", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/restore",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), audit: Audit::Records(&["connection.restored", "connection.tested"]), etag: true,
        problems: &[P::NotFound, P::NeedsOwner, P::QuotaExceeded],
    }
    ConnectionPath, Nothing, Nothing => Connection
}
endpoint! {
    /// What uses a connection: to be seen before it is deleted.
    ListConnectionUses {
        summary: "List what uses a connection", tag: "Connections",
        method: Method::Get, path: "/api/v1/connections/{connection}/uses",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection), problems: &[P::NotFound],
    }
    ConnectionPath, Nothing, Nothing => ConnectionUses
}
endpoint! {
    /// Makes a link by which somebody without an account signs this one connection in again: 30 minutes, once. A new
    /// link ends the ones before it.
    MakeReconnectLink {
        summary: "Make a reconnect link", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/reconnect-link",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), success: 201,
        audit: Audit::Records(&["connection.reconnect_link_created"]),
        problems: &[P::NotFound, P::NeedsOwner, P::ConnectionDisabled, P::NotInteractive, P::ConnectionPending],
    }
    ConnectionPath, Nothing, Nothing => ReconnectLink
}
endpoint! {
    /// What a reconnect link is for.
    ReadReconnectLink {
        summary: "Read a reconnect link", tag: "Connections",
        method: Method::Get, path: "/api/v1/reconnect-links/{secret}", access: Access::Public, reach: Reach::Any,
        problems: &[P::NotFound, P::TooManyRequests],
    }
    ReconnectPath, Nothing, Nothing => ReconnectRequest
}
endpoint! {
    /// Starts the sign-in of a reconnect link, bound to this browser.
    StartReconnect {
        summary: "Start a reconnect link's sign-in", tag: "Connections",
        method: Method::Post, path: "/api/v1/reconnect-links/{secret}/start", access: Access::Public, reach: Reach::Any,
        audit: Audit::Records(&["connection.authorizing"]),
        problems: &[P::NotFound, P::TooManyRequests, P::ConnectionDisabled, P::NotInteractive],
    }
    ReconnectPath, Nothing, Nothing => Authorization
}
