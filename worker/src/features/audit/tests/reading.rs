//! Reading the log, and verifying it through the API.

use drawbridge_contract::types::List;
use drawbridge_contract::types::audit::{AuditOutcome, AuditRecord, AuditVerification};
use drawbridge_domain::audit::Break;

use super::*;

fn list(browser: &Browser, query: &str) -> List<AuditRecord> {
    let answer = browser.send(Method::GET, &format!("/api/v1/audit{query}"), None);
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

fn seqs(browser: &Browser, query: &str) -> Vec<i64> {
    list(browser, query).items.iter().map(|record| record.seq).collect()
}

fn verify(browser: &Browser, query: &str) -> AuditVerification {
    let answer = browser.send(Method::GET, &format!("/api/v1/audit/verification{query}"), None);
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

/// Ada's tenant: 1 set-up, then ten seconds apart `oauth_client.created` by Ada and a refused sign-in.
fn told() -> (Rc<Harness>, Browser) {
    let harness = Harness::new();
    let ada = harness.set_up();
    for round in 0..3 {
        harness.clock.advance(10_000);
        assert_eq!(client(&ada, &format!("Client {round}")), 201);
        let wrong = json!({ "email": "ada@example.com", "password": "wrong" });
        harness.browser().send_json(Method::POST, "/api/v1/session", &wrong);
    }
    (harness, ada)
}

#[test]
fn the_newest_comes_first_and_pages_follow_each_other() {
    let (_harness, ada) = told();
    let all = list(&ada, "");
    assert_eq!(all.items.iter().map(|record| record.seq).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(all.next_cursor, None);
    let first = &all.items[6];
    assert_eq!((first.action.as_str(), first.object.kind.as_str()), ("tenant.created", "tenant"));
    assert_eq!((first.actor.name.as_str(), first.outcome), ("Ada Lovelace", AuditOutcome::Done));
    assert_eq!(all.items[0].previous_hash, all.items[1].hash);

    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = list(&ada, &format!("?pageSize=3{cursor}"));
        pages.push(page.items.iter().map(|record| record.seq).collect::<Vec<_>>());
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(pages, [vec![7, 6, 5], vec![4, 3, 2], vec![1]]);
}

#[test]
fn filters_narrow_alone_and_together() {
    let (harness, ada) = told();
    let me = ada.who_am_i().user.id;
    let object = list(&ada, "").items[5].object.id.clone();
    assert_eq!(seqs(&ada, "?action=oauth_client.created"), [6, 4, 2]);
    assert_eq!(seqs(&ada, &format!("?object={object}")), [2]);
    assert_eq!(seqs(&ada, &format!("?object={object}&action=tenant.created")), [] as [i64; 0]);
    assert_eq!(seqs(&ada, "?outcome=refused"), [7, 5, 3]);
    assert_eq!(seqs(&ada, &format!("?actor={me}&outcome=done&action=tenant.created")), [1]);
    assert_eq!(seqs(&ada, "?actor=usr_nobody"), [] as [i64; 0]);
    // By time: from one moment on, before another one.
    let at = |seq: usize| list(&ada, "").items[7 - seq].at.to_string();
    assert_eq!(seqs(&ada, &format!("?from={}", at(4))), [7, 6, 5, 4]);
    assert_eq!(seqs(&ada, &format!("?until={}", at(4))), [3, 2, 1]);
    assert_eq!(seqs(&ada, &format!("?from={}&until={}", at(2), at(6))), [5, 4, 3, 2]);
    assert_eq!(seqs(&ada, "?from=2100-01-01T00:00:00Z"), [] as [i64; 0]);
    assert_eq!(seqs(&ada, "?until=2000-01-01T00:00:00Z"), [] as [i64; 0]);
    // The numbers are looked up through an index on time: what lies far from the others is found all the same.
    let begun = at(1);
    harness.clock.advance(11 * 3_600_000);
    assert_eq!(client(&ada, "Hours later"), 201);
    assert_eq!(seqs(&ada, &format!("?from={begun}")).len(), 8);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let (harness, ada) = told();
    let long = "x".repeat(201);
    for (query, field) in [
        ("?cursor=x".to_owned(), "cursor"),
        ("?cursor=-1".to_owned(), "cursor"),
        ("?pageSize=0".to_owned(), "pageSize"),
        ("?outcome=maybe".to_owned(), "outcome"),
        ("?from=yesterday".to_owned(), "from"),
        (format!("?action={long}"), "action"),
        ("?colour=red".to_owned(), "colour"),
    ] {
        let answer = ada.send(Method::GET, &format!("/api/v1/audit{query}"), None);
        let problem = answer.problem(ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].path, field, "{query}");
    }
    let answer = ada.send(Method::GET, "/api/v1/audit/verification?cursor=0", None);
    answer.problem(ProblemCode::InvalidFields);
    // Of another tenant nothing is told.
    let (_, eve) = harness.other_tenant();
    let hers = list(&eve, "");
    assert!(!hers.items.is_empty() && hers.items.iter().all(|record| record.actor.name != "Ada Lovelace"));
}

#[test]
fn a_whole_log_is_verified_and_every_tampering_is_found_where_it_is() {
    let (_harness, ada) = told();
    let whole = AuditVerification { verified: 7, records: 7, unsealed: 0, broken: None, next_cursor: None };
    assert_eq!(verify(&ada, ""), whole);
    assert_eq!(verify(&ada, "?cursor=3"), whole);

    for (change, seq, kind) in [
        ("UPDATE audit SET actor_name = 'Somebody' WHERE seq = 4", 4, Break::Altered),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1, Break::Altered),
        ("UPDATE audit SET previous_hash = '' WHERE seq = 2", 2, Break::Altered),
        ("DELETE FROM audit WHERE seq = 2", 2, Break::Missing),
        ("DELETE FROM audit WHERE seq = 7", 7, Break::CutOff),
        ("UPDATE tenants SET audit_seq = audit_seq - 1", 7, Break::CutOff),
        // The noted end is put back to a record that is there, hash and all.
        (
            "UPDATE tenants SET audit_seq = 6, audit_hash = (SELECT hash FROM audit WHERE seq = 6)",
            7,
            Break::CutOff,
        ),
        ("DELETE FROM audit", 1, Break::CutOff),
        // Made to look as if they were not sealed yet.
        ("UPDATE audit SET hash = '', previous_hash = '' WHERE seq = 4", 5, Break::Unlinked),
        ("UPDATE audit SET hash = '', previous_hash = '' WHERE seq = 7", 8, Break::CutOff),
        ("UPDATE tenants SET audit_hash = ''", 8, Break::CutOff),
    ] {
        let (harness, ada) = told();
        harness.db.query("DROP TRIGGER audit_is_not_changed");
        harness.db.query("DROP TRIGGER audit_is_not_deleted");
        harness.db.query(change);
        let found = verify(&ada, "");
        let broken = found.broken.expect(change);
        assert_eq!((broken.seq, broken.kind, found.next_cursor), (seq, kind, None), "{change}");
    }
}

#[test]
fn a_long_log_is_verified_in_several_calls() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (tenant, mut end) = tenant_of(&harness.db);
    let records = vec![Record::done("test.done", "test", "x", "x"); 1000];
    for _ in 0..6 {
        let context = Context { tenant: &tenant, actor: Actor::system(), facts: None, end };
        pollster::block_on(commit(&harness.services, context, Vec::new(), &records)).unwrap();
        end = tenant_of(&harness.db).1;
    }
    let first = verify(&ada, "");
    assert_eq!((first.records, first.broken.clone()), (6001, None));
    assert!(first.verified >= 4000 && first.verified < 6001, "{}", first.verified);
    let cursor = first.next_cursor.unwrap();
    assert_eq!(cursor, first.verified.to_string());
    let second = verify(&ada, &format!("?cursor={cursor}"));
    let whole =
        AuditVerification { verified: 6001, records: 6001, unsealed: 0, broken: None, next_cursor: None };
    assert_eq!(second, whole);
    // The record that the first call ended with was taken away meanwhile.
    harness.db.query("DROP TRIGGER audit_is_not_deleted");
    harness.db.query(&format!("DELETE FROM audit WHERE seq = {cursor}"));
    assert!(verify(&ada, &format!("?cursor={cursor}")).broken.is_some());
}

fn export(browser: &Browser, query: &str) -> (String, String) {
    let answer = browser.send(Method::GET, &format!("/api/v1/audit/export{query}"), None);
    assert_eq!(answer.status, 200, "{query}: {}", String::from_utf8_lossy(&answer.body));
    (answer.header("content-type").unwrap().to_owned(), String::from_utf8(answer.body.clone()).unwrap())
}

#[test]
fn an_export_is_whole_in_order_and_can_be_verified_line_by_line() {
    let (_harness, ada) = told();
    let (media, text) = export(&ada, "");
    assert_eq!(media, "application/x-ndjson");
    let mut chain = drawbridge_domain::audit::Chain::start();
    for line in text.lines() {
        let recorded: drawbridge_domain::audit::Recorded = serde_json::from_str(line).unwrap();
        chain.follow(&recorded.link, &recorded.hash).unwrap();
    }
    assert_eq!(chain.next, 8);
    assert_eq!(chain.hash, list(&ada, "").items[0].hash);
    // The same filters as the list has, oldest first.
    let (_, refused) = export(&ada, "?outcome=refused&format=ndjson");
    let seqs: Vec<i64> = refused
        .lines()
        .map(|line| serde_json::from_str::<drawbridge_domain::audit::Recorded>(line).unwrap().link.seq)
        .collect();
    assert_eq!(seqs, [3, 5, 7]);
    assert_eq!(export(&ada, "?actor=usr_nobody").1, "");
    let answer = ada.send(Method::GET, "/api/v1/audit/export?format=xml", None);
    assert_eq!(answer.problem(ProblemCode::InvalidFields).fields[0].path, "format");
}

#[test]
fn an_export_for_spreadsheets_quotes_and_has_no_formulas() {
    let harness = Harness::new();
    let ada = harness.set_up();
    assert_eq!(client(&ada, "Say \"hi\", \u{1f600}"), 201);
    assert_eq!(client(&ada, "+1 sum"), 201);
    let answer = ada.send(Method::GET, "/api/v1/audit/export?format=csv", None);
    let name = answer.header("content-disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"audit-") && name.ends_with(".csv\""), "{name}");
    let (media, text) = export(&ada, "?format=csv");
    assert_eq!(media, "text/csv; charset=utf-8");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("Number,Time,Actor type,"));
    assert_eq!(lines.len(), 5, "a heading, three records, and the end of the last line");
    assert!(lines[2].contains(",\"Say \"\"hi\"\", \u{1f600}\","), "{}", lines[2]);
    assert!(lines[3].contains(",\"'+1 sum\","), "{}", lines[3]);
    // Without records there is a heading all the same.
    assert_eq!(export(&ada, "?format=csv&actor=usr_nobody").1.lines().count(), 1);
}

#[test]
fn a_long_export_comes_in_pieces_without_a_gap() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (tenant, end) = tenant_of(&harness.db);
    let records = vec![Record::done("test.done", "test", "x", "x"); 1499];
    let context = Context { tenant: &tenant, actor: Actor::system(), facts: None, end };
    pollster::block_on(commit(&harness.services, context, Vec::new(), &records)).unwrap();
    let (_, text) = export(&ada, "");
    assert_eq!(text.lines().count(), 1500);
}
