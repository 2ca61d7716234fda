//! What the page tells a gateway's agents.

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::{CLOSE_GOODBYE, Goodbye};
use drawbridge_domain::id::ReplicaId;
use drawbridge_domain::time::SECOND;

use super::super::store;
use super::Hub;
use super::link::Link;
use super::record::store_failed;
use crate::ports::{GatewayOrder, GatewayState, LinkState};
use crate::services::Services;

/// How long agents have to do what they were told, in milliseconds.
const PATIENCE: i64 = 4 * SECOND;
/// How often it is looked whether they did.
const LOOK_EVERY: u32 = 20;

impl Hub {
    /// Carries an order out, and says how the links are then that it was for.
    pub async fn order(&self, services: &Services, order: GatewayOrder) -> GatewayState {
        let ends =
            matches!(order, GatewayOrder::Disable | GatewayOrder::Disconnect | GatewayOrder::Dismiss(_));
        if ends {
            self.ended.set(self.ended.get().wrapping_add(1));
        }
        match order {
            GatewayOrder::Look => self.state(&self.standing(|_| true)),
            GatewayOrder::Disable => {
                let links = self.standing(|_| true);
                let state = self.state(&links);
                for link in links {
                    self.dismiss(services, link, Goodbye::Disabled).await;
                }
                state
            }
            GatewayOrder::Disconnect => self.erase(services, self.standing(|_| true)).await,
            GatewayOrder::Dismiss(replicas) => {
                self.erase(services, self.standing(|replica| replicas.contains(replica))).await
            }
            GatewayOrder::Rotate => {
                let links = self.standing(|_| true);
                for link in &links {
                    let _ = self.rotate(services, *link);
                }
                self.patiently(services, &links).await;
                self.state(&links)
            }
            GatewayOrder::Drain(replica) => {
                let links = self.standing(|there| *there == replica);
                for link in &links {
                    let _ = self.say(*link, Frame::Drain);
                    let _ = self.drains(services, *link).await;
                }
                self.state(&links)
            }
        }
    }

    /// Agents erase their keys, and say so; then the links are closed.
    async fn erase(&self, services: &Services, links: Vec<u32>) -> GatewayState {
        for link in &links {
            self.with_mut(*link, |link| link.done = false);
            self.say_goodbye(*link, Goodbye::Disconnected);
        }
        let before = self.state(&links);
        self.patiently(services, &links).await;
        let erased: Vec<ReplicaId> = {
            let mut erased = self.erased.borrow_mut();
            // What was said to others who wait is theirs.
            let ours = |replica: &ReplicaId| before.links.iter().any(|link| link.replica == *replica);
            let (done, others) = std::mem::take(&mut *erased).into_iter().partition(ours);
            *erased = others;
            done
        };
        for link in links {
            self.wires.note(link, "");
            self.wires.close(link, CLOSE_GOODBYE);
            self.end(services, link).await;
        }
        let links = before.links.into_iter();
        GatewayState {
            links: links.map(|link| LinkState { done: erased.contains(&link.replica), ..link }).collect(),
        }
    }

    /// An agent has erased its key.
    pub(super) async fn erased(&self, services: &Services, link: u32) -> Result<(), &'static str> {
        let told = self.with(link, |link| {
            let final_word = link.reason == Some(Goodbye::Disconnected.code());
            let proved = link.seat.proved.as_ref().filter(|_| final_word)?;
            Some((proved.tenant.clone(), link.seat.gateway.clone(), proved.replica.clone()))
        });
        let Some((tenant, gateway, replica)) = told.flatten() else { return Err("out_of_order") };
        self.erased.borrow_mut().push(replica.clone());
        self.with_mut(link, |link| link.done = true);
        self.wires.note(link, "");
        self.wires.close(link, CLOSE_GOODBYE);
        self.end(services, link).await;
        // Whoever waits for it may be gone by now; then upkeep records it.
        if let Err(error) = services.db.batch(vec![store::erased(&tenant, &gateway, &replica)]).await {
            store_failed(services, &gateway, &error);
        }
        Ok(())
    }

    /// Waits until all have done what they were told, or are gone, or the patience is over.
    async fn patiently(&self, services: &Services, links: &[u32]) {
        let until = services.now().plus(PATIENCE);
        let done = || links.iter().all(|link| self.with(*link, |link| link.done).unwrap_or(true));
        while !done() && services.now() < until {
            services.clock.wait(LOOK_EVERY).await;
        }
    }

    /// The links that stand, of these agents.
    fn standing(&self, wanted: impl Fn(&ReplicaId) -> bool) -> Vec<u32> {
        let links = self.links.borrow();
        let stands = |link: &Link| link.seat.proved.as_ref().is_some_and(|proved| wanted(&proved.replica));
        links.iter().filter(|(_, link)| stands(link)).map(|(number, _)| *number).collect()
    }

    fn state(&self, wanted: &[u32]) -> GatewayState {
        let links = self.links.borrow();
        let links = wanted.iter().filter_map(|number| {
            let link = links.get(number)?;
            let proved = link.seat.proved.as_ref()?;
            let heard = self.wires.heartbeat(*number).map_or(link.heard, |at| at.max(link.heard));
            Some(LinkState {
                replica: proved.replica.clone(),
                since: link.seat.since,
                heard,
                draining: proved.draining,
                under_way: u32::try_from(link.calls.len()).unwrap_or(u32::MAX),
                report: link.report.clone(),
                done: link.done,
            })
        });
        GatewayState { links: links.collect() }
    }
}
