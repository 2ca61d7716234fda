//! Many who write in one tenant at once: nobody is refused, and the chain holds.

use drawbridge_contract::types::audit::AuditVerification;

use super::*;
use crate::features::{audit, upkeep};
use crate::ports::{Background, Pending};

/// Work after the answer that is never done: the Worker ends before.
struct Never;

impl Background for Never {
    fn spawn(&self, work: Pending<'static, ()>) {
        drop(work);
    }

    fn after(&self, _: u32, work: Pending<'static, ()>) {
        drop(work);
    }
}

fn names(harness: &Harness) -> Vec<String> {
    let rows =
        harness.db.query("SELECT object_name FROM audit WHERE action = 'oauth_client.created' ORDER BY seq");
    rows.iter().map(|row| row["object_name"].as_str().unwrap().to_owned()).collect()
}

fn verification(browser: &Browser) -> AuditVerification {
    let answer = browser.send(Method::GET, "/api/v1/audit/verification", None);
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn who_comes_second_follows_the_chain() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (late, interrupt) = Interrupt::browser(&ada);
    let first = Rc::new(ada);
    interrupt.before("INTO audit", move || assert_eq!(client(&first, "First"), 201));
    let before = harness.db.batches.borrow().len();
    assert_eq!(client(&late, "Late"), 201);
    assert!(interrupt.done());
    assert_eq!(names(&harness), ["First", "Late"]);
    assert_eq!(chain::verify(&harness.db), Ok(3));
    let sealed = |part: &[Vec<Statement>]| part.iter().flatten().any(|one| one.sql.contains("UPDATE audit"));
    assert!(!sealed(&harness.db.batches.borrow()[before..]), "the second try was linked at once");
}

/// Whoever loses twice writes all the same, in three batches and one read, however many others there are.
#[test]
fn who_loses_again_and_again_is_not_refused() {
    let harness = Harness::new();
    let ada = harness.set_up();
    let (late, interrupt) = Interrupt::browser(&ada);
    let ada = Rc::new(ada);
    for round in 0..3 {
        let first = Rc::clone(&ada);
        interrupt.before("INTO audit", move || assert_eq!(client(&first, &format!("First {round}")), 201));
    }
    assert_eq!(client(&late, "Late"), 201);
    assert!(interrupt.done());
    assert_eq!(names(&harness), ["First 0", "First 1", "First 2", "Late"]);
    assert_eq!(chain::verify(&harness.db), Ok(5), "sealed after the answer");
    assert_eq!(client(&late, "Later"), 201);
    assert_eq!(chain::verify(&harness.db), Ok(6));
}

/// A tenant's log that ends with records that nobody sealed.
fn left_open() -> (Rc<Harness>, Browser) {
    let harness = Harness::new();
    let ada = harness.set_up();
    let crashing = harness.variant(|services| services.background = Rc::new(Never));
    let (tenant, sealed) = tenant_of(&harness.db);
    for name in ["One", "Two"] {
        let context = Context {
            tenant: &tenant,
            actor: Actor::system(),
            facts: None,
            // As if the end moved each time.
            end: ChainEnd { seq: sealed.seq, hash: String::new() },
        };
        let record = [Record::done("oauth_client.created", "oauth_client", "x", name)];
        pollster::block_on(commit(&crashing.services, context, Vec::new(), &record)).unwrap();
    }
    (harness, ada)
}

#[test]
fn records_that_are_not_sealed_are_told_apart_and_sealed_by_who_comes_next() {
    let (harness, ada) = left_open();
    let found = verification(&ada);
    assert_eq!((found.verified, found.records, found.unsealed), (1, 3, 2));
    assert_eq!((found.broken, found.next_cursor), (None, None));
    assert!(chain::verify(&harness.db).is_err());
    assert_eq!(client(&ada, "Three"), 201);
    assert_eq!(names(&harness), ["One", "Two", "Three"]);
    assert_eq!(chain::verify(&harness.db), Ok(4));
    let found = verification(&ada);
    assert_eq!((found.verified, found.records, found.unsealed), (4, 4, 0));
}

#[test]
fn upkeep_seals_what_nobody_came_to_seal() {
    let (harness, _) = left_open();
    pollster::block_on(upkeep::often(&harness.services));
    assert_eq!(chain::verify(&harness.db), Ok(3));
    let before = harness.db.writes();
    pollster::block_on(audit::seal_open(&harness.services)).unwrap();
    assert_eq!(harness.db.writes(), before, "there is nothing left to do");
}

/// Two who seal at the same moment write the same; a record that comes in between stays for the next.
#[test]
fn sealing_twice_at_once_does_no_harm() {
    let (harness, ada) = left_open();
    let (tenant, _) = tenant_of(&harness.db);
    let (_, interrupt) = Interrupt::browser(&ada);
    let (other, behind) = (Rc::clone(&harness), tenant.clone());
    interrupt.before("UPDATE audit", move || {
        pollster::block_on(super::super::seal::seal(&other.services, &behind)).unwrap();
        let context = Context {
            tenant: &behind,
            actor: Actor::system(),
            facts: None,
            end: ChainEnd { seq: 1, hash: String::new() },
        };
        let crashing = other.variant(|services| services.background = Rc::new(Never));
        let record = [Record::done("test.done", "test", "x", "x")];
        pollster::block_on(commit(&crashing.services, context, Vec::new(), &record)).unwrap();
    });
    let slow = harness.variant(|services| services.db = Rc::clone(&interrupt) as _);
    pollster::block_on(super::super::seal::seal(&slow.services, &tenant)).unwrap();
    assert!(interrupt.done());
    let found = verification(&ada);
    assert_eq!((found.verified, found.records, found.unsealed, found.broken), (3, 4, 1, None));
    pollster::block_on(super::super::seal::seal(&harness.services, &tenant)).unwrap();
    assert_eq!(chain::verify(&harness.db), Ok(4));
}

/// The database lets a record be given its hash, once, and nothing else be changed.
#[test]
fn a_record_that_is_not_sealed_is_not_changed_either() {
    let (harness, _) = left_open();
    for sql in [
        "UPDATE audit SET actor_name = 'x' WHERE hash = ''",
        "UPDATE audit SET actor_name = 'x', hash = 'y' WHERE hash = ''",
        "UPDATE audit SET seq = seq + 1, hash = 'y' WHERE seq = 3",
        "UPDATE audit SET changes = '', hash = 'y' WHERE seq = 3",
        "UPDATE audit SET hash = '', previous_hash = '' WHERE seq = 1",
        "DELETE FROM audit WHERE hash = ''",
    ] {
        let result = pollster::block_on(harness.db.batch(vec![Statement::across("a test", sql, values![])]));
        assert!(
            matches!(&result, Err(DbError::Other(words)) if words.contains("audit records are not")),
            "{sql}: {result:?}"
        );
    }
}

/// A change and its record are one, also when the record is written unsealed.
#[test]
fn an_unsealed_record_is_written_with_its_change_or_not_at_all() {
    let (harness, _) = left_open();
    let (tenant, end) = tenant_of(&harness.db);
    assert_eq!(end.hash, "");
    let nobody =
        Statement::of(&tenant, "UPDATE tenants SET name = 'x' WHERE id = ?1 AND version = 99", values![]);
    let before = harness.db.dump(&[]);
    let context = Context { tenant: &tenant, actor: Actor::system(), facts: None, end };
    let record = [Record::done("tenant.changed", "tenant", "x", "x")];
    let changes = vec![rename(&tenant), nobody, Statement::must_change()];
    let result = pollster::block_on(commit(&harness.services, context, changes, &record));
    assert_eq!(result.map(|_| ()), Err(DbError::Guard));
    assert!(harness.db.changed_since(&before).is_empty());
}

/// A log whose last records are sealed while somebody walks along it.
#[test]
fn what_is_sealed_while_the_log_is_verified_is_no_break() {
    let (harness, ada) = left_open();
    let (tenant, _) = tenant_of(&harness.db);
    let crashing = harness.variant(|services| services.background = Rc::new(Never));
    let end = ChainEnd { seq: 1, hash: String::new() };
    let context = Context { tenant: &tenant, actor: Actor::system(), facts: None, end };
    let records = vec![Record::done("test.done", "test", "x", "x"); 700];
    pollster::block_on(commit(&crashing.services, context, Vec::new(), &records)).unwrap();
    let (slow, interrupt) = Interrupt::browser(&ada);
    interrupt.before("a.seq >= ?2 ORDER BY", || {});
    let other = Rc::clone(&harness);
    interrupt.before("a.seq >= ?2 ORDER BY", move || {
        pollster::block_on(super::super::seal::seal(&other.services, &tenant)).unwrap();
    });
    let found = verification(&slow);
    assert!(interrupt.done());
    assert_eq!(found.broken, None);
    let found = verification(&ada);
    assert_eq!((found.verified, found.unsealed, found.broken), (703, 0, None));
}

/// Whoever puts the noted end back makes the log refuse to be written on, and no record is lost unseen.
#[test]
fn a_record_that_finds_its_place_taken_is_not_left_out() {
    let harness = Harness::new();
    let ada = harness.set_up();
    assert_eq!(client(&ada, "One"), 201);
    harness.db.query("UPDATE tenants SET audit_seq = 1, audit_hash = (SELECT hash FROM audit WHERE seq = 1)");
    assert_eq!(client(&ada, "Two"), 500);
    assert_eq!(harness.db.query("SELECT 1 FROM oauth_clients").len(), 1, "no change without its record");
}
