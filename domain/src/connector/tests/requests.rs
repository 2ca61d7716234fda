//! What an operation's call looks like, and reading lists page by page.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::connector::{
    Definition, Given, GivenFault, Method, PageAsked, Values, host_allowed, page_address, url_authority,
};

fn definition(paging: Value, operation: Value) -> Definition {
    let mut whole = json!({
        "id": "x", "name": "X", "description": "d", "category": "data", "icon": "x",
        "hosts": ["api.example.com"], "baseUrl": "https://api.example.com/v1", "headers": { "X-Version": "7" },
        "auth": [{ "id": "b", "label": "B", "scheme": { "bearer": { "token": "{token}" } } }],
        "validation": { "path": "/me" }, "operations": [operation],
    });
    if !paging.is_null() {
        whole["paging"] = paging;
    }
    serde_json::from_value(whole).unwrap()
}

fn operation(more: Value) -> Value {
    let mut operation =
        json!({ "id": "o", "name": "O", "description": "d", "type": "action", "path": "/things" });
    for (name, value) in more.as_object().unwrap() {
        operation[name] = value.clone();
    }
    operation
}

fn request(
    definition: &Definition,
    given: Value,
    page: &PageAsked,
) -> Result<crate::connector::Request, Vec<(String, GivenFault)>> {
    let given: Given = serde_json::from_value(given).unwrap();
    let (operation, way) = (&definition.operations[0], &definition.auth[0]);
    definition
        .request(operation, way, &Values::new(), &given, page)
        .map_err(|faults| faults.into_iter().map(|one| (one.parameter, one.fault)).collect())
}

#[test]
fn every_place_is_filled() {
    let definition = definition(
        Value::Null,
        operation(json!({
            "method": "POST", "path": "/things/{thing}/parts", "query": { "fixed": "1" }, "headers": { "Accept": "x" },
            "parameters": [
                { "id": "thing", "label": "T", "in": "path", "required": true },
                { "id": "many", "label": "M", "in": "query", "type": "strings", "name": "ids" },
                { "id": "big", "label": "B", "in": "header", "type": "boolean", "name": "X-Big" },
                { "id": "name", "label": "N", "in": "body", "at": "/thing/names/first~1last" },
                { "id": "size", "label": "S", "in": "body", "type": "integer", "at": "/thing/size", "default": 3 },
            ],
        })),
    );
    let given = json!({ "thing": "a/b", "many": ["1", "2"], "big": true, "name": "N" });
    let made = request(&definition, given, &PageAsked::default()).unwrap();
    assert_eq!(made.method, Method::Post);
    assert_eq!(made.url, "https://api.example.com/v1/things/a%2Fb/parts?fixed=1&ids=1%2C2");
    let header =
        |name: &str| made.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(
        (header("X-Version"), header("Accept"), header("X-Big")),
        (Some("7"), Some("x"), Some("true"))
    );
    let (kind, body) = made.body.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (kind, body),
        ("application/json", json!({ "thing": { "names": { "first/last": "N" }, "size": 3 } }))
    );
}

#[test]
fn a_form_is_a_form_and_a_whole_body_is_the_value() {
    let parameters = json!([{ "id": "a", "label": "A", "in": "body" }, { "id": "b", "label": "B", "in": "body", "type": "number" }]);
    let form = operation(json!({ "method": "POST", "encoding": "form", "parameters": parameters }));
    let made =
        request(&definition(Value::Null, form), json!({ "a": "x y&", "b": 1.5 }), &PageAsked::default());
    assert_eq!(made.unwrap().body.unwrap().1, b"a=x%20y%26&b=1.5");
    let whole = operation(json!({
        "method": "PUT", "parameters": [{ "id": "all", "label": "A", "in": "body", "type": "json", "at": "" }],
    }));
    let made =
        request(&definition(Value::Null, whole), json!({ "all": [1, { "x": null }] }), &PageAsked::default());
    assert_eq!(made.unwrap().body.unwrap().1, b"[1,{\"x\":null}]");
}

#[test]
fn all_faults_come_at_once() {
    let parameters = json!([
        { "id": "need", "label": "N", "in": "query", "required": true },
        { "id": "mail", "label": "M", "in": "query", "format": "email" },
        { "id": "one", "label": "O", "in": "query", "options": [{ "value": "a", "label": "A" }] },
        { "id": "head", "label": "H", "in": "header", "name": "X-H" },
        { "id": "number", "label": "I", "in": "query", "type": "integer" },
    ]);
    let definition = definition(Value::Null, operation(json!({ "parameters": parameters })));
    let given = json!({ "need": "", "mail": "x", "one": "b", "head": "a\r\nX: y", "number": "5", "else": 1 });
    let faults = request(&definition, given, &PageAsked::default()).unwrap_err();
    let codes: Vec<(&str, &str)> = faults.iter().map(|(name, fault)| (name.as_str(), fault.code())).collect();
    assert_eq!(
        codes,
        [
            ("else", "unknown_field"),
            ("need", "required"),
            ("mail", "email"),
            ("one", "not_an_option"),
            ("head", "control_character"),
            ("number", "wrong_type"),
        ]
    );
}

fn paged(style: &str, more: Value) -> Definition {
    let mut paging = json!({ "style": style });
    for (name, value) in more.as_object().unwrap() {
        paging[name] = value.clone();
    }
    let answer = json!({ "items": "/items", "value": "/id", "label": "/name", "paged": true });
    definition(paging, operation(json!({ "answer": answer })))
}

fn asked(cursor: Option<&str>, size: Option<u32>) -> PageAsked {
    PageAsked { cursor: cursor.map(str::to_owned), size }
}

#[test]
fn each_style_of_paging_finds_its_next_page_and_its_end() {
    let next = |definition: &Definition, body: Value, link: Option<&str>, page: &PageAsked| {
        definition.next_page(&definition.operations[0], Some(&body), link, page)
    };
    let cursor = paged(
        "cursor",
        json!({ "next": "/next", "parameter": "after", "sizeParameter": "n", "maxSize": 50 }),
    );
    assert_eq!(next(&cursor, json!({ "next": "c2" }), None, &asked(None, None)).as_deref(), Some("c2"));
    assert_eq!(next(&cursor, json!({ "next": null }), None, &asked(None, None)), None);
    let made = request(&cursor, json!({}), &asked(Some("c 2"), Some(500))).unwrap();
    assert_eq!(made.url, "https://api.example.com/v1/things?n=50&after=c%202");

    let offset = paged("offset", json!({ "parameter": "skip", "sizeParameter": "take" }));
    let two = json!({ "items": [{ "id": 1 }, { "id": 2 }] });
    assert_eq!(next(&offset, two.clone(), None, &asked(Some("4"), Some(2))).as_deref(), Some("6"));
    assert_eq!(next(&offset, two.clone(), None, &asked(None, Some(3))), None, "not full");
    assert_eq!(next(&offset, json!({ "items": [] }), None, &asked(None, None)), None);
    assert_eq!(next(&offset, two.clone(), None, &asked(Some("nonsense"), None)), None);

    let page = paged("page", json!({ "parameter": "page", "more": "/more" }));
    let more = json!({ "items": [{ "id": 1 }], "more": true });
    assert_eq!(next(&page, more.clone(), None, &asked(None, None)).as_deref(), Some("2"));
    assert_eq!(next(&page, more, None, &asked(Some("2"), Some(9))).as_deref(), Some("3"));
    assert_eq!(next(&page, json!({ "items": [{}], "more": false }), None, &asked(None, None)), None);

    let link = paged("linkHeader", json!({}));
    let header = "<https://api.example.com/v1/things?page=3>; rel=\"last\", <https://api.example.com/v1/things?page=2>; rel=\"next\"";
    assert_eq!(
        next(&link, two.clone(), Some(header), &asked(None, None)).as_deref(),
        Some("https://api.example.com/v1/things?page=2")
    );
    assert_eq!(next(&link, two, Some("<x>; rel=\"prev\""), &asked(None, None)), None);

    let first = "https://api.example.com/v1/things";
    assert_eq!(page_address(first, "/v9/more?x").as_deref(), Some("https://api.example.com/v9/more?x"));
    assert_eq!(page_address(first, "javascript:x"), None);
    assert_eq!(page_address(first, "more"), None);
}

#[test]
fn entries_are_values_with_labels() {
    let definition = paged("cursor", json!({ "next": "/next" }));
    let body = json!({ "items": [{ "id": 7, "name": "Seven" }, { "id": "x" }, { "name": "no id" }] });
    let entries = definition.operations[0].entries(&body).unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (entry.value.as_str(), entry.label.as_str())).collect();
    assert_eq!(told, [("7", "Seven"), ("x", "x")]);
}

proptest! {
    /// Whatever is given, the call goes to the connector's host, below the operation's path.
    #[test]
    fn no_value_leaves_its_place(path in "\\PC{1,20}", query in "\\PC{0,20}") {
        let parameters = json!([
            { "id": "thing", "label": "T", "in": "path", "required": true },
            { "id": "q", "label": "Q", "in": "query" },
        ]);
        let definition = definition(Value::Null, operation(json!({ "path": "/things/{thing}/end", "parameters": parameters })));
        if let Ok(made) = request(&definition, json!({ "thing": path, "q": query }), &PageAsked::default()) {
            let authority = url_authority(&made.url);
            prop_assert!(authority.is_some_and(|authority| host_allowed(&["api.example.com"], authority)), "{}", made.url);
            let rest = made.url.strip_prefix("https://api.example.com/v1/things/").unwrap();
            prop_assert_eq!(rest.split('?').next().unwrap().split('/').count(), 2, "{}", made.url);
            prop_assert!(rest.split('?').count() <= 2 && rest.matches('&').count() == 0, "{}", made.url);
        }
    }
}
