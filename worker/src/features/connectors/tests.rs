//! Tests of the feature, through the router.

use std::rc::Rc;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{Connector, ConnectorPath};
use http::Method;

use crate::services::Settings;
use crate::testing::{Browser, Harness};

fn read(browser: &Browser, connector: &str) -> Connector {
    let path = ConnectorPath { connector: connector.to_owned() };
    browser.call::<api::ReadConnector>(&path, &Nothing {}, &Nothing {}).ok()
}

#[test]
fn all_connectors_are_listed_by_name_on_one_page() {
    let browser = Harness::new().set_up();
    let list = browser.get::<api::ListConnectors>().ok();
    let ids: Vec<&str> = list.items.iter().map(|item| item.id.as_str()).collect();
    for known in ["box", "github", "http", "salesforce", "sandbox-crm", "slack", "zendesk"] {
        assert!(ids.contains(&known), "{known}");
    }
    assert!(list.items.iter().map(|item| item.name.to_lowercase()).is_sorted());
    assert_eq!(list.next_cursor, None);
    assert!(list.items.iter().all(|item| item.sandbox == (item.id == "sandbox-crm")));
}

#[test]
fn scripts_find_all_connectors_with_their_operations() {
    let browser = Harness::new().set_up();
    let answer = browser.send(Method::GET, "/workflows/v1/connectors", None);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list = answer.json();
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["connectors"]);
    let connectors = list["connectors"].as_array().unwrap();
    let native = browser.get::<api::ListConnectors>().ok().items;
    assert_eq!(connectors.len(), native.len());
    for (connector, native) in connectors.iter().zip(&native) {
        let whole = read(&browser, &native.id);
        let operations: Vec<_> = whole
            .operations
            .iter()
            .map(|one| serde_json::json!({ "operationId": one.id, "name": one.name, "type": one.r#type }))
            .collect();
        let expected = serde_json::json!({
            "id": native.id, "name": native.name, "description": native.description, "createdByUserId": "",
            "icon": format!("https://drawbridge.example/icons/connectors/{}.svg", native.icon), "private": false,
            "operations": operations,
        });
        assert_eq!(*connector, expected);
    }
}

#[test]
fn a_connector_tells_what_a_form_needs_and_where_to_register() {
    let browser = Harness::new().set_up();
    let zendesk = read(&browser, "zendesk");
    assert_eq!(zendesk.settings[0].id, "subdomain");
    let client = zendesk.auth.iter().find_map(|way| way.client.clone()).unwrap();
    assert_eq!(client.redirect_url, "https://drawbridge.example/oauth/callback");
    assert!(!client.built_in && client.registration.is_some());

    for way in read(&browser, "sandbox-crm").auth {
        assert_eq!(way.interactive, way.id == "oauth");
        assert_eq!(way.client.is_some_and(|client| client.built_in), way.id == "oauth");
    }
    let http = read(&browser, "http");
    let typed = http.auth.iter().find(|way| way.interactive).unwrap();
    assert!(typed.client.as_ref().unwrap().built_in, "its client is typed in: none need be registered");
}

#[test]
fn how_a_connector_calls_is_not_told() {
    let browser = Harness::new().set_up();
    let raw = browser.send(Method::GET, "/api/v1/connectors/sandbox-crm", None).json();
    for inner in ["scheme", "builtinClient", "validation", "hosts", "baseUrl"] {
        assert!(!raw.to_string().contains(&format!("\"{inner}\"")), "{inner}");
    }
}

#[test]
fn the_redirect_url_follows_the_address_in_use_where_none_is_set() {
    let harness = Harness::new();
    let cookie = harness.set_up().cookie.take();
    let settings = Settings::default();
    let browser = harness.variant(|services| services.settings = Rc::new(settings)).browser();
    *browser.cookie.borrow_mut() = cookie;
    let answer = browser.send(Method::GET, "http://localhost:8787/api/v1/connectors/box", None).json();
    let client = answer["auth"].as_array().unwrap().iter().find_map(|way| way.get("client")).unwrap();
    assert_eq!(client["redirectUrl"], "http://localhost:8787/oauth/callback");
}

#[test]
fn an_unknown_connector_is_not_found() {
    let browser = Harness::new().set_up();
    for unknown in ["nothing", "Box", "box.json", "%2e%2e%2fbox", "box%00", "b%C3%B6x"] {
        browser
            .send(Method::GET, &format!("/api/v1/connectors/{unknown}"), None)
            .problem(ProblemCode::NotFound);
    }
}
