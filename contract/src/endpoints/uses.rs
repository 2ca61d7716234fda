//! Using a connection.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::Nothing;
use crate::types::uses::{OperationAnswer, OperationCall, OperationPath, ProxyPath};

/// What a use leaves in the audit log.
const COUNTED: Audit = Audit::Counted {
    why: "a workflow uses a connection thousands of times an hour; each use is counted on the connection",
    records: &["connection.used_as_administrator", "connection.status_changed"],
};

endpoint! {
    /// Runs an action or a lookup of the connection's connector. The answer has the provider's status, whatever it
    /// is; a problem means that the provider gave no answer at all, or was not asked.
    RunOperation {
        summary: "Run an operation", tag: "Using a connection",
        method: Method::Post, path: "/api/v1/connections/{connection}/operations/{operation}",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::UseConnection), audit: COUNTED,
        problems: &[
            P::NotFound, P::ConnectionPending, P::ConnectionDisabled, P::ConnectionInvalid, P::ProviderUnavailable,
            P::GatewayFailed, P::GatewayOffline,
        ],
    }
    OperationPath, Nothing, OperationCall => OperationAnswer
}
endpoint! {
    /// Passes a request through to the connector's service with the connection's credentials added: any method,
    /// a safe set of headers, bodies as they come. An answer of the provider's has `X-Answered-By: provider`.
    PassThrough {
        summary: "Pass a request through", tag: "Using a connection",
        method: Method::Any, path: "/api/v1/connections/{connection}/proxy/{*path}",
        access: Access::Role(Role::Designer), reach: Reach::Scope(ApiScope::UseConnection), audit: COUNTED,
        problems: &[
            P::NotFound, P::ConnectionPending, P::ConnectionDisabled, P::ConnectionInvalid, P::ProviderUnavailable,
            P::GatewayFailed, P::GatewayOffline,
        ],
    }
    ProxyPath, Nothing, Nothing => Nothing
}
