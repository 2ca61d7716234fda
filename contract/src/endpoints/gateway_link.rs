//! What agents of gateways call: they join, open their link, and leave. The rest goes over the link.

use super::endpoint;
use crate::endpoint::{Access, Audit, Method};
use crate::link::enrolment::{Enrol, Enrolled, Leave, Link};
use crate::problem::ProblemCode as P;
use crate::types::Nothing;

endpoint! {
    /// An agent joins a gateway with a one-time code. It has made a key, whose private half stays on its machine, and
    /// proves with a signature that it has it.
    JoinGateway {
        summary: "Join a gateway", tag: "Gateway link",
        method: Method::Post, path: "/gateway/v1/enroll", access: Access::Public, by_machines: true,
        audit: Audit::Records(&["gateway.replica_joined"]), problems: &[P::NotFound, P::Conflict, P::TooManyRequests],
    }
    Nothing, Nothing, Enrol => Enrolled
}
endpoint! {
    /// An agent leaves its gateway; its key is worth nothing from then on.
    LeaveGateway {
        summary: "Leave a gateway", tag: "Gateway link",
        method: Method::Post, path: "/gateway/v1/leave", access: Access::Public, by_machines: true, success: 204,
        audit: Audit::Records(&["gateway.replica_left"]), problems: &[P::NotFound],
    }
    Nothing, Nothing, Leave => Nothing
}
endpoint! {
    /// The WebSocket over which an agent takes calls, with the subprotocol `drawbridge.gateway.v1`. Who the agent is, it
    /// proves there.
    OpenGatewayLink {
        summary: "Open a gateway's link (WebSocket)", tag: "Gateway link",
        method: Method::Get, path: "/gateway/v1/connect", access: Access::Public, by_machines: true, success: 101,
        media: &[],
    }
    Nothing, Link, Nothing => Nothing
}
