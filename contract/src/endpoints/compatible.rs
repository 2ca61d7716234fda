//! The paths of Nintex Automation Cloud's public API: scripts written for it run after a change of host name. Each is
//! another view of what the endpoints beside it list, with the same rules.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::Nothing;
use crate::types::compatible::{
    TenantUsers, TenantUsersQuery, WorkflowConnections, WorkflowConnectionsQuery, WorkflowConnectors,
};
use crate::types::people::{RemoveUserQuery, UserPath};

endpoint! {
    /// The tenant's users, as `/api/v1/users` has them.
    ListTenantUsers {
        summary: "List users, as Nintex Automation Cloud does", tag: "Compatible paths",
        method: Method::Get, path: "/tenants/v1/users", access: Access::Role(Role::AutomationAdministrator), reach: Reach::Scope(ApiScope::ReadUser),
    }
    Nothing, TenantUsersQuery, Nothing => TenantUsers
}
endpoint! {
    /// The same as at `/api/v1/users`: what only the user owned is handed over, or left to the administrators.
    RemoveTenantUser {
        summary: "Remove a user, as Nintex Automation Cloud does", tag: "Compatible paths",
        method: Method::Delete, path: "/tenants/v1/users/{user}", access: Access::Role(Role::AutomationAdministrator),
        reach: Reach::Scope(ApiScope::ManageUser), success: 204, audit: Audit::Records(&["user.removed"]),
        problems: &[P::NotFound, P::Conflict, P::LastGlobalAdministrator],
    }
    UserPath, RemoveUserQuery, Nothing => Nothing
}
endpoint! {
    /// The connections that the caller may see, without those whose making is not finished.
    ListWorkflowConnections {
        summary: "List connections, as Nintex Automation Cloud does", tag: "Compatible paths",
        method: Method::Get, path: "/workflows/v1/connections", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection),
    }
    Nothing, WorkflowConnectionsQuery, Nothing => WorkflowConnections
}
endpoint! {
    /// All connectors with their operations.
    ListWorkflowConnectors {
        summary: "List connectors, as Nintex Automation Cloud does", tag: "Compatible paths",
        method: Method::Get, path: "/workflows/v1/connectors", access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnector),
    }
    Nothing, Nothing, Nothing => WorkflowConnectors
}
