//! Connections through gateways: making, using, failing, mending.

mod failing;
mod making;
mod mending;
mod using;

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::{Answer, Failure};
use drawbridge_contract::link::sealed::SealedFor;
use drawbridge_contract::link::sql::{SqlAnswer, SqlError, SqlFault};
use drawbridge_contract::types::connections::{Connection, CreateConnection};
use drawbridge_domain::id::{GatewayId, Id, ReplicaId, TenantId};
use http::Method;
use serde_json::{Value as Json, json};

use super::make;
use crate::encoding::base64url;
use crate::new_id;
use crate::ports::GatewayFailure;
use crate::testing::{Browser, Harness};

/// Makes a gateway.
#[track_caller]
fn gateway(browser: &Browser, name: &str) -> GatewayId {
    let answer = browser.send_json(Method::POST, "/api/v1/gateways", &json!({ "name": name }));
    assert_eq!(answer.status, 201, "{}", answer.text());
    GatewayId::parse(answer.json()["gateway"]["id"].as_str().unwrap()).unwrap()
}

/// Has a machine join.
fn join(harness: &Rc<Harness>, tenant: &TenantId, gateway: &GatewayId) -> ReplicaId {
    let services = &harness.services;
    let (id, now) = (new_id!(services, ReplicaId).unwrap(), services.now().millis());
    harness.db.query(&format!(
        "INSERT INTO gateway_replicas (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at)
         VALUES ('{tenant}', '{gateway}', '{id}', '{id}', 'GW01', 'linux/x86_64', '2.3.0', {now})"
    ));
    id
}

/// A gateway with one machine.
#[track_caller]
fn joined(harness: &Rc<Harness>, browser: &Browser, name: &str) -> (GatewayId, ReplicaId) {
    let gateway = gateway(browser, name);
    let replica = join(harness, &browser.tenant(), &gateway);
    (gateway, replica)
}

fn sealed_for(replica: &ReplicaId) -> SealedFor {
    SealedFor { replica: replica.clone(), sealed: base64url(&[7; 90]) }
}

/// A connection through a gateway with the login that is kept there.
fn kept(connector: &str, name: &str, gateway: &GatewayId, target: &str) -> CreateConnection {
    let mut settings: BTreeMap<_, _> =
        [("gateway".to_owned(), gateway.to_string()), ("target".to_owned(), target.to_owned())].into();
    if connector == "http-onprem" {
        settings.insert("validationPath".to_owned(), "/me?full=1".to_owned());
    }
    CreateConnection {
        connector: connector.to_owned(),
        name: name.to_owned(),
        auth: "kept".to_owned(),
        settings,
        credentials: BTreeMap::new(),
        oauth_client: None,
        sealed: Vec::new(),
    }
}

/// The same with sealed credentials.
fn sealed(
    connector: &str,
    name: &str,
    gateway: &GatewayId,
    target: &str,
    to: &[ReplicaId],
) -> CreateConnection {
    let sealed = to.iter().map(sealed_for).collect();
    CreateConnection { auth: "password".to_owned(), sealed, ..kept(connector, name, gateway, target) }
}

/// A connection to an HTTP target that works.
#[track_caller]
fn http(harness: &Rc<Harness>, browser: &Browser, gateway: &GatewayId) -> Connection {
    harness.gateways.next_http(200, &[], "fine");
    make(browser, &kept("http-onprem", "Intranet", gateway, "intranet")).ok()
}

/// A connection to a database that works, with credentials sealed to these machines.
#[track_caller]
fn database(harness: &Rc<Harness>, browser: &Browser, gateway: &GatewayId, to: &[ReplicaId]) -> Connection {
    checked(harness);
    make(browser, &sealed("postgres", "Orders", gateway, "orders", to)).ok()
}

/// The next call is answered as a database answers that takes the login.
fn checked(harness: &Rc<Harness>) {
    answers(harness, json!({ "rows": [{ "product": "PostgreSQL", "database": "orders", "user": "ada" }] }));
}

/// The next call gets this result of a database.
fn answers(harness: &Rc<Harness>, result: Json) {
    let answer = Answer { http: None, sql: Some(SqlAnswer { error: None }) };
    harness.gateways.next(move |_| Ok((answer.clone(), result.to_string().into_bytes())));
}

/// The next call gets this fault of a database.
fn objects(harness: &Rc<Harness>, fault: SqlFault, words: &str) {
    let error = SqlError { fault, code: "42501".to_owned(), words: words.to_owned() };
    let answer = Answer { http: None, sql: Some(SqlAnswer { error: Some(error) }) };
    harness.gateways.next(move |_| Ok((answer.clone(), Vec::new())));
}

fn failure(code: FailureCode, detail: &str) -> GatewayFailure {
    GatewayFailure::Failed(Failure { code, reached: false, detail: detail.to_owned() })
}
