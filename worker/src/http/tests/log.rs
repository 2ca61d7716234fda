//! What stands in the log, and above all what does not.

use drawbridge_contract::endpoints::TABLE;
use http::Method;
use serde_json::{Value as Json, json};

use super::world::{Whose, World};
use crate::testing::{PASSWORD, SETUP_CODE};

/// A whole run: every endpoint by every role, good and bad. No secret that was used in it stands in the log, in an
/// answer that is not meant for it, or in the clear in the database.
#[test]
fn no_secret_stands_in_log_answers_or_database() {
    let world = World::new();
    let mut secrets = vec![
        PASSWORD.to_owned(),
        SETUP_CODE.to_owned(),
        "client-secret".to_owned(),
        "the-key".to_owned(),
        "wrong-password-typed".to_owned(),
        "secret-in-an-unknown-field".to_owned(),
        "secret-in-a-query".to_owned(),
        "drawbridge-dev-secret".to_owned(),
    ];
    let mut answers = Vec::new();
    for info in TABLE {
        for person in &world.people {
            let browser = world.browser(person);
            let cookie = browser.cookie.borrow().clone().unwrap();
            secrets.push(cookie.trim_start_matches("__Host-session=").to_owned());
            let target = world.target(info, Whose::Own, person).unwrap();
            let answer = world.call(&browser, info, &target, World::may(info, person.role));
            if info.name == "AuthorizeConnection" && answer.status == 200 {
                let url = answer.json()["authorizationUrl"].as_str().unwrap().to_owned();
                let state = url::Url::parse(&url).unwrap();
                let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
                // The browser needs it; it stands in no log and nowhere in the database.
                world.browser(person).send(
                    Method::GET,
                    &format!("/oauth/callback?state={state}&code=secret-in-a-query"),
                    None,
                );
                secrets.push(state);
            } else if info.name != "ReadConnector" {
                answers.push(answer.body);
            }
            let method = Method::from_bytes(info.method.as_str().as_bytes()).unwrap();
            let bad = json!({ "email": "ada@example.com", "password": "wrong-password-typed",
                "clientSecret": ["client-secret"], "x": "secret-in-an-unknown-field" });
            answers.push(
                browser
                    .send(method, &format!("{target}?code=secret-in-a-query"), Some(bad.to_string().into()))
                    .body,
            );
        }
    }
    let bad = json!({ "email": "globaladministrator@example.com", "password": "wrong-password-typed" });
    answers.push(world.harness.browser().send_json(Method::POST, "/api/v1/session", &bad).body);

    let log = world.harness.log.0.borrow().join("\n");
    let database = format!("{:?}", world.harness.db.dump(&[]));
    assert!(log.len() > 10_000 && database.len() > 10_000 && answers.len() > 100);
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} in the log");
        assert!(!database.contains(secret.as_str()), "{secret} in the database");
        for answer in &answers {
            assert!(!String::from_utf8_lossy(answer).contains(secret.as_str()), "{secret} in an answer");
        }
    }
}

#[test]
fn a_line_tells_what_was_asked_by_whom_and_how_it_ended() {
    let world = World::new();
    let person = world.administrator();
    let line = |method: Method, target: &str| -> Json {
        let answer = world.browser(person).send(method, target, None);
        let line: Json = serde_json::from_str(world.harness.log.0.borrow().last().unwrap()).unwrap();
        assert_eq!(line["requestId"], answer.header("x-request-id").unwrap());
        assert_eq!(line["status"], answer.status);
        line
    };
    let found = line(Method::GET, "/api/v1/connectors/box?");
    assert_eq!(
        (&found["route"], &found["event"]),
        (&json!("/api/v1/connectors/{connector}"), &json!("request"))
    );
    assert_eq!((&found["level"], &found["databaseRoundTrips"]), (&json!("info"), &json!(1)));
    assert!(
        found["tenant"].as_str().unwrap().starts_with("ten_")
            && found["user"].as_str().unwrap().starts_with("usr_")
    );
    assert_eq!(line(Method::GET, "/api/v1/connectors/nothing")["code"], "not_found");
    assert_eq!(line(Method::PUT, "/api/v1/connectors/box")["code"], "method_not_allowed");
    let nowhere = line(Method::GET, "/oauth/callback/secret-path");
    assert_eq!((&nowhere["code"], &nowhere["route"]), (&json!("not_found"), &Json::Null));
}
