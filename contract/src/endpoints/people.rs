//! Users, their invitations, and groups.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::groups::{ByNameQuery, ChangeGroup, CreateGroup, Group, GroupPath, MemberPath};
use crate::types::people::{
    AcceptInvitation, ChangeUser, Holdings, Invitation, InvitationPath, InviteUser, Invited, JoinTenant,
    ListUsersQuery, RemoveUserQuery, User, UserDetails, UserList, UserPath,
};
use crate::types::sessions::WhoAmI;
use crate::types::{List, Nothing};

/// Who manages people.
const ADMINISTRATORS: Access = Access::Role(Role::AutomationAdministrator);

endpoint! {
    /// The tenant's users.
    ListUsers {
        summary: "List users", tag: "People", method: Method::Get, path: "/api/v1/users", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser),
    }
    Nothing, ListUsersQuery, Nothing => UserList
}
endpoint! {
    /// Adds a user who may come in by the link of the answer.
    InviteToTenant {
        summary: "Invite a user", tag: "People", method: Method::Post, path: "/api/v1/users",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 201, audit: Audit::Records(&["user.invited"]), idempotent: true,
        problems: &[P::QuotaExceeded],
    }
    Nothing, Nothing, InviteUser => Invited
}
endpoint! {
    /// One user.
    ReadUser {
        summary: "Read a user", tag: "People", method: Method::Get, path: "/api/v1/users/{user}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser), etag: true, problems: &[P::NotFound],
    }
    UserPath, Nothing, Nothing => UserDetails
}
endpoint! {
    /// Changes a user's names or role. The role holds from the user's next request on.
    ChangeUserSettings {
        summary: "Change a user", tag: "People", method: Method::Patch, path: "/api/v1/users/{user}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), audit: Audit::Records(&["user.changed"]), etag: true, if_match: true,
        problems: &[P::NotFound, P::LastGlobalAdministrator],
    }
    UserPath, Nothing, ChangeUser => User
}
endpoint! {
    /// Takes a user out of the tenant, out of its groups and of what they were given.
    RemoveUser {
        summary: "Remove a user", tag: "People", method: Method::Delete, path: "/api/v1/users/{user}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 204, audit: Audit::Records(&["user.removed"]),
        problems: &[P::NotFound, P::Conflict, P::LastGlobalAdministrator],
    }
    UserPath, RemoveUserQuery, Nothing => Nothing
}
endpoint! {
    /// Makes a new invitation link, which ends the one before it.
    ResendInvitation {
        summary: "Make a new invitation link", tag: "People", method: Method::Post,
        path: "/api/v1/users/{user}/invitation", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser),
        audit: Audit::Records(&["user.invited_again"]), problems: &[P::NotFound, P::Conflict],
    }
    UserPath, Nothing, Nothing => Invited
}
endpoint! {
    /// Switches a user off; the sessions in this tenant end at once.
    SuspendUser {
        summary: "Suspend a user", tag: "People", method: Method::Post, path: "/api/v1/users/{user}/suspend",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), audit: Audit::Records(&["user.suspended"]),
        problems: &[P::NotFound, P::Conflict, P::LastGlobalAdministrator],
    }
    UserPath, Nothing, Nothing => User
}
endpoint! {
    /// Switches a suspended user on again.
    ReactivateUser {
        summary: "Reactivate a user", tag: "People", method: Method::Post,
        path: "/api/v1/users/{user}/reactivate", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser),
        audit: Audit::Records(&["user.reactivated"]), problems: &[P::NotFound, P::Conflict],
    }
    UserPath, Nothing, Nothing => User
}
endpoint! {
    /// The connections that nobody but this user owns: what removing the user asks about.
    ReadUserHoldings {
        summary: "Read what only this user owns", tag: "People", method: Method::Get,
        path: "/api/v1/users/{user}/holdings", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser), problems: &[P::NotFound],
    }
    UserPath, Nothing, Nothing => Holdings
}
endpoint! {
    /// What an invitation says of itself; the secret of its link is the proof.
    ReadInvitation {
        summary: "Read an invitation", tag: "People", method: Method::Get, path: "/api/v1/invitations/{token}",
        access: Access::Public, reach: Reach::Any, problems: &[P::NotFound],
    }
    InvitationPath, Nothing, Nothing => Invitation
}
endpoint! {
    /// Accepts an invitation with a new password, or with that of the account that is there, and signs in.
    AcceptTheInvitation {
        summary: "Accept an invitation and sign in", tag: "People", method: Method::Post,
        path: "/api/v1/invitations/accept", access: Access::Public, reach: Reach::Any, success: 201,
        audit: Audit::Records(&["invitation.accepted", "session.created"]),
        problems: &[P::NotFound, P::Conflict, P::TooManyRequests],
    }
    Nothing, Nothing, AcceptInvitation => WhoAmI
}
endpoint! {
    /// Accepts an invitation to one's own email with the present session, which goes on in that tenant.
    AcceptWithSession {
        summary: "Accept an invitation while signed in", tag: "People", method: Method::Post,
        path: "/api/v1/invitations/join", access: Access::SignedIn,
        audit: Audit::Records(&["invitation.accepted"]),
        problems: &[P::NotFound, P::OtherEmail, P::Conflict],
    }
    Nothing, Nothing, JoinTenant => WhoAmI
}
endpoint! {
    /// The tenant's groups.
    ListGroups {
        summary: "List groups", tag: "People", method: Method::Get, path: "/api/v1/groups", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser),
    }
    Nothing, ByNameQuery, Nothing => List<Group>
}
endpoint! {
    /// Makes a group.
    MakeGroup {
        summary: "Make a group", tag: "People", method: Method::Post, path: "/api/v1/groups",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 201, audit: Audit::Records(&["group.created"]), etag: true,
        idempotent: true, problems: &[P::QuotaExceeded],
    }
    Nothing, Nothing, CreateGroup => Group
}
endpoint! {
    /// One group.
    ReadGroup {
        summary: "Read a group", tag: "People", method: Method::Get, path: "/api/v1/groups/{group}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser), etag: true, problems: &[P::NotFound],
    }
    GroupPath, Nothing, Nothing => Group
}
endpoint! {
    /// Changes a group's name or description.
    ChangeGroupSettings {
        summary: "Change a group", tag: "People", method: Method::Patch, path: "/api/v1/groups/{group}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), audit: Audit::Records(&["group.changed"]), etag: true, if_match: true,
        problems: &[P::NotFound],
    }
    GroupPath, Nothing, ChangeGroup => Group
}
endpoint! {
    /// Deletes a group, and what it was given with it.
    DeleteGroup {
        summary: "Delete a group", tag: "People", method: Method::Delete, path: "/api/v1/groups/{group}",
        access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 204, audit: Audit::Records(&["group.deleted"]), problems: &[P::NotFound],
    }
    GroupPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// The connections that a group was given: what goes with the group.
    ReadGroupHoldings {
        summary: "Read what a group was given", tag: "People", method: Method::Get,
        path: "/api/v1/groups/{group}/holdings", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser), problems: &[P::NotFound],
    }
    GroupPath, Nothing, Nothing => Holdings
}
endpoint! {
    /// The members of a group.
    ListMembers {
        summary: "List the members of a group", tag: "People", method: Method::Get,
        path: "/api/v1/groups/{group}/members", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ReadUser), problems: &[P::NotFound],
    }
    GroupPath, ByNameQuery, Nothing => List<User>
}
endpoint! {
    /// Makes a user a member of a group; one who is already stays one.
    AddMember {
        summary: "Add a member to a group", tag: "People", method: Method::Put,
        path: "/api/v1/groups/{group}/members/{user}", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 204,
        audit: Audit::Records(&["group.member_added"]), problems: &[P::NotFound],
    }
    MemberPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Takes a user out of a group.
    RemoveMember {
        summary: "Remove a member from a group", tag: "People", method: Method::Delete,
        path: "/api/v1/groups/{group}/members/{user}", access: ADMINISTRATORS, reach: Reach::Scope(ApiScope::ManageUser), success: 204,
        audit: Audit::Records(&["group.member_removed"]), problems: &[P::NotFound],
    }
    MemberPath, Nothing, Nothing => Nothing
}
