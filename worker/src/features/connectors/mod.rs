//! Connectors: what can be connected, from the definitions that this build contains.

pub mod catalogue;
mod compatible;
mod list;
mod read;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::plain;
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_domain::connector::Definition;

use crate::http::{Facts, Router};

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListConnectors, _, _>(list::handle)
        .scoped::<api::ReadConnector, _, _>(read::handle)
        .scoped::<api::ListWorkflowConnectors, _, _>(compatible::handle)
}

/// The redirect URL to register at a provider: one for all connectors, always computed here.
pub fn redirect_url(facts: &Facts) -> String {
    format!("{}{}", facts.origin, plain::OAUTH_CALLBACK.path)
}

/// A definition as lists show it.
fn summary(definition: &Definition) -> ConnectorSummary {
    ConnectorSummary {
        id: definition.id.clone(),
        name: definition.name.clone(),
        description: definition.description.clone(),
        category: definition.category,
        icon: definition.icon.clone(),
        sandbox: definition.sandbox,
        ways: definition.auth.iter().map(|way| way.label.clone()).collect(),
        operation_count: u32::try_from(definition.operations.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests;
