//! The JSON of frames as agents in the field know it.

use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::id::{ConnectionId, GatewayId, ReplicaId, RequestId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::link::codes::{FailureCode, Goodbye, Refusal, TargetState};
use crate::link::enrolment::{Enrolled, Leave};
use crate::link::messages::*;
use crate::link::sealed::CredentialsWanted;
use crate::link::sql::{SqlAnswer, SqlError, SqlFault, SqlTest};

/// A value and its JSON are each other's.
pub(super) fn exactly<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(serde_json::from_str::<T>(json).unwrap(), *value);
    assert_eq!(crate::json::read::<T>(json).unwrap(), *value, "the console's reader");
}

pub(super) fn same<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, json: &str) {
    exactly(&value, json);
    // A newer side may say more.
    let more = json.replacen('{', r#"{"newer":[{"x":null}],"#, 1);
    assert_eq!(serde_json::from_str::<T>(&more).unwrap(), value);
}

fn gateway() -> GatewayId {
    GatewayId::new(1, [0; 10])
}

fn replica() -> ReplicaId {
    ReplicaId::new(2, [0; 10])
}

#[test]
fn the_handshake() {
    same(
        Hello {
            protocols: vec![1],
            gateway: gateway(),
            replica: replica(),
            key: "ab".to_owned(),
            nonce: "cd".to_owned(),
            version: "2.3.0".to_owned(),
            machine: "srv01".to_owned(),
            platform: "linux/x86_64".to_owned(),
            kinds: vec![CallKind::Http, CallKind::Sql],
            sealing: Some("0f".to_owned()),
        },
        r#"{"protocols":[1],"gateway":"gw_00000000010000000000000000","replica":"gwr_00000000020000000000000000","key":"ab","nonce":"cd","version":"2.3.0","machine":"srv01","platform":"linux/x86_64","kinds":["http","sql"],"sealing":"0f"}"#,
    );
    // As agents before credentials could be sealed say it.
    let older = r#"{"protocols":[1],"gateway":"gw_00000000010000000000000000","replica":"gwr_00000000020000000000000000","key":"ab","nonce":"cd","version":"2.3.0","machine":"srv01","platform":"linux/x86_64","kinds":["http"]}"#;
    assert_eq!(serde_json::from_str::<Hello>(older).unwrap().sealing, None);
    same(Challenge { nonce: "ef".to_owned() }, r#"{"nonce":"ef"}"#);
    same(
        Welcome { protocol: 1, name: "Berlin".to_owned(), tenant: "Acme".to_owned(), update: None },
        r#"{"protocol":1,"name":"Berlin","tenant":"Acme"}"#,
    );
    same(
        Refused { code: Refusal::TooOld, least: Some("2.2.0".to_owned()) },
        r#"{"code":"too_old","least":"2.2.0"}"#,
    );
    same(Farewell { reason: Goodbye::Disconnected }, r#"{"reason":"disconnected"}"#);
    same(Rotate { nonce: "ef".to_owned() }, r#"{"nonce":"ef"}"#);
    same(
        Rotated { key: "ab".to_owned(), by_old: "01".to_owned(), by_new: "02".to_owned() },
        r#"{"key":"ab","byOld":"01","byNew":"02"}"#,
    );
    same(RotationDone { key: "ab".to_owned() }, r#"{"key":"ab"}"#);
}

#[test]
fn calls() {
    same(
        Call {
            request: RequestId::new(3, [0; 10]),
            connection: ConnectionId::new(4, [0; 10]),
            target: "sharepoint".to_owned(),
            deadline: 30_000,
            kind: CallKind::Http,
            http: Some(HttpRequest {
                method: "GET".to_owned(),
                path: "/_api/web?x=1".to_owned(),
                headers: vec![("accept".to_owned(), "application/json".to_owned())],
                length: Some(0),
            }),
            credentials: None,
        },
        r#"{"request":"req_00000000030000000000000000","connection":"con_00000000040000000000000000","target":"sharepoint","deadline":30000,"kind":"http","http":{"method":"GET","path":"/_api/web?x=1","headers":[["accept","application/json"]],"length":0}}"#,
    );
    same(
        Call {
            request: RequestId::new(3, [0; 10]),
            connection: ConnectionId::new(4, [0; 10]),
            target: "SQL01".to_owned(),
            deadline: 30_000,
            kind: CallKind::Sql,
            http: None,
            credentials: Some("AAAA".to_owned()),
        },
        r#"{"request":"req_00000000030000000000000000","connection":"con_00000000040000000000000000","target":"SQL01","deadline":30000,"kind":"sql","credentials":"AAAA"}"#,
    );
    same(
        Answer { http: Some(HttpAnswer { status: 200, headers: Vec::new() }), sql: None },
        r#"{"http":{"status":200,"headers":[]}}"#,
    );
    let error =
        SqlError { fault: SqlFault::Constraint, code: "23505".to_owned(), words: "duplicate".to_owned() };
    same(
        Answer { http: None, sql: Some(SqlAnswer { error: Some(error) }) },
        r#"{"sql":{"error":{"fault":"constraint","code":"23505","words":"duplicate"}}}"#,
    );
    same(Answer { http: None, sql: Some(SqlAnswer::default()) }, r#"{"sql":{}}"#);
    same(
        Failure { code: FailureCode::TargetUnreachable, reached: false, detail: String::new() },
        r#"{"code":"target_unreachable","reached":false}"#,
    );
}

#[test]
fn reports() {
    same(
        Report {
            targets: vec![TargetReport {
                name: "SQL01".to_owned(),
                kind: TargetKind::SqlServer,
                state: TargetState::Failing,
                reason: Some(FailureCode::TargetUnreachable),
                credentials: Some(CredentialsWanted::Password),
            }],
            round_trip: Some(12),
            calls: 5,
            failed: 1,
            bytes_in: 10,
            bytes_out: 1 << 50,
        },
        r#"{"targets":[{"name":"SQL01","kind":"sqlserver","state":"failing","reason":"target_unreachable","credentials":"password"}],"roundTrip":12,"calls":5,"failed":1,"bytesIn":10,"bytesOut":1125899906842624}"#,
    );
}

#[test]
fn joining_and_leaving() {
    same(
        Enrolled {
            gateway: gateway(),
            replica: replica(),
            name: "Berlin".to_owned(),
            tenant: "Acme".to_owned(),
        },
        r#"{"gateway":"gw_00000000010000000000000000","replica":"gwr_00000000020000000000000000","name":"Berlin","tenant":"Acme"}"#,
    );
    same(
        Leave { gateway: gateway(), replica: replica(), at: 7, signature: "00".to_owned() },
        r#"{"gateway":"gw_00000000010000000000000000","replica":"gwr_00000000020000000000000000","at":7,"signature":"00"}"#,
    );
}

#[test]
fn lists_of_codes_are_closed_and_differ() {
    fn check<T: Copy + PartialEq + std::fmt::Debug>(
        all: &[T],
        code: fn(T) -> &'static str,
        from: fn(&str) -> Option<T>,
    ) {
        let mut seen = std::collections::BTreeSet::new();
        for one in all {
            assert!(seen.insert(code(*one)), "{one:?} twice");
            assert_eq!(from(code(*one)), Some(*one));
        }
        assert_eq!(from(""), None);
    }
    check(Refusal::ALL, Refusal::code, Refusal::from_code);
    check(Goodbye::ALL, Goodbye::code, Goodbye::from_code);
    check(FailureCode::ALL, FailureCode::code, FailureCode::from_code);
    check(&CallKind::ALL, CallKind::code, CallKind::from_code);
    check(SqlFault::ALL, SqlFault::code, SqlFault::from_code);
    check(SqlTest::ALL, SqlTest::code, SqlTest::from_code);
    check(CredentialsWanted::ALL, CredentialsWanted::code, CredentialsWanted::from_code);
    check(TargetState::ALL, TargetState::code, TargetState::from_code);
    assert!(serde_json::from_str::<Farewell>(r#"{"reason":"because"}"#).is_err());
}
