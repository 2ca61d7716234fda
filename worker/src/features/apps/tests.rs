//! Tests of the feature, through the router.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::apps::AppWithSecret;
use drawbridge_domain::credential::{CLIENT_SECRET, checked};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR, Timestamp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::features::authority::keyed_hash;
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

const ALL: &str = "/api/v1/apps";

fn post(browser: &Browser, target: &str, body: &Json) -> TestAnswer {
    browser.send_json(Method::POST, target, body)
}

#[track_caller]
fn told(answer: &TestAnswer) -> (Json, String) {
    assert!(answer.status < 300, "{} {}", answer.status, answer.text());
    let told: AppWithSecret = serde_json::from_slice(&answer.body).unwrap();
    (answer.json()["app"].clone(), told.secret.unwrap().expose().to_owned())
}

/// An app's address and secret.
#[track_caller]
fn make(browser: &Browser, name: &str) -> (String, String) {
    let (app, secret) = told(&post(browser, ALL, &json!({ "name": name })));
    (format!("{ALL}/{}", app["id"].as_str().unwrap()), secret)
}

fn read(browser: &Browser, at: &str) -> Json {
    browser.send(Method::GET, at, None).json()
}

#[track_caller]
fn change(browser: &Browser, at: &str, version: u32, body: &Json) -> TestAnswer {
    browser.with("if-match", &format!("\"v{version}\""));
    let answer = browser.send_json(Method::PATCH, at, body);
    browser.plain();
    answer
}

fn rotate(browser: &Browser, at: &str, grace: &str) -> TestAnswer {
    post(browser, &format!("{at}/rotate"), &json!({ "grace": grace }))
}

fn secrets(browser: &Browser, at: &str) -> TestAnswer {
    browser.send(Method::GET, &format!("{at}/secret"), None)
}

fn row(harness: &Harness) -> Json {
    harness.db.query("SELECT * FROM apps").remove(0)
}

fn hash(harness: &Harness, secret: &str) -> String {
    pollster::block_on(keyed_hash(&harness.services, secret)).unwrap()
}

fn audited(harness: &Harness, action: &str) -> Vec<Json> {
    let rows = harness.db.query(&format!("SELECT changes FROM audit WHERE action = '{action}' ORDER BY seq"));
    rows.iter().map(|row| serde_json::from_str(row["changes"].as_str().unwrap()).unwrap()).collect()
}

fn show_once(browser: &Browser, once: bool) {
    let tag = browser.send(Method::GET, "/api/v1/tenant", None).header("etag").unwrap().to_owned();
    browser.with("if-match", &tag);
    let body = json!({ "credentials": { "showSecretsOnce": once, "maxTokenDays": 366 } });
    assert_eq!(browser.send_json(Method::PATCH, "/api/v1/tenant", &body).status, 200);
    browser.plain();
}

#[test]
fn a_secret_is_told_when_it_is_made_and_stored_hashed_and_sealed() {
    let harness = Harness::new();
    let browser = harness.set_up();
    browser.with("idempotency-key", "one");
    let body = json!({ "name": " Deploy ", "description": "From CI", "addresses": ["10.0.0.0/8", "::1"],
                       "scopes": ["read:user"], "tokenAlgorithm": "RS256" });
    let answer = post(&browser, ALL, &body);
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"v1\"")));
    let (app, secret) = told(&answer);
    assert_eq!(checked(CLIENT_SECRET, &secret), Ok(()));
    let hint = format!("dbr_app_…{}", &secret[secret.len() - 4..]);
    assert_eq!(app["secrets"], json!([{ "hint": hint, "viewable": true }]));
    assert_eq!((&app["name"], &app["status"]), (&json!("Deploy"), &json!("active")));
    assert_eq!(app["createdBy"]["name"], "Ada Lovelace");

    let again = post(&browser, ALL, &body);
    assert_eq!((&again.json()["app"], again.json().get("secret")), (&app, None), "the same one, untold");
    browser.plain();
    let at = format!("{ALL}/{}", app["id"].as_str().unwrap());
    assert_eq!(read(&browser, &at), app);
    let list = read(&browser, ALL);
    assert_eq!(list, json!({ "items": [app] }));
    assert_eq!(row(&harness)["secret_hash"], hash(&harness, &secret));

    // Nowhere in the database, the log or the feed.
    let all =
        format!("{:?} {:?} {:?}", harness.db.dump(&[]), harness.log.0.borrow(), harness.feeds.told.borrow());
    assert!(!all.contains(&secret[8..]), "the secret is stored or told somewhere");
    assert_eq!(
        audited(&harness, "app.created"),
        [json!({
            "name": { "after": "Deploy" }, "scopes": { "after": "read:user" },
            "addresses": { "after": ["10.0.0.0/8", "::1"] }, "expiresAt": { "after": null }, "secret": { "changed": true },
        })]
    );
    let shown = secrets(&browser, &at);
    assert_eq!(shown.json(), json!({ "clientId": app["id"], "clientSecret": secret }));
    assert_eq!(audited(&harness, "app.secret_viewed"), [json!({})]);
}

#[test]
fn what_is_absent_is_full_access_without_an_end() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "App");
    let app = read(&browser, &at);
    assert_eq!(app["scopes"].as_array().unwrap().len(), drawbridge_domain::scopes::ApiScope::ALL.len());
    assert_eq!(
        (app.get("expiresAt"), &app["addresses"], &app["tokenAlgorithm"]),
        (None, &json!([]), &json!("EdDSA"))
    );
    assert_eq!(row(&harness)["scopes"], "full", "it grows with what there is");
}

#[test]
fn bad_fields_are_told_each_and_nothing_is_written() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let now = harness.services.now();
    let late = now.plus(3661 * DAY);
    for (field, value, path, code) in [
        ("name", json!(" "), "name", "missing"),
        ("name", json!("x".repeat(201)), "name", "too_long"),
        ("name", json!("<b>"), "name", "forbidden_character"),
        ("description", json!("x".repeat(1001)), "description", "too_long"),
        ("scopes", json!([]), "scopes", "missing"),
        ("scopes", json!(["read:nothing"]), "scopes", "unknown_value"),
        (
            "addresses",
            json!(["10.0.0.1", "10.0.0.1/8", "::/0", "x"]),
            "addresses.1 addresses.3",
            "not_a_network",
        ),
        ("addresses", json!(vec!["10.0.0.1"; 51]), "addresses", "too_many"),
        ("expiresAt", json!(now), "expiresAt", "in_the_past"),
        ("expiresAt", json!(late), "expiresAt", "too_late"),
        ("tokenAlgorithm", json!("none"), "tokenAlgorithm", "unknown_value"),
        ("secret", json!("mine"), "secret", "unknown_field"),
    ] {
        let mut bad = json!({ "name": "App" });
        bad[field] = value.clone();
        let codes = post(&browser, ALL, &bad).field_codes();
        // Where a list does not fit its type, the place in it is told.
        let paths: Vec<_> = codes.iter().map(|(path, _)| path.split('[').next().unwrap()).collect();
        assert_eq!(paths.join(" "), path, "{field} {value}");
        assert!(codes.iter().all(|(_, found)| found == code || found == "bad_value"), "{field}: {codes:?}");
    }
    assert!(harness.db.query("SELECT 1 FROM apps").is_empty());
    let (at, _) = make(&browser, "App");
    let body = json!({ "name": "", "addresses": ["x"], "scopes": [] });
    assert_eq!(change(&browser, &at, 1, &body).field_codes().len(), 3);
    let both = json!({ "expiresAt": now.plus(DAY), "neverExpires": true });
    assert_eq!(
        change(&browser, &at, 1, &both).field_codes(),
        [("expiresAt".to_owned(), "repeated".to_owned())]
    );
    assert_eq!(rotate(&browser, &at, "year").status, 422);
}

#[test]
fn a_change_is_of_the_version_that_was_read() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "App");
    let end = harness.services.now().plus(90 * DAY);
    let body = json!({ "name": "New", "description": "What for", "scopes": ["read:user", "manage:app"],
                       "addresses": ["10.0.0.1"], "expiresAt": end, "tokenAlgorithm": "RS256" });
    let answer = change(&browser, &at, 1, &body);
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")), "{}", answer.text());
    assert_eq!(read(&browser, &at), answer.json());
    change(&browser, &at, 1, &body).problem(ProblemCode::PreconditionFailed);
    assert_eq!(change(&browser, &at, 2, &body).header("etag"), Some("\"v2\""), "nothing is new");
    browser.send_json(Method::PATCH, &at, &body).problem(ProblemCode::PreconditionRequired);
    let records = audited(&harness, "app.changed");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["scopes"], json!({ "before": "full", "after": "read:user manage:app" }));
    assert_eq!(records[0]["expiresAt"], json!({ "before": null, "after": end }));

    // One whose end has passed is changed otherwise, or lives on.
    harness.clock.advance(91 * DAY);
    let browser = harness.browser_of("ada@example.com");
    assert_eq!(read(&browser, &at)["status"], "expired");
    assert_eq!(change(&browser, &at, 2, &json!({ "name": "Newer", "expiresAt": end })).status, 200);
    let on = change(&browser, &at, 3, &json!({ "neverExpires": true })).json();
    assert_eq!((&on["status"], on.get("expiresAt")), (&json!("active"), None));

    let (late, interrupt) = Interrupt::browser(&browser);
    let other = at.clone();
    interrupt.before("UPDATE apps SET name", move || {
        assert_eq!(change(&browser, &other, 4, &json!({ "name": "First" })).status, 200);
    });
    change(&late, &at, 4, &json!({ "name": "Second" })).problem(ProblemCode::PreconditionFailed);
    assert!(interrupt.done());
    assert_eq!(read(&late, &at)["name"], "First");
}

#[test]
fn both_secrets_work_for_the_grace_and_never_a_third() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, first) = make(&browser, "App");
    browser.with("idempotency-key", "two");
    let answer = rotate(&browser, &at, "day");
    let (app, second) = told(&answer);
    assert_ne!(first, second);
    let until = harness.services.now().plus(DAY);
    assert_eq!(app["secrets"][1]["until"], json!(until));
    let again = rotate(&browser, &at, "day").json();
    assert_eq!((&again["app"], again.get("secret")), (&app, None));
    browser.plain();
    assert_eq!(read(&browser, &at), app);
    assert_eq!(
        secrets(&browser, &at).json(),
        json!({ "clientId": app["id"], "clientSecret": second, "previous": first })
    );
    let stored = row(&harness);
    assert_eq!(stored["previous_hash"], hash(&harness, &first));
    assert_eq!(stored["secret_hash"], hash(&harness, &second));

    // Within the grace once more: the first ends.
    let (_, third) = told(&rotate(&browser, &at, "hour"));
    assert_eq!(row(&harness)["previous_hash"], hash(&harness, &second));
    assert!(!format!("{:?}", row(&harness)).contains(&hash(&harness, &first)));
    // The grace is over at its very millisecond.
    harness.clock.advance(HOUR - 1);
    assert_eq!(secrets(&browser, &at).json()["previous"], second);
    harness.clock.advance(1);
    assert_eq!(secrets(&browser, &at).json().get("previous"), None);
    assert_eq!(read(&browser, &at)["secrets"].as_array().unwrap().len(), 1);

    let (app, _) = told(&rotate(&browser, &at, "now"));
    assert_eq!(app["secrets"].as_array().unwrap().len(), 1);
    assert!(row(&harness)["previous_hash"].is_null() && row(&harness)["sealed_previous"].is_null());
    assert!(!format!("{:?}", row(&harness)).contains(&hash(&harness, &third)));
    let records = audited(&harness, "app.secret_rotated");
    assert_eq!(records.len(), 3);
    assert_eq!(
        records[0],
        json!({ "secret": { "changed": true }, "previousSecretUntil": { "after": until } })
    );
}

#[test]
fn of_two_rotations_at_once_one_is_told_to_look_again() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "App");
    let (late, interrupt) = Interrupt::browser(&browser);
    let other = at.clone();
    interrupt.before("UPDATE apps SET", move || assert_eq!(rotate(&browser, &other, "day").status, 200));
    rotate(&late, &at, "day").problem(ProblemCode::Conflict);
    assert!(interrupt.done());
}

#[test]
fn where_secrets_are_shown_once_none_is_kept() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "Before");
    rotate(&browser, &at, "day");
    show_once(&browser, true);
    let kept = |harness: &Harness| {
        harness
            .db
            .query("SELECT 1 FROM apps WHERE sealed_secret IS NOT NULL OR sealed_previous IS NOT NULL")
            .len()
    };
    assert_eq!(kept(&harness), 0, "what was kept is destroyed");
    secrets(&browser, &at).problem(ProblemCode::SecretNotKept);
    let (app, _) = told(&rotate(&browser, &at, "day"));
    assert_eq!(
        (&app["secrets"][0]["viewable"], &app["secrets"][1]["viewable"]),
        (&json!(false), &json!(false))
    );
    let (after, _) = make(&browser, "After");
    assert_eq!((read(&browser, &after)["secrets"][0]["viewable"].clone(), kept(&harness)), (json!(false), 0));
    assert!(audited(&harness, "app.secret_viewed").is_empty());

    // The rule counts that holds when it is written.
    show_once(&browser, false);
    let (late, interrupt) = Interrupt::browser(&browser);
    interrupt.before("INSERT INTO apps", move || show_once(&browser, true));
    make(&late, "Late");
    assert!(interrupt.done());
    assert_eq!(kept(&harness), 0);
}

#[test]
fn off_is_off_and_deleted_is_gone() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "App");
    for (verb, status) in [("disable", "disabled"), ("activate", "active")] {
        let answer = post(&browser, &format!("{at}/{verb}"), &json!({}));
        assert_eq!((answer.status, &answer.json()["status"]), (200, &json!(status)));
        assert_eq!(read(&browser, &at), answer.json());
    }
    assert_eq!(browser.send(Method::GET, &at, None).header("etag"), Some("\"v3\""));
    assert_eq!(browser.send(Method::DELETE, &at, None).status, 204);
    for verb in ["disable", "activate"] {
        post(&browser, &format!("{at}/{verb}"), &json!({})).problem(ProblemCode::NotFound);
    }
    rotate(&browser, &at, "now").problem(ProblemCode::NotFound);
    secrets(&browser, &at).problem(ProblemCode::NotFound);
    browser.send(Method::DELETE, &at, None).problem(ProblemCode::NotFound);
    assert!(harness.db.query("SELECT 1 FROM apps").is_empty());
    assert_eq!(audited(&harness, "app.deleted").len(), 1);
}

#[test]
fn the_list_is_the_newest_first_and_searched() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let mut ids = Vec::new();
    for number in 0..5 {
        harness.clock.advance(1);
        let body = json!({ "name": format!("App {number}"), "description": format!("Für ÄPFEL {number}"),
                           "expiresAt": harness.services.now().plus((number + 1) * 10 * DAY) });
        ids.insert(0, told(&post(&browser, ALL, &body)).0["id"].clone());
    }
    let find = |query: &str| {
        let list = read(&browser, &format!("{ALL}?{query}"));
        let ids: Vec<Json> =
            list["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        (ids, list["nextCursor"].as_str().map(str::to_owned))
    };
    let (first, next) = find("pageSize=3");
    assert_eq!(first, ids[..3]);
    assert_eq!(find(&format!("pageSize=3&cursor={}", next.unwrap())), (ids[3..].to_vec(), None));
    assert_eq!(find("search=%C3%A4pfel%204").0, ids[..1], "whatever the case, in the description");
    assert_eq!(find("search=app%201").0, ids[3..4]);
    assert_eq!(find(&format!("search={}", ids[2].as_str().unwrap())).0, ids[2..3]);
    assert_eq!(find("search=nothing").0, [] as [Json; 0]);
    let soon: Timestamp = harness.services.now().plus(25 * DAY);
    assert_eq!(find(&format!("endsBefore={soon}")).0, ids[3..]);
    harness.clock.advance(11 * DAY);
    let browser = harness.browser_of("ada@example.com");
    let list = read(&browser, &format!("{ALL}?endsBefore={soon}"));
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "what is over does not end soon");
    for (query, field) in [("cursor=x", "cursor"), ("pageSize=0", "pageSize"), ("endsBefore=x", "endsBefore")]
    {
        let answer = browser.send(Method::GET, &format!("{ALL}?{query}"), None);
        assert_eq!(answer.field_codes()[0].0, field);
    }
}

#[test]
fn a_tenant_has_at_most_500_and_they_outlive_their_makers() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (user, developer) = harness.add_user(&browser.tenant(), Role::Developer, "dev@example.com");
    let (at, _) = make(&developer, "App");
    assert_eq!(read(&browser, &at)["createdBy"]["name"], "Test Developer");
    assert_eq!(browser.send(Method::DELETE, &format!("/api/v1/users/{user}"), None).status, 204);
    assert_eq!(read(&browser, &at)["createdBy"], json!({ "id": user, "name": "A former user" }));
    assert_eq!(read(&browser, &at)["status"], "active");

    let tenant = browser.tenant();
    harness.db.script(&format!(
        "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO apps (tenant_id, id, name, description, scopes, addresses, token_algorithm, secret_hash, secret_hint,
           created_by, created_at)
         SELECT '{tenant}', 'app_' || i, 'x', '', 'full', '[]', 'EdDSA', 'h', '', '{user}', 0 FROM n"
    ));
    post(&browser, ALL, &json!({ "name": "One more" })).problem(ProblemCode::QuotaExceeded);
    let (_, other) = harness.other_tenant();
    make(&other, "Theirs");
}

#[test]
fn no_other_site_makes_a_browser_look_at_a_secret() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (at, _) = make(&browser, "App");
    for (site, origin) in [
        ("cross-site", ""),
        ("same-site", ""),
        ("cross-site", "https://evil.example"),
        ("", "https://evil.example"),
    ] {
        browser.with("sec-fetch-site", site).with("origin", origin);
        secrets(&browser, &at).problem(ProblemCode::CrossSite);
        browser.plain();
    }
    assert!(audited(&harness, "app.secret_viewed").is_empty());
    for site in ["same-origin", "none", ""] {
        browser.with("sec-fetch-site", site).with("origin", "");
        assert_eq!(secrets(&browser, &at).status, 200);
        browser.plain();
    }
}
