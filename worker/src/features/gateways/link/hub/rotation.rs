//! A new key without losing the link.

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Rotate, Rotated, RotationDone};
use drawbridge_contract::link::proof::{NONCE, NewKey, hex, unhex};
use drawbridge_domain::gateway::event::GatewayEvent;
use drawbridge_domain::id::GatewayEventId;
use drawbridge_domain::time::SECOND;

use super::super::{signed, store};
use super::link::Link;
use super::record::{store_failed, tell};
use super::{Hub, written};
use crate::json;
use crate::new_id;
use crate::services::Services;

/// So long an agent may take to make a key; it is not asked again meanwhile, in milliseconds.
const TAKES: i64 = 15 * SECOND;

impl Hub {
    /// An agent is to make a new key.
    pub(super) fn rotate(&self, services: &Services, link: u32) -> Result<(), &'static str> {
        let now = services.now();
        let makes = |link: &Link| !link.done && link.asked.is_some_and(|asked| now.since(asked) < TAKES);
        if self.with(link, makes) == Some(true) {
            // It makes one already: its answer would be taken for one to this question, and be wrong.
            return Ok(());
        }
        let nonce = hex(&services.random_bytes::<NONCE>().map_err(|_| "no random bytes")?);
        self.with_mut(link, |link| {
            link.asked = Some(now);
            link.done = false;
            if let Some(proved) = &mut link.seat.proved {
                proved.rotation = Some(nonce.clone());
            }
        });
        self.keep(link);
        self.say(link, Frame::Rotate(&written(&Rotate { nonce })?))
    }

    /// An agent has made one: it counts when both keys have signed that, and only if it was asked for.
    pub(super) async fn rotated(
        &self,
        services: &Services,
        link: u32,
        text: &str,
    ) -> Result<(), &'static str> {
        let rotated: Rotated = json::read(text).map_err(|_| "text")?;
        let asked = self.with_mut(link, |link| {
            let seat = link.seat.clone();
            let proved = link.seat.proved.as_mut()?;
            Some((seat, proved.key.clone(), proved.rotation.take()?))
        });
        let Some((seat, old, nonce)) = asked.flatten() else { return Err("out_of_order") };
        self.keep(link);
        let Some(proved) = &seat.proved else { return Err("out_of_order") };
        let (Some(key), Some(nonce)) = (unhex(&rotated.key), unhex(&nonce)) else { return Err("key") };
        let (Some(by_old), Some(by_new)) = (unhex(&rotated.by_old), unhex(&rotated.by_new)) else {
            return Err("signature");
        };
        let text = NewKey {
            server: &seat.origin,
            gateway: &seat.gateway,
            replica: &proved.replica,
            nonce: &nonce,
            key: &key,
        }
        .text();
        let good = signed::verified(services, unhex(&old), &text, &by_old).await
            && signed::verified(services, Some(key), &text, &by_new).await;
        if !good {
            return Err("signature");
        }
        let (tenant, gateway, replica) = (&proved.tenant, &seat.gateway, &proved.replica);
        let Ok(id) = new_id!(services, GatewayEventId) else { return Ok(()) };
        let now = services.now();
        let event = store::Happened::of(tenant, gateway, replica, GatewayEvent::KeyChanged, now);
        let mut batch = store::rotate(tenant, gateway, replica, &old, &rotated.key);
        batch.extend([store::happened(&event, &id), store::forget_events(tenant, gateway)]);
        if let Err(error) = services.db.batch(batch).await {
            // The old one counts on; the agent dials with either.
            store_failed(services, gateway, &error);
            return Ok(());
        }
        self.with_mut(link, |link| {
            link.done = true;
            if let Some(proved) = &mut link.seat.proved {
                proved.key.clone_from(&rotated.key);
            }
        });
        self.keep(link);
        tell(services, tenant, gateway);
        self.say(link, Frame::RotationDone(&written(&RotationDone { key: rotated.key })?))
    }
}
