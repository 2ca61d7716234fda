//! Connectors and OAuth clients.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::connectors::{Connector, ConnectorPath, ConnectorSummary};
use crate::types::oauth_clients::{
    ChangeOAuthClient, CreateOAuthClient, ListOAuthClientsQuery, OAuthClient, OAuthClientPath,
};
use crate::types::{List, Nothing};

endpoint! {
    /// All connectors.
    ListConnectors {
        summary: "List connectors", tag: "Connectors",
        method: Method::Get, path: "/api/v1/connectors", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnector),
    }
    Nothing, Nothing, Nothing => List<ConnectorSummary>
}
endpoint! {
    /// One connector, with all that its form needs.
    ReadConnector {
        summary: "Read a connector", tag: "Connectors",
        method: Method::Get, path: "/api/v1/connectors/{connector}", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnector),
        problems: &[P::NotFound],
    }
    ConnectorPath, Nothing, Nothing => Connector
}
endpoint! {
    /// The tenant's OAuth clients.
    ListOAuthClients {
        summary: "List OAuth clients", tag: "OAuth clients",
        method: Method::Get, path: "/api/v1/oauth-clients", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnector),
    }
    Nothing, ListOAuthClientsQuery, Nothing => List<OAuthClient>
}
endpoint! {
    /// Records a client that was registered at a provider.
    RegisterOAuthClient {
        summary: "Register an OAuth client", tag: "OAuth clients",
        method: Method::Post, path: "/api/v1/oauth-clients", access: Access::Role(Role::Developer), reach: Reach::Scope(ApiScope::ManageConnector),
        success: 201, audit: Audit::Records(&["oauth_client.created"]), etag: true, idempotent: true,
        problems: &[P::QuotaExceeded],
    }
    Nothing, Nothing, CreateOAuthClient => OAuthClient
}
endpoint! {
    /// One OAuth client.
    ReadOAuthClient {
        summary: "Read an OAuth client", tag: "OAuth clients",
        method: Method::Get, path: "/api/v1/oauth-clients/{client}", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnector),
        etag: true, problems: &[P::NotFound],
    }
    OAuthClientPath, Nothing, Nothing => OAuthClient
}
endpoint! {
    /// Changes a client's name, id or secret; an empty secret keeps the present one.
    ChangeOAuthClientSettings {
        summary: "Change an OAuth client", tag: "OAuth clients",
        method: Method::Patch, path: "/api/v1/oauth-clients/{client}", access: Access::Role(Role::Developer), reach: Reach::Scope(ApiScope::ManageConnector),
        audit: Audit::Records(&["oauth_client.changed"]), etag: true, if_match: true, problems: &[P::NotFound],
    }
    OAuthClientPath, Nothing, ChangeOAuthClient => OAuthClient
}
endpoint! {
    /// Deletes a client that no connection uses.
    DeleteOAuthClient {
        summary: "Delete an OAuth client", tag: "OAuth clients",
        method: Method::Delete, path: "/api/v1/oauth-clients/{client}", access: Access::Role(Role::Developer), reach: Reach::Scope(ApiScope::ManageConnector),
        success: 204, audit: Audit::Records(&["oauth_client.deleted"]), problems: &[P::NotFound, P::InUse],
    }
    OAuthClientPath, Nothing, Nothing => Nothing
}
