//! Gateways that are offline, and back: told to webhooks once, and not when somebody wanted it so.

use drawbridge_contract::link::Goodbye;
use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::Farewell;
use drawbridge_domain::gateway::OFFLINE_TOLD_AFTER;
use drawbridge_domain::time::SECOND;
use http::Method;
use serde_json::{Value as Json, json};

use super::World;
use crate::ports::GatewayOrder;

impl World {
    /// A webhook that chose what gateways do.
    fn hook(&self) {
        let events = ["gateway.offline", "gateway.online"];
        let body = json!({ "name": "Desk", "url": "https://hooks.example.net/in", "events": events });
        let made = self.admin.send_json(Method::POST, "/api/v1/webhooks", &body);
        assert_eq!(made.status, 201, "{}", made.text());
    }

    /// What webhooks were told, in order.
    fn told(&self) -> Vec<Json> {
        let rows = self.harness.db.query("SELECT body FROM webhook_deliveries ORDER BY id");
        rows.iter().map(|row| serde_json::from_str(row["body"].as_str().unwrap()).unwrap()).collect()
    }

    fn kinds(&self) -> Vec<String> {
        self.told().iter().map(|told| told["type"].as_str().unwrap().to_owned()).collect()
    }

    /// Time passes, and the alarm rings if it is set for then.
    fn later(&self, millis: i64) {
        self.harness.clock.advance(millis);
        let due = self.wires.alarm.borrow().is_some_and(|at| at <= self.now());
        if due {
            self.wake();
        }
    }
}

#[test]
fn a_gateway_that_is_offline_and_back_is_told_once_each() {
    let (world, machines) = World::linked(2);
    world.hook();
    world.gone(1);
    world.later(2 * OFFLINE_TOLD_AFTER);
    assert!(world.kinds().is_empty(), "the other machine was there until it was silent");
    let since = world.now();
    world.later(OFFLINE_TOLD_AFTER - 1);
    assert!(world.kinds().is_empty(), "{:?}", world.kinds());
    world.later(1);
    let told = world.told();
    assert_eq!(
        told[0]["data"],
        json!({
            "gateway": { "id": world.gateway, "name": "Berlin" }, "status": "offline", "offlineSince": since,
            "tenant": { "id": world.admin.tenant() },
        })
    );
    // Whatever wakes the hub, and whichever hub it is.
    world.wake();
    let hub = world.slept();
    pollster::block_on(hub.wake(&world.harness.services));
    assert_eq!(world.kinds(), ["gateway.offline"]);
    assert_eq!(*world.wires.alarm.borrow(), None, "nothing more is to come");
    world.link(3, &machines[0]);
    world.link(4, &machines[1]);
    assert_eq!(world.kinds(), ["gateway.offline", "gateway.online"]);
    assert_eq!(world.told()[1]["data"]["status"], "degraded", "one of its machines is there");
    world.gone(3);
    world.gone(4);
    world.later(OFFLINE_TOLD_AFTER);
    assert_eq!(world.kinds(), ["gateway.offline", "gateway.online", "gateway.offline"]);
    let recorded = world.harness.db.query(
        "SELECT actor_name FROM audit WHERE action IN ('gateway.offline', 'gateway.online') AND outcome = 'done'",
    );
    assert_eq!(recorded.len(), 3);
    assert_eq!(recorded[0]["actor_name"], "Drawbridge");
}

#[test]
fn who_only_dials_anew_is_not_told_of() {
    let (world, machines) = World::linked(1);
    world.hook();
    for link in 2..6 {
        world.gone(link - 1);
        world.later(OFFLINE_TOLD_AFTER - SECOND);
        world.link(link, &machines[0]);
    }
    world.later(2 * SECOND);
    assert!(world.kinds().is_empty(), "{:?}", world.kinds());
}

#[test]
fn nobody_is_told_of_what_somebody_wanted() {
    let off = |world: &World, order| {
        pollster::block_on(world.hub.order(&world.harness.services, order));
        world.later(2 * OFFLINE_TOLD_AFTER);
        world.wake();
        assert!(world.kinds().is_empty(), "{:?}", world.kinds());
    };
    let (world, machines) = World::linked(1);
    world.hook();
    world.harness.db.query("UPDATE gateways SET disabled = 1");
    off(&world, GatewayOrder::Disable);
    world.harness.db.query("UPDATE gateways SET disabled = 0");
    world.link(2, &machines[0]);
    assert!(world.kinds().is_empty(), "nobody heard that it was away");
    // Lost first, then disabled.
    world.gone(2);
    world.harness.db.query("UPDATE gateways SET disabled = 1");
    off(&world, GatewayOrder::Disable);
    let (world, _) = World::linked(1);
    world.hook();
    world.harness.db.query("DELETE FROM gateways");
    off(&world, GatewayOrder::Disconnect);
}

#[test]
fn a_stopped_agent_and_a_broken_process_are_told_of() {
    let (world, machines) = World::linked(1);
    world.hook();
    let text = serde_json::to_string(&Farewell { reason: Goodbye::ShuttingDown }).unwrap();
    world.hear(1, &Frame::Goodbye(&text));
    world.later(OFFLINE_TOLD_AFTER);
    world.link(2, &machines[0]);
    assert_eq!(world.kinds(), ["gateway.offline", "gateway.online"]);
    // The process is gone, and its WebSockets with it; the alarm rings in the next one.
    world.wires.notes.borrow_mut().clear();
    let hub = world.slept();
    let wake = || pollster::block_on(hub.wake(&world.harness.services));
    wake();
    world.harness.clock.advance(OFFLINE_TOLD_AFTER);
    wake();
    assert_eq!(world.kinds().len(), 3);
}

#[test]
fn what_the_database_did_not_take_is_told_later_and_once() {
    let (world, machines) = World::linked(1);
    world.hook();
    world.gone(1);
    world.harness.db.script("ALTER TABLE webhook_deliveries RENAME TO gone");
    world.later(OFFLINE_TOLD_AFTER);
    world.harness.db.script("ALTER TABLE gone RENAME TO webhook_deliveries");
    assert!(world.kinds().is_empty());
    world.later(5 * SECOND);
    world.later(5 * SECOND);
    assert_eq!(world.kinds(), ["gateway.offline"]);
    world.harness.db.script("ALTER TABLE webhook_deliveries RENAME TO gone");
    world.link(2, &machines[0]);
    world.harness.db.script("ALTER TABLE gone RENAME TO webhook_deliveries");
    world.later(5 * SECOND);
    assert_eq!(world.kinds(), ["gateway.offline", "gateway.online"]);
}
