//! All connectors as Nintex Automation Cloud's public API has them.

use drawbridge_contract::endpoints::ListWorkflowConnectors;
use drawbridge_contract::types::compatible::{WorkflowConnector, WorkflowConnectors, WorkflowOperation};

use super::catalogue::{self, Abilities, Ability};
use crate::http::{Call, Facts, Failure, Reply, Scope};

/// Lists them by name with their operations, on one page.
pub(super) async fn handle(
    call: Call<ListWorkflowConnectors, Scope>,
) -> Result<Reply<WorkflowConnectors>, Failure> {
    let connectors = catalogue::with_operations().map(|known| connector(known, &call.facts)).collect();
    Ok(Reply::new(WorkflowConnectors { connectors }))
}

fn connector(known: Abilities, facts: &Facts) -> WorkflowConnector {
    let operation = |Ability { id, name, kind }| WorkflowOperation { operation_id: id, name, r#type: kind };
    WorkflowConnector {
        icon: format!("{}/icons/connectors/{}.svg", facts.origin, known.icon),
        id: known.id,
        name: known.name,
        description: known.description,
        created_by_user_id: String::new(),
        private: false,
        operations: known.operations.into_iter().map(operation).collect(),
    }
}
