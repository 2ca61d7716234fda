//! The list of connections as Nintex Automation Cloud's public API has it.

use drawbridge_contract::endpoints::ListWorkflowConnections;
use drawbridge_contract::types::compatible::{
    PAGE_SIZE, WorkflowConnection, WorkflowConnections, WorkflowConnectionsQuery,
};
use drawbridge_contract::types::connections::ListConnectionsQuery;
use drawbridge_domain::connection::Status;
use drawbridge_domain::connector::{AuthScheme, AuthWay};
use drawbridge_domain::time::Timestamp;

use super::list;
use super::record::SummaryRow;
use crate::features::connectors::catalogue;
use crate::features::people::page;
use crate::http::{Call, Failure, Reply, Scope};

/// Lists what the caller may see by name, page by page. Whether one whose making is not finished works is not known, and
/// a script is told only that it works or not: those are left out.
pub(super) async fn handle(
    call: Call<ListWorkflowConnections, Scope>,
) -> Result<Reply<WorkflowConnections>, Failure> {
    let query = &call.query;
    let wanted = ListConnectionsQuery { cursor: query.cursor.clone(), ..ListConnectionsQuery::default() };
    let size = query.limit.unwrap_or(PAGE_SIZE);
    let found = list::page(&call.services, &call.scope, &wanted, true, size).await?;
    let next_link = found.next_cursor.map(|cursor| {
        let next = WorkflowConnectionsQuery { cursor: Some(cursor), ..query.clone() };
        page::link::<ListWorkflowConnections>(&call.facts, &next)
    });
    let connections = found.rows.into_iter().map(connection).collect::<Result<_, _>>()?;
    Ok(Reply::new(WorkflowConnections { connections, next_link }))
}

fn connection(row: SummaryRow) -> Result<WorkflowConnection, Failure> {
    let definition = catalogue::find(&row.connector);
    let way = definition.as_ref().and_then(|definition| definition.auth_way(&row.auth));
    let status = row.status()?;
    Ok(WorkflowConnection {
        is_invalid: status == Status::Invalid,
        created_date: Timestamp::from_millis(row.created_at),
        contract_name: definition.as_ref().map_or(row.connector.clone(), |known| known.name.clone()),
        contract_tags: definition.as_ref().map_or("", |known| known.category.label()).to_owned(),
        has_public_operation: definition.as_ref().is_some_and(|known| !known.operations.is_empty()),
        keep_alive: way.is_some_and(is_refreshed) && status != Status::Disabled,
        private: false,
        id: row.id,
        display_name: row.name,
        app_id: row.connector.clone(),
        contract_id: row.connector,
        created_by_user_id: row.created_by,
    })
}

fn is_refreshed(way: &AuthWay) -> bool {
    matches!(way.scheme, AuthScheme::OauthCode(_) | AuthScheme::OauthClientCredentials(_))
}
