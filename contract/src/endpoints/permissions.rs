//! Who was given what on a connection.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::connections::ConnectionPath;
use crate::types::permissions::{
    ConnectionAccess, FindPrincipalsQuery, ListAccessQuery, NewPermissions, Permissions, Principal,
};
use crate::types::{List, Nothing};

endpoint! {
    /// What was given on a connection, to Everyone, groups and users. For its owners.
    ReadConnectionPermissions {
        summary: "Read a connection's permissions", tag: "Permissions",
        method: Method::Get, path: "/api/v1/connections/{connection}/permissions",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection), etag: true, problems: &[P::NotFound, P::NeedsOwner],
    }
    ConnectionPath, Nothing, Nothing => Permissions
}
endpoint! {
    /// Gives a connection to exactly these. At least one owner who can sign in stays, unless an administrator
    /// leaves it to the administrators.
    SaveConnectionPermissions {
        summary: "Save a connection's permissions", tag: "Permissions",
        method: Method::Put, path: "/api/v1/connections/{connection}/permissions",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ManageConnection), audit: Audit::Records(&["connection.permissions_changed"]),
        etag: true, if_match: true, problems: &[P::NotFound, P::NeedsOwner],
    }
    ConnectionPath, Nothing, NewPermissions => Permissions
}
endpoint! {
    /// Everybody who can use a connection, by email, each with every reason why. For its owners.
    ListConnectionAccess {
        summary: "List who can use a connection", tag: "Permissions",
        method: Method::Get, path: "/api/v1/connections/{connection}/access",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection), problems: &[P::NotFound, P::NeedsOwner],
    }
    ConnectionPath, ListAccessQuery, Nothing => List<ConnectionAccess>
}
endpoint! {
    /// Users and groups to share a connection with, at most 20 of each, by part of their name or email. For its
    /// owners.
    FindPrincipals {
        summary: "Find whom to share a connection with", tag: "Permissions",
        method: Method::Get, path: "/api/v1/connections/{connection}/principals",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::ReadConnection), problems: &[P::NotFound, P::NeedsOwner],
    }
    ConnectionPath, FindPrincipalsQuery, Nothing => List<Principal>
}
