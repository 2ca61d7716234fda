//! What others change appears by itself, and takes nothing from the reader: neither words, nor the keyboard's place.

use std::cell::Cell;
use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use leptos::prelude::{document, window};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::connections::{connector, list, row, server};
use crate::support::*;

fn tell(topic: &str) {
    fire(&window(), &format!("live:{topic}"));
}

fn has_keyboard(element: &web_sys::HtmlElement) -> bool {
    document().active_element().is_some_and(|active| active.is_same_node(Some(element)))
}

#[wasm_bindgen_test]
async fn that_changes_do_not_arrive_is_said_until_they_do() {
    let _server = Fake::signed_in("participant");
    let _console = open("/t/acme");
    see("heading", "Nothing here for your role yet").await;
    let said = |words: &str| all("status").iter().any(|status| name_of(status).contains(words));
    tell("lost");
    has_text("This page may be out of date").await;
    // Without a network that is the reason, and it is said once.
    fire(&window(), "offline");
    has_text("You are offline").await;
    assert!(!said("out of date"));
    fire(&window(), "online");
    has_text("This page may be out of date").await;
    tell("back");
    until("the notice to go", || !said("out of date")).await;
}

#[wasm_bindgen_test]
async fn a_list_follows_and_the_keyboard_stays_where_it_is() {
    let server = server("designer", &[row(1, "Contacts", "active", "proved")]);
    let _console = open("/t/acme/automate/connections");
    let menu = see("button", "Actions for “Contacts”").await;
    menu.focus().unwrap();
    let broken = row(1, "Contacts", "invalid", "grant_revoked");
    server.answer("GET /connections", list(&[broken, row(2, "Another", "active", "proved")], None));
    tell("connections");
    see("link", "Another").await;
    has_text("The access was revoked or has ended at the provider.").await;
    assert!(has_keyboard(&menu), "it is the same button");
    server.refuse("GET /connections", ProblemCode::Internal);
    tell("connections");
    has_text("The list could not be brought up to date").await;
    see("link", "Contacts").await;
}

#[wasm_bindgen_test]
async fn a_row_of_a_later_page_that_is_gone_goes() {
    let server = server("designer", &[]);
    let there = Rc::new(Cell::new(true));
    let second = Rc::clone(&there);
    let of = move |asked: &Asked| match asked.query.contains("cursor=") {
        false if second.get() && !asked.query.contains("pageSize=") => {
            ok(&list(&[row(1, "First", "active", "proved")], Some("more")), None)
        }
        true => ok(&list(&[row(2, "Second", "active", "proved")], None), None),
        false => ok(&list(&[row(1, "First", "active", "proved")], None), None),
    };
    server.answer_with("GET /connections", of);
    let _console = open("/t/acme/automate/connections");
    press("Load more").await;
    see("link", "Second").await;
    there.set(false);
    tell("connections");
    gone("link", "Second").await;
    see("link", "First").await;
}

#[wasm_bindgen_test]
async fn what_is_typed_stays_while_the_page_of_a_user_follows() {
    let server = Fake::signed_in("globalAdministrator");
    let path = format!("/users/{}", id("usr", 2));
    let user = |first: &str, version: &'static str| {
        let whole = json!({
            "id": id("usr", 2), "email": "grace@example.com", "firstName": first, "lastName": "Hopper",
            "role": "designer", "state": "active", "createdAt": "2026-01-01T00:00:00Z",
            "groups": [], "sessions": 1, "lastGlobalAdministrator": false,
        });
        move |_: &Asked| ok(&whole, Some(version))
    };
    server.answer_with(&format!("GET {path}"), user("Grace", "\"1\""));
    let _console = open(&format!("/t/acme/settings{path}"));
    see("heading", "Grace Hopper").await;
    server.answer_with(&format!("GET {path}"), user("Amazing", "\"2\""));
    tell("users");
    see("heading", "Amazing Hopper").await;
    until("the field", || by_role("textbox", "First name").is_some_and(|field| value(&field) == "Amazing"))
        .await;
    type_into("Last name", "Mine").await;
    server.answer_with(&format!("GET {path}"), user("Other", "\"3\""));
    tell("users");
    see("heading", "Other Hopper").await;
    assert_eq!(typed_in("Last name").await, "Mine");
}

fn value(field: &web_sys::HtmlElement) -> String {
    use wasm_bindgen::JsCast;
    field.dyn_ref::<web_sys::HtmlInputElement>().map(web_sys::HtmlInputElement::value).unwrap_or_default()
}

#[wasm_bindgen_test]
async fn the_tenants_name_follows_unless_another_one_is_being_typed() {
    let server = Fake::signed_in("globalAdministrator");
    let tenant = |name: &str, version: &'static str| {
        let whole = json!({
            "id": id("ten", 1), "slug": "acme", "name": name, "createdAt": "2026-01-01T00:00:00Z",
            "credentials": { "showSecretsOnce": false, "maxTokenDays": 366 },
        });
        move |_: &Asked| ok(&whole, Some(version))
    };
    server.answer_with("GET /tenant", tenant("Acme", "\"1\""));
    let _console = open("/t/acme/settings/tenant");
    assert_eq!(typed_in("Tenant name").await, "Acme");
    server.answer_with("GET /tenant", tenant("Apex", "\"2\""));
    tell("session");
    until("the field", || by_role("textbox", "Tenant name").is_some_and(|field| value(&field) == "Apex"))
        .await;
    type_into("Tenant name", "Mine").await;
    server.answer_with("GET /tenant", tenant("Zenith", "\"3\""));
    let mut renamed = who("globalAdministrator", "acme");
    renamed["tenant"]["name"] = "Zenith".into();
    server.answer("GET /session", renamed);
    tell("session");
    until("the reading", || server.asked("GET /tenant").len() == 3).await;
    until("the title", || document().title().contains("Zenith")).await;
    assert_eq!(typed_in("Tenant name").await, "Mine");
}

fn permissions(groups: &[&str], version: &'static str) -> impl Fn(&Asked) -> Sent + 'static {
    let of = |kind: &str, id: &str, name: &str, level: &str| json!({ "to": { "kind": kind, "id": id, "name": name, "detail": "" }, "level": level });
    let mut grants = vec![of("user", &id("usr", 1), "Ada Lovelace", "owner")];
    grants.extend(groups.iter().map(|name| of("group", &id("grp", 1), name, "user")));
    let whole = json!({ "grants": grants });
    move |_: &Asked| ok(&whole, Some(version))
}

#[wasm_bindgen_test]
async fn permissions_follow_and_what_is_being_given_is_not_lost() {
    let contacts = row(1, "Contacts", "active", "proved");
    let server = server("designer", std::slice::from_ref(&contacts));
    let path = format!("/connections/{}", id("con", 1));
    server.answer(&format!("GET {path}"), super::connections::whole(contacts, "key"));
    server.answer(&format!("GET {path}/access"), json!({ "items": [] }));
    server.answer_with(&format!("GET {path}/permissions"), permissions(&[], "\"v1\""));
    let _console = open(&format!("/t/acme/automate/connections?permissions={}", id("con", 1)));
    see("button", "Remove Ada Lovelace").await;
    server.answer_with(&format!("GET {path}/permissions"), permissions(&["Sales"], "\"v2\""));
    tell("connections");
    press("Remove Sales").await;
    gone("button", "Remove Sales").await;
    server.answer_with(&format!("GET {path}/permissions"), permissions(&["Sales"], "\"v3\""));
    tell("connections");
    has_text("Somebody else saved permissions meanwhile").await;
    assert!(by_role("button", "Remove Sales").is_none(), "what is being done stays");
    press("Take theirs").await;
    see("button", "Remove Sales").await;
}

#[wasm_bindgen_test]
async fn oauth_clients_follow_and_an_open_menu_stays() {
    let server = Fake::signed_in("developer");
    let need = json!({ "builtIn": false, "redirectUrl": "https://d.example/oauth/callback" });
    server.answer("GET /connectors/sandbox-crm", connector(&need));
    server.answer("GET /connections", list(&[], None));
    let client = |number: u8, name: &str| {
        json!({
            "id": id("oac", number), "connector": "sandbox-crm", "name": name, "clientId": "c", "connections": 0,
            "createdAt": "2026-01-01T00:00:00Z", "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" },
            "redirectUrl": "https://d.example/oauth/callback",
        })
    };
    server.answer("GET /oauth-clients", json!({ "items": [client(1, "Ours")] }));
    let _console = open("/t/acme/automate/connectors/sandbox-crm");
    press("Actions for “Ours”").await;
    let change = see("menuitem", "Change").await;
    server.answer("GET /oauth-clients", json!({ "items": [client(1, "Ours"), client(2, "Theirs")] }));
    server.answer("GET /connections", list(&[row(1, "Contacts", "active", "proved")], None));
    tell("oauthClients");
    tell("connections");
    see("button", "Actions for “Theirs”").await;
    see("link", "Contacts").await;
    assert!(change.is_connected(), "the menu is the same");
}

/// What is typed over a client is kept when somebody else saved first, and saving again means it.
#[wasm_bindgen_test]
async fn a_client_that_somebody_else_changed_is_saved_over_when_one_says_so() {
    let server = Fake::signed_in("developer");
    let need = json!({ "builtIn": false, "redirectUrl": "https://d.example/oauth/callback" });
    server.answer("GET /connectors/sandbox-crm", connector(&need));
    server.answer("GET /connections", list(&[], None));
    let client = |name: &str| {
        json!({
            "id": id("oac", 1), "connector": "sandbox-crm", "name": name, "clientId": "c", "connections": 0,
            "createdAt": "2026-01-01T00:00:00Z", "createdBy": { "id": id("usr", 1), "name": "Ada Lovelace" },
            "redirectUrl": "https://d.example/oauth/callback",
        })
    };
    server.answer("GET /oauth-clients", json!({ "items": [client("Ours")] }));
    let path = format!("/oauth-clients/{}", id("oac", 1));
    let (first, mine) = (client("Ours"), client("Mine"));
    server.answer_with(&format!("GET {path}"), move |_| ok(&first, Some("\"v1\"")));
    let _console = open(&format!("/t/acme/automate/connectors/sandbox-crm?client={}", id("oac", 1)));
    type_into("Name", "Mine").await;
    let theirs = client("Theirs");
    server.answer_with(&format!("GET {path}"), move |_| ok(&theirs, Some("\"v2\"")));
    server.answer_with(&format!("PATCH {path}"), move |asked| {
        if asked.if_match.as_deref() == Some("\"v2\"") {
            ok(&mine, Some("\"v3\""))
        } else {
            problem(ProblemCode::PreconditionFailed)
        }
    });
    press("Save").await;
    has_text("It is now “Theirs”").await;
    assert_eq!(typed_in("Name").await, "Mine");
    press("Save").await;
    has_text("OAuth client “Mine” saved").await;
}

#[wasm_bindgen_test]
async fn who_is_signed_out_elsewhere_is_asked_to_sign_in() {
    let server = Fake::signed_in("participant");
    let _console = open("/t/acme");
    see("heading", "Nothing here for your role yet").await;
    server.refuse("GET /session", ProblemCode::Unauthenticated);
    tell("session");
    see("heading", "Sign in").await;
    has_text("Your session has ended").await;
}

/// What a transport answers.
type Sent = Result<drawbridge_app::client::Incoming, drawbridge_app::client::Lost>;

/// Nothing of the log is read anew by itself: it would move under the reader's eyes.
#[wasm_bindgen_test]
async fn newer_records_of_the_log_are_offered() {
    let server = Fake::signed_in("globalAdministrator");
    server.answer("GET /audit", json!({ "items": Vec::<Value>::new() }));
    let _console = open("/t/acme/settings/audit");
    see("heading", "Audit log").await;
    until("the first reading", || server.asked("GET /audit").len() == 1).await;
    tell("audit");
    has_text("There may be newer records").await;
    assert_eq!(server.asked("GET /audit").len(), 1);
    press("Show them").await;
    until("the reading", || server.asked("GET /audit").len() == 2).await;
    until("the notice to go", || by_role("button", "Show them").is_none()).await;
}
