//! What calls leave in the audit log, as the endpoint table says.

use drawbridge_contract::endpoint::Audit;
use drawbridge_contract::endpoints::TABLE;

use super::world::{Whose, World};
use crate::features::live::KINDS;
use crate::testing::chain;

fn actions(world: &World) -> Vec<String> {
    let rows = world.harness.db.query("SELECT action FROM audit ORDER BY at, tenant_id, seq");
    rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

/// How many uses are counted on connections.
fn uses(world: &World) -> i64 {
    let rows = world.harness.db.query("SELECT COALESCE(SUM(calls), 0) AS calls FROM connection_uses");
    rows[0]["calls"].as_i64().unwrap()
}

#[test]
fn every_call_leaves_the_records_that_the_table_names() {
    let world = World::new();
    for info in TABLE {
        for person in &world.people {
            let target = world.target(info, Whose::Own, person).unwrap();
            let browser = world.browser(person);
            world.harness.clock.advance(1);
            let before = actions(&world).len();
            let counted = uses(&world);
            let answer = world.call(&browser, info, &target, World::may(info, person.role));
            let new = actions(&world).split_off(before);
            match info.audit {
                Audit::Records(known) if answer.status == info.success => {
                    assert!(!new.is_empty(), "{} left no record", info.name);
                    assert!(
                        new.iter().all(|action| known.contains(&action.as_str())),
                        "{}: {new:?}",
                        info.name
                    );
                }
                Audit::Counted { why, .. } if answer.status == info.success => {
                    assert!(!why.is_empty(), "{} says why", info.name);
                    assert!(new.is_empty(), "{}: the usual use leaves no record: {new:?}", info.name);
                    assert_eq!(uses(&world), counted + 1, "{} is counted instead", info.name);
                }
                _ => assert!(new.is_empty(), "{} {}: {new:?}", info.name, answer.status),
            }
        }
    }
    assert!(chain::verify(&world.harness.db).unwrap() > TABLE.len());
    // Whoever adds a kind of object says by which topic open pages hear of it, or that they need not.
    for row in world.harness.db.query("SELECT DISTINCT object_type AS kind, action FROM audit") {
        let kind = row["kind"].as_str().unwrap();
        assert!(
            KINDS.iter().any(|(known, _)| *known == kind),
            "{kind} is none of `KINDS` in live/tell.rs: {row}"
        );
    }
}

#[test]
fn a_record_tells_who_did_what_from_where() {
    let world = World::new();
    let person = world.administrator();
    let browser = world.browser(person);
    browser.with("user-agent", "Firefox/1\u{9}Linux").with("cf-connecting-ip", "198.51.100.4");
    let answer =
        browser.send_json(http::Method::POST, "/api/v1/oauth-clients", &world.body("RegisterOAuthClient"));
    let me = browser.who_am_i();
    let row = &world.harness.db.query("SELECT * FROM audit WHERE action = 'oauth_client.created'")[0];
    for (field, value) in [
        ("tenant_id", me.tenant.id.to_string()),
        ("actor_type", "user".to_owned()),
        ("actor_id", me.user.id.to_string()),
        ("actor_name", "Test Global administrator".to_owned()),
        ("object_type", "oauth_client".to_owned()),
        ("object_id", answer.json()["id"].as_str().unwrap().to_owned()),
        ("object_name", "Box".to_owned()),
        ("outcome", "done".to_owned()),
        ("address", "198.51.100.4".to_owned()),
        ("country", "NL".to_owned()),
        ("user_agent", "Firefox/1Linux".to_owned()),
        ("request_id", answer.header("x-request-id").unwrap().to_owned()),
    ] {
        assert_eq!(row[field], value, "{field}");
    }
    assert_eq!(row["at"], world.harness.services.now().millis());
}
