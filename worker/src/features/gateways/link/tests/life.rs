//! Reports, new keys, goodbyes, silence, and what a broken process leaves behind.

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::messages::{Farewell, Report, Rotate, Rotated, TargetReport};
use drawbridge_contract::link::proof::{NewKey, unhex};
use drawbridge_contract::link::{
    CLOSE_BROKEN, CLOSE_GOODBYE, CLOSE_SILENT, FailureCode, Goodbye, TargetState,
};
use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::gateway::{GatewayFacts, GatewayStatus, OFFLINE_TOLD_AFTER};
use drawbridge_domain::time::SECOND;
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::super::hub::Hub;
use super::{Machine, World, joined, key, public, signed};
use crate::ports::{GatewayOrder, GatewayState};
use crate::testing::ORIGIN;

fn target(name: &str, state: TargetState, reason: Option<FailureCode>) -> TargetReport {
    TargetReport { name: name.to_owned(), kind: TargetKind::Http, state, reason, credentials: None }
}

fn report(targets: Vec<TargetReport>, calls: u64) -> String {
    serde_json::to_string(&Report { targets, round_trip: Some(12), calls, ..Report::default() }).unwrap()
}

impl World {
    pub(super) fn orders(&self, order: GatewayOrder) -> GatewayState {
        pollster::block_on(self.hub.order(&self.harness.services, order))
    }

    #[track_caller]
    fn said_goodbye(&self, link: u32, reason: Goodbye) {
        let last = self.last(link);
        let Ok(Frame::Goodbye(text)) = Frame::decode(&last, Side::Server) else { panic!("{last:?}") };
        assert_eq!(serde_json::from_str::<Farewell>(text).unwrap().reason, reason);
    }
}

#[test]
fn what_agents_report_is_written_down_and_changes_are_told() {
    let (world, _) = World::linked(1);
    let good = || target("web", TargetState::Reachable, None);
    let bad = || target("SQL01", TargetState::Failing, Some(FailureCode::TargetUnreachable));
    world.hear(1, &Frame::Report(&report(vec![good(), bad()], 3)));
    assert_eq!(world.status().0, "degraded");
    let row = world.row("SELECT targets, failing, round_trip, calls FROM gateway_replicas");
    assert_eq!((&row["failing"], &row["round_trip"], &row["calls"]), (&json!(1), &json!(12), &json!(3)));
    assert!(row["targets"].as_str().unwrap().contains("SQL01"));
    // The counts alone wait for a minute; the hub itself knows them.
    world.hear(1, &Frame::Report(&report(vec![good(), bad()], 9)));
    assert_eq!(world.row("SELECT calls FROM gateway_replicas")["calls"], 3);
    let state = world.orders(GatewayOrder::Look);
    assert_eq!(state.links[0].report.as_ref().unwrap().calls, 9);
    world.harness.clock.advance(60 * SECOND);
    world.hear(1, &Frame::Report(&report(vec![good(), bad()], 10)));
    assert_eq!(world.row("SELECT calls FROM gateway_replicas")["calls"], 10);
    // A change of targets does not wait for it.
    let login = target("SQL01", TargetState::Failing, Some(FailureCode::TargetLogin));
    world.hear(1, &Frame::Report(&report(vec![good(), login], 11)));
    world.hear(1, &Frame::Report(&report(vec![good(), target("SQL01", TargetState::Reachable, None)], 12)));
    assert_eq!(world.status().0, "online");
    assert_eq!(
        world.events(),
        [
            "joined",
            "linked",
            "targetFails SQL01 target_unreachable",
            "targetFails SQL01 target_login",
            "targetReached SQL01"
        ]
    );
    for (link, bad) in [(1, "{}"), (2, "[]")] {
        if link > 1 {
            continue;
        }
        world.hear(link, &Frame::Report(bad));
        assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_BROKEN)));
    }
}

#[test]
fn the_newest_hundred_events_are_kept() {
    let (world, _) = World::linked(1);
    for round in 0..120 {
        let state = if round % 2 == 0 { TargetState::Failing } else { TargetState::Reachable };
        let reason = (round % 2 == 0).then_some(FailureCode::TargetTls);
        world.hear(1, &Frame::Report(&report(vec![target("web", state, reason)], round)));
    }
    assert_eq!(world.row("SELECT COUNT(*) AS n FROM gateway_events")["n"], 100);
    assert_eq!(world.events().last().unwrap(), "targetReached web");
}

fn rotated(
    world: &World,
    machine: &Machine,
    old: &SigningKey,
    new: &SigningKey,
    signer: &SigningKey,
) -> String {
    let last = world.last(1);
    let Ok(Frame::Rotate(text)) = Frame::decode(&last, Side::Server) else { panic!("no rotation: {last:?}") };
    let nonce = unhex(&serde_json::from_str::<Rotate>(text).unwrap().nonce).unwrap();
    let text = NewKey {
        server: ORIGIN,
        gateway: &machine.gateway,
        replica: &machine.replica,
        nonce: &nonce,
        key: &new.verifying_key().to_bytes(),
    }
    .text();
    let rotated = Rotated { key: public(new), by_old: signed(old, &text), by_new: signed(signer, &text) };
    serde_json::to_string(&rotated).unwrap()
}

#[test]
fn a_key_is_changed_when_both_keys_say_so() {
    let (world, machines) = World::linked(1);
    let state = world.orders(GatewayOrder::Rotate);
    assert!(!state.links[0].done, "nobody has answered yet");
    let text = rotated(&world, &machines[0], &machines[0].key, &key(9), &key(9));
    world.hear(1, &Frame::Rotated(&text));
    assert!(matches!(Frame::decode(&world.last(1), Side::Server), Ok(Frame::RotationDone(_))));
    assert_eq!(world.row("SELECT public_key FROM gateway_replicas")["public_key"], public(&key(9)));
    assert!(world.orders(GatewayOrder::Look).links[0].done);
    assert_eq!(world.events().last().unwrap(), "keyChanged");
    // The old one is worth nothing, the new one links.
    world.gone(1);
    world.open(2);
    let nonce = world.challenged(2, &machines[0].hello());
    world.hear(2, &Frame::Proof(machines[0].proof(&nonce)));
    assert!(matches!(Frame::decode(&world.last(2), Side::Server), Ok(Frame::Refused(_))));
    let (gateway, replica) = (machines[0].gateway.clone(), machines[0].replica.clone());
    world.link(3, &Machine { key: key(9), gateway, replica });
}

#[test]
fn a_key_that_is_being_made_is_not_asked_for_twice() {
    let (world, machines) = World::linked(1);
    let asked = |world: &World| {
        let sent = world.wires.sent.borrow();
        sent.iter().filter(|(_, bytes)| bytes[1] == 0x0c).count()
    };
    world.orders(GatewayOrder::Rotate);
    world.orders(GatewayOrder::Rotate);
    assert_eq!(asked(&world), 1, "two people pressed the button");
    let text = rotated(&world, &machines[0], &machines[0].key, &key(9), &key(9));
    world.hear(1, &Frame::Rotated(&text));
    assert!(world.wires.closed.borrow().is_empty(), "the link stays");
    assert_eq!(world.row("SELECT public_key FROM gateway_replicas")["public_key"], public(&key(9)));
    // Done: it can be asked again at once; and whoever never answered, after a while.
    world.orders(GatewayOrder::Rotate);
    assert_eq!(asked(&world), 2);
    world.harness.clock.advance(15 * SECOND);
    world.orders(GatewayOrder::Rotate);
    assert_eq!(asked(&world), 3);
}

#[test]
fn a_key_that_nobody_asked_for_or_that_is_not_proved_is_not_taken() {
    let (world, machines) = World::linked(1);
    let (own, new) = (key(1), key(9));
    world.orders(GatewayOrder::Rotate);
    let unproved = rotated(&world, &machines[0], &own, &new, &own);
    let not_ours = rotated(&world, &machines[0], &new, &new, &new);
    let good = rotated(&world, &machines[0], &own, &new, &new);
    for (link, text) in [(1, &unproved), (2, &not_ours), (3, &good), (4, &"{}".to_owned())] {
        if link > 1 {
            world.link(link, &machines[0]);
        }
        if link == 2 {
            world.orders(GatewayOrder::Rotate);
        }
        world.hear(link, &Frame::Rotated(text));
        assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_BROKEN)), "{link}");
    }
    assert_eq!(world.row("SELECT public_key FROM gateway_replicas")["public_key"], public(&own));
}

#[test]
fn a_disabled_gateway_says_goodbye_to_its_agents() {
    let (world, _) = World::linked(2);
    world.harness.db.query("UPDATE gateways SET disabled = 1");
    assert_eq!(world.orders(GatewayOrder::Disable).links.len(), 2);
    world.said_goodbye(1, Goodbye::Disabled);
    world.said_goodbye(2, Goodbye::Disabled);
    assert_eq!(*world.wires.closed.borrow(), [(1, CLOSE_GOODBYE), (2, CLOSE_GOODBYE)]);
    assert_eq!(world.status(), ("disabled".to_owned(), 0));
    assert_eq!(world.events().last().unwrap(), "unlinked disabled");
}

#[test]
fn a_disconnected_gateway_waits_for_its_agents_to_erase_their_keys_but_not_for_ever() {
    let (world, machines) = World::linked(2);
    world.harness.db.query("DELETE FROM gateways");
    let before = world.now();
    let state = world.orders(GatewayOrder::Disconnect);
    assert!(world.now().since(before) <= 5 * SECOND);
    world.said_goodbye(1, Goodbye::Disconnected);
    assert!(state.links.iter().all(|link| !link.done), "neither has said a word");
    assert_eq!(world.wires.closed.borrow().len(), 2);
    assert_eq!(world.harness.db.query("SELECT 1 FROM gateway_events").len(), 0);
    let _ = machines;
}

#[test]
fn an_agent_that_erased_its_key_says_so_only_when_it_was_told() {
    let (world, _) = World::linked(1);
    world.hear(1, &Frame::Erased);
    assert_eq!(world.wires.closed.borrow().last(), Some(&(1, CLOSE_BROKEN)));
}

#[test]
fn who_is_silent_for_twenty_five_seconds_is_offline() {
    let (world, _) = World::linked(2);
    let begin = world.now();
    world.harness.clock.advance(20 * SECOND);
    world.wires.heartbeats.borrow_mut().insert(1, begin.plus(15 * SECOND));
    world.wake();
    assert!(world.wires.closed.borrow().is_empty());
    assert_eq!(*world.wires.alarm.borrow(), Some(begin.plus(25 * SECOND)));
    world.harness.clock.advance(5 * SECOND);
    world.wake();
    assert_eq!(*world.wires.closed.borrow(), [(2, CLOSE_SILENT)]);
    assert_eq!(world.status(), ("degraded".to_owned(), 1));
    assert_eq!(*world.wires.alarm.borrow(), Some(begin.plus(40 * SECOND)));
    world.harness.clock.advance(15 * SECOND);
    world.wake();
    assert_eq!(world.status(), ("offline".to_owned(), 0));
    assert_eq!(world.events().last().unwrap(), "unlinked silent");
    world.harness.clock.advance(OFFLINE_TOLD_AFTER);
    world.wake();
    assert_eq!(*world.wires.alarm.borrow(), None, "an empty hub sleeps for good");
}

#[test]
fn the_database_says_of_a_status_what_the_rule_says() {
    let world = World::new();
    for (disabled, replicas, linked, failing) in [
        (0, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 1, 1, 0),
        (0, 2, 1, 0),
        (0, 1, 1, 3),
        (0, 2, 0, 3),
        (1, 0, 0, 0),
        (1, 2, 2, 0),
    ] {
        world.harness.db.query(&format!(
            "UPDATE gateways SET disabled = {disabled}, replicas = {replicas}, linked = {linked}, failing = {failing}"
        ));
        let facts = GatewayFacts { disabled: disabled == 1, replicas, linked, failing_targets: failing };
        assert_eq!(world.status().0, GatewayStatus::of(&facts).code(), "{facts:?}");
    }
}

#[test]
fn a_goodbye_of_the_agent_is_the_reason() {
    let (world, _) = World::linked(1);
    let text = serde_json::to_string(&Farewell { reason: Goodbye::ShuttingDown }).unwrap();
    world.hear(1, &Frame::Goodbye(&text));
    assert_eq!(world.events().last().unwrap(), "unlinked shutting_down");
    assert_eq!(world.status().0, "offline");
    world.gone(1);
    assert_eq!(world.events().len(), 3, "told once");
}

#[test]
fn what_a_broken_process_left_behind_is_put_right() {
    let (world, _) = World::linked(1);
    // The process is gone, and its WebSockets with it; the alarm rings in the next one.
    world.wires.notes.borrow_mut().clear();
    let hub = world.slept();
    assert_eq!(world.status().0, "online", "so it was written");
    pollster::block_on(hub.wake(&world.harness.services));
    assert_eq!(world.status(), ("offline".to_owned(), 0));
    assert_eq!(world.events().last().unwrap(), "unlinked lost");
    pollster::block_on(hub.wake(&world.harness.services));
    assert_eq!(world.events().len(), 3, "once");
}

#[test]
fn a_link_outlives_the_sleep_of_its_hub() {
    let (world, machines) = World::linked(1);
    let hub = world.slept();
    pollster::block_on(hub.wake(&world.harness.services));
    assert_eq!(world.status().0, "online");
    let state = pollster::block_on(hub.order(&world.harness.services, GatewayOrder::Look));
    assert_eq!(state.links[0].replica, machines[0].replica);
    let ping = Frame::Ping([1; 8]).encode().unwrap();
    pollster::block_on(hub.hear(&world.harness.services, 1, &ping));
    assert!(matches!(Frame::decode(&world.last(1), Side::Server), Ok(Frame::Pong([1, ..]))));
}

#[test]
fn a_database_that_fails_lets_agents_try_again_and_nothing_is_forgotten() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.link(1, &machine);
    world.harness.db.script("ALTER TABLE gateway_events RENAME TO gone");
    world.gone(1);
    assert_eq!(world.status().0, "online", "it could not be written");
    world.link_refused(2, &machine);
    world.harness.db.script("ALTER TABLE gone RENAME TO gateway_events");
    world.wake();
    assert_eq!(world.status().0, "offline");
    world.link(3, &machine);
    let hub: &Hub = &world.hub;
    let _ = hub;
}

impl World {
    #[track_caller]
    fn link_refused(&self, link: u32, machine: &Machine) {
        self.open(link);
        let nonce = self.challenged(link, &machine.hello());
        self.hear(link, &Frame::Proof(machine.proof(&nonce)));
        let last = self.last(link);
        let Ok(Frame::Refused(text)) = Frame::decode(&last, Side::Server) else { panic!("{last:?}") };
        assert!(text.contains("busy"), "{text}");
    }
}
