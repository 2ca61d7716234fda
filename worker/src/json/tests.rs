use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Thing {
    name: String,
    #[serde(default)]
    parts: Vec<Part>,
    size: Option<u8>,
    #[serde(default)]
    words: BTreeMap<String, i64>,
    #[serde(default)]
    form: Form,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Part {
    id: u32,
    anything: Option<Value>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Form {
    #[default]
    Round,
    Long {
        by: f64,
    },
    Like(String),
    Pair(bool, ()),
}

fn fault(tree: Value) -> (String, Kind) {
    let fault = from_tree_strict::<Thing>(&tree).unwrap_err();
    (fault.path().to_owned(), fault.kind())
}

#[test]
fn a_type_is_read_from_its_tree() {
    let tree = json!({
        "name": "a", "size": 255, "parts": [{ "id": 1, "anything": [1, -2, 0.5, "x", null, { "y": true }] }],
        "words": { "low": i64::MIN },
    });
    let thing: Thing = from_tree(&tree).unwrap();
    assert_eq!((thing.name.as_str(), thing.size, thing.form), ("a", Some(255), Form::Round));
    assert_eq!(thing.words["low"], i64::MIN);
    assert_eq!(thing.parts[0].anything.as_ref(), Some(&tree["parts"][0]["anything"]));
    for (form, expected) in [
        (json!("round"), Form::Round),
        (json!({ "round": null }), Form::Round),
        (json!({ "long": { "by": 2 } }), Form::Long { by: 2.0 }),
        (json!({ "like": "a" }), Form::Like("a".to_owned())),
        (json!({ "pair": [true, null] }), Form::Pair(true, ())),
    ] {
        assert_eq!(from_tree::<Form>(&form).unwrap(), expected);
    }
    let more = json!({ "name": "a", "more": {}, "parts": [{ "id": 1, "more": 2 }] });
    assert_eq!(from_tree::<Thing>(&more).unwrap().parts, [Part { id: 1, anything: None }]);
    assert_eq!(from_tree_strict::<Thing>(&more).unwrap_err().path(), "more");
    let form = json!({ "long": { "by": 1, "more": 1 } });
    assert!(from_tree::<Form>(&form).is_ok() && from_tree_strict::<Form>(&form).is_err());
    assert_eq!(read::<(String, u32)>("[\"a\", 1]").unwrap(), ("a".to_owned(), 1));
    assert_eq!(read::<Option<u8>>(b"null".as_slice()).unwrap(), None);
    assert_eq!(read_secret::<Vec<String>>(b"[\"hunter2\"]").unwrap(), ["hunter2"]);
}

#[test]
fn a_part_of_a_row_is_read_from_the_row() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        #[serde(rename = "..")]
        part: Part,
        more: Option<String>,
        last: bool,
    }
    let row = json!({ "id": 1, "more": "a", "last": true, "other": null });
    let part = Part { id: 1, anything: None };
    assert_eq!(from_tree::<Row>(&row).unwrap(), Row { part, more: Some("a".to_owned()), last: true });
    for (row, path, kind) in [
        (json!({ "last": true }), "id", Kind::Missing),
        (json!({ "id": 1 }), "last", Kind::Missing),
        (json!({ "id": "1", "last": true }), "id", Kind::WrongType),
    ] {
        let fault = from_tree::<Row>(&row).unwrap_err();
        assert_eq!((fault.path(), fault.kind()), (path, kind));
    }
}

#[test]
fn a_fault_is_a_place_and_a_kind() {
    for (tree, path, kind) in [
        (json!({}), "name", Kind::Missing),
        (json!([]), "", Kind::WrongType),
        (json!({ "name": 1 }), "name", Kind::WrongType),
        (json!({ "name": "a", "other": 1 }), "other", Kind::Unknown),
        (json!({ "name": "a", "parts": {} }), "parts", Kind::WrongType),
        (json!({ "name": "a", "parts": [{ "id": 1 }, { "id": -1 }] }), "parts[1].id", Kind::BadValue),
        (json!({ "name": "a", "parts": [{ "id": 1 }, {}] }), "parts[1].id", Kind::Missing),
        (json!({ "name": "a", "parts": [[1, 2]] }), "parts[0]", Kind::WrongType),
        (json!({ "name": "a", "parts": [{ "id": 1, "more": 2 }] }), "parts[0].more", Kind::Unknown),
        (json!({ "name": null }), "name", Kind::WrongType),
        (json!({ "name": "a", "form": { "long": {} } }), "form.long.by", Kind::Missing),
        (json!({ "name": "a", "size": 256 }), "size", Kind::BadValue),
        (json!({ "name": "a", "size": 1.5 }), "size", Kind::WrongType),
        (json!({ "name": "a", "words": { "x": "1" } }), "words.x", Kind::WrongType),
        (json!({ "name": "a", "form": "square" }), "form", Kind::UnknownWord),
        (json!({ "name": "a", "form": { "long": { "by": "x" } } }), "form.long.by", Kind::WrongType),
        (json!({ "name": "a", "form": { "long": {}, "like": "" } }), "form", Kind::WrongType),
        (json!({ "name": "a", "form": { "pair": [true, null, 1] } }), "form.pair", Kind::BadValue),
        (json!({ "name": "a", "form": "like" }), "form", Kind::WrongType),
    ] {
        assert_eq!(fault(tree.clone()), (path.to_owned(), kind), "{tree}");
    }
}

#[test]
fn a_text_is_read_whole_and_strictly_where_that_is_wanted() {
    for bad in ["", "{", "[1,]", "{\"a\":1} 2", "nul", "\"\u{1}\"", "\u{feff}1"] {
        assert_eq!(parse(bad.as_bytes()).unwrap_err().kind(), Kind::NotJson, "{bad}");
    }
    assert_eq!(parse(b"\"\xff\"").unwrap_err().kind(), Kind::NotJson);
    assert_eq!(parse("[".repeat(1000).as_bytes()).unwrap_err().kind(), Kind::NotJson);
    let twice = br#"{"a":{"b":1,"b":2}}"#;
    assert_eq!(parse(twice).unwrap(), json!({ "a": { "b": 2 } }));
    let fault = parse_strict(twice).unwrap_err();
    assert_eq!((fault.path(), fault.kind()), ("b", Kind::Repeated));
    let all = json!({ "a": [1, -1, 1.5, u64::MAX, "é\n", true, null, {}, []] });
    assert_eq!(parse_strict(all.to_string().as_bytes()).unwrap(), all);
}

#[test]
fn a_fault_does_not_repeat_the_value() {
    let fault = read::<Thing>(r#"{"name":"a","size":"hunter2"}"#).unwrap_err();
    assert_eq!(fault.to_string(), "a wrong type at size");
    assert_eq!(read::<u32>("hunter2").unwrap_err().to_string(), "no JSON");
}
