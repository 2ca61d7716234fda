//! An agent says who it is, and proves it.

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Challenge, Hello, Refused, Welcome};
use drawbridge_contract::link::proof::{NONCE, Proof, hex, unhex};
use drawbridge_contract::link::{CLOSE_GOODBYE, CLOSE_REFUSED, Goodbye, PROTOCOL, Refusal};
use drawbridge_domain::gateway::event::GatewayEvent;
use drawbridge_domain::gateway::version::{CURRENT, LEAST};
use drawbridge_domain::gateway::{MACHINE_MAX, Version, VersionState};
use drawbridge_domain::id::GatewayEventId;
use serde_json::json;

use super::super::join::plain;
use super::super::{signed, store};
use super::record::{store_failed, tell};
use super::seat::{Proved, Seat};
use super::{Hub, written};
use crate::features::connections::gateway_is_back;
use crate::json;
use crate::new_id;
use crate::ports::DbError;
use crate::services::Services;

/// The longest hello, in bytes: it goes along with the WebSocket until it is proved, which carries 2 KiB.
const HELLO_MOST: usize = 1536;

impl Hub {
    /// The agent says who it is, and hears what it is to sign. Whether there is such a one, nobody looks yet.
    pub(super) fn greet(&self, services: &Services, link: u32, text: &str) -> Result<(), &'static str> {
        let greeted = self.with(link, |link| link.seat.hello.is_some()).unwrap_or(true);
        if greeted {
            return Err("out_of_order");
        }
        let hello = json::read::<Hello>(text).ok().filter(|hello| text.len() <= HELLO_MOST && is_good(hello));
        let Some(hello) = hello else {
            self.refuse(link, Refusal::NotUnderstood);
            return Ok(());
        };
        if !hello.protocols.contains(&PROTOCOL) {
            self.refuse(link, Refusal::NoCommonProtocol);
            return Ok(());
        }
        let Ok(nonce) = services.random_bytes::<NONCE>() else {
            self.refuse(link, Refusal::Busy);
            return Ok(());
        };
        let nonce = hex(&nonce);
        self.with_mut(link, |link| {
            link.seat.hello = Some(hello);
            link.seat.nonce = Some(nonce.clone());
        });
        self.keep(link);
        self.say(link, Frame::Challenge(&written(&Challenge { nonce })?))
    }

    /// The agent's proof. Whatever is wrong with it, it takes as long and says the same.
    pub(super) async fn prove(
        &self,
        services: &Services,
        link: u32,
        signature: &[u8; 64],
    ) -> Result<(), &'static str> {
        let claimed = self.with_mut(link, |link| {
            let nonce = link.seat.nonce.take()?;
            Some((link.seat.clone(), link.seat.hello.clone()?, nonce))
        });
        let Some((seat, hello, nonce)) = claimed.flatten() else { return Err("out_of_order") };
        // Before anything is waited for: a nonce is good for one proof.
        self.keep(link);
        let known = match store::replica(services, &hello.gateway, &hello.replica).await {
            Ok(known) => known,
            Err(error) => {
                store_failed(services, &seat.gateway, &error);
                self.refuse(link, Refusal::Busy);
                return Ok(());
            }
        };
        let (Some(server_nonce), Some(agent_nonce)) = (unhex(&nonce), unhex(&hello.nonce)) else {
            return Err("nonce");
        };
        let text = Proof {
            server: &seat.origin,
            gateway: &hello.gateway,
            replica: &hello.replica,
            server_nonce: &server_nonce,
            agent_nonce: &agent_nonce,
        }
        .text();
        let key = known.as_ref().and_then(|known| unhex(&known.public_key));
        let right = signed::verified(services, key, &text, signature).await;
        let known =
            known.filter(|known| right && hello.key == known.public_key && hello.gateway == seat.gateway);
        let Some(known) = known else {
            let said =
                json!({ "gateway": seat.gateway.to_string(), "link": "refused", "why": "unauthorized" });
            services.log.line(&said.to_string());
            self.refuse(link, Refusal::Unauthorized);
            return Ok(());
        };
        let version = Version::parse(&hello.version);
        let refusal = match version.map(Version::state) {
            _ if known.disabled != 0 => Some(Refusal::Disabled),
            None | Some(VersionState::Unsupported) => Some(Refusal::TooOld),
            Some(VersionState::Current | VersionState::Outdated) => None,
        };
        if let Some(refusal) = refusal {
            self.record_refusal(services, &known.tenant_id, &hello, refusal).await;
            self.refuse(link, refusal);
            return Ok(());
        }
        let proved = Proved {
            tenant: known.tenant_id,
            replica: hello.replica.clone(),
            key: hello.key.clone(),
            kinds: hello.kinds.clone(),
            draining: false,
            rotation: None,
        };
        match self.link(services, link, &seat, &hello, proved).await {
            Ok(()) => {}
            // It was removed, disabled or given another key at this very moment: dialling again, it hears which. Were it
            // told that its key is not known, it would dial no more.
            Err(DbError::Guard) => {
                self.refuse(link, Refusal::Busy);
                return Ok(());
            }
            Err(error) => {
                store_failed(services, &seat.gateway, &error);
                self.refuse(link, Refusal::Busy);
                return Ok(());
            }
        }
        let update = version.filter(|version| *version < CURRENT).map(|_| CURRENT.to_string());
        let welcome = Welcome { protocol: PROTOCOL, name: known.gateway, tenant: known.tenant, update };
        self.say(link, Frame::Welcome(&written(&welcome)?))?;
        self.tell_away(services).await;
        Ok(())
    }

    /// The link stands: the database hears of it, an older link of the same agent is closed.
    async fn link(
        &self,
        services: &Services,
        link: u32,
        seat: &Seat,
        hello: &Hello,
        proved: Proved,
    ) -> Result<(), DbError> {
        let now = services.now();
        let event =
            new_id!(services, GatewayEventId).map_err(|_| DbError::Other("no random bytes".into()))?;
        let machine = plain(&hello.machine, MACHINE_MAX).unwrap_or_default();
        let linking = store::Linking {
            tenant: &proved.tenant,
            gateway: &seat.gateway,
            replica: &proved.replica,
            key: &proved.key,
            sealing: hello.sealing.as_deref(),
            machine: &machine,
            platform: &hello.platform,
            version: &hello.version,
            since: now,
        };
        let ended = self.ended.get();
        self.with_mut(link, |link| link.coming = Some((proved.replica.clone(), now)));
        self.note_link(seat, &proved, now).await?;
        let mut statements = store::linked(&linking, &event);
        // What found the gateway away is looked at again.
        statements.push(gateway_is_back(&proved.tenant, &seat.gateway, now));
        if let Err(error) = services.db.batch(statements).await {
            self.with_mut(link, |link| link.coming = None);
            self.put_right(services).await;
            return Err(error);
        }
        let older: Vec<u32> = {
            let links = self.links.borrow();
            let same =
                |seat: &Seat| seat.proved.as_ref().is_some_and(|other| other.replica == proved.replica);
            links.iter().filter(|(_, link)| same(&link.seat)).map(|(number, _)| *number).collect()
        };
        for older in older {
            self.dismiss(services, older, Goodbye::Replaced).await;
        }
        if self.ended.get() != ended {
            // Whoever ended the gateway's links saw none here: this one was on its way.
            self.with_mut(link, |link| link.coming = None);
            self.put_right(services).await;
            return Err(DbError::Guard);
        }
        self.wires.belongs(link, &proved.replica);
        let tenant = proved.tenant.clone();
        let there = self.with_mut(link, |link| {
            link.seat.hello = None;
            link.seat.since = now;
            link.seat.proved = Some(proved);
            link.coming = None;
            link.heard = now;
        });
        if there.is_none() {
            // Gone meanwhile: put right by what is noted.
            self.put_right(services).await;
            return Ok(());
        }
        self.keep(link);
        self.set_alarm(now);
        tell(services, &tenant, &seat.gateway);
        let said = json!({
            "gateway": seat.gateway.to_string(), "replica": hello.replica.to_string(), "link": "stands",
            "version": hello.version,
        });
        services.log.line(&said.to_string());
        Ok(())
    }

    /// Says goodbye, closes, and sees to the rest.
    pub(super) async fn dismiss(&self, services: &Services, link: u32, reason: Goodbye) {
        self.say_goodbye(link, reason);
        self.wires.note(link, "");
        self.wires.close(link, CLOSE_GOODBYE);
        self.end(services, link).await;
    }

    fn refuse(&self, link: u32, code: Refusal) {
        let least = (code == Refusal::TooOld).then(|| LEAST.to_string());
        if let Ok(text) = written(&Refused { code, least }) {
            let _ = self.say(link, Frame::Refused(&text));
        }
        self.shut_out(link, CLOSE_REFUSED);
    }

    async fn record_refusal(
        &self,
        services: &Services,
        tenant: &drawbridge_domain::id::TenantId,
        hello: &Hello,
        refusal: Refusal,
    ) {
        let Ok(id) = new_id!(services, GatewayEventId) else { return };
        let event = store::Happened {
            reason: refusal.code(),
            ..store::Happened::of(
                tenant,
                &hello.gateway,
                &hello.replica,
                GatewayEvent::Refused,
                services.now(),
            )
        };
        let batch = vec![
            store::refused(tenant, &hello.gateway, &hello.replica, &hello.version),
            store::happened(&event, &id),
            store::forget_events(tenant, &hello.gateway),
        ];
        match services.db.batch(batch).await {
            Ok(_) => tell(services, tenant, &hello.gateway),
            Err(error) => store_failed(services, &hello.gateway, &error),
        }
    }
}

/// Whether it says of itself what can be kept.
fn is_good(hello: &Hello) -> bool {
    let key = |text: &str| unhex::<32>(text).is_some();
    key(&hello.key)
        && key(&hello.nonce)
        && hello.sealing.as_deref().is_none_or(key)
        && plain(&hello.machine, MACHINE_MAX).is_some()
        && plain(&hello.platform, 64).is_some()
        && plain(&hello.version, 32).is_some()
        && hello.kinds.len() <= 16
}
