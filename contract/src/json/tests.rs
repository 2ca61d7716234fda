use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Fault, read, write};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Plain,
    One(u32),
    Two(u8, String),
    Named { at: i64 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    name: String,
    none: Option<u64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thing {
    #[serde(flatten)]
    inner: Inner,
    is_so: bool,
    share: f64,
    kinds: Vec<Kind>,
    words: BTreeMap<String, String>,
    pair: (i8, char),
    #[serde(default)]
    left_out: u32,
    any: Value,
}

fn thing() -> Thing {
    Thing {
        inner: Inner { name: "“Ü” \"quoted\" \\ \n \u{1} \u{1f600}".to_owned(), none: None },
        is_so: true,
        share: -0.125,
        kinds: vec![Kind::Plain, Kind::One(7), Kind::Two(1, "b".to_owned()), Kind::Named { at: -9 }],
        words: BTreeMap::from([("a".to_owned(), String::new()), ("b c".to_owned(), "d".to_owned())]),
        pair: (-1, 'ß'),
        left_out: 3,
        any: json!({ "a": [1, 2.5, null, true, "x", {}] }),
    }
}

#[test]
fn what_is_written_is_what_serde_json_writes() {
    let written = write(&thing()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), serde_json::to_value(thing()).unwrap());
    assert_eq!(read::<Thing>(&written), Ok(thing()));
}

#[test]
fn what_serde_json_writes_is_read() {
    assert_eq!(read::<Thing>(&serde_json::to_string_pretty(&thing()).unwrap()), Ok(thing()));
    let more =
        r#" { "more" : [ {"x":[1e3,-2.5,null]}, "\"" ] , "name":"\u00e9\ud83d\ude00\/", "none":null } "#;
    assert_eq!(read::<Inner>(more), Ok(Inner { name: "é😀/".to_owned(), none: None }));
    assert_eq!(read::<Vec<Inner>>("[]"), Ok(Vec::new()));
    let fractions =
        [0.0, 1.0, -2.5, 0.1, 123.456, 1e3, 2.5e-7, -6.02e22, 999_999_999_999_999.0, 0.000_001_234_567_89];
    assert_eq!(read(&serde_json::to_string(&fractions).unwrap()), Ok(fractions.to_vec()));
    assert_eq!(read::<Option<u64>>("9007199254740993"), Ok(Some(9_007_199_254_740_993)));
}

#[test]
fn what_is_not_json_or_of_another_kind_is_refused() {
    for text in [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "true",
        "{\"name\":1}",
        "{\"name\":\"a\" \"none\":1}",
        "{\"name\":\"a\",}",
        "{\"name\":\"a\"}x",
        "{\"name\":\"\\x\"}",
        "{\"name\":\"\\ud83d\"}",
        "{\"name\":\"\\ud83dx\"}",
        "{\"name\":\"a\nb\"}",
        "{\"name\":\"a",
        "{\"name\":\"a\",\"none\":1.5}",
        "{\"name\":\"a\",\"none\":-1}",
        "{\"name\":\"a\",\"x\":[1,]}",
        "{\"name\":\"a\",\"x\":[1}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"x\":tru}",
    ] {
        assert_eq!(read::<Inner>(text), Err(Fault), "{text}");
        assert!(serde_json::from_str::<Inner>(text).is_err(), "{text}");
    }
    assert_eq!(read::<Kind>("\"other\""), Err(Fault));
    assert_eq!(read::<u8>("256"), Err(Fault));
}
