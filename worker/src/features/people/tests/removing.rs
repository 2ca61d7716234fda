//! Removing users, and what becomes of what only they own.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{Id, TenantId, UserId};
use drawbridge_domain::role::Role;
use http::Method;
use serde_json::json;

use super::{at, audited};
use crate::testing::{Browser, Harness, Interrupt};

const GROUP: &str = "grp_00000000010000000000000000";

fn connection(harness: &Harness, tenant: &TenantId, serial: u32) -> String {
    let id = format!("con_{serial:026}");
    harness.db.query(&format!(
        "INSERT INTO connections (tenant_id, id, name, name_key, connector, auth, settings, status, reason,
           status_since, created_by, created_at)
         VALUES ('{tenant}', '{id}', 'C{serial}', 'c{serial}', 'box', 'oauth', '{{}}', 'active', 'proved', 0, 'usr_00000000010000000000000000', 0)"
    ));
    id
}

fn grant(harness: &Harness, tenant: &TenantId, connection: &str, kind: &str, principal: &str, level: &str) {
    harness.db.query(&format!(
        "INSERT INTO connection_grants VALUES ('{tenant}', '{connection}', '{kind}', '{principal}', '{level}')"
    ));
}

type Change = Box<dyn Fn(&Scene)>;

struct Scene {
    harness: Rc<Harness>,
    ada: Browser,
    tenant: TenantId,
    user: UserId,
    heir: UserId,
}

/// A user who alone owns C1 and C2; C3 to C5 have other owners, C6 is only used.
fn scene() -> Scene {
    let harness = Harness::new();
    let ada = harness.set_up();
    let tenant = ada.tenant();
    let user = harness.insert_user(&tenant, Role::Designer, "dan@example.com");
    let heir = harness.insert_user(&tenant, Role::Designer, "heir@example.com");
    harness.db.query(&format!(
        "INSERT INTO groups (tenant_id, id, name, name_key, created_at) VALUES ('{tenant}', '{GROUP}', 'Team', 'team', 0)"
    ));
    for member in [&user, &heir] {
        harness.db.query(&format!("INSERT INTO group_members VALUES ('{tenant}', '{GROUP}', '{member}')"));
    }
    for serial in 1..=6 {
        let id = connection(&harness, &tenant, serial);
        grant(&harness, &tenant, &id, "user", user.as_str(), if serial == 6 { "user" } else { "owner" });
        match serial {
            2 => grant(&harness, &tenant, &id, "user", heir.as_str(), "user"),
            3 => grant(&harness, &tenant, &id, "user", heir.as_str(), "owner"),
            4 => grant(&harness, &tenant, &id, "everyone", "", "owner"),
            5 => grant(&harness, &tenant, &id, "group", GROUP, "owner"),
            _ => {}
        }
    }
    Scene { harness, ada, tenant, user, heir }
}

fn owners(scene: &Scene, principal: &str) -> Vec<String> {
    let rows = scene.harness.db.query(&format!(
        "SELECT c.name FROM connection_grants g JOIN connections c ON c.id = g.connection_id
         WHERE g.principal_id = '{principal}' AND g.level = 'owner' ORDER BY c.name"
    ));
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_only_the_user_owns_is_told_before() {
    let scene = scene();
    let told = scene.ada.send(Method::GET, &format!("{}/holdings", at(&scene.user)), None).json();
    assert_eq!(told["total"], 2);
    let names: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["C1", "C2"]);
    // A group of which nobody else is a member is nobody else.
    scene.harness.db.query(&format!("DELETE FROM group_members WHERE user_id = '{}'", scene.heir));
    let told = scene.ada.send(Method::GET, &format!("{}/holdings", at(&scene.user)), None).json();
    assert_eq!(told["total"], 3);
}

#[test]
fn a_removed_user_is_gone_and_an_heir_owns_what_was_theirs() {
    let scene = scene();
    let theirs = scene.harness.browser_of("dan@example.com");
    let answer = scene.ada.send(Method::DELETE, &format!("{}?toUser={}", at(&scene.user), scene.heir), None);
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    theirs.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    assert_eq!(owners(&scene, scene.heir.as_str()), ["C1", "C2", "C3"]);
    let versions = scene.harness.db.query("SELECT DISTINCT grants_version FROM connections");
    assert_eq!(
        versions,
        [json!({ "grants_version": 2 })],
        "who has the permissions open is told that they changed"
    );
    let db = &scene.harness.db;
    for (table, column) in [
        ("connection_grants", "principal_id"),
        ("group_members", "user_id"),
        ("users", "id"),
        ("idempotency", "user_id"),
    ] {
        assert!(
            db.query(&format!("SELECT 1 FROM {table} WHERE {column} = '{}'", scene.user)).is_empty(),
            "{table}"
        );
    }
    assert!(
        db.query("SELECT 1 FROM accounts WHERE email = 'dan@example.com'").is_empty(),
        "it was the only tenant"
    );
    assert_eq!(
        audited(&scene.harness, "user.removed")[0]["onlyOwnerOf"],
        json!({ "count": 2, "first": ["C1", "C2"], "after": "Test Designer" })
    );
    let record = &db.query("SELECT object_name FROM audit WHERE action = 'user.removed'")[0];
    assert_eq!(record["object_name"], "Test Designer");
    scene.ada.send(Method::DELETE, &at(&scene.user), None).problem(ProblemCode::NotFound);
    // The same person can be invited again.
    let body = json!({ "email": "dan@example.com", "firstName": "D", "lastName": "D", "role": "designer" });
    assert_eq!(scene.ada.send_json(Method::POST, super::USERS, &body).status, 201);
}

#[test]
fn a_group_inherits_or_the_administrators() {
    let first = scene();
    let answer = first.ada.send(Method::DELETE, &format!("{}?toGroup={GROUP}", at(&first.user)), None);
    assert_eq!(answer.status, 204);
    assert_eq!(owners(&first, GROUP), ["C1", "C2", "C5"]);

    let second = scene();
    assert_eq!(second.ada.send(Method::DELETE, &at(&second.user), None).status, 204);
    assert_eq!(audited(&second.harness, "user.removed")[0]["onlyOwnerOf"]["after"], "administrators");
    let left = second.ada.send(Method::GET, &format!("/api/v1/connections/con_{:026}", 1), None);
    assert_eq!(left.status, 200, "administrators own every connection");
}

#[test]
fn an_heir_must_be_somebody_who_can_own() {
    let scene = scene();
    let participant = scene.harness.insert_user(&scene.tenant, Role::Participant, "p@example.com");
    let (invited, _) = scene.harness.invite(&scene.tenant, Role::Designer, "new@example.com");
    let (_, _) = scene.harness.other_tenant();
    let foreign =
        scene.harness.db.query("SELECT id FROM users WHERE email = 'eve@example.org'")[0]["id"].clone();
    let before = scene.harness.db.dump(&[]);
    for (query, field) in [
        (format!("toUser={}", scene.user), "toUser"),
        (format!("toUser={participant}"), "toUser"),
        (format!("toUser={invited}"), "toUser"),
        (format!("toUser={}", foreign.as_str().unwrap()), "toUser"),
        ("toUser=usr_00000000010000000000000000".to_owned(), "toUser"),
        ("toGroup=grp_00000000020000000000000000".to_owned(), "toGroup"),
        (format!("toGroup={GROUP}&toUser={}", scene.heir), "toGroup"),
    ] {
        let answer = scene.ada.send(Method::DELETE, &format!("{}?{query}", at(&scene.user)), None);
        assert_eq!(answer.field_codes()[0].0, field, "{query}");
    }
    assert!(scene.harness.db.changed_since(&before).is_empty());
}

#[test]
fn what_changes_between_the_look_and_the_removal_is_looked_at_again() {
    let scene = scene();
    let changes: [(&str, Change); 3] = [
        (
            "one more connection",
            Box::new(|scene| {
                let id = connection(&scene.harness, &scene.tenant, 7);
                grant(&scene.harness, &scene.tenant, &id, "user", scene.user.as_str(), "owner");
            }),
        ),
        (
            "another role",
            Box::new(|scene| {
                scene
                    .harness
                    .db
                    .query(&format!("UPDATE users SET version = version + 1 WHERE id = '{}'", scene.user));
            }),
        ),
        (
            "the heir suspended",
            Box::new(|scene| {
                scene
                    .harness
                    .db
                    .query(&format!("UPDATE users SET state = 'suspended' WHERE id = '{}'", scene.heir));
            }),
        ),
    ];
    let scene = Rc::new(scene);
    for (what, change) in changes {
        let (late, interrupt) = Interrupt::browser(&scene.ada);
        let world = Rc::clone(&scene);
        interrupt.before("DELETE FROM users", move || change(&world));
        let answer = late.send(Method::DELETE, &format!("{}?toUser={}", at(&scene.user), scene.heir), None);
        answer.problem(ProblemCode::Conflict);
        assert!(interrupt.done());
        assert_eq!(
            scene.harness.db.query(&format!("SELECT 1 FROM users WHERE id = '{}'", scene.user)).len(),
            1,
            "{what}"
        );
    }
    assert!(audited(&scene.harness, "user.removed").is_empty());
}

#[test]
fn a_place_in_another_tenant_stays() {
    let scene = scene();
    let (other, _) = scene.harness.other_tenant();
    scene.harness.db.query(&format!(
        "INSERT INTO users SELECT '{other}', 'usr_00000000010000000000000000', account_id, email, first_name, last_name,
           role, state, created_at + 1, 1, name_key FROM users WHERE id = '{}'",
        scene.user
    ));
    let theirs = scene.harness.browser_of("dan@example.com");
    assert_eq!(scene.ada.send(Method::DELETE, &at(&scene.user), None).status, 204);
    theirs.send(Method::GET, "/api/v1/session", None).problem(ProblemCode::Unauthenticated);
    assert_eq!(scene.harness.browser_of("dan@example.com").tenant(), other);
}
