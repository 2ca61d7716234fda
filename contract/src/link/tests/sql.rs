//! The JSON of questions and their answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::{exactly, same};
use crate::link::sql::*;

fn name(name: &str) -> SqlName {
    SqlName { schema: Some("dbo".to_owned()), name: name.to_owned() }
}

fn is(column: &str, test: SqlTest, value: Value) -> SqlCondition {
    SqlCondition { column: column.to_owned(), test, value }
}

fn values(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[test]
fn questions() {
    let asked = SqlQuestion::Query(SqlQuery {
        from: name("Orders"),
        columns: vec!["Id".to_owned()],
        filter: vec![vec![
            is("Total", SqlTest::AtLeast, json!("10.50")),
            is("Gone", SqlTest::Empty, Value::Null),
        ]],
        order: vec![SqlOrder { column: "Id".to_owned(), descending: true }],
        top: Some(5),
    });
    exactly(
        &asked,
        r#"{"query":{"from":{"schema":"dbo","name":"Orders"},"columns":["Id"],"filter":[[{"column":"Total","test":"atLeast","value":"10.50"},{"column":"Gone","test":"empty"}]],"order":[{"column":"Id","descending":true}],"top":5}}"#,
    );
    let made = values(&[("Name", json!("Ada 🚂")), ("Size", json!(3))]);
    let create = SqlCreate { table: name("T"), values: made.clone(), returning: vec!["Id".to_owned()] };
    exactly(
        &SqlQuestion::Create(create),
        r#"{"create":{"table":{"schema":"dbo","name":"T"},"values":{"Name":"Ada 🚂","Size":3},"returning":["Id"]}}"#,
    );
    let filter = vec![vec![is("Id", SqlTest::In, json!([1, 2]))]];
    exactly(
        &SqlQuestion::Update(SqlUpdate { table: name("T"), values: made, filter, all: false }),
        r#"{"update":{"table":{"schema":"dbo","name":"T"},"values":{"Name":"Ada 🚂","Size":3},"filter":[[{"column":"Id","test":"in","value":[1,2]}]],"all":false}}"#,
    );
    let bare = SqlName { schema: None, name: "T".to_owned() };
    exactly(
        &SqlQuestion::Delete(SqlDelete { table: bare.clone(), filter: Vec::new(), all: true }),
        r#"{"delete":{"table":{"name":"T"},"all":true}}"#,
    );
    let parameters = values(&[("a", Value::Null)]);
    exactly(
        &SqlQuestion::Execute(SqlExecute { procedure: bare, parameters, top: None }),
        r#"{"execute":{"procedure":{"name":"T"},"parameters":{"a":null}}}"#,
    );
    exactly(&SqlQuestion::Check(SqlNone {}), r#"{"check":{}}"#);
    exactly(&SqlQuestion::Tables(SqlList::default()), r#"{"tables":{}}"#);
    exactly(&SqlQuestion::Parameters(name("P")), r#"{"parameters":{"schema":"dbo","name":"P"}}"#);
    assert!(serde_json::from_str::<SqlQuestion>(r#"{"sql":"select 1"}"#).is_err());
}

#[test]
fn what_changes_something_is_told_from_what_does_not() {
    for (json, changes) in [
        (r#"{"check":{}}"#, false),
        (r#"{"query":{"from":{"name":"t"}}}"#, false),
        (r#"{"procedures":{}}"#, false),
        (r#"{"create":{"table":{"name":"t"},"values":{}}}"#, true),
        (r#"{"update":{"table":{"name":"t"},"values":{}}}"#, true),
        (r#"{"delete":{"table":{"name":"t"}}}"#, true),
        (r#"{"execute":{"procedure":{"name":"t"}}}"#, true),
    ] {
        assert_eq!(serde_json::from_str::<SqlQuestion>(json).unwrap().changes(), changes, "{json}");
    }
}

#[test]
fn answers() {
    let column = |name: &str, kind: &str| SqlColumn { name: name.to_owned(), kind: kind.to_owned() };
    same(
        SqlResult {
            columns: vec![column("Id", "bigint")],
            rows: Some(vec![values(&[("Id", json!("9007199254740993"))])]),
            truncated: Some(true),
            ..SqlResult::default()
        },
        r#"{"columns":[{"name":"Id","type":"bigint"}],"rows":[{"Id":"9007199254740993"}],"truncated":true}"#,
    );
    same(
        SqlResult {
            output: Some(values(&[("total", json!("1.5"))])),
            returned: Some(json!(0)),
            result_sets: Some(vec![SqlSet { columns: Vec::new(), rows: Vec::new(), truncated: false }]),
            ..SqlResult::default()
        },
        r#"{"output":{"total":"1.5"},"returned":0,"resultSets":[{"columns":[],"rows":[],"truncated":false}]}"#,
    );
    same(
        SqlResult { affected: Some(3), identity: Some(json!(7)), ..SqlResult::default() },
        r#"{"affected":3,"identity":7}"#,
    );
}
