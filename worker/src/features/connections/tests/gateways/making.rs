//! Making a connection through a gateway: what is asked there, what is kept, what is refused.

use drawbridge_contract::link::messages::CallKind;
use drawbridge_contract::link::sealed::{SEALED_MOST, SealedFor};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use serde_json::json;

use super::super::{by_key, make, read};
use super::*;

#[test]
fn an_http_target_is_proved_by_a_path_through_the_gateway() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    assert_eq!(connection.summary.state.status, Status::Active);
    assert_eq!(connection.verified_by.as_deref(), Some("GET /me"));
    let details = connection.details.clone().unwrap();
    assert_eq!(details.gateway_name.as_deref(), Some("Berlin"));
    assert_eq!((details.secrets_set, details.sealed_to), (Vec::new(), Vec::new()));
    assert_eq!(read(&browser, &connection).ok(), connection, "what is answered is what is stored");
    let calls = harness.gateways.calls.borrow();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(
        (&call.gateway, call.head.target.as_str(), call.head.kind),
        (&gateway, "intranet", CallKind::Http)
    );
    assert_eq!(
        call.head.connection, connection.summary.id,
        "the agent logs the connection that is about to be"
    );
    let request = call.head.http.as_ref().unwrap();
    assert_eq!(
        (request.method.as_str(), request.path.as_str(), request.length),
        ("GET", "/me?full=1", Some(0))
    );
    assert!(call.boxes.is_empty() && call.safe && call.body.is_empty());
    assert!(harness.outward.asked.borrow().is_empty(), "nothing goes out to the internet");
    let rows = harness.db.query("SELECT gateway_id FROM connections");
    assert_eq!(rows[0]["gateway_id"], gateway.as_str());
}

#[test]
fn boxes_are_kept_sealed_and_go_to_the_gateway_alone() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, first) = joined(&harness, &browser, "Berlin");
    let second = join(&harness, &browser.tenant(), &gateway);
    let connection = database(&harness, &browser, &gateway, &[first.clone(), second.clone()]);
    assert_eq!(connection.connected_as.as_ref().unwrap().id, "ada", "as the database says");
    assert_eq!(connection.verified_by.as_deref(), Some("signing in"));
    let details = connection.details.clone().unwrap();
    assert_eq!(details.secrets_set, ["username", "password"]);
    assert_eq!(details.sealed_to, [first.clone(), second.clone()]);
    assert_eq!(read(&browser, &connection).ok(), connection);
    let text = sealed_for(&first).sealed;
    {
        let calls = harness.gateways.calls.borrow();
        let call = &calls[0];
        assert_eq!(call.head.kind, CallKind::Sql);
        assert_eq!(call.body, br#"{"check":{}}"#);
        assert_eq!(call.boxes.keys().collect::<Vec<_>>(), [&first, &second]);
        assert!(call.boxes.values().all(|sealed| *sealed == text));
        assert_eq!(call.head.credentials, None, "the hub puts in the box of whoever takes the call");
    }
    let stored = format!("{:?}", harness.db.query("SELECT * FROM connection_secrets, connections, audit"));
    assert!(!stored.contains(&text), "the vault is around the boxes");
    let answer = read(&browser, &connection);
    assert!(!answer.raw.text().contains(&text));
    assert!(harness.log.0.borrow().iter().all(|line| !line.contains(&text)));
}

#[test]
fn a_gateway_of_another_tenant_is_as_one_that_is_not_there() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (_, other) = harness.other_tenant();
    let (theirs, replica) = joined(&harness, &other, "Theirs");
    let nowhere = GatewayId::new(0, [1; 10]);
    let refused = |gateway: &GatewayId| {
        let body = sealed("postgres", "Orders", gateway, "orders", std::slice::from_ref(&replica));
        make(&browser, &body).raw.field_codes()
    };
    assert_eq!(refused(&theirs), [("settings.gateway".to_owned(), "unknown_value".to_owned())]);
    assert_eq!(refused(&theirs), refused(&nowhere));
    assert!(harness.gateways.calls.borrow().is_empty());
}

#[test]
fn what_is_no_gateway_target_or_box_is_told_at_its_place() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let codes = |body: &CreateConnection| make(&browser, body).raw.field_codes();
    let is = |path: &str, code: &str| vec![(path.to_owned(), code.to_owned())];
    for (field, bad, code) in [
        ("gateway", "", "required"),
        ("gateway", "gw_nonsense", "not_an_option"),
        ("target", "", "required"),
        ("target", "a b", "not_an_option"),
        ("target", "../x", "not_an_option"),
    ] {
        let mut body = kept("postgres", "Orders", &gateway, "orders");
        body.settings.insert(field.to_owned(), bad.to_owned());
        assert_eq!(codes(&body), is(&format!("settings.{field}"), code), "{bad:?}");
    }
    let good = || sealed("postgres", "Orders", &gateway, "orders", std::slice::from_ref(&replica));
    let with = |sealed: Vec<SealedFor>| codes(&CreateConnection { sealed, ..good() });
    let one = |text: String| SealedFor { replica: replica.clone(), sealed: text };
    assert_eq!(with(Vec::new()), is("sealed", "missing"));
    assert_eq!(with(vec![one("A".repeat(SEALED_MOST + 4))]), is("sealed.0.sealed", "bad_value"));
    assert_eq!(with(vec![one("not base64".to_owned())]), is("sealed.0.sealed", "bad_value"));
    assert_eq!(with(vec![one(base64url(&[1; 49]))]), is("sealed.0.sealed", "bad_value"));
    assert_eq!(with(vec![sealed_for(&replica), sealed_for(&replica)]), is("sealed.1.replica", "twice"));
    let stranger = ReplicaId::new(0, [3; 10]);
    assert_eq!(with(vec![sealed_for(&stranger)]), is("sealed.0.replica", "unknown_value"));
    let kept = CreateConnection { auth: "kept".to_owned(), ..good() };
    assert_eq!(codes(&kept), is("sealed", "unknown_field"));
    let direct = CreateConnection { sealed: vec![sealed_for(&replica)], ..by_key("Contacts") };
    assert_eq!(codes(&direct), is("sealed", "unknown_field"));
    assert!(harness.gateways.calls.borrow().is_empty() && harness.outward.asked.borrow().is_empty());
    let text = json!({ "connector": "postgres", "name": "x", "auth": "kept", "sealed": [{ "replica": replica.as_str(), "sealed": "a", "more": 1 }] });
    let answer = browser.send_json(Method::POST, "/api/v1/connections", &text);
    answer.problem(ProblemCode::InvalidFields);
}

#[test]
fn a_connection_that_does_not_work_is_not_made() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let body = sealed("postgres", "Orders", &gateway, "orders", &[replica]);
    // Nothing said to the double: the gateway is offline.
    let problem = make(&browser, &body).raw.problem(ProblemCode::GatewayOffline);
    assert!(
        problem.detail.contains("offline") && problem.detail.contains("Nothing was saved"),
        "{}",
        problem.detail
    );
    for (code, expected, words) in [
        (FailureCode::TargetLogin, ProblemCode::CredentialsRefused, "refuses the login"),
        (FailureCode::TargetNotAllowed, ProblemCode::CredentialsRefused, "no such target"),
        (FailureCode::TargetUnreachable, ProblemCode::GatewayFailed, "cannot reach"),
        (FailureCode::Deadline, ProblemCode::ProviderUnavailable, "in time"),
        (FailureCode::CredentialsUnreadable, ProblemCode::CredentialsRefused, "password again"),
    ] {
        harness.gateways.next_failure(failure(code, ""));
        let problem = make(&browser, &body).raw.problem(expected);
        assert!(problem.detail.contains(words), "{code:?}: {}", problem.detail);
    }
    objects(&harness, SqlFault::NotAllowed, "permission denied for database");
    let problem = make(&browser, &body).raw.problem(ProblemCode::CredentialsRefused);
    assert!(problem.detail.contains("permission denied"), "{}", problem.detail);
    assert!(harness.db.query("SELECT 1 FROM connections").is_empty());
}

#[test]
fn a_gateway_that_goes_while_its_connection_is_proved_leaves_none() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, _) = joined(&harness, &browser, "Berlin");
    let (db, id) = (Rc::clone(&harness.db), gateway.clone());
    harness.gateways.next(move |_| {
        db.query(&format!("DELETE FROM gateways WHERE id = '{id}'"));
        let http = drawbridge_contract::link::messages::HttpAnswer { status: 200, headers: Vec::new() };
        Ok((Answer { http: Some(http), sql: None }, Vec::new()))
    });
    let body = kept("http-onprem", "Intranet", &gateway, "intranet");
    let codes = make(&browser, &body).raw.field_codes();
    assert_eq!(codes, [("settings.gateway".to_owned(), "unknown_value".to_owned())]);
    assert!(harness.db.query("SELECT 1 FROM connections").is_empty());
}
