//! Nobody climbs: what an app or a token makes or gets hold of is never more than it is itself.

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_domain::id::{TenantId, UserId};
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use drawbridge_domain::time::DAY;

use super::*;
use crate::testing::{NewToken, TestAnswer};

const APPS: &str = "/api/v1/apps";
const TOKENS: &str = "/api/v1/tokens";

struct Scene {
    harness: Rc<Harness>,
    admin: Browser,
    tenant: TenantId,
    user: UserId,
}

impl Scene {
    fn new() -> Self {
        let harness = Harness::new();
        let admin = harness.set_up();
        let (tenant, user) = (admin.tenant(), admin.who_am_i().user.id);
        Self { harness, admin, tenant, user }
    }

    /// A token of the administrator with these scopes, from these networks (JSON), for 90 days.
    fn token(&self, scopes: &[ApiScope], addresses: &str) -> (NewToken, Browser) {
        let token = self.harness.insert_token(&self.tenant, &self.user, ApiScopes::of(scopes));
        let sql = format!("UPDATE tokens SET addresses = '{addresses}' WHERE id = '{}'", token.id);
        self.harness.db.query(&sql);
        let program = self.harness.program(&token.secret);
        (token, program)
    }

    /// The address of an app or a token that the administrator makes in the console.
    fn made(&self, kind: &str, body: &Json) -> String {
        let mut body = body.clone();
        body["name"] = "Theirs".into();
        format!("/api/v1/{kind}s/{}", make(&self.admin, kind, &body)[kind]["id"].as_str().unwrap())
    }

    /// What counts of all apps and tokens.
    fn kept(&self) -> Vec<Json> {
        self.harness.db.query(
            "SELECT id, name, scopes, addresses, expires_at, secret_hash FROM apps
             UNION ALL SELECT id, name, scopes, addresses, expires_at, secret_hash FROM tokens ORDER BY id",
        )
    }
}

#[track_caller]
fn refused(answer: &TestAnswer) -> String {
    answer.problem(P::BeyondItself).detail
}

fn post(browser: &Browser, target: &str, body: &Json) -> TestAnswer {
    browser.send_json(Method::POST, target, body)
}

fn get(browser: &Browser, target: &str) -> TestAnswer {
    browser.send(Method::GET, target, None)
}

fn change(browser: &Browser, at: &str, body: &Json) -> TestAnswer {
    let tag = get(browser, at).header("etag").unwrap().to_owned();
    browser.with("if-match", &tag);
    let answer = browser.send_json(Method::PATCH, at, body);
    browser.plain();
    answer
}

#[test]
fn an_app_of_more_scopes_is_neither_made_nor_got_hold_of() {
    let scene = Scene::new();
    let (_, program) = scene.token(&[ApiScope::ManageApp, ApiScope::ReadUser], "[]");
    let wide = scene.made("app", &json!({ "scopes": ["read:app", "manage:user"] }));
    post(&scene.admin, &format!("{wide}/rotate"), &json!({ "grace": "week" }));
    let small = scene.made("app", &json!({ "scopes": ["read:user", "read:app"] }));
    post(&scene.admin, &format!("{wide}/disable"), &json!({}));
    let before = scene.kept();
    for body in [
        json!({ "name": "All" }),
        json!({ "name": "One more", "scopes": ["read:user", "manage:user"] }),
        json!({ "name": "Another", "scopes": ["manage:token"] }),
    ] {
        let words = refused(&post(&program, APPS, &body));
        assert!(words.contains("Missing: "), "{words}");
    }
    for answer in [
        get(&program, &format!("{wide}/secret")),
        post(&program, &format!("{wide}/rotate"), &json!({ "grace": "now" })),
        post(&program, &format!("{wide}/activate"), &json!({})),
        change(&program, &wide, &json!({ "addresses": ["192.0.2.0/24"] })),
        change(&program, &wide, &json!({ "name": "Mine" })),
        change(&program, &small, &json!({ "scopes": ["read:user", "read:connection"] })),
    ] {
        refused(&answer);
    }
    assert_eq!(scene.kept(), before);
    let viewed = "SELECT 1 FROM audit WHERE action = 'app.secret_viewed'";
    assert!(scene.harness.db.query(viewed).is_empty());

    // Within what it holds it does all of it, and to take away needs nothing more.
    assert_eq!(get(&program, &format!("{small}/secret")).status, 200);
    assert_eq!(post(&program, &format!("{small}/rotate"), &json!({ "grace": "now" })).status, 200);
    assert_eq!(change(&program, &small, &json!({ "scopes": ["manage:app"] })).status, 200);
    assert_eq!(post(&program, APPS, &json!({ "name": "Own", "scopes": ["read:user"] })).status, 201);
    for at in [&wide, &small] {
        assert_eq!(post(&program, &format!("{at}/disable"), &json!({})).status, 200);
        assert_eq!(program.send(Method::DELETE, at, None).status, 204);
    }
}

#[test]
fn an_access_token_gives_no_more_than_itself_though_its_app_has_more() {
    let scene = Scene::new();
    let (app, _) = scene.harness.insert_app(&scene.tenant, &scene.user, ApiScopes::FULL);
    let claims = scene.harness.claims(&scene.tenant, &app, ApiScopes::of(&[ApiScope::ManageApp]));
    let program = scene.harness.program(&scene.harness.access_token(&claims));
    let at = format!("{APPS}/{app}");
    refused(&post(&program, &format!("{at}/rotate"), &json!({ "grace": "now" })));
    refused(&get(&program, &format!("{at}/secret")));
    refused(&change(&program, &at, &json!({ "neverExpires": true, "name": "x" })));
    let made = post(&program, APPS, &json!({ "name": "x", "scopes": ["read:app"] }));
    assert_eq!(made.status, 201, "{}", made.text());
}

#[test]
fn nothing_works_from_where_its_maker_does_not() {
    let scene = Scene::new();
    let scopes = [ApiScope::ManageApp, ApiScope::ManageToken];
    let (_, program) = scene.token(&scopes, r#"["192.0.2.0/24","2001:db8::/32"]"#);
    let some = json!(["manage:app"]);
    let open = [
        scene.made("app", &json!({ "scopes": some })),
        scene.made("token", &json!({ "scopes": some, "expiresAt": scene.harness.services.now().plus(DAY) })),
    ];
    post(&scene.admin, &format!("{}/disable", open[0]), &json!({}));
    let before = scene.kept();
    for all in [APPS, TOKENS] {
        for wider in [json!([]), json!(["192.0.2.0/23"]), json!(["192.0.2.7", "198.51.100.1"])] {
            let body = json!({ "name": "x", "scopes": some, "addresses": wider });
            refused(&post(&program, all, &body));
        }
    }
    for at in &open {
        refused(&get(&program, &format!("{at}/secret")));
        refused(&post(&program, &format!("{at}/rotate"), &json!({ "grace": "week" })));
        refused(&change(&program, at, &json!({ "addresses": ["198.51.100.1"] })));
    }
    refused(&post(&program, &format!("{}/activate", open[0]), &json!({})));
    assert_eq!(scene.kept(), before);
    for (all, kind) in [(APPS, "app"), (TOKENS, "token")] {
        let body = json!({ "name": "x", "scopes": some, "addresses": ["192.0.2.7", "2001:db8:1::/48"] });
        let made = make(&program, kind, &body);
        let at = format!("{all}/{}", made[kind]["id"].as_str().unwrap());
        assert_eq!(get(&program, &format!("{at}/secret")).status, 200);
        refused(&change(&program, &at, &json!({ "addresses": [] })));
        assert_eq!(change(&program, &at, &json!({ "addresses": ["192.0.2.9"] })).status, 200);
    }
    // What is opened less widely than before is no harm.
    assert_eq!(change(&program, &open[1], &json!({ "addresses": ["192.0.2.9"] })).status, 200);
}

#[test]
fn no_token_lives_longer_by_another_or_by_itself() {
    let scene = Scene::new();
    let scopes = [ApiScope::ManageToken];
    let (own, program) = scene.token(&scopes, "[]");
    let now = scene.harness.services.now();
    let (ends, some) = (now.plus(90 * DAY), json!(["manage:token"]));
    let later = scene.made("token", &json!({ "scopes": some, "expiresAt": now.plus(91 * DAY) }));
    refused(&get(&program, &format!("{later}/secret")));
    refused(&post(&program, &format!("{later}/rotate"), &json!({ "grace": "now" })));
    let body = json!({ "name": "x", "scopes": some, "expiresAt": ends.plus(1) });
    refused(&post(&program, TOKENS, &body));
    // Without an end it lives as long as it may.
    let made = make(&program, "token", &json!({ "name": "x", "scopes": some }));
    assert_eq!(made["token"]["expiresAt"], json!(ends));
    let short = make(&program, "token", &json!({ "name": "y", "scopes": some, "expiresAt": now.plus(DAY) }));
    assert_eq!(short["token"]["expiresAt"], json!(now.plus(DAY)));

    // A rotation gives a person the same life anew; a token keeps its end.
    scene.harness.clock.advance(60 * DAY);
    let at = format!("{TOKENS}/{}", own.id);
    let rotated = post(&program, &format!("{at}/rotate"), &json!({ "grace": "week" }));
    assert_eq!((rotated.status, &rotated.json()["token"]["expiresAt"]), (200, &json!(ends)));
    scene.harness.clock.advance(10 * DAY);
    let admin = scene.harness.browser_of("ada@example.com");
    let rotated = post(&admin, &format!("{at}/rotate"), &json!({ "grace": "now" })).json();
    assert_eq!(rotated["token"]["expiresAt"], json!(ends.plus(10 * DAY)));
}

#[test]
fn tokens_are_for_people_and_each_for_its_own() {
    let scene = Scene::new();
    let (app, _) = scene.harness.insert_app(&scene.tenant, &scene.user, ApiScopes::FULL);
    let claims = scene.harness.claims(&scene.tenant, &app, ApiScopes::FULL);
    let robot = scene.harness.program(&scene.harness.access_token(&claims));
    let (dev, _) = scene.harness.add_user(&scene.tenant, Role::Developer, "dev@example.com");
    let developers = scene.harness.insert_token(&scene.tenant, &dev, ApiScopes::FULL);
    let program = scene.harness.program(&developers.secret);
    let (admins, all) = scene.token(&[ApiScope::ManageToken], "[]");
    let own = format!("{TOKENS}/{}", developers.id);
    let others = format!("{TOKENS}/{}", admins.id);
    post(&robot, TOKENS, &json!({ "name": "x" })).problem(P::NeedsSession);
    for at in [&own, &others] {
        // The app's maker is no excuse.
        get(&robot, &format!("{at}/secret")).problem(P::NotYours);
        post(&robot, &format!("{at}/rotate"), &json!({ "grace": "now" })).problem(P::NotYours);
    }
    get(&all, &format!("{own}/secret")).problem(P::NotYours);
    get(&program, &format!("{others}/secret")).problem(P::NotFound);
    post(&program, &format!("{others}/revoke"), &json!({})).problem(P::NotFound);
    // To take away is an administrator's, by an app too.
    assert_eq!(post(&robot, &format!("{own}/revoke"), &json!({})).status, 200);
    get(&program, "/api/v1/session").problem(P::Unauthenticated);
}
