//! Operations, lookups and the proxy through a gateway.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::link::messages::CallKind;
use drawbridge_contract::link::sql::SqlQuestion;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::uses::{OperationCall, OperationPath};
use drawbridge_domain::id::Id;

use super::super::using::run;
use super::*;

fn question(harness: &Rc<Harness>) -> Json {
    let calls = harness.gateways.calls.borrow();
    let call = calls.last().unwrap();
    assert_eq!(call.head.kind, CallKind::Sql);
    serde_json::from_slice::<SqlQuestion>(&call.body).expect("a question that agents know");
    serde_json::from_slice(&call.body).unwrap()
}

#[test]
fn each_operation_on_a_database_asks_its_question() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, std::slice::from_ref(&replica));
    let filter = json!([[{ "column": "city", "test": "equal", "value": "x'; DROP TABLE y --" }]]);
    let named = json!({ "schema": "sales", "name": "Customers" });
    for (operation, given, asked, safe) in [
        (
            "query-table",
            json!({ "table": "sales.Customers", "columns": ["name", "city"], "filter": filter,
                "order": [{ "column": "name" }], "top": 10 }),
            json!({ "query": { "from": named, "columns": ["name", "city"], "filter": filter,
                "order": [{ "column": "name" }], "top": 10 } }),
            true,
        ),
        (
            "query-view",
            json!({ "table": "\"odd.name\"" }),
            json!({ "query": { "from": { "name": "odd.name" } } }),
            true,
        ),
        (
            "create-record",
            json!({ "table": "sales.Customers", "values": { "name": "Zoë 😀", "born": null }, "returning": ["id"] }),
            json!({ "create": { "table": named, "values": { "name": "Zoë 😀", "born": null }, "returning": ["id"] } }),
            false,
        ),
        (
            "update-records",
            json!({ "table": "sales.Customers", "values": { "city": "Bern" }, "filter": filter }),
            json!({ "update": { "table": named, "values": { "city": "Bern" }, "filter": filter } }),
            false,
        ),
        (
            "delete-records",
            json!({ "table": "sales.Customers", "all": true }),
            json!({ "delete": { "table": named, "all": true } }),
            false,
        ),
        (
            "execute-procedure",
            json!({ "procedure": "close_month", "parameters": { "month": "2026-11-01" } }),
            json!({ "execute": { "procedure": { "name": "close_month" }, "parameters": { "month": "2026-11-01" } } }),
            false,
        ),
        ("tables", json!({ "contains": "cust" }), json!({ "tables": { "contains": "cust" } }), true),
        ("columns", json!({ "table": "sales.Customers" }), json!({ "columns": named }), true),
        ("parameters", json!({ "procedure": "p" }), json!({ "parameters": { "name": "p" } }), true),
    ] {
        answers(&harness, json!({ "rows": [], "affected": 1 }));
        let answer = run(&browser, &connection, operation, &given).ok();
        assert!(answer.done && answer.status == 200, "{operation}");
        assert_eq!(question(&harness), asked, "{operation}");
        let calls = harness.gateways.calls.borrow();
        let call = calls.last().unwrap();
        assert_eq!(call.safe, safe, "{operation}");
        assert!(call.boxes.contains_key(&replica) && call.head.target == "orders");
    }
}

#[test]
fn rows_and_names_come_back_as_they_are() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, &[replica]);
    let result = json!({
        "columns": [{ "name": "id", "type": "int8" }],
        "rows": [{ "id": "9223372036854775807", "price": "12.50", "note": null }], "truncated": false,
    });
    answers(&harness, result.clone());
    let answer = run(&browser, &connection, "query-table", &json!({ "table": "t" })).ok();
    assert_eq!(answer.body, Some(result));
    answers(
        &harness,
        json!({ "rows": [{ "schema": "public", "name": "orders" }, { "schema": "a.b", "name": "c" }, { "name": "d" }] }),
    );
    let items = run(&browser, &connection, "tables", &json!({})).ok().items.unwrap();
    let values: Vec<_> = items.iter().map(|item| item.value.as_str()).collect();
    assert_eq!(values, ["public.orders", "\"a.b\".c", "d"]);
    answers(&harness, json!({ "rows": [{ "name": "id", "type": "int8" }] }));
    let items = run(&browser, &connection, "columns", &json!({ "table": "\"a.b\".c" })).ok().items.unwrap();
    assert_eq!(items[0].value, "id");
}

#[test]
fn what_a_database_has_against_a_question_is_told_in_its_words() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = database(&harness, &browser, &gateway, &[replica]);
    for (fault, status) in [
        (SqlFault::NotFound, 404),
        (SqlFault::NotAllowed, 403),
        (SqlFault::Value, 422),
        (SqlFault::Question, 422),
        (SqlFault::Constraint, 409),
        (SqlFault::Conflict, 409),
        (SqlFault::Limit, 413),
        (SqlFault::Refused, 400),
    ] {
        objects(&harness, fault, "relation \"t\" does not exist");
        let answer = run(&browser, &connection, "query-table", &json!({ "table": "t" })).ok();
        assert_eq!((answer.status, answer.done), (status, false), "{fault:?}");
        assert_eq!(answer.provider_words.as_deref(), Some("relation \"t\" does not exist"));
    }
    let codes =
        run(&browser, &connection, "query-table", &json!({ "table": "a..b", "top": "x" })).raw.field_codes();
    assert_eq!(
        codes,
        [
            ("parameters.table".to_owned(), "not_a_name".to_owned()),
            ("parameters.top".to_owned(), "wrong_type".to_owned())
        ]
    );
}

#[test]
fn sharepoint_gets_its_digest_before_what_changes_something() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let me = r#"{"Id":7,"LoginName":"i:0#.w|corp\\ada","Title":"Ada Lovelace","Email":"ada@corp.example"}"#;
    harness.gateways.next_http(200, &[], me);
    let connection =
        make(&browser, &sealed("sharepoint-onprem", "Team", &gateway, "sharepoint", &[replica])).ok();
    assert_eq!(connection.connected_as.as_ref().unwrap().name.as_deref(), Some("Ada Lovelace"));
    let list = "0b1e3c4d-0000-4000-8000-00000000000a";
    let digest = r#"{"FormDigestValue":"0x12,22 Nov 2026"}"#;
    harness.gateways.calls.borrow_mut().clear();
    harness.gateways.next_http(200, &[], digest);
    harness.gateways.next_http(201, &[], r#"{"Id":12}"#);
    let fields = json!({ "list": list, "fields": { "Title": "Ada" } });
    assert_eq!(run(&browser, &connection, "create-list-item", &fields).ok().status, 201);
    {
        let calls = harness.gateways.calls.borrow();
        let [first, second] = calls.as_slice() else { panic!("{calls:?}") };
        let (first, second_head) = (first.head.http.as_ref().unwrap(), second.head.http.as_ref().unwrap());
        assert_eq!((first.method.as_str(), first.path.as_str()), ("POST", "/_api/contextinfo"));
        assert_eq!(second_head.path, format!("/_api/web/lists(guid'{list}')/items"));
        let sent = |name: &str| {
            second_head.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        };
        assert_eq!(sent("x-requestdigest"), Some("0x12,22 Nov 2026"));
        assert_eq!(sent("accept"), Some("application/json;odata=minimalmetadata"));
        assert_eq!(second.body, br#"{"Title":"Ada"}"#);
        assert!(!second.safe, "made once");
    }
    // A quote stands for itself, and bytes are bytes.
    harness.gateways.next_http(200, &[], digest);
    harness.gateways.next_http(200, &[], "{}");
    let file = json!({ "folder": "/sites/t/O'Brien's", "fileName": "a&b='.txt", "content": "AP8=" });
    assert!(run(&browser, &connection, "upload-file", &file).ok().done);
    {
        let calls = harness.gateways.calls.borrow();
        let call = calls.last().unwrap();
        assert_eq!(
            call.head.http.as_ref().unwrap().path,
            "/_api/web/GetFolderByServerRelativeUrl(@folder)/Files/add(url=@name,overwrite=true)?\
             @folder='%2Fsites%2Ft%2FO%27%27Brien%27%27s'&@name='a%26b%3D%27%27.txt'"
        );
        assert_eq!(call.body, [0, 255]);
    }
    let codes = run(
        &browser,
        &connection,
        "upload-file",
        &json!({ "folder": "/x", "fileName": "a", "content": "%" }),
    );
    assert_eq!(codes.raw.field_codes(), [("parameters.content".to_owned(), "not_base64".to_owned())]);
    // A digest that is refused is the answer.
    harness.gateways.next_http(403, &[], r#"{"odata.error":{"message":{"value":"Access denied."}}}"#);
    let answer = run(&browser, &connection, "create-list-item", &fields).ok();
    assert_eq!((answer.status, answer.provider_words.as_deref()), (403, Some("Access denied.")));
}

#[test]
fn a_next_page_keeps_to_the_target_whatever_its_address_says() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    harness.gateways.next_http(200, &[], r#"{"LoginName":"ada"}"#);
    let connection =
        make(&browser, &sealed("sharepoint-onprem", "Team", &gateway, "sharepoint", &[replica])).ok();
    let list = "0b1e3c4d-0000-4000-8000-00000000000a";
    let next = "http://sp.corp/sites/t/_api/web/lists(guid'x')/items?%24skiptoken=Paged%3dTRUE&$top=2";
    harness.gateways.next_http(
        200,
        &[],
        &json!({ "value": [{ "Id": 1, "Title": "A" }], "odata.nextLink": next }).to_string(),
    );
    let id = &connection.summary.id;
    let path = OperationPath { connection: id.clone(), operation: "query-list-items".to_owned() };
    let call = |cursor: Option<String>| {
        let parameters =
            [("list".to_owned(), json!(list)), ("filter".to_owned(), json!("Status eq 'Open'"))].into();
        let body = OperationCall { parameters, cursor, page_size: Some(2) };
        browser.call::<api::RunOperation>(&path, &Nothing {}, &body)
    };
    let answer = call(None).ok();
    assert_eq!(answer.items.unwrap()[0].label, "A");
    let asked = |harness: &Rc<Harness>| {
        let calls = harness.gateways.calls.borrow();
        calls.last().unwrap().head.http.as_ref().unwrap().path.clone()
    };
    let base = format!("/_api/web/lists(guid'{list}')/items");
    assert_eq!(asked(&harness), format!("{base}?$filter=Status%20eq%20%27Open%27&$top=2"));
    harness.gateways.next_http(200, &[], r#"{"value":[]}"#);
    assert_eq!(call(answer.next_cursor).ok().next_cursor, None);
    assert_eq!(asked(&harness), format!("{base}?%24skiptoken=Paged%3dTRUE&$top=2"));
    for bad in ["https://evil.example/x", "?a b", "nothing"] {
        call(Some(bad.to_owned())).raw.problem(ProblemCode::InvalidFields);
    }
}

#[test]
fn the_proxy_passes_paths_and_bodies_to_an_http_target_and_nothing_to_a_database() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    let connection = http(&harness, &browser, &gateway);
    let pass = |of: &Connection, rest: &str| {
        let target = format!("/api/v1/connections/{}/proxy/{rest}", of.summary.id.as_str());
        browser.send(Method::PUT, &target, Some(b"some bytes \x00\xff".to_vec()))
    };
    harness.gateways.next_http(202, &[("content-type", "text/plain"), ("set-cookie", "a=b")], "taken");
    let answer = pass(&connection, "a%20b/c?x=1&y=%C3%A9");
    assert_eq!((answer.status, answer.text().as_str()), (202, "taken"));
    assert_eq!((answer.header("x-answered-by"), answer.header("set-cookie")), (Some("provider"), None));
    {
        let calls = harness.gateways.calls.borrow();
        let call = calls.last().unwrap();
        let request = call.head.http.as_ref().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/a%20b/c?x=1&y=%C3%A9"));
        assert_eq!(call.body, b"some bytes \x00\xff");
        assert!(request.headers.iter().all(|(name, _)| name != "cookie" && name != "authorization"));
    }
    // A redirect is told as it is.
    harness.gateways.next_http(302, &[("location", "http://elsewhere.corp/")], "");
    assert_eq!(pass(&connection, "a").status, 302);
    pass(&connection, "a").problem(ProblemCode::GatewayOffline);
    let orders = database(&harness, &browser, &gateway, &[replica]);
    let before = harness.gateways.calls.borrow().len();
    pass(&orders, "a").problem(ProblemCode::BadRequest);
    assert_eq!(harness.gateways.calls.borrow().len(), before);
}

#[test]
fn rpa_central_starts_a_job_once_and_reads_its_result() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (gateway, replica) = joined(&harness, &browser, "Berlin");
    harness.gateways.next_http(200, &[], "[]");
    let connection =
        make(&browser, &sealed("nintex-rpa-central", "Robots", &gateway, "rpa", &[replica])).ok();
    assert_eq!(connection.verified_by.as_deref(), Some("GET /api/jobbotflows"));
    harness.gateways.next_http(200, &[], r#"{"id":"i-1"}"#);
    let given = json!({ "botflowId": "b/1", "inputs": [{ "name": "n", "value": "1" }] });
    assert!(run(&browser, &connection, "start-job", &given).ok().done);
    let seen = |harness: &Rc<Harness>| {
        let calls = harness.gateways.calls.borrow();
        let call = calls.last().unwrap();
        let request = call.head.http.as_ref().unwrap();
        (request.method.clone(), request.path.clone(), call.safe)
    };
    assert_eq!(seen(&harness), ("POST".to_owned(), "/api/jobbotflows/b%2F1/run".to_owned(), false));
    harness.gateways.next_http(200, &[], r#"{"status":"Completed"}"#);
    assert!(run(&browser, &connection, "get-result", &json!({ "instanceId": "i-1" })).ok().done);
    assert_eq!(seen(&harness), ("GET".to_owned(), "/api/jobbotflowinstances/i-1".to_owned(), true));
}
