//! Changes and questions that come between one another.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode as P;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::SECOND;

use super::Desk;
use super::changing::{change, scope};
use crate::features::audit::Record;
use crate::features::authority::{self, Affected};
use crate::ports::Statement;
use crate::testing::Interrupt;
use crate::values;

const REVOKE: &str = "UPDATE tokens SET revoked_at = 1 WHERE tenant_id = ?1";

/// The shards work over a database that can be interrupted.
fn interrupted(desk: &Desk) -> Rc<Interrupt> {
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    desk.harness.authorities.work_with(&browser.harness.services);
    interrupt
}

/// A reading that began before a change and ends after it is answered, and not kept.
#[test]
fn what_was_read_before_a_change_is_not_kept_after_it() {
    let desk = Rc::new(Desk::full());
    // The reading is done, and before it is kept the change is made and acknowledged.
    let interrupt = interrupted(&desk);
    let inner = Rc::clone(&desk);
    interrupt.after("FROM tokens t", move || {
        change(&inner, Affected::Token(inner.token.id.clone()), REVOKE).unwrap();
    });
    assert_eq!(desk.who().status, 200, "it was asked before the change");
    assert!(interrupt.done());
    desk.who().problem(P::Unauthenticated);
}

/// A reading while a change is under way is answered, and not kept.
#[test]
fn what_is_read_during_a_change_is_not_kept() {
    let desk = Rc::new(Desk::full());
    let asked = Rc::new(RefCell::new(Vec::new()));
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    let (inner, seen) = (Rc::clone(&desk), Rc::clone(&asked));
    // All shards are told, nothing is written yet.
    interrupt.before("UPDATE tokens SET revoked_at", move || {
        seen.borrow_mut().extend([inner.who().status, inner.who().status]);
    });
    let change = Statement::of(&desk.tenant, REVOKE, values![]);
    let record = Record::done("token.revoked", "token", desk.token.id.as_str(), "CI");
    let affected = [Affected::Token(desk.token.id.clone())];
    let services = &browser.harness.services;
    pollster::block_on(authority::commit(services, &scope(&desk), &affected, vec![change], &[record]))
        .unwrap();
    assert_eq!(*asked.borrow(), [200, 200], "the change was not made yet");
    desk.who().problem(P::Unauthenticated);
}

/// A Worker that dies between the writing and the end of the change leaves nothing that is stale.
#[test]
fn a_change_whose_end_is_never_told_counts_all_the_same() {
    let desk = Rc::new(Desk::full());
    desk.who();
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    let authorities = Rc::clone(&desk.harness.authorities);
    interrupt.before("UPDATE tokens SET revoked_at", move || authorities.broken.set(usize::MAX));
    let change = Statement::of(&desk.tenant, REVOKE, values![]);
    let record = Record::done("token.revoked", "token", desk.token.id.as_str(), "CI");
    let affected = [Affected::Token(desk.token.id.clone())];
    let services = &browser.harness.services;
    pollster::block_on(authority::commit(services, &scope(&desk), &affected, vec![change], &[record]))
        .unwrap();
    desk.harness.authorities.broken.set(0);
    for _ in 0..2 {
        let before = desk.trips();
        desk.who().problem(P::Unauthenticated);
        assert_eq!(desk.trips(), before + 1, "read each time while nobody ended the change");
    }
    desk.harness.clock.advance(30 * SECOND);
    desk.who().problem(P::Unauthenticated);
    let before = desk.trips();
    desk.who().problem(P::Unauthenticated);
    assert_eq!(desk.trips(), before, "and kept when its time is over");
}

/// Of two changes at once, the end of the first does not end the second.
#[test]
fn each_change_ends_by_itself() {
    let desk = Rc::new(Desk::full());
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    let inner = Rc::clone(&desk);
    interrupt.before("UPDATE tokens SET revoked_at", move || {
        let sql = "UPDATE tokens SET name = 'Other' WHERE tenant_id = ?1";
        change(&inner, Affected::Token(inner.token.id.clone()), sql).unwrap();
        assert_eq!(inner.who().status, 200, "read, and not to be kept");
    });
    let work = Statement::of(&desk.tenant, REVOKE, values![]);
    let affected = [Affected::User(desk.user.clone())];
    let services = &browser.harness.services;
    let record = Record::done("token.revoked", "token", desk.token.id.as_str(), "CI");
    pollster::block_on(authority::commit(services, &scope(&desk), &affected, vec![work], &[record])).unwrap();
    desk.who().problem(P::Unauthenticated);
}

/// A token that is made while its user is changed is found, wherever it lies.
#[test]
fn a_token_that_is_made_meanwhile_is_told_too() {
    let desk = Rc::new(Desk::full());
    let (browser, interrupt) = Interrupt::browser(&desk.ada);
    let made = Rc::new(RefCell::new(None));
    let (inner, keep) = (Rc::clone(&desk), Rc::clone(&made));
    interrupt.before("UPDATE users SET state", move || {
        // Whatever shard the first one is in, some of these are elsewhere.
        let tokens: Vec<_> = (0..20)
            .map(|_| {
                inner.harness.insert_token(
                    &inner.tenant,
                    &inner.user,
                    drawbridge_domain::scopes::ApiScopes::FULL,
                )
            })
            .collect();
        for token in &tokens {
            assert_eq!(super::asked(&inner.harness.program(&token.secret)).status, 200);
        }
        *keep.borrow_mut() = Some(tokens);
    });
    let sql = "UPDATE users SET state = 'suspended' WHERE tenant_id = ?1 AND email = 'dora@example.com'";
    let work = Statement::of(&desk.tenant, sql, values![]);
    let affected = [Affected::User(desk.user.clone())];
    let services = &browser.harness.services;
    let record = Record::done("user.suspended", "user", desk.user.as_str(), "Dora");
    pollster::block_on(authority::commit(services, &scope(&desk), &affected, vec![work], &[record])).unwrap();
    for token in made.borrow().as_ref().unwrap() {
        super::asked(&desk.harness.program(&token.secret)).problem(P::Unauthenticated);
    }
}
