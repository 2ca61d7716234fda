use proptest::prelude::*;

use crate::link::flow::{FlowFault, Incoming, Outgoing};
use crate::link::{CREDIT_MOST, WINDOW};

#[test]
fn a_sender_stops_at_its_credit() {
    let mut sender = Outgoing::default();
    assert_eq!(sender.take(usize::MAX), WINDOW as usize);
    assert_eq!(sender.take(1), 0);
    assert_eq!(sender.grant(5), Ok(()));
    assert_eq!((sender.take(3), sender.take(3)), (3, 2));
}

#[test]
fn credit_does_not_overflow() {
    let mut sender = Outgoing::default();
    assert_eq!(
        sender.grant(CREDIT_MOST),
        Err(FlowFault::Overflow),
        "with what stands already it is too much"
    );
    assert_eq!(sender.grant(u32::MAX), Err(FlowFault::Overflow));
    assert_eq!(sender.grant(CREDIT_MOST - WINDOW), Ok(()));
    assert_eq!(sender.grant(1), Err(FlowFault::Overflow));
    assert_eq!(sender.credit(), CREDIT_MOST);
}

#[test]
fn a_receiver_notices_an_overrun() {
    let mut receiver = Incoming::default();
    assert_eq!(receiver.received(WINDOW as usize), Ok(()));
    assert_eq!(receiver.received(1), Err(FlowFault::Overrun));
    assert_eq!(receiver.received(usize::MAX), Err(FlowFault::Overrun));
}

#[test]
fn credit_is_given_back_in_large_steps() {
    let mut receiver = Incoming::default();
    receiver.received(WINDOW as usize).unwrap();
    assert_eq!(receiver.passed_on(WINDOW as usize / 2 - 1), None);
    assert_eq!(receiver.passed_on(1), Some(WINDOW / 2));
    assert_eq!(receiver.allowed(), WINDOW / 2);
    assert_eq!(receiver.passed_on(usize::MAX), Some(WINDOW / 2), "never more than came");
    assert_eq!(receiver.passed_on(usize::MAX), None);
}

#[test]
fn a_wider_window_is_told_at_once() {
    let (receiver, credit) = Incoming::with_window(1024 * 1024);
    assert_eq!((receiver.allowed(), credit), (1024 * 1024, Some(1024 * 1024 - WINDOW)));
    assert_eq!(Incoming::with_window(0), (Incoming::default(), None));
    assert_eq!(Incoming::with_window(u32::MAX).0.allowed(), CREDIT_MOST);
}

proptest! {
    /// However the two take turns, sender and receiver agree, nothing overruns, and it never gets stuck.
    #[test]
    fn a_body_of_any_size_arrives(
        window in WINDOW..CREDIT_MOST, steps in prop::collection::vec((0..3_000_000usize, 0..3_000_000usize), 1..60),
    ) {
        let mut sender = Outgoing::default();
        let (mut receiver, first) = Incoming::with_window(window);
        if let Some(credit) = first {
            sender.grant(credit).unwrap();
        }
        let mut held = 0;
        for (wanted, read) in steps {
            let sent = sender.take(wanted);
            receiver.received(sent).unwrap();
            held += sent;
            prop_assert!(held <= window as usize, "more is held than there is room for");
            let passed = read.min(held);
            held -= passed;
            if let Some(credit) = receiver.passed_on(passed) {
                sender.grant(credit).unwrap();
            }
            prop_assert_eq!(sender.credit(), receiver.allowed());
            prop_assert!(held > 0 || sender.credit() > 0, "stuck");
        }
    }
}
