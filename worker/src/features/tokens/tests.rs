//! Tests of the feature, through the router.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::tokens::TokenWithSecret;
use drawbridge_domain::credential::{DELETE_NEEDS_END, PERSONAL_TOKEN, TOKEN_IS_OVER, checked};
use drawbridge_domain::role::Role;
use drawbridge_domain::time::{DAY, HOUR};
use http::Method;
use serde_json::{Value as Json, json};

use crate::features::authority::keyed_hash;
use crate::testing::{Browser, Harness, Interrupt, TestAnswer};

const ALL: &str = "/api/v1/tokens";

fn post(browser: &Browser, target: &str, body: &Json) -> TestAnswer {
    browser.send_json(Method::POST, target, body)
}

#[track_caller]
fn told(answer: &TestAnswer) -> (Json, String) {
    assert!(answer.status < 300, "{} {}", answer.status, answer.text());
    let told: TokenWithSecret = serde_json::from_slice(&answer.body).unwrap();
    (answer.json()["token"].clone(), told.secret.unwrap().expose().to_owned())
}

#[track_caller]
fn make(browser: &Browser, name: &str) -> (String, String) {
    let (token, secret) = told(&post(browser, ALL, &json!({ "name": name })));
    (format!("{ALL}/{}", token["id"].as_str().unwrap()), secret)
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

fn revoke(browser: &Browser, at: &str) -> TestAnswer {
    post(browser, &format!("{at}/revoke"), &json!({}))
}

fn secrets(browser: &Browser, at: &str) -> TestAnswer {
    browser.send(Method::GET, &format!("{at}/secret"), None)
}

fn names(list: &Json) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

fn rules(browser: &Browser, once: bool, days: u16) {
    let tag = browser.send(Method::GET, "/api/v1/tenant", None).header("etag").unwrap().to_owned();
    browser.with("if-match", &tag);
    let body = json!({ "credentials": { "showSecretsOnce": once, "maxTokenDays": days } });
    assert_eq!(browser.send_json(Method::PATCH, "/api/v1/tenant", &body).status, 200);
    browser.plain();
}

fn row(harness: &Harness) -> Json {
    harness.db.query("SELECT * FROM tokens").remove(0)
}

fn hash(harness: &Harness, secret: &str) -> String {
    pollster::block_on(keyed_hash(&harness.services, secret)).unwrap()
}

fn audited(harness: &Harness, action: &str) -> Vec<Json> {
    let rows = harness.db.query(&format!("SELECT changes FROM audit WHERE action = '{action}' ORDER BY seq"));
    rows.iter().map(|row| serde_json::from_str(row["changes"].as_str().unwrap()).unwrap()).collect()
}

/// A tenant with an administrator and a developer.
fn scene() -> (std::rc::Rc<Harness>, Browser, Browser) {
    let harness = Harness::new();
    let admin = harness.set_up();
    let (_, developer) = harness.add_user(&admin.tenant(), Role::Developer, "dev@example.com");
    (harness, admin, developer)
}

#[test]
fn a_token_is_told_when_it_is_made_and_to_its_owner_again() {
    let (harness, admin, developer) = scene();
    developer.with("idempotency-key", "one");
    let now = harness.services.now();
    let body = json!({ "name": "Laptop", "scopes": ["read:connection"], "addresses": ["2001:db8::/32"],
                       "expiresAt": now.plus(30 * DAY) });
    let answer = post(&developer, ALL, &body);
    assert_eq!((answer.status, answer.header("etag")), (201, Some("\"v1\"")));
    let (token, secret) = told(&answer);
    assert_eq!(checked(PERSONAL_TOKEN, &secret), Ok(()));
    let again = post(&developer, ALL, &body).json();
    assert_eq!((&again["token"], again.get("secret")), (&token, None), "the same one, untold");
    developer.plain();
    let at = format!("{ALL}/{}", token["id"].as_str().unwrap());
    assert_eq!(read(&developer, &at), token);
    assert_eq!(read(&admin, &at), token);
    assert_eq!(row(&harness)["secret_hash"], hash(&harness, &secret));
    let all =
        format!("{:?} {:?} {:?}", harness.db.dump(&[]), harness.log.0.borrow(), harness.feeds.told.borrow());
    assert!(!all.contains(&secret[8..]), "the token is stored or told somewhere");
    let me = developer.who_am_i().user;
    let owner = json!({ "id": me.id, "name": "Test Developer" });
    assert_eq!(
        audited(&harness, "token.created"),
        [json!({
            "name": { "after": "Laptop" }, "scopes": { "after": "read:connection" },
            "addresses": { "after": ["2001:db8::/32"] }, "expiresAt": { "after": now.plus(30 * DAY) },
            "secret": { "changed": true }, "owner": owner,
        })]
    );
    assert_eq!(secrets(&developer, &at).json(), json!({ "secret": secret }));
    secrets(&admin, &at).problem(ProblemCode::NotYours);
    assert_eq!(audited(&harness, "token.secret_viewed"), [json!({ "owner": owner })]);
}

#[test]
fn a_life_is_as_long_as_the_tenant_allows() {
    let (harness, admin, developer) = scene();
    let now = harness.services.now();
    let end = |body: &Json| told(&post(&developer, ALL, body)).0["expiresAt"].clone();
    assert_eq!(end(&json!({ "name": "a" })), json!(now.plus(366 * DAY)));
    rules(&admin, false, 30);
    harness.clock.advance(1);
    let now = harness.services.now();
    assert_eq!(end(&json!({ "name": "b" })), json!(now.plus(30 * DAY)));
    assert_eq!(
        end(&json!({ "name": "c", "expiresAt": now.plus(30 * DAY + HOUR) })),
        json!(now.plus(30 * DAY))
    );
    for (field, value, path, code) in [
        ("expiresAt", json!(now.plus(31 * DAY)), "expiresAt", "too_late"),
        ("expiresAt", json!(now), "expiresAt", "in_the_past"),
        ("expiresAt", json!("tomorrow"), "expiresAt", "bad_value"),
        ("name", json!(""), "name", "missing"),
        ("scopes", json!([]), "scopes", "missing"),
        ("addresses", json!(["a"]), "addresses.0", "not_a_network"),
        ("user", json!("usr_1"), "user", "unknown_field"),
    ] {
        let mut bad = json!({ "name": "Token" });
        bad[field] = value.clone();
        let codes = post(&developer, ALL, &bad).field_codes();
        assert_eq!(codes, [(path.to_owned(), code.to_owned())], "{field} {value}");
    }
    // The first lives longer than is allowed now; what is rotated lives as long as it may.
    let list = read(&developer, ALL);
    let status = |place: usize| list["items"][place]["status"].clone();
    assert_eq!((status(2), status(1)), (json!("blocked"), json!("active")));
    let at = format!("{ALL}/{}", list["items"][2]["id"].as_str().unwrap());
    let (token, _) = told(&rotate(&developer, &at, "now"));
    assert_eq!((&token["status"], &token["expiresAt"]), (&json!("active"), &json!(now.plus(30 * DAY))));
}

#[test]
fn users_see_their_own_and_administrators_all() {
    let (harness, admin, developer) = scene();
    make(&developer, "Own");
    harness.clock.advance(1);
    let (admins, _) = make(&admin, "Admin's");
    let (dev, ada) = (developer.who_am_i().user.id, admin.who_am_i().user.id);
    assert_eq!(names(&read(&developer, ALL)), ["Own"]);
    assert_eq!(names(&read(&admin, ALL)), ["Admin's", "Own"]);
    assert_eq!(names(&read(&admin, &format!("{ALL}?user={dev}"))), ["Own"]);
    assert_eq!(names(&read(&developer, &format!("{ALL}?user={dev}"))), ["Own"]);
    assert!(names(&read(&developer, &format!("{ALL}?user={ada}"))).is_empty());
    assert_eq!(names(&read(&admin, &format!("{ALL}?search=OWN"))), ["Own"]);
    assert_eq!(names(&read(&admin, &format!("{ALL}?search={}", &admins[ALL.len() + 1..]))), ["Admin's"]);
    let soon = harness.services.now().plus(30 * DAY);
    assert!(names(&read(&admin, &format!("{ALL}?endsBefore={soon}"))).is_empty());
    let page = read(&admin, &format!("{ALL}?pageSize=1"));
    let next = page["nextCursor"].as_str().unwrap();
    assert_eq!(names(&read(&admin, &format!("{ALL}?pageSize=1&cursor={next}"))), ["Own"]);
    assert_eq!(admin.send(Method::GET, &format!("{ALL}?cursor=x"), None).field_codes()[0].0, "cursor");
    for verb in ["rotate", "revoke"] {
        let answer = post(&developer, &format!("{admins}/{verb}"), &json!({ "grace": "now" }));
        assert!([404, 422].contains(&answer.status), "{verb} {}", answer.text());
    }
    rotate(&developer, &admins, "now").problem(ProblemCode::NotFound);
    revoke(&developer, &admins).problem(ProblemCode::NotFound);
    secrets(&developer, &admins).problem(ProblemCode::NotFound);
    change(&developer, &admins, 1, &json!({ "name": "x" })).problem(ProblemCode::NotFound);
    let (_, other) = harness.other_tenant();
    other.send(Method::GET, &admins, None).problem(ProblemCode::NotFound);
    assert!(names(&read(&other, ALL)).is_empty());
}

#[test]
fn scopes_are_only_ever_taken_away() {
    let (harness, admin, developer) = scene();
    let body = json!({ "name": "Token", "scopes": ["manage:connection", "read:user"] });
    let (token, _) = told(&post(&developer, ALL, &body));
    let at = format!("{ALL}/{}", token["id"].as_str().unwrap());
    for wider in [json!(["manage:user"]), json!(["manage:connection", "read:user", "use:connection"])] {
        let answer = change(&developer, &at, 1, &json!({ "scopes": wider }));
        assert_eq!(answer.field_codes(), [("scopes".to_owned(), "not_narrower".to_owned())]);
    }
    // To read is less than to manage.
    let body = json!({ "name": "Renamed", "scopes": ["read:connection"], "addresses": ["10.0.0.1"] });
    let answer = change(&admin, &at, 1, &body);
    assert_eq!((answer.status, answer.header("etag")), (200, Some("\"v2\"")), "{}", answer.text());
    assert_eq!(read(&developer, &at), answer.json());
    change(&developer, &at, 1, &body).problem(ProblemCode::PreconditionFailed);
    assert_eq!(change(&developer, &at, 2, &body).header("etag"), Some("\"v2\""));
    let back = change(&developer, &at, 2, &json!({ "scopes": ["manage:connection"] }));
    assert_eq!(back.field_codes(), [("scopes".to_owned(), "not_narrower".to_owned())]);
    assert_eq!(audited(&harness, "token.changed").len(), 1);

    let (late, interrupt) = Interrupt::browser(&developer);
    let other = at.clone();
    interrupt.before("UPDATE tokens SET name", move || assert_eq!(revoke(&developer, &other).status, 200));
    change(&late, &at, 2, &json!({ "name": "Late" })).problem(ProblemCode::PreconditionFailed);
    assert!(interrupt.done());
}

#[test]
fn what_is_over_stays_over_until_it_is_deleted() {
    let (harness, admin, developer) = scene();
    let (at, _) = make(&developer, "Token");
    rotate(&developer, &at, "week");
    let delete = |browser: &Browser, at: &str| browser.send(Method::DELETE, at, None);
    let problem = delete(&developer, &at).problem(ProblemCode::Conflict);
    assert_eq!(problem.detail, DELETE_NEEDS_END);
    let answer = revoke(&admin, &at);
    assert_eq!((answer.status, &answer.json()["status"]), (200, &json!("revoked")));
    assert_eq!(read(&developer, &at), answer.json());
    let stored = row(&harness);
    for column in ["sealed_secret", "sealed_previous", "previous_hash"] {
        assert!(stored[column].is_null(), "{column}");
    }
    let version: u32 = u32::try_from(stored["version"].as_i64().unwrap()).unwrap();
    for answer in [
        revoke(&developer, &at),
        rotate(&developer, &at, "now"),
        secrets(&developer, &at),
        change(&developer, &at, version, &json!({ "name": "x" })),
    ] {
        assert_eq!(answer.problem(ProblemCode::Conflict).detail, TOKEN_IS_OVER);
    }
    assert_eq!(delete(&developer, &at).status, 204);
    delete(&developer, &at).problem(ProblemCode::NotFound);
    assert_eq!(audited(&harness, "token.deleted")[0]["status"], json!({ "before": "revoked" }));

    let body = json!({ "name": "Short", "expiresAt": harness.services.now().plus(HOUR) });
    let (token, _) = told(&post(&developer, ALL, &body));
    let at = format!("{ALL}/{}", token["id"].as_str().unwrap());
    harness.clock.advance(HOUR);
    assert_eq!(read(&developer, &at)["status"], "expired");
    revoke(&developer, &at).problem(ProblemCode::Conflict);
    assert_eq!(delete(&admin, &at).status, 204);
    assert!(harness.db.query("SELECT 1 FROM tokens").is_empty());
    assert_eq!(harness.db.query("SELECT number FROM token_counts")[0]["number"], 0);
}

#[test]
fn a_rotation_begins_the_same_life_anew() {
    let (harness, admin, developer) = scene();
    let body = json!({ "name": "Token", "expiresAt": harness.services.now().plus(10 * DAY) });
    let (token, first) = told(&post(&developer, ALL, &body));
    let at = format!("{ALL}/{}", token["id"].as_str().unwrap());
    harness.clock.advance(8 * DAY);
    let developer = harness.browser_of("dev@example.com");
    let admin_again = harness.browser_of("ada@example.com");
    drop(admin);
    rotate(&admin_again, &at, "day").problem(ProblemCode::NotYours);
    developer.with("idempotency-key", "two");
    let now = harness.services.now();
    let (token, second) = told(&rotate(&developer, &at, "week"));
    let again = rotate(&developer, &at, "week").json();
    assert_eq!((&again["token"], again.get("secret")), (&token, None));
    developer.plain();
    assert_eq!(token["expiresAt"], json!(now.plus(10 * DAY)));
    assert_eq!(
        token["secrets"][1]["until"],
        json!(now.plus(2 * DAY)),
        "not longer than it would have worked"
    );
    assert_eq!(read(&developer, &at), token);
    assert_eq!(secrets(&developer, &at).json(), json!({ "secret": second, "previous": first }));
    assert_eq!(row(&harness)["previous_hash"], hash(&harness, &first));
    let (_, third) = told(&rotate(&developer, &at, "hour"));
    assert_eq!(row(&harness)["previous_hash"], hash(&harness, &second));
    assert!(!format!("{:?}", row(&harness)).contains(&hash(&harness, &first)), "the oldest ended");
    told(&rotate(&developer, &at, "now"));
    assert!(!format!("{:?}", row(&harness)).contains(&hash(&harness, &third)));
    assert_eq!(token["id"], read(&developer, &at)["id"]);

    let (late, interrupt) = Interrupt::browser(&developer);
    let other = at.clone();
    interrupt.before("UPDATE tokens SET", move || assert_eq!(revoke(&developer, &other).status, 200));
    rotate(&late, &at, "now").problem(ProblemCode::Conflict);
    assert!(interrupt.done());
    assert_eq!(read(&late, &at)["status"], "revoked", "a lost race brings nothing back");
}

#[test]
fn where_secrets_are_shown_once_no_token_is_kept() {
    let (harness, admin, developer) = scene();
    let (at, _) = make(&developer, "Token");
    rules(&admin, true, 366);
    secrets(&developer, &at).problem(ProblemCode::SecretNotKept);
    told(&rotate(&developer, &at, "day"));
    make(&developer, "Other");
    let kept = "SELECT 1 FROM tokens WHERE sealed_secret IS NOT NULL OR sealed_previous IS NOT NULL";
    assert!(harness.db.query(kept).is_empty());
    assert_eq!(read(&developer, &at)["secrets"][0]["viewable"], false);
    assert!(audited(&harness, "token.secret_viewed").is_empty());
}

#[test]
fn tokens_sleep_and_die_with_their_user() {
    let (harness, admin, developer) = scene();
    let (at, _) = make(&developer, "Token");
    let user = format!("/api/v1/users/{}", developer.who_am_i().user.id);
    for (verb, status) in [("suspend", "suspended"), ("reactivate", "active")] {
        assert_eq!(post(&admin, &format!("{user}/{verb}"), &json!({})).status, 200);
        assert_eq!(read(&admin, &at)["status"], status);
    }
    assert_eq!(admin.send(Method::DELETE, &user, None).status, 204);
    admin.send(Method::GET, &at, None).problem(ProblemCode::NotFound);
    assert!(harness.db.query("SELECT 1 FROM tokens").is_empty());
    assert_eq!(harness.db.query("SELECT number FROM token_counts")[0]["number"], 0);
    // Whoever loses the role loses the page, and what they made stays theirs.
    let (id, designer) = harness.add_user(&admin.tenant(), Role::Developer, "dora@example.com");
    let (at, _) = make(&designer, "Token");
    harness.db.query(&format!("UPDATE users SET role = 'designer' WHERE id = '{id}'"));
    designer.send(Method::GET, &at, None).problem(ProblemCode::NeedsRole);
    assert_eq!(read(&admin, &at)["status"], "active");
}

#[test]
fn one_user_cannot_use_up_what_the_tenant_may_have() {
    let (harness, admin, developer) = scene();
    let fill = |user: &str, from: u32, to: u32| {
        let tenant = admin.tenant();
        harness.db.script(&format!(
            "WITH RECURSIVE n (i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
             INSERT INTO tokens (tenant_id, id, user_id, name, scopes, addresses, made_at, expires_at, secret_hash,
               secret_hint, created_at)
             SELECT '{tenant}', 'pat_' || i, '{user}', 'x', 'full', '[]', 0, 1, 'h' || i, '', 0 FROM n"
        ));
    };
    fill(developer.who_am_i().user.id.to_string().as_str(), 1, 200);
    let problem = post(&developer, ALL, &json!({ "name": "x" })).problem(ProblemCode::QuotaExceeded);
    assert!(problem.detail.contains("200"), "{}", problem.detail);
    make(&admin, "Mine");
    fill(admin.who_am_i().user.id.to_string().as_str(), 201, 9999);
    let (_, third) = harness.add_user(&admin.tenant(), Role::Developer, "third@example.com");
    let problem = post(&third, ALL, &json!({ "name": "x" })).problem(ProblemCode::QuotaExceeded);
    assert!(problem.detail.contains("10000"), "{}", problem.detail);
    let (_, other) = harness.other_tenant();
    make(&other, "Theirs");
}
