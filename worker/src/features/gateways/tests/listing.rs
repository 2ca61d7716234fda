//! The list, and a gateway's own page.

use drawbridge_domain::gateway::{GatewayFacts, GatewayStatus};
use drawbridge_domain::id::Id;
use http::Method;
use serde_json::{Value as Json, json};

use super::{AGENT, ALL, Agent, at, failing, join, link, links, make, ok, read};
use crate::testing::{Browser, Harness};

fn names(browser: &Browser, query: &str) -> Vec<String> {
    let list = ok(browser.send(Method::GET, &format!("{ALL}?{query}"), None));
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_list_is_filtered_sorted_and_paged() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    for name in ["Zürich", "basel", "Alt"] {
        harness.clock.advance(1);
        make(&browser, name);
    }
    let (online, _) = make(&browser, "Bern");
    join(&harness, &tenant, &online, &AGENT);
    assert_eq!(names(&browser, ""), ["Alt", "basel", "Bern", "Zürich"]);
    assert_eq!(names(&browser, "sort=-name"), ["Zürich", "Bern", "basel", "Alt"]);
    assert_eq!(names(&browser, "sort=created&pageSize=2"), ["Zürich", "basel"]);
    assert_eq!(names(&browser, "sort=-created&status=awaitingSetup"), ["Alt", "basel", "Zürich"]);
    assert_eq!(names(&browser, "status=online"), ["Bern"]);
    assert_eq!(names(&browser, "search=%20BE"), ["Bern"]);
    assert_eq!(names(&browser, "search=nothing"), [] as [&str; 0]);
    for sort in ["name", "-name", "created", "-created"] {
        for filter in ["", "&status=awaitingSetup"] {
            let query = format!("sort={sort}{filter}");
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let target = format!("{ALL}?{query}&pageSize=1{cursor}");
                let page = ok(browser.send(Method::GET, &target, None));
                found.extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()));
                let Some(next) = page["nextCursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(json!(found), json!(names(&browser, &query)), "{query}");
        }
    }
}

#[test]
fn a_row_tells_machines_and_the_oldest_version() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (id, _) = make(&browser, "Berlin");
    join(&harness, &tenant, &id, &AGENT);
    let seen = harness.services.now().to_string();
    harness.clock.advance(1);
    join(&harness, &tenant, &id, &Agent { machine: "GW02", version: "2.2.9", linked: false, ..AGENT });
    let row = ok(browser.send(Method::GET, ALL, None))["items"][0].clone();
    assert_eq!(row["machines"], json!(["GW01", "GW02"]));
    assert_eq!((&row["version"], &row["versionState"]), (&json!("2.2.9"), &json!("outdated")));
    assert_eq!((&row["status"], &row["linked"]), (&json!("degraded"), &json!(1)));
    assert_eq!(row["lastSeenAt"], json!(seen));
}

/// The status that the database works out is the one of the rule.
#[test]
fn the_status_in_the_list_is_that_of_the_rule() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (id, _) = make(&browser, "Berlin");
    for disabled in [0, 1] {
        for replicas in 0..3 {
            for linked in 0..=replicas {
                for failing in 0..2 {
                    harness.db.query(&format!(
                        "UPDATE gateways SET disabled = {disabled}, replicas = {replicas}, linked = {linked},
                           failing = {failing} WHERE id = '{id}'"
                    ));
                    let facts =
                        GatewayFacts { disabled: disabled == 1, replicas, linked, failing_targets: failing };
                    let row = ok(browser.send(Method::GET, ALL, None))["items"][0].clone();
                    assert_eq!(row["status"], json!(GatewayStatus::of(&facts).code()), "{facts:?}");
                }
            }
        }
    }
}

#[test]
fn the_page_shows_links_as_they_are_just_now() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let tenant = browser.tenant();
    let (id, _) = make(&browser, "Berlin");
    let targets = json!([{ "name": "SQL01", "kind": "sqlserver", "state": "reachable" }]);
    let first = join(&harness, &tenant, &id, &Agent { targets: targets.clone(), ..AGENT });
    let second = join(&harness, &tenant, &id, &Agent { machine: "GW02", linked: false, targets, ..AGENT });
    // The database says that the first is there; its link broke, and the second's came, a moment ago.
    let mut state = link(&harness, &second, false);
    state.report = Some(failing());
    links(&harness, &id, vec![state]);
    let page = read(&browser, &id);
    assert_eq!((&page["status"], &page["linked"]), (&json!("degraded"), &json!(1)));
    let replica = |id: &str| {
        page["replicas"].as_array().unwrap().iter().find(|replica| replica["id"] == *id).unwrap().clone()
    };
    let (away, there) = (replica(first.as_str()), replica(second.as_str()));
    assert_eq!((&away["linkedSince"], &away["targets"][0]["finding"]), (&Json::Null, &json!("gatewayAway")));
    assert_eq!((&away["figures"]["calls"], &away["figures"]["bytesIn"]), (&json!(7), &json!(70)));
    assert_eq!(there["linkedSince"], json!(harness.services.now().to_string()));
    assert_eq!(
        there["figures"],
        json!({ "roundTrip": 12, "calls": 9, "failed": 1, "bytesIn": 90, "bytesOut": 900 })
    );
    assert_eq!(
        page["targets"],
        json!([{ "name": "SQL01", "kind": "sqlserver", "finding": "failing", "reason": "target_unreachable",
                 "replicas": 2 }])
    );
}

#[test]
fn what_happened_comes_newest_first_and_is_kept_from_other_tenants() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let (tenant, (_, eve)) = (browser.tenant(), harness.other_tenant());
    let (id, _) = make(&browser, "Berlin");
    for (number, kind, target, reason) in
        [(1, "joined", "", ""), (2, "linked", "", ""), (3, "targetFails", "SQL01", "target_unreachable")]
    {
        harness.db.query(&format!(
            "INSERT INTO gateway_events (tenant_id, gateway_id, id, at, kind, machine, target, reason)
             VALUES ('{tenant}', '{id}', 'gev_0000000001' || printf('%016d', {number}), {number}, '{kind}', 'GW01',
               '{target}', '{reason}')"
        ));
    }
    let target = format!("{}/events", at(&id));
    let page = ok(browser.send(Method::GET, &format!("{target}?pageSize=1"), None));
    assert_eq!(
        (&page["items"][0]["kind"], &page["items"][0]["target"], &page["items"][0]["reason"]),
        (&json!("targetFails"), &json!("SQL01"), &json!("target_unreachable"))
    );
    let next = format!("{target}?cursor={}", page["nextCursor"].as_str().unwrap());
    let rest = ok(browser.send(Method::GET, &next, None));
    let kinds: Vec<&Json> = rest["items"].as_array().unwrap().iter().map(|item| &item["kind"]).collect();
    assert_eq!(kinds, ["linked", "joined"]);
    assert_eq!(eve.send(Method::GET, &target, None).status, 404);
    assert_eq!(ok(eve.send(Method::GET, ALL, None))["items"], json!([]));
}
