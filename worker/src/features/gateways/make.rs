//! A new gateway, and codes by which agents join one.

use drawbridge_contract::endpoints::{MakeGateway, MakeGatewayCode};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::gateways::{Gateway, GatewaySummary, GatewayWithCode};
use drawbridge_contract::types::{Person, SecretText};
use drawbridge_domain::gateway::{self, GatewayAction, GatewayStatus, action, code};
use drawbridge_domain::id::{GatewayId, Id};
use drawbridge_domain::limits::Limited;
use serde_json::json;

use super::{read, record, store, unknown};
use crate::encoding::hashed;
use crate::features::audit::{self, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;
use crate::services::Services;

/// The version of what was just made.
const FIRST: i64 = 1;

/// A new code, and the hash that is kept of it.
fn new_code(services: &Services) -> Result<(SecretText, String), Failure> {
    let code = code::make(services.random_bytes::<{ code::LENGTH }>()?);
    let normal = code::normalise(&code).ok_or_else(|| Failure::internal("a code that is none"))?;
    Ok((SecretText::new(code), hashed(&normal)))
}

/// Makes a gateway with its first code.
pub(super) async fn handle(call: Call<MakeGateway, Scope>) -> Result<Reply<GatewayWithCode>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let mut faults = Faults::default();
    let name = faults.text("name", gateway::name(&call.body.name).map(str::to_owned));
    faults.check()?;

    let (id, at) = (new_id!(services, GatewayId)?, services.now());
    let (code, hash) = new_code(services)?;
    let mut changes = store::add(scope, &store::NewGateway { id: &id, name: &name, code: &hash, at });
    let record = Record::done("gateway.created", "gateway", id.as_str(), &name)
        .with_changes(json!({ "name": { "after": name } }));
    let summary = GatewaySummary {
        id,
        name,
        status: GatewayStatus::AwaitingSetup,
        last_seen_at: None,
        machines: Vec::new(),
        linked: 0,
        version: None,
        version_state: None,
        created_by: Person { id: scope.user().clone(), name: scope.user_name() },
        created_at: at,
    };
    let gateway = Gateway {
        summary,
        replicas: Vec::new(),
        targets: Vec::new(),
        connections: 0,
        code_until: Some(at.plus(code::LIFE)),
    };
    let mut answer = GatewayWithCode { gateway, code: None };
    if let Some(key) = &call.idempotency {
        // Without the code: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(FIRST)));
    }
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Gateways)),
        result => result?,
    };
    answer.code = Some(code);
    Ok(Reply::versioned(answer, FIRST))
}

/// Makes a new code for one that is there.
pub(super) async fn code(call: Call<MakeGatewayCode, Scope>) -> Result<Reply<GatewayWithCode>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.gateway);
    let (row, replicas) = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    let full = |words: &'static str| Failure::new(ProblemCode::Conflict, words);
    action::check(GatewayAction::AddMachine, record::standing(&row, &replicas)).map_err(full)?;
    let (code, hash) = new_code(services)?;
    let at = services.now();
    let mut changes = store::add_code(scope, id, &hash, at);
    let record = Record::done("gateway.code_made", "gateway", id.as_str(), &row.gateway.name);
    let (mut gateway, version) = read::present(services, scope, id).await?;
    gateway.code_until = Some(at.plus(code::LIFE));
    let mut answer = GatewayWithCode { gateway, code: None };
    if let Some(key) = &call.idempotency {
        // Without the code: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(version)));
    }
    match audit::commit(services, scope, changes, &[record]).await {
        // Agents have joined meanwhile.
        Err(DbError::Limit) => Err(full("This gateway has as many machines as it can have.")),
        Err(error) => Err(error.into()),
        Ok(_) => {
            answer.code = Some(code);
            Ok(Reply::versioned(answer, version))
        }
    }
}
