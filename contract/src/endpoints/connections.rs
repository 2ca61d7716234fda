//! Connections.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::connections::{
    Authorization, Authorize, Connection, ConnectionEvent, ConnectionList, ConnectionPath, CreateConnection,
    ListConnectionsQuery,
};
use crate::types::{List, Nothing};

endpoint! {
    /// The connections that the caller may see.
    ListConnections {
        summary: "List connections", tag: "Connections",
        method: Method::Get, path: "/api/v1/connections", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection),
    }
    Nothing, ListConnectionsQuery, Nothing => ConnectionList
}
endpoint! {
    /// Makes a connection. One that signs in at the provider is pending until that is done; any other is
    /// proved at once, and refused when the provider does not accept the credentials. Credentials for a gateway's target
    /// are sent in `sealed`, which docs/API.md explains.
    MakeConnection {
        summary: "Make a connection", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection),
        success: 201, audit: Audit::Records(&["connection.created"]), etag: true, idempotent: true,
        problems: &[
            P::QuotaExceeded, P::CredentialsRefused, P::ProviderUnavailable, P::GatewayFailed, P::GatewayOffline,
        ],
    }
    Nothing, Nothing, CreateConnection => Connection
}
endpoint! {
    /// One connection.
    ReadConnection {
        summary: "Read a connection", tag: "Connections",
        method: Method::Get, path: "/api/v1/connections/{connection}", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection),
        etag: true, problems: &[P::NotFound],
    }
    ConnectionPath, Nothing, Nothing => Connection
}
endpoint! {
    /// Starts a sign-in at the provider and says where to send the browser. A connection that has an identity there
    /// keeps it: a sign-in as somebody else is refused unless `acceptOtherIdentity` says otherwise. The browser that
    /// started it must bring the answer; an app or a token makes a reconnect link instead.
    AuthorizeConnection {
        summary: "Start signing in at the provider", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/authorize",
        access: Access::Role(Role::Designer), audit: Audit::Records(&["connection.authorizing"]),
        problems: &[P::NotFound, P::NeedsOwner, P::ConnectionDisabled, P::NotInteractive],
    }
    ConnectionPath, Nothing, Authorize => Authorization
}
endpoint! {
    /// Proves a connection now by its connector's validation operation.
    TestConnection {
        summary: "Test a connection", tag: "Connections",
        method: Method::Post, path: "/api/v1/connections/{connection}/test",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), audit: Audit::Records(&["connection.tested"]), etag: true,
        problems: &[P::NotFound, P::ConnectionPending, P::ConnectionDisabled],
    }
    ConnectionPath, Nothing, Nothing => Connection
}
endpoint! {
    /// The history of a connection's status, newest first, at most 200 entries.
    ListConnectionEvents {
        summary: "List a connection's status changes", tag: "Connections",
        method: Method::Get, path: "/api/v1/connections/{connection}/events",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection), problems: &[P::NotFound],
    }
    ConnectionPath, Nothing, Nothing => List<ConnectionEvent>
}
