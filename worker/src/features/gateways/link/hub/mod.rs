//! The hub of a gateway: the one place that holds the links of its agents, and passes calls on to them.
//!
//! It sleeps between messages. What it knows of a link goes along with the WebSocket ([`seat`]); only calls are in memory,
//! and it does not sleep while one is under way. Bodies do not come here: the runtime's side passes them on, and asks how
//! much of them may go.

mod away;
mod calls;
mod choose;
mod handshake;
mod link;
mod orders;
mod record;
mod report;
mod rotation;
mod seat;
mod silence;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::link::calls::Calls;
use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::messages::Farewell;
use drawbridge_contract::link::{CLOSE_BROKEN, CLOSE_GOODBYE, Goodbye};
use drawbridge_domain::id::{GatewayId, ReplicaId};
use drawbridge_domain::time::Timestamp;
use serde::Serialize;
use serde_json::json;

pub use calls::{AskedCall, BROKEN, NOTHING};

use crate::json;
use crate::ports::{GatewayFailure, Notes};
use crate::services::Services;
use calls::Exchange;
use link::Link;
use seat::{Noted, Seat};

/// So many agents may be about to prove who they are; of more, the one that came first is shut out.
const AT_THE_DOOR: usize = 32;

/// What the hub needs of the runtime: its `WebSocket`s and the calls' other ends, each by a number.
pub trait Wires {
    /// Sends a frame; where nobody is any more, nothing.
    fn send(&self, link: u32, frame: &[u8]);
    /// Closes a WebSocket. Nothing more is heard of it.
    fn close(&self, link: u32, code: u16);
    /// Lets a text go along with the WebSocket, in place of the one before.
    fn note(&self, link: u32, text: &str);
    /// Whose link it is.
    fn belongs(&self, link: u32, replica: &ReplicaId);
    /// When the runtime last answered a heartbeat in the hub's place.
    fn heartbeat(&self, link: u32) -> Option<Timestamp>;
    /// Wakes the hub at this time, or before.
    fn wake(&self, at: Timestamp);
    /// A call goes over this link, with this number: its body is to be sent, from the beginning.
    fn goes(&self, exchange: u32, link: u32, call: u32);
    /// There is credit for more of a call's body.
    fn credit(&self, exchange: u32);
    /// A call is over without its end.
    fn failed(&self, exchange: u32, failure: &GatewayFailure);
}

/// The hub of one gateway.
pub struct Hub {
    wires: Rc<dyn Wires>,
    notes: Rc<dyn Notes>,
    links: RefCell<BTreeMap<u32, Link>>,
    exchanges: RefCell<BTreeMap<u32, Exchange>>,
    /// The number of the last call.
    exchanged: Cell<u32>,
    /// Whose turn it is among those with the same load.
    turn: Cell<usize>,
    /// How many orders have ended links.
    ended: Cell<u32>,
    /// Agents that have said that they erased their keys, for whoever waits for it.
    erased: RefCell<Vec<ReplicaId>>,
    /// The links that the database knows, once they were read.
    noted: RefCell<Option<Vec<Noted>>>,
}

impl Hub {
    /// A hub without links.
    pub fn new(wires: Rc<dyn Wires>, notes: Rc<dyn Notes>) -> Self {
        Self {
            wires,
            notes,
            links: RefCell::default(),
            exchanges: RefCell::default(),
            exchanged: Cell::new(0),
            turn: Cell::new(0),
            ended: Cell::new(0),
            erased: RefCell::default(),
            noted: RefCell::default(),
        }
    }

    /// A WebSocket that was open before the hub slept, with the text that went along with it. One without a text is about
    /// to be closed.
    pub fn restore(&self, link: u32, text: &str) {
        let Ok(seat) = json::read::<Seat>(text) else { return };
        if let Some(proved) = &seat.proved {
            self.wires.belongs(link, &proved.replica);
        }
        let calls = Calls::after(Side::Server, seat.numbers);
        self.links.borrow_mut().insert(link, Link::new(seat, calls));
    }

    /// Somebody has dialled.
    pub fn open(&self, link: u32, gateway: GatewayId, origin: String, now: Timestamp) {
        let seat = Seat { gateway, origin, since: now, hello: None, nonce: None, proved: None, numbers: 0 };
        self.links.borrow_mut().insert(link, Link::new(seat, Calls::new(Side::Server)));
        self.keep(link);
        let at_the_door: Vec<u32> = {
            let links = self.links.borrow();
            links.iter().filter(|(_, link)| link.seat.proved.is_none()).map(|(number, _)| *number).collect()
        };
        for first in at_the_door.iter().take(at_the_door.len().saturating_sub(AT_THE_DOOR)) {
            self.shut_out(*first, drawbridge_contract::link::CLOSE_REFUSED);
        }
        self.set_alarm(now);
    }

    /// A message that is no piece of an answer. Whatever it does, the hub goes on.
    pub async fn hear(&self, services: &Services, link: u32, message: &[u8]) {
        let frame = match Frame::decode(message, Side::Agent) {
            Ok(frame) => frame,
            Err(broken) => return self.broken(services, link, broken.code()).await,
        };
        if !self.heard(link, services.now()) {
            return;
        }
        if frame.call().is_some() {
            return match self.about_call(link, &frame) {
                Ok(()) => {}
                Err(word) => self.broken(services, link, word).await,
            };
        }
        let proved = self.with(link, |link| link.seat.proved.is_some()).unwrap_or_default();
        let fault = match (frame, proved) {
            (Frame::Hello(text), false) => self.greet(services, link, text),
            (Frame::Proof(signature), false) => self.prove(services, link, &signature).await,
            (Frame::Ping(eight), true) => self.say(link, Frame::Pong(eight)),
            (Frame::Pong(_), true) => Ok(()),
            (Frame::Report(text), true) => self.report(services, link, text).await,
            // Said again, it is nothing new: nobody is to write the same over and over.
            (Frame::Drain, true) if self.is_draining(link) => Ok(()),
            (Frame::Drain, true) => self.drains(services, link).await,
            (Frame::Goodbye(text), true) => self.leaves(services, link, text).await,
            (Frame::Erased, true) => self.erased(services, link).await,
            (Frame::Rotated(text), true) => self.rotated(services, link, text).await,
            _ => Err("out_of_order"),
        };
        if let Err(word) = fault {
            self.broken(services, link, word).await;
        }
    }

    /// The other side broke the protocol: it hears so, and the link ends.
    pub async fn broken(&self, services: &Services, link: u32, word: &str) {
        let gateway = self.with(link, |link| link.seat.gateway.clone());
        let Some(gateway) = gateway else { return };
        services
            .log
            .line(&json!({ "gateway": gateway.to_string(), "link": "broken", "why": word }).to_string());
        self.say_goodbye(link, Goodbye::ProtocolError);
        self.wires.note(link, "");
        self.wires.close(link, CLOSE_BROKEN);
        self.end(services, link).await;
    }

    /// A WebSocket is gone, by whoever's doing.
    pub async fn gone(&self, services: &Services, link: u32) {
        self.end(services, link).await;
    }

    async fn leaves(&self, services: &Services, link: u32, text: &str) -> Result<(), &'static str> {
        let farewell: Farewell = json::read(text).map_err(|_| "text")?;
        self.with_mut(link, |link| link.reason = Some(farewell.reason.code()));
        self.wires.note(link, "");
        self.wires.close(link, CLOSE_GOODBYE);
        self.end(services, link).await;
        Ok(())
    }

    fn is_draining(&self, link: u32) -> bool {
        let draining = |link: &Link| link.seat.proved.as_ref().is_some_and(|proved| proved.draining);
        self.with(link, draining) == Some(true)
    }

    async fn drains(&self, services: &Services, link: u32) -> Result<(), &'static str> {
        self.with_mut(link, |link| {
            if let Some(proved) = &mut link.seat.proved {
                proved.draining = true;
            }
        });
        self.keep(link);
        self.record_draining(services, link).await;
        Ok(())
    }

    /// A link has ended: so have its calls, and the database hears of it.
    async fn end(&self, services: &Services, link: u32) {
        let Some(ended) = self.links.borrow_mut().remove(&link) else { return };
        self.lost_calls(&ended, services.now());
        if let Some(proved) = &ended.seat.proved {
            self.record_end(services, &ended.seat, &proved.replica, ended.reason()).await;
        }
    }

    /// Says goodbye; why is noted for when the link is gone.
    fn say_goodbye(&self, link: u32, reason: Goodbye) {
        self.with_mut(link, |link| link.reason = Some(reason.code()));
        if let Ok(text) = written(&Farewell { reason }) {
            let _ = self.say(link, Frame::Goodbye(&text));
        }
    }

    /// Closes a WebSocket whose link does not stand.
    fn shut_out(&self, link: u32, code: u16) {
        self.wires.note(link, "");
        self.wires.close(link, code);
        self.links.borrow_mut().remove(&link);
    }

    fn say(&self, link: u32, frame: Frame<'_>) -> Result<(), &'static str> {
        let bytes = frame.encode().map_err(|_| "too large for a frame")?;
        self.wires.send(link, &bytes);
        Ok(())
    }

    /// Something was heard of a link; whether it is there.
    fn heard(&self, link: u32, now: Timestamp) -> bool {
        self.with_mut(link, |link| link.heard = now).is_some()
    }

    /// Lets what is known of a link go along with its WebSocket.
    fn keep(&self, link: u32) {
        let text = self.with(link, |link| serde_json::to_string(&link.seat));
        if let Some(Ok(text)) = text {
            self.wires.note(link, &text);
        }
    }

    fn with<T>(&self, link: u32, read: impl FnOnce(&Link) -> T) -> Option<T> {
        self.links.borrow().get(&link).map(read)
    }

    fn with_mut<T>(&self, link: u32, act: impl FnOnce(&mut Link) -> T) -> Option<T> {
        self.links.borrow_mut().get_mut(&link).map(act)
    }
}

/// A message as JSON.
fn written(message: &impl Serialize) -> Result<String, &'static str> {
    serde_json::to_string(message).map_err(|_| "no JSON")
}
