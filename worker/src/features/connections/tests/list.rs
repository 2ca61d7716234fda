//! The list: who sees what, filters, orders, pages.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{ConnectionList, ConnectionSort as By, ListConnectionsQuery};
use drawbridge_domain::access::Level;
use drawbridge_domain::connection::{PENDING_LIFE, Status};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;

use super::{by_sign_in, made, make, read, test};
use crate::testing::{Browser, Harness};

fn list(browser: &Browser, query: &ListConnectionsQuery) -> ConnectionList {
    browser.call::<api::ListConnections>(&Nothing {}, query, &Nothing {}).ok()
}

fn names(list: &ConnectionList) -> Vec<&str> {
    list.items.iter().map(|item| item.name.as_str()).collect()
}

#[test]
fn pages_follow_each_other_in_every_order_without_gap_or_repeat() {
    let harness = Harness::new();
    let browser = harness.set_up();
    for name in ["delta", "Alpha", "charlie", "alpha", "Bravo"] {
        made(&harness, &browser, name);
        harness.clock.advance(5);
    }
    for (sort, expect) in [
        (By::Name, ["Alpha", "alpha", "Bravo", "charlie", "delta"]),
        (By::NameDescending, ["delta", "charlie", "Bravo", "alpha", "Alpha"]),
        (By::Created, ["delta", "Alpha", "charlie", "alpha", "Bravo"]),
        (By::CreatedDescending, ["Bravo", "alpha", "charlie", "Alpha", "delta"]),
        (By::LastVerified, ["delta", "Alpha", "charlie", "alpha", "Bravo"]),
        (By::LastVerifiedDescending, ["Bravo", "alpha", "charlie", "Alpha", "delta"]),
    ] {
        let mut query = ListConnectionsQuery { sort: Some(sort), page_size: Some(2), ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = list(&browser, &query);
            assert!(page.items.len() <= 2);
            seen.extend(page.items.iter().map(|item| item.name.clone()));
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => break,
            }
        }
        assert_eq!(seen, expect, "{sort:?}");
    }
}

#[test]
fn filters_narrow_and_counts_stay() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let broken = made(&harness, &browser, "Broken CRM");
    made(&harness, &browser, "Other 100_percent");
    harness.outward.next_json(401, serde_json::json!({}));
    test(&browser, &broken).ok();
    make(&browser, &by_sign_in("Pending")).ok();
    let all = list(&browser, &ListConnectionsQuery::default());
    assert_eq!(names(&all), ["Broken CRM", "Other 100_percent", "Pending"]);
    let counts = all.counts;
    assert_eq!((counts.active, counts.invalid, counts.pending, counts.degraded), (1, 1, 1, 0));
    let search = |text: &str| ListConnectionsQuery { search: Some(text.to_owned()), ..Default::default() };
    let found = list(&browser, &search(" crm "));
    assert_eq!(names(&found), ["Broken CRM"]);
    assert_eq!(found.counts, counts);
    assert_eq!(names(&list(&browser, &search("100_"))), ["Other 100_percent"]);
    assert!(names(&list(&browser, &search("100%"))).is_empty(), "no wildcard");
    let status = ListConnectionsQuery { status: Some(Status::Invalid), ..Default::default() };
    assert_eq!(names(&list(&browser, &status)), ["Broken CRM"]);
    let connector = ListConnectionsQuery { connector: Some("box".to_owned()), ..Default::default() };
    assert!(names(&list(&browser, &connector)).is_empty());
    let mine = ListConnectionsQuery { owner: Some(browser.who_am_i().user.id), ..Default::default() };
    assert_eq!(list(&browser, &mine).items.len(), 3);
}

#[test]
fn a_cursor_of_another_order_or_of_nobody_is_refused() {
    let harness = Harness::new();
    let browser = harness.set_up();
    made(&harness, &browser, "a");
    made(&harness, &browser, "b");
    let page = list(&browser, &ListConnectionsQuery { page_size: Some(1), ..Default::default() });
    let other =
        ListConnectionsQuery { cursor: page.next_cursor, sort: Some(By::Created), ..Default::default() };
    for query in
        [other, ListConnectionsQuery { cursor: Some("bm9uc2Vuc2U".to_owned()), ..Default::default() }]
    {
        let answer = browser.call::<api::ListConnections>(&Nothing {}, &query, &Nothing {});
        assert_eq!(answer.raw.field_codes()[0].0, "cursor");
    }
    for bad in ["pageSize=0", "pageSize=201", "pageSize=x", "sort=size", "status=fine", "color=red"] {
        let answer = browser.send(http::Method::GET, &format!("/api/v1/connections?{bad}"), None);
        assert_eq!(answer.field_codes().len(), 1, "{bad}");
    }
}

#[test]
fn one_sees_what_one_was_given_and_no_more() {
    let harness = Harness::new();
    let admin = harness.set_up();
    let tenant = admin.tenant();
    let (designer, browser) = harness.add_user(&tenant, Role::Designer, "grace@example.com");
    let (_, participant) = harness.add_user(&tenant, Role::Participant, "alan@example.com");
    let hidden = made(&harness, &admin, "Hidden");
    let mine = made(&harness, &browser, "Mine");
    let shared = made(&harness, &admin, "Shared");
    let by_group = made(&harness, &admin, "By group");
    for sql in [
        format!(
            "INSERT INTO connection_grants SELECT tenant_id, id, 'everyone', '', 'user' FROM connections WHERE id = '{}'",
            shared.summary.id
        ),
        format!("INSERT INTO groups (tenant_id, id, name, created_at) VALUES ('{tenant}', 'grp_1', 'g', 0)"),
        format!("INSERT INTO group_members VALUES ('{tenant}', 'grp_1', '{designer}')"),
        format!(
            "INSERT INTO connection_grants SELECT tenant_id, id, 'group', 'grp_1', 'owner' FROM connections WHERE id = '{}'",
            by_group.summary.id
        ),
    ] {
        harness.db.query(&sql);
    }
    let seen = list(&browser, &ListConnectionsQuery::default());
    assert_eq!(names(&seen), ["By group", "Mine", "Shared"]);
    assert_eq!(seen.counts.active, 3);
    assert_eq!(
        seen.items.iter().map(|item| item.level).collect::<Vec<_>>(),
        [Level::Owner, Level::Owner, Level::User]
    );
    assert_eq!(list(&admin, &ListConnectionsQuery::default()).items.len(), 4);
    read(&browser, &hidden).raw.problem(ProblemCode::NotFound);
    test(&browser, &hidden).raw.problem(ProblemCode::NotFound);
    assert!(read(&browser, &mine).ok().details.is_some());
    assert!(read(&browser, &shared).ok().details.is_none(), "users see no settings");
    participant
        .call::<api::ListConnections>(&Nothing {}, &ListConnectionsQuery::default(), &Nothing {})
        .raw
        .problem(ProblemCode::NeedsRole);
}

#[test]
fn a_pending_connection_is_gone_after_half_an_hour() {
    let harness = Harness::new();
    let browser = harness.set_up();
    let pending = make(&browser, &by_sign_in("Pending")).ok();
    test(&browser, &pending).raw.problem(ProblemCode::ConnectionPending);
    harness.clock.advance(PENDING_LIFE);
    assert!(list(&browser, &ListConnectionsQuery::default()).items.is_empty());
    read(&browser, &pending).raw.problem(ProblemCode::NotFound);
    pollster::block_on(crate::features::upkeep::run(&harness.services));
    assert!(harness.db.query("SELECT 1 FROM connections").is_empty());
    assert!(harness.db.query("SELECT 1 FROM connection_secrets").is_empty());
    let audit = harness.db.query("SELECT object_id FROM audit WHERE action = 'connection.created'");
    assert_eq!(audit[0]["object_id"], pending.summary.id.as_str());
}

#[test]
fn a_page_costs_two_round_trips() {
    let harness = Harness::new();
    let browser = harness.set_up();
    harness.log.0.borrow_mut().clear();
    list(&browser, &ListConnectionsQuery::default());
    let line = harness.log.0.borrow().last().cloned().unwrap();
    assert!(line.contains("\"databaseRoundTrips\":2"), "{line}");
}
