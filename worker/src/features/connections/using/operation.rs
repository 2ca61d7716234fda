//! Running an action or a lookup.

use drawbridge_contract::endpoints::RunOperation;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::uses::OperationAnswer;
use drawbridge_domain::connector::{
    Method, Operation, OperationType, PageAsked, ParameterFault, Request, page_address, page_path,
};
use http::HeaderMap;

use super::answer;
use super::exchange::exchange;
use super::journey::{Load, Outgoing, put};
use super::ready::Ready;
use crate::features::connections::outward;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};

/// The longest cursor that is taken, in bytes.
const LONGEST_CURSOR: usize = 8192;

/// Runs it.
pub(in super::super) async fn handle(
    call: Call<RunOperation, Scope>,
) -> Result<Reply<OperationAnswer>, Failure> {
    let mut ready = Ready::new(&call.services, &call.scope, &call.params.connection).await?;
    let definition = std::rc::Rc::clone(&ready.definition);
    let operation = definition
        .operation(&call.params.operation)
        .filter(|operation| operation.kind != OperationType::Event)
        .ok_or_else(|| Failure::not_found("operation of this connection"))?;
    if call.body.page_size == Some(0) {
        return Err(Failure::field("pageSize", "bad_value", "Ask for at least one entry."));
    }
    if call.body.cursor.as_ref().is_some_and(|cursor| cursor.len() > LONGEST_CURSOR) {
        return Err(Failure::field("cursor", "too_long", "Send the nextCursor of the page before."));
    }
    let asked = PageAsked { cursor: call.body.cursor, size: call.body.page_size };
    let given = call.body.parameters;
    let build = |ready: &Ready<'_>| {
        let request = ready
            .definition
            .request(operation, &ready.way, &ready.values, &given, &asked)
            .map_err(|faults| told(&faults))?;
        outgoing(ready, operation, request, &asked)
    };
    // What is wrong with the call is said before anything is written or counted.
    build(&ready)?;
    ready.record_use_by_role().await?;
    let exchanged = exchange(&mut ready, build).await?;
    Ok(Reply::new(answer::of_operation(&ready, operation, &asked, exchanged)))
}

fn outgoing(
    ready: &Ready<'_>,
    operation: &Operation,
    request: Request,
    asked: &PageAsked,
) -> Result<Outgoing, Failure> {
    let mut headers = HeaderMap::new();
    put(&mut headers, "accept", "application/json");
    for (name, value) in &request.headers {
        put(&mut headers, name, value);
    }
    let body = match request.body {
        Some((kind, bytes)) => {
            put(&mut headers, "content-type", kind);
            Load::Whole(bytes)
        }
        None => Load::None,
    };
    let mut url = request.url;
    if let Some(cursor) = asked.cursor.as_deref().filter(|_| ready.definition.pages_by_address()) {
        let bad = || {
            Failure::field(
                "cursor",
                "bad_value",
                "Send the nextCursor of the page before, as it was answered.",
            )
        };
        let through = ready.definition.gateway.is_some();
        url = if through { page_path(&url, cursor) } else { page_address(&url, cursor) }.ok_or_else(bad)?;
        if !outward::may_call(&ready.definition, &ready.values, &url) {
            return Err(bad());
        }
    }
    if request.sql.is_none() && !outward::may_call(&ready.definition, &ready.values, &url) {
        let detail = "The settings of this connection lead to an address that may not be called.";
        return Err(Failure::new(ProblemCode::Conflict, detail));
    }
    let method = match request.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    };
    let repeatable = operation.is_repeatable();
    Ok(Outgoing { method, url, headers, body, repeatable, stream: false, sql: request.sql.is_some() })
}

/// What is wrong with the values given, field by field.
fn told(faults: &[ParameterFault]) -> Failure {
    let mut told = Faults::default();
    for one in faults {
        let name: String = one.parameter.chars().filter(|c| !c.is_control()).take(100).collect();
        let path = if name.is_empty() { "cursor".to_owned() } else { format!("parameters.{name}") };
        told.add(&path, one.fault.code(), one.fault.to_string());
    }
    told.check().err().unwrap_or_else(|| Failure::internal("faults that are none"))
}
