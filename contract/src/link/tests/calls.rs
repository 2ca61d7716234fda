use proptest::prelude::*;

use crate::link::calls::{Calls, Fate, Misuse};
use crate::link::codes::Cancelled;
use crate::link::flow::FlowFault;
use crate::link::frame::{CallId, Frame, Side};
use crate::link::passing::Passing;
use crate::link::{CALLS_MOST, CREDIT_MOST, WINDOW};

use super::id;

fn opened() -> (Calls, Calls, CallId) {
    let (mut server, mut agent) = (Calls::new(Side::Server), Calls::new(Side::Agent));
    let call = server.next_id().unwrap();
    assert_eq!(server.send(&Frame::Call(call, "{}")), Ok(Fate::Taken));
    assert_eq!(agent.receive(&Frame::Call(call, "{}")), Ok(Fate::Taken));
    (server, agent, call)
}

#[test]
fn a_call_from_begin_to_end() {
    let (mut server, mut agent, call) = opened();
    for frame in [Frame::Data(call, b"abc"), Frame::End(call)] {
        assert_eq!(server.send(&frame), Ok(Fate::Taken));
        assert_eq!(agent.receive(&frame), Ok(Fate::Taken));
    }
    let all = [
        (Frame::Answer(call, "{}"), Fate::Taken),
        (Frame::Data(call, b"def"), Fate::Taken),
        (Frame::End(call), Fate::Last),
    ];
    for (frame, fate) in all {
        assert_eq!(agent.send(&frame), Ok(fate));
        assert_eq!(server.receive(&frame), Ok(fate));
    }
    assert!(server.is_empty() && agent.is_empty());
    assert_eq!(server.next_id(), Some(id(2)));
}

#[test]
fn an_answer_may_end_before_the_question_does() {
    let (mut server, mut agent, call) = opened();
    for frame in [Frame::Answer(call, "{}"), Frame::End(call)] {
        agent.send(&frame).unwrap();
    }
    // The server has not heard of it yet and goes on sending.
    server.send(&Frame::Data(call, b"more")).unwrap();
    assert_eq!(agent.receive(&Frame::Data(call, b"more")), Ok(Fate::Late));
    server.receive(&Frame::Answer(call, "{}")).unwrap();
    assert_eq!(server.receive(&Frame::End(call)), Ok(Fate::Last));
    assert_eq!(server.send(&Frame::Data(call, b"more")), Ok(Fate::Late), "now it knows");
}

#[test]
fn a_small_answer_comes_in_one_frame() {
    let (mut server, mut agent, call) = opened();
    let whole = Frame::Whole(call, "{}", b"all of it");
    assert_eq!(agent.send(&whole), Ok(Fate::Last));
    assert_eq!(server.receive(&whole), Ok(Fate::Last));
    assert!(server.is_empty() && agent.is_empty());
    assert_eq!(server.receive(&whole), Ok(Fate::Late));

    let (mut server, _, call) = opened();
    server.receive(&Frame::Answer(call, "{}")).unwrap();
    assert_eq!(
        server.receive(&Frame::Whole(call, "{}", b"")),
        Err(Misuse::OutOfOrder),
        "it has begun already"
    );
    let (mut server, _, call) = opened();
    let large = vec![0; WINDOW as usize + 1];
    assert_eq!(server.receive(&Frame::Whole(call, "{}", &large)), Err(Misuse::Flow(FlowFault::Overrun)));
}

#[test]
fn looking_at_the_first_bytes_counts_as_reading_them() {
    let (mut server, _, call) = opened();
    assert_eq!(server.pass(call, Passing::Data { bytes: 1 }), Err(Misuse::OutOfOrder));
    assert_eq!(server.pass(call, Passing::Answer), Ok(Fate::Taken));
    assert_eq!(server.pass(call, Passing::Data { bytes: WINDOW as usize }), Ok(Fate::Taken));
    assert_eq!(server.pass(call, Passing::Data { bytes: 1 }), Err(Misuse::Flow(FlowFault::Overrun)));
    assert_eq!(server.pass(call, Passing::End), Ok(Fate::Last));
    assert_eq!(server.pass(call, Passing::Whole { text: 2, bytes: 3 }), Ok(Fate::Late));
    assert_eq!(server.pass(id(9), Passing::End), Err(Misuse::UnknownCall));
}

#[test]
fn numbers_go_on_after_those_that_were_kept_back() {
    let mut server = Calls::after(Side::Server, 1024);
    assert_eq!(server.next_id(), Some(id(1025)));
    assert_eq!(server.receive(&Frame::Failure(id(1000), "{}")), Ok(Fate::Late), "from before the sleep");
    assert_eq!(server.receive(&Frame::Failure(id(1025), "{}")), Err(Misuse::UnknownCall));
}

#[test]
fn credit_is_taken_before_its_bytes_are_sent() {
    let (mut server, _, call) = opened();
    assert_eq!(server.take(call, 10), Some(10));
    assert_eq!(server.take(call, usize::MAX), Some(WINDOW as usize - 10));
    assert_eq!(server.take(call, 1), Some(0), "there will be more");
    server.send(&Frame::End(call)).unwrap();
    assert_eq!(server.take(call, 1), None);
    assert_eq!(server.take(id(9), 1), None);
}

#[test]
fn a_cancelled_call_is_over_and_what_was_on_the_way_is_late() {
    let (mut server, mut agent, call) = opened();
    let cancel = Frame::Cancel(call, Cancelled::CallerGone);
    agent.send(&Frame::Answer(call, "{}")).unwrap();
    assert_eq!(server.send(&cancel), Ok(Fate::Last));
    assert_eq!(server.receive(&Frame::Answer(call, "{}")), Ok(Fate::Late));
    assert_eq!(agent.receive(&cancel), Ok(Fate::Last));
    assert_eq!(agent.receive(&cancel), Ok(Fate::Late));
    assert_eq!(agent.send(&Frame::Data(call, b"x")), Ok(Fate::Late));
}

#[test]
fn what_cannot_be_is_noticed() {
    let (mut server, mut agent, call) = opened();
    assert_eq!(server.receive(&Frame::Data(call, b"x")), Err(Misuse::OutOfOrder), "data before its head");
    assert_eq!(server.receive(&Frame::End(call)), Err(Misuse::OutOfOrder));
    server.receive(&Frame::Answer(call, "{}")).unwrap();
    assert_eq!(server.receive(&Frame::Answer(call, "{}")), Err(Misuse::OutOfOrder), "two heads");
    agent.receive(&Frame::End(call)).unwrap();
    assert_eq!(agent.receive(&Frame::Data(call, b"x")), Err(Misuse::OutOfOrder), "after the end");
    assert_eq!(agent.receive(&Frame::End(call)), Err(Misuse::OutOfOrder), "two ends");
    assert_eq!(agent.receive(&Frame::Data(id(9), b"x")), Err(Misuse::UnknownCall));
    assert_eq!(server.receive(&Frame::Failure(id(9), "{}")), Err(Misuse::UnknownCall));
    assert_eq!(agent.receive(&Frame::Call(call, "{}")), Err(Misuse::NotRising), "a number twice");
    assert_eq!(agent.receive(&Frame::Answer(call, "{}")), Err(Misuse::OutOfOrder), "the wrong side");
    assert_eq!(agent.receive(&Frame::Drain), Err(Misuse::UnknownCall), "about no call");
}

#[test]
fn numbers_rise_with_gaps_and_never_fall() {
    let mut agent = Calls::new(Side::Agent);
    agent.receive(&Frame::Call(id(7), "{}")).unwrap();
    assert_eq!(agent.receive(&Frame::Call(id(3), "{}")), Err(Misuse::NotRising));
    agent.receive(&Frame::Call(id(u32::MAX), "{}")).unwrap();
    assert_eq!(agent.next_id(), None, "no number is left");
    assert_eq!(id(u32::MAX).next(), None);
}

#[test]
fn calls_are_bounded() {
    let (mut server, mut agent) = (Calls::new(Side::Server), Calls::new(Side::Agent));
    for _ in 0..CALLS_MOST {
        let call = Frame::Call(server.next_id().unwrap(), "{}");
        server.send(&call).unwrap();
        agent.receive(&call).unwrap();
    }
    assert_eq!(server.next_id(), None);
    let number = u32::try_from(CALLS_MOST).unwrap();
    assert_eq!(agent.receive(&Frame::Call(id(number + 1), "{}")), Err(Misuse::TooMany));
    server.receive(&Frame::Failure(id(5), "{}")).unwrap();
    assert_eq!(server.next_id(), Some(id(number + 1)));
}

#[test]
fn flow_control_is_held_on_both_sides() {
    let (mut server, mut agent, call) = opened();
    let window = vec![0; WINDOW as usize];
    assert_eq!(server.send(&Frame::Data(call, &window)), Ok(Fate::Taken));
    assert_eq!(server.credit(call), 0);
    assert_eq!(server.send(&Frame::Data(call, b"x")), Err(Misuse::Flow(FlowFault::Overrun)), "our own fault");
    assert_eq!(agent.receive(&Frame::Data(call, &window)), Ok(Fate::Taken));
    assert_eq!(agent.receive(&Frame::Data(call, b"x")), Err(Misuse::Flow(FlowFault::Overrun)));
    assert_eq!(agent.passed_on(call, WINDOW as usize), Some(WINDOW));
    server.receive(&Frame::Credit(call, WINDOW)).unwrap();
    assert_eq!(server.credit(call), WINDOW);
    assert_eq!(server.receive(&Frame::Credit(call, CREDIT_MOST)), Err(Misuse::Flow(FlowFault::Overflow)));
    server.send(&Frame::End(call)).unwrap();
    agent.receive(&Frame::End(call)).unwrap();
    assert_eq!(agent.passed_on(call, 1), None, "a body that is whole needs no credit");
}

#[test]
fn one_call_that_stalls_does_not_stall_another() {
    let (mut server, _, call) = opened();
    server.send(&Frame::Data(call, &vec![0; WINDOW as usize])).unwrap();
    let other = server.next_id().unwrap();
    server.send(&Frame::Call(other, "{}")).unwrap();
    assert_eq!((server.credit(call), server.credit(other)), (0, WINDOW));
    assert_eq!(server.widen(other, WINDOW * 4), Some(WINDOW * 3));
    assert_eq!(server.widen(id(77), WINDOW * 4), None);
}

proptest! {
    /// Whatever comes in whatever order: no panic, never more calls than may be, and what is open was opened.
    #[test]
    fn any_order_of_frames_does_no_harm(
        frames in prop::collection::vec((0..8u8, 1..6u32, 0..5000usize), 0..80), agent: bool,
    ) {
        let mut calls = Calls::new(if agent { Side::Agent } else { Side::Server });
        let body = vec![0; 5000];
        let mut highest = 0;
        for (kind, number, size) in frames {
            let call = id(number);
            let frame = match kind {
                0 => Frame::Call(call, "{}"),
                1 => Frame::Answer(call, "{}"),
                2 => Frame::Data(call, &body[..size]),
                3 => Frame::End(call),
                4 => Frame::Credit(call, 1 + u32::try_from(size).unwrap() * 1000),
                5 => Frame::Failure(call, "{}"),
                6 => Frame::Whole(call, "{}", &body[..size]),
                _ => Frame::Cancel(call, Cancelled::Deadline),
            };
            let fate = calls.receive(&frame);
            if fate.is_ok() && kind == 0 {
                prop_assert!(number > highest);
                highest = number;
            }
            prop_assert!(number <= highest || fate.is_err());
            prop_assert!(fate != Ok(Fate::Last) || !calls.has(call));
            prop_assert!(calls.ids().all(|id| id.number() <= highest));
            prop_assert!(calls.credit(call) <= CREDIT_MOST);
        }
    }
}
