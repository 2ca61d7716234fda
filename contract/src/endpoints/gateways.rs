//! Gateways.

use drawbridge_domain::role::{Page, Role};
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::connections::ConnectionSummary;
use crate::types::gateways::{
    ChangeGateway, CreateGateway, Gateway, GatewayHappening, GatewayPath, GatewayRef, GatewayReplicaPath,
    GatewayRotation, GatewaySummary, GatewayTargets, GatewayWithCode, ListGatewayChoicesQuery,
    ListGatewayConnectionsQuery, ListGatewayEventsQuery, ListGatewaysQuery,
};
use crate::types::{List, Nothing};

const ADMINISTRATORS: Access = Access::Role(Page::Gateways.needs());
/// Those who make connections.
const DESIGNERS: Access = Access::Role(Role::Designer);
const READ: Reach = Reach::Scope(ApiScope::ReadGateway);
const MANAGE: Reach = Reach::Scope(ApiScope::ManageGateway);

endpoint! {
    /// The tenant's gateways.
    ListGateways {
        summary: "List gateways", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateways", access: ADMINISTRATORS, reach: READ,
    }
    Nothing, ListGatewaysQuery, Nothing => List<GatewaySummary>
}
endpoint! {
    /// Makes a gateway, with a one-time code by which an agent joins within ten minutes.
    MakeGateway {
        summary: "Add a gateway", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways", access: ADMINISTRATORS, reach: MANAGE, success: 201,
        audit: Audit::Records(&["gateway.created"]), etag: true, idempotent: true, problems: &[P::QuotaExceeded],
    }
    Nothing, Nothing, CreateGateway => GatewayWithCode
}
endpoint! {
    /// One gateway with its agents, its targets and what it has carried.
    ReadGateway {
        summary: "Read a gateway", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateways/{gateway}", access: ADMINISTRATORS, reach: READ, etag: true,
        problems: &[P::NotFound],
    }
    GatewayPath, Nothing, Nothing => Gateway
}
endpoint! {
    /// Renames a gateway.
    ChangeGatewaySettings {
        summary: "Change a gateway", tag: "Gateways",
        method: Method::Patch, path: "/api/v1/gateways/{gateway}", access: ADMINISTRATORS, reach: MANAGE,
        audit: Audit::Records(&["gateway.changed"]), etag: true, if_match: true, problems: &[P::NotFound],
    }
    GatewayPath, Nothing, ChangeGateway => Gateway
}
endpoint! {
    /// Disconnects a gateway for good: its links are closed, its agents erase their keys and stop, and the connections
    /// through it become invalid.
    DisconnectGateway {
        summary: "Disconnect a gateway", tag: "Gateways",
        method: Method::Delete, path: "/api/v1/gateways/{gateway}", access: ADMINISTRATORS, reach: MANAGE, success: 204,

        audit: Audit::Records(&["gateway.disconnected", "gateway.keys_erased", "connection.status_changed"]), problems: &[P::NotFound],
    }
    GatewayPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Makes a new one-time code, for the first agent of a gateway or for one more. The code before it is worth nothing
    /// any more.
    MakeGatewayCode {
        summary: "Make a code for a gateway", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways/{gateway}/code", access: ADMINISTRATORS, reach: MANAGE,
        audit: Audit::Records(&["gateway.code_made"]), etag: true, idempotent: true,
        problems: &[P::NotFound, P::Conflict],
    }
    GatewayPath, Nothing, Nothing => GatewayWithCode
}
endpoint! {
    /// Disables a gateway: its links are closed and no call goes through it.
    DisableGateway {
        summary: "Disable a gateway", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways/{gateway}/disable", access: ADMINISTRATORS, reach: MANAGE,
        audit: Audit::Records(&["gateway.disabled"]), etag: true, problems: &[P::NotFound, P::Conflict],
    }
    GatewayPath, Nothing, Nothing => Gateway
}
endpoint! {
    /// Undoes the disabling of a gateway. Its agents come back within a minute.
    EnableGateway {
        summary: "Enable a gateway", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways/{gateway}/enable", access: ADMINISTRATORS, reach: MANAGE,
        audit: Audit::Records(&["gateway.enabled"]), etag: true, problems: &[P::NotFound, P::Conflict],
    }
    GatewayPath, Nothing, Nothing => Gateway
}
endpoint! {
    /// Has every agent that is online make a new key. The links stay; the keys until now are worth nothing then.
    RotateGatewayKey {
        summary: "Rotate a gateway's key", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways/{gateway}/rotate-key", access: ADMINISTRATORS, reach: MANAGE,
        audit: Audit::Records(&["gateway.key_rotated"]), etag: true, problems: &[P::NotFound, P::Conflict, P::GatewayFailed],
    }
    GatewayPath, Nothing, Nothing => GatewayRotation
}
endpoint! {
    /// Removes one agent of a gateway: its link is closed, it erases its key and stops. The others go on.
    RemoveGatewayReplica {
        summary: "Remove an agent of a gateway", tag: "Gateways",
        method: Method::Delete, path: "/api/v1/gateways/{gateway}/replicas/{replica}", access: ADMINISTRATORS,
        reach: MANAGE, success: 204, audit: Audit::Records(&["gateway.replica_removed", "gateway.keys_erased"]), problems: &[P::NotFound],
    }
    GatewayReplicaPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// Has an agent take no new calls; those under way come to their end. It can then be updated or stopped without a
    /// failed call, and takes calls again when it was started anew.
    DrainGatewayReplica {
        summary: "Drain an agent of a gateway", tag: "Gateways",
        method: Method::Post, path: "/api/v1/gateways/{gateway}/replicas/{replica}/drain", access: ADMINISTRATORS,
        reach: MANAGE, audit: Audit::Records(&["gateway.replica_drained"]), etag: true,
        problems: &[P::NotFound, P::Conflict],
    }
    GatewayReplicaPath, Nothing, Nothing => Gateway
}
endpoint! {
    /// The connections that go through a gateway, by name.
    ListGatewayConnections {
        summary: "List a gateway's connections", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateways/{gateway}/connections", access: ADMINISTRATORS, reach: READ,
        problems: &[P::NotFound],
    }
    GatewayPath, ListGatewayConnectionsQuery, Nothing => List<ConnectionSummary>
}
endpoint! {
    /// What happened to a gateway's links and targets, the newest first. The last hundred events are kept.
    ListGatewayEvents {
        summary: "List a gateway's events", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateways/{gateway}/events", access: ADMINISTRATORS, reach: READ,
        problems: &[P::NotFound],
    }
    GatewayPath, ListGatewayEventsQuery, Nothing => List<GatewayHappening>
}
endpoint! {
    /// The gateways that a connection can be made through, by name.
    ListGatewayChoices {
        summary: "List gateways to connect through", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateway-choices", access: DESIGNERS, reach: READ,
    }
    Nothing, ListGatewayChoicesQuery, Nothing => List<GatewayRef>
}
endpoint! {
    /// What connections can reach through a gateway, and the keys to which credentials are sealed for it.
    ListGatewayTargets {
        summary: "List a gateway's targets", tag: "Gateways",
        method: Method::Get, path: "/api/v1/gateways/{gateway}/targets", access: DESIGNERS, reach: READ,
        problems: &[P::NotFound],
    }
    GatewayPath, Nothing, Nothing => GatewayTargets
}
