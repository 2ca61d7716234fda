//! Links that come about while something else happens to their gateway.

use std::future::Future as _;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_domain::id::{Id, ReplicaId};
use drawbridge_domain::time::Timestamp;

use super::super::hub::Hub;
use super::{Storage, World, joined};
use crate::ports::{GatewayOrder, Notes, Pending};

/// The hub's storage, when it is slow.
struct Slow(Rc<Storage>);

impl Notes for Slow {
    fn get(&self, name: &'static str) -> Pending<'_, Result<Option<String>, String>> {
        self.0.get(name)
    }
    fn put(&self, name: &'static str, text: String) -> Pending<'_, Result<(), String>> {
        let mut waited = false;
        Box::pin(async move {
            std::future::poll_fn(|_| {
                if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            self.0.put(name, text).await
        })
    }
    fn remove(&self, name: &'static str) -> Pending<'_, Result<(), String>> {
        self.0.remove(name)
    }
    fn wake(&self, at: Option<Timestamp>) -> Pending<'_, Result<(), String>> {
        self.0.wake(at)
    }
}

/// What a machine hears that is about to be linked when this happens.
fn linked_while(what: impl FnOnce(&World)) -> (World, Vec<u8>) {
    let mut world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.hub = Hub::new(Rc::clone(&world.wires) as _, Rc::new(Slow(Rc::clone(&world.storage))));
    world.open(1);
    let nonce = world.challenged(1, &machine.hello());
    let proof = Frame::Proof(machine.proof(&nonce)).encode().unwrap();
    {
        let mut hears = pin!(world.hub.hear(&world.harness.services, 1, &proof));
        let mut context = Context::from_waker(Waker::noop());
        assert!(hears.as_mut().poll(&mut context).is_pending());
        what(&world);
        while hears.as_mut().poll(&mut context).is_pending() {}
    }
    let last = world.last(1);
    (world, last)
}

#[test]
fn a_link_that_comes_while_its_gateway_is_ended_does_not_stand() {
    let order = |order: GatewayOrder| move |world: &World| drop(world.orders(order));
    let dismissed = |world: &World| {
        let replica = world.row("SELECT id FROM gateway_replicas")["id"].as_str().unwrap().to_owned();
        world.orders(GatewayOrder::Dismiss(vec![ReplicaId::parse(&replica).unwrap()]));
    };
    for (world, last) in [
        linked_while(order(GatewayOrder::Disable)),
        linked_while(order(GatewayOrder::Disconnect)),
        linked_while(dismissed),
    ] {
        let Ok(Frame::Refused(text)) = Frame::decode(&last, Side::Server) else { panic!("{last:?}") };
        assert!(text.contains("busy"), "it dials again and hears what became of its gateway: {text}");
        assert_eq!(world.status(), ("offline".to_owned(), 0));
        assert!(world.orders(GatewayOrder::Look).links.is_empty());
    }
    let (world, last) = linked_while(|world| drop(world.orders(GatewayOrder::Look)));
    assert!(matches!(Frame::decode(&last, Side::Server), Ok(Frame::Welcome(_))), "{last:?}");
    assert_eq!(world.status().0, "online");
}

#[test]
fn who_is_disabled_while_it_links_is_not_told_that_its_key_is_unknown() {
    let (_, last) = linked_while(|world| drop(world.harness.db.query("UPDATE gateways SET disabled = 1")));
    let Ok(Frame::Refused(text)) = Frame::decode(&last, Side::Server) else { panic!("{last:?}") };
    assert!(text.contains("busy"), "an agent that is unauthorized dials no more: {text}");
}
