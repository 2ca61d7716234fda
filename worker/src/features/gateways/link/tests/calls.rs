//! Calls: who gets them, what becomes of them, and that none is made twice where that does harm.

use std::collections::BTreeMap;

use drawbridge_contract::link::frame::{CallId, Frame, Side};
use drawbridge_contract::link::messages::{Call, CallKind, Failure, HttpRequest};
use drawbridge_contract::link::passing::{Passing, Seen};
use drawbridge_contract::link::{CALLS_MOST, CLOSE_BROKEN, Cancelled, FailureCode, WINDOW};
use drawbridge_domain::id::{ConnectionId, ReplicaId, RequestId};

use super::super::hub::{AskedCall, BROKEN, Hub, NOTHING};
use super::World;
use crate::ports::{BODY_MOST, GatewayAway, GatewayFailure, GatewayOrder};

fn asked() -> AskedCall {
    let http =
        HttpRequest { method: "GET".to_owned(), path: "/".to_owned(), headers: vec![], length: Some(0) };
    let call = Call {
        request: RequestId::new(1, [0; 10]),
        connection: ConnectionId::new(1, [0; 10]),
        target: "web".to_owned(),
        deadline: 30_000,
        kind: CallKind::Http,
        http: Some(http),
        credentials: None,
    };
    AskedCall {
        head: serde_json::to_string(&call).unwrap(),
        kind: CallKind::Http,
        deadline: 30_000,
        safe: false,
        again: true,
        boxes: BTreeMap::new(),
    }
}

impl World {
    fn ask(&self, asked: AskedCall) -> Result<u32, GatewayFailure> {
        self.hub.ask(asked, self.now())
    }

    /// Link and number of the last call that went somewhere.
    fn went(&self) -> (u32, CallId) {
        let (_, link, call) = *self.wires.went.borrow().last().unwrap();
        (link, CallId::new(call).unwrap())
    }

    fn pass(&self, link: u32, frame: &Frame<'_>) -> Option<u32> {
        pass(&self.hub, self, link, frame)
    }

    fn fails(&self, link: u32, call: CallId, reached: bool) {
        let failure = Failure { code: FailureCode::TargetUnreachable, reached, detail: String::new() };
        self.hear(link, &Frame::Failure(call, &serde_json::to_string(&failure).unwrap()));
    }

    #[track_caller]
    fn away(&self, asked: AskedCall, why: GatewayAway) {
        assert_eq!(self.ask(asked), Err(GatewayFailure::Away(why)));
    }
}

fn pass(hub: &Hub, world: &World, link: u32, frame: &Frame<'_>) -> Option<u32> {
    let bytes = frame.encode().unwrap();
    let next = bytes.get(6..10).map_or(0, |next| u32::from_be_bytes(next.try_into().unwrap()));
    let call = u32::from_be_bytes(bytes[2..6].try_into().unwrap());
    let seen = Seen { version: bytes[0], kind: bytes[1], call, word: next, length: bytes.len() };
    hub.pass(link, seen, world.now())
}

#[test]
fn a_call_goes_to_the_agent_and_its_answer_comes_back() {
    let (world, _) = World::linked(1);
    let number = world.ask(asked()).unwrap();
    let (link, call) = world.went();
    let last = world.last(link);
    let Ok(Frame::Call(sent, text)) = Frame::decode(&last, Side::Server) else { panic!("no call") };
    assert_eq!((sent, text), (call, asked().head.as_str()));
    assert_eq!(world.pass(link, &Frame::Answer(call, "{}")), Some(number));
    assert_eq!(world.pass(link, &Frame::Data(call, b"abc")), Some(number));
    assert_eq!(world.pass(link, &Frame::End(call)), Some(number));
    assert_eq!(world.pass(link, &Frame::End(call)), Some(NOTHING), "late");
    assert_eq!(world.pass(link, &Frame::Report("{}")), None, "no piece of an answer");

    let number = world.ask(asked()).unwrap();
    let (link, call) = world.went();
    assert_eq!(world.pass(link, &Frame::Whole(call, "{}", b"abc")), Some(number));
    assert_eq!(world.hub.take(number, 1), None, "it is over");
}

#[test]
fn nobody_there_is_said_at_once() {
    let world = World::new();
    world.away(asked(), GatewayAway::NotLinked);
    let (world, machines) = World::linked(1);
    world.away(AskedCall { kind: CallKind::Sql, ..asked() }, GatewayAway::KindNotServed);
    let boxes = |replica: &ReplicaId| BTreeMap::from([(replica.clone(), "abc_-".to_owned())]);
    let other = ReplicaId::new(5, [5; 10]);
    world.away(AskedCall { boxes: boxes(&other), ..asked() }, GatewayAway::NoBox);
    world.ask(AskedCall { boxes: boxes(&machines[0].replica), ..asked() }).unwrap();
    let last = world.last(1);
    let Ok(Frame::Call(_, text)) = Frame::decode(&last, Side::Server) else { panic!("no call") };
    assert_eq!(serde_json::from_str::<Call>(text).unwrap().credentials.as_deref(), Some("abc_-"));
    let large = "x".repeat(70_000);
    let head = format!("{{\"x\":\"{large}\"}}");
    let failure = world.ask(AskedCall { head, ..asked() });
    assert!(matches!(failure, Err(GatewayFailure::Failed(Failure { reached: false, .. }))), "{failure:?}");
    for _ in 1..CALLS_MOST {
        world.ask(asked()).unwrap();
    }
    world.away(asked(), GatewayAway::Busy);
    world.gone(1);
    assert_eq!(world.wires.failed.borrow().len(), CALLS_MOST, "all that were under way have failed");
    world.away(asked(), GatewayAway::NotLinked);
}

#[test]
fn calls_are_spread_and_a_drained_agent_gets_none() {
    let (world, machines) = World::linked(3);
    for _ in 0..30 {
        world.ask(asked()).unwrap();
    }
    let went = world.wires.went.borrow().clone();
    for link in 1..=3 {
        assert_eq!(went.iter().filter(|(_, to, _)| *to == link).count(), 10, "link {link}");
    }
    let order = GatewayOrder::Drain(machines[0].replica.clone());
    let state = pollster::block_on(world.hub.order(&world.harness.services, order));
    assert!(state.links[0].draining && state.links[0].under_way == 10);
    assert!(matches!(Frame::decode(&world.last(1), Side::Server), Ok(Frame::Drain)));
    assert_eq!(world.row("SELECT COUNT(*) AS n FROM gateway_replicas WHERE draining = 1")["n"], 1);
    // The second says itself that it is about to stop; again and again, it is told once.
    world.hear(2, &Frame::Drain);
    let told = || world.harness.feeds.told.borrow().len();
    let once = told();
    world.hear(2, &Frame::Drain);
    world.hear(2, &Frame::Drain);
    assert_eq!(told(), once);
    world.wires.went.borrow_mut().clear();
    for _ in 0..5 {
        world.ask(asked()).unwrap();
    }
    assert!(world.wires.went.borrow().iter().all(|(_, to, _)| *to == 3));
    let (_, _, call) = went.iter().find(|(_, to, _)| *to == 1).unwrap();
    let call = CallId::new(*call).unwrap();
    assert!(
        world.pass(1, &Frame::Whole(call, "{}", b"")).unwrap() > 0,
        "what was under way comes to its end"
    );
}

#[test]
fn what_has_not_reached_its_target_goes_to_another_agent() {
    let (world, _) = World::linked(2);
    let number = world.ask(asked()).unwrap();
    let (first, call) = world.went();
    world.fails(first, call, false);
    let (second, again) = world.went();
    assert_ne!(first, second);
    assert!(world.wires.failed.borrow().is_empty());
    world.fails(second, again, false);
    assert!(
        matches!(&world.wires.failed.borrow()[..], [(known, GatewayFailure::Failed(_))] if *known == number)
    );

    // Not again: it has reached its target, or its body is gone.
    for (asked, reached) in [(asked(), true), (AskedCall { again: false, ..asked() }, false)] {
        world.wires.failed.borrow_mut().clear();
        world.ask(asked).unwrap();
        let (link, call) = world.went();
        world.fails(link, call, reached);
        assert_eq!(world.wires.failed.borrow().len(), 1);
    }
    // Nor once the answer has begun.
    world.wires.failed.borrow_mut().clear();
    world.ask(asked()).unwrap();
    let (link, call) = world.went();
    world.pass(link, &Frame::Answer(call, "{}"));
    world.fails(link, call, false);
    assert_eq!(world.wires.failed.borrow().len(), 1);
}

#[test]
fn when_a_link_breaks_only_what_changes_nothing_is_made_again() {
    let (world, machines) = World::linked(2);
    let safe = AskedCall { safe: true, ..asked() };
    world.ask(safe.clone()).unwrap();
    let (first, _) = world.went();
    world.gone(first);
    let (second, call) = world.went();
    assert_ne!(first, second);
    assert!(world.pass(second, &Frame::Whole(call, "{}", b"")).unwrap() > 0);
    assert!(world.wires.failed.borrow().is_empty());

    world.link(first, &machines[usize::try_from(first - 1).unwrap()]);
    let number = world.ask(asked()).unwrap();
    world.gone(world.went().0);
    let failed = world.wires.failed.borrow().clone();
    assert_eq!(failed, [(number, GatewayFailure::Broke("lost".to_owned()))]);
    assert_eq!(world.status().0, "degraded");
}

#[test]
fn bodies_go_as_far_as_there_is_credit() {
    let (world, _) = World::linked(1);
    let number = world.ask(asked()).unwrap();
    let (link, call) = world.went();
    assert_eq!(world.hub.take(number, 100), Some(100));
    assert_eq!(world.hub.take(number, usize::MAX), Some(WINDOW as usize - 100));
    assert_eq!(world.hub.take(number, 1), Some(0));
    world.hear(link, &Frame::Credit(call, 5000));
    assert_eq!(*world.wires.credits.borrow(), [number]);
    assert_eq!(world.hub.take(number, 10_000), Some(5000));
    world.hub.whole(number);
    assert!(matches!(Frame::decode(&world.last(link), Side::Server), Ok(Frame::End(_))));
    assert_eq!(world.hub.take(number, 1), None);

    // The other way: credit is given for what was read.
    world.pass(link, &Frame::Answer(call, "{}"));
    world.pass(link, &Frame::Data(call, &vec![0; WINDOW as usize / 2]));
    let before = world.wires.sent.borrow().len();
    world.hub.passed(number, 1);
    assert_eq!(world.wires.sent.borrow().len(), before, "not for every byte");
    world.hub.passed(number, WINDOW as usize / 2 - 1);
    let half = WINDOW / 2;
    assert_eq!(Frame::decode(&world.last(link), Side::Server), Ok(Frame::Credit(call, half)));
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let (world, _) = World::linked(1);
    let number = world.ask(asked()).unwrap();
    let (link, call) = world.went();
    world.pass(link, &Frame::Answer(call, "{}"));
    world.hub.passed(number, usize::try_from(BODY_MOST).unwrap());
    assert!(world.wires.failed.borrow().is_empty(), "as much as may be");
    world.hub.passed(number, 1);
    assert_eq!(
        Frame::decode(&world.last(link), Side::Server),
        Ok(Frame::Cancel(call, Cancelled::BodyBroken))
    );
    assert_eq!(world.wires.failed.borrow().len(), 1);
}

#[test]
fn a_caller_that_goes_away_and_a_time_that_is_over_cancel_the_call() {
    let (world, _) = World::linked(1);
    let number = world.ask(asked()).unwrap();
    let (link, call) = world.went();
    world.hub.cancel(number, Cancelled::CallerGone);
    let cancelled = |why| Ok(Frame::Cancel(call, why));
    assert_eq!(Frame::decode(&world.last(link), Side::Server), cancelled(Cancelled::CallerGone));
    assert_eq!(world.pass(link, &Frame::Whole(call, "{}", b"late")), Some(NOTHING));

    let number = world.ask(asked()).unwrap();
    let (_, call) = world.went();
    world.harness.clock.advance(31_000);
    assert!(
        world.hub.look_at_the_clock(world.now()).is_some(),
        "the agent knows better, and has a moment more"
    );
    world.harness.clock.advance(1_001);
    assert_eq!(world.hub.look_at_the_clock(world.now()), None);
    assert_eq!(Frame::decode(&world.last(link), Side::Server), Ok(Frame::Cancel(call, Cancelled::Deadline)));
    assert_eq!(*world.wires.failed.borrow(), [(number, GatewayFailure::Broke("deadline".to_owned()))]);
}

#[test]
fn numbers_of_calls_go_on_after_a_sleep() {
    let (world, _) = World::linked(1);
    for _ in 0..5 {
        world.ask(asked()).unwrap();
    }
    let (_, last) = world.went();
    let hub = world.slept();
    hub.ask(asked(), world.now()).unwrap();
    let (link, next) = world.went();
    assert!(next > last, "{next:?} after {last:?}");
    // What was on its way is late, and nobody's fault.
    let late = pass(&hub, &world, link, &Frame::Data(last, b"x"));
    assert_eq!(late, Some(NOTHING));
    assert_eq!(pass(&hub, &world, link, &Frame::Data(CallId::new(u32::MAX).unwrap(), b"x")), Some(BROKEN));
}

#[test]
fn what_cannot_be_is_a_fault_of_the_agent() {
    let (world, machines) = World::linked(1);
    world.ask(asked()).unwrap();
    let (link, call) = world.went();
    assert_eq!(world.pass(link, &Frame::Data(call, b"before its head")), Some(BROKEN));
    let oversized = Seen { version: 1, kind: 0x22, call: call.number(), word: 0, length: 300_000 };
    assert_eq!(world.hub.pass(link, oversized, world.now()), Some(BROKEN));
    let future = Seen { version: 2, kind: 0x22, call: call.number(), word: 0, length: 7 };
    assert_eq!(world.hub.pass(link, future, world.now()), Some(BROKEN));
    world.pass(link, &Frame::Answer(call, "{}"));
    for _ in 0..2 {
        world.pass(link, &Frame::Data(call, &vec![0; WINDOW as usize / 2]));
    }
    assert_eq!(world.pass(link, &Frame::Data(call, b"one more")), Some(BROKEN));
    pollster::block_on(world.hub.broken(&world.harness.services, link, "call"));
    assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_BROKEN)));
    assert_eq!(world.wires.failed.borrow().len(), 1, "its calls end");

    world.link(2, &machines[0]);
    world.hear(2, &Frame::Credit(CallId::new(9000).unwrap(), 5));
    assert_eq!(world.wires.closed.borrow().last(), Some(&(2, CLOSE_BROKEN)), "a call that was never made");
    world.link(3, &machines[0]);
    world.ask(asked()).unwrap();
    let (_, call) = world.went();
    world.hear(3, &Frame::Failure(call, "{\"code\":\"unheard_of\"}"));
    assert_eq!(world.wires.closed.borrow().last(), Some(&(3, CLOSE_BROKEN)), "a reason that is none");
    // A link on which nobody has proved anything carries no answers.
    world.open(4);
    assert_eq!(world.pass(4, &Frame::Answer(call, "{}")), Some(BROKEN));
    let _ = Passing::WHOLE_HEAD;
}
