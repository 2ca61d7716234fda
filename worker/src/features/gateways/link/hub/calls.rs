//! Calls from their first frame to their last. Bodies are not here: the runtime's side passes them on.

use std::collections::BTreeMap;

use drawbridge_contract::link::calls::{Calls, Misuse};
use drawbridge_contract::link::frame::{CallId, Frame};
use drawbridge_contract::link::messages::{CallKind, Failure};
use drawbridge_contract::link::passing::{Passing, Seen};
use drawbridge_contract::link::{Cancelled, Fate};
use drawbridge_domain::id::ReplicaId;
use drawbridge_domain::time::Timestamp;

use super::Hub;
use super::link::Link;
use crate::json;
use crate::ports::{BODY_MOST, GatewayFailure};

/// What [`Hub::pass`] answers where nothing is to be done.
pub const NOTHING: u32 = 0;
/// What [`Hub::pass`] answers where the agent broke the protocol.
pub const BROKEN: u32 = u32::MAX;
/// So much longer than the agent has, the hub waits for it, in milliseconds: the agent knows better why it takes so long.
const GRACE: i64 = 2000;

/// A call as it comes from a request.
#[derive(Debug, Clone)]
pub struct AskedCall {
    /// What the agent is told, as JSON.
    pub head: String,
    /// What it is.
    pub kind: CallKind,
    /// How long the agent has, in milliseconds.
    pub deadline: u32,
    /// It changes nothing at the target.
    pub safe: bool,
    /// Its body can be sent again.
    pub again: bool,
    /// Credentials, each for one agent.
    pub boxes: BTreeMap<ReplicaId, String>,
}

/// A call that is under way.
pub(super) struct Exchange {
    pub(super) asked: AskedCall,
    /// Over which link, with which number.
    pub(super) at: (u32, CallId),
    /// The agents that it was sent to.
    pub(super) tried: Vec<ReplicaId>,
    /// The answer has begun.
    answered: bool,
    /// Until when it is waited for.
    until: Timestamp,
    /// How much of its answer was passed on.
    passed: u64,
}

impl Hub {
    /// Makes a call; its number. Where nobody takes it, that is said at once.
    pub fn ask(&self, asked: AskedCall, now: Timestamp) -> Result<u32, GatewayFailure> {
        let number = self.exchanged.get() % (BROKEN - 1) + 1;
        self.exchanged.set(number);
        let until = now.plus(i64::from(asked.deadline) + GRACE);
        let (at, tried) = ((0, CallId::FIRST), Vec::new());
        let exchange = Exchange { asked, at, tried, answered: false, until, passed: 0 };
        self.begin(number, exchange)?;
        Ok(number)
    }

    /// A piece of an answer came over a link: whose it is, and to be passed on to. [`NOTHING`]: it is late, or no piece of
    /// an answer at all (`None`), and to be heard. [`BROKEN`]: see [`Self::broken`].
    pub fn pass(&self, link: u32, seen: Seen, now: Timestamp) -> Option<u32> {
        let (call, piece) = match Passing::look(seen) {
            Ok(Some(found)) => found,
            Ok(None) => return None,
            Err(_) => return Some(BROKEN),
        };
        let mut links = self.links.borrow_mut();
        let Some(link) = links.get_mut(&link) else { return Some(NOTHING) };
        if link.seat.proved.is_none() {
            return Some(BROKEN);
        }
        link.heard = now;
        let fate = link.calls.pass(call, piece);
        let known = link.exchanges.get(&call).copied().unwrap_or(NOTHING);
        Some(match fate {
            Ok(Fate::Taken) => {
                if piece == Passing::Answer
                    && let Some(exchange) = self.exchanges.borrow_mut().get_mut(&known)
                {
                    exchange.answered = true;
                }
                known
            }
            Ok(Fate::Last) => {
                link.exchanges.remove(&call);
                self.exchanges.borrow_mut().remove(&known);
                known
            }
            Ok(Fate::Late) => NOTHING,
            Err(_) => BROKEN,
        })
    }

    /// Another frame about a call.
    pub(super) fn about_call(&self, link: u32, frame: &Frame<'_>) -> Result<(), &'static str> {
        let Some(call) = frame.call() else { return Err("out_of_order") };
        let fate = self.with_mut(link, |link| link.seat.proved.as_ref().map(|_| link.calls.receive(frame)));
        let fate = fate.flatten().ok_or("out_of_order")?.map_err(Misuse::code)?;
        let known = self.with(link, |link| link.exchanges.get(&call).copied()).flatten();
        match (fate, frame, known) {
            (Fate::Taken, Frame::Credit(..), Some(exchange)) => self.wires.credit(exchange),
            (Fate::Last, Frame::Failure(_, text), Some(number)) => {
                self.with_mut(link, |link| link.exchanges.remove(&call));
                let failure = json::read::<Failure>(*text);
                let Some(exchange) = self.exchanges.borrow_mut().remove(&number) else { return Ok(()) };
                let Ok(failure) = failure else {
                    self.wires
                        .failed(number, &GatewayFailure::Broke("a failure that cannot be read".to_owned()));
                    return Err("text");
                };
                // Another agent may have what this one lacks. Nothing of it has come to the target.
                self.again_or_fail(number, exchange, !failure.reached, GatewayFailure::Failed(failure));
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes a call again over another link, where that is right and possible; otherwise it has failed.
    fn again_or_fail(&self, number: u32, exchange: Exchange, may: bool, failure: GatewayFailure) {
        let again = may && exchange.asked.again && !exchange.answered;
        if !again || self.begin(number, exchange).is_err() {
            self.wires.failed(number, &failure);
        }
    }

    /// A link has ended with calls under way: what changes nothing goes over another one, the rest has failed.
    pub(super) fn lost_calls(&self, ended: &Link, now: Timestamp) {
        for number in ended.exchanges.values() {
            let Some(exchange) = self.exchanges.borrow_mut().remove(number) else { continue };
            let may = exchange.asked.safe && exchange.until > now;
            self.again_or_fail(*number, exchange, may, GatewayFailure::Broke(ended.reason().to_owned()));
        }
    }

    /// Takes credit for a call's body: how many of the wanted bytes may be sent now. `None`: the call is over.
    pub fn take(&self, exchange: u32, wanted: usize) -> Option<usize> {
        self.of_call(exchange, |calls, call| calls.take(call, wanted)).flatten()
    }

    /// So many bytes of an answer were passed on: the agent may send as many more.
    pub fn passed(&self, exchange: u32, bytes: usize) {
        let Some((link, call)) = self.at(exchange) else { return };
        if self.too_much(exchange, bytes) {
            self.cancel(exchange, Cancelled::BodyBroken);
            self.wires.failed(exchange, &GatewayFailure::Broke("the answer is too large".to_owned()));
            return;
        }
        let credit = self.of_call(exchange, |calls, call| calls.passed_on(call, bytes)).flatten();
        if let Some(credit) = credit {
            self.say_in_call(exchange, link, Frame::Credit(call, credit));
        }
    }

    /// Whether more of an answer was passed on than may be.
    fn too_much(&self, exchange: u32, bytes: usize) -> bool {
        self.exchanges.borrow_mut().get_mut(&exchange).is_some_and(|call| {
            call.passed = call.passed.saturating_add(bytes as u64);
            call.passed > BODY_MOST
        })
    }

    /// A call's body is whole.
    pub fn whole(&self, exchange: u32) {
        if let Some((link, call)) = self.at(exchange) {
            self.say_in_call(exchange, link, Frame::End(call));
        }
    }

    /// Nobody waits for a call any more.
    pub fn cancel(&self, exchange: u32, why: Cancelled) {
        let Some((link, call)) = self.at(exchange) else { return };
        self.say_in_call(exchange, link, Frame::Cancel(call, why));
        self.exchanges.borrow_mut().remove(&exchange);
        self.with_mut(link, |link| link.exchanges.remove(&call));
    }

    /// Ends the calls whose time is over; when to look again, if there are others.
    pub fn look_at_the_clock(&self, now: Timestamp) -> Option<Timestamp> {
        let over: Vec<u32> = {
            let exchanges = self.exchanges.borrow();
            exchanges.iter().filter(|(_, call)| call.until <= now).map(|(number, _)| *number).collect()
        };
        for number in over {
            self.cancel(number, Cancelled::Deadline);
            self.wires.failed(number, &GatewayFailure::Broke("deadline".to_owned()));
        }
        self.exchanges.borrow().values().map(|call| call.until).min()
    }

    fn at(&self, exchange: u32) -> Option<(u32, CallId)> {
        self.exchanges.borrow().get(&exchange).map(|exchange| exchange.at)
    }

    fn of_call<T>(&self, exchange: u32, act: impl FnOnce(&mut Calls, CallId) -> T) -> Option<T> {
        let (link, call) = self.at(exchange)?;
        self.with_mut(link, |link| act(&mut link.calls, call))
    }

    fn say_in_call(&self, exchange: u32, link: u32, frame: Frame<'_>) {
        let fate = self.of_call(exchange, |calls, _| calls.send(&frame));
        if let (Some(Ok(Fate::Taken | Fate::Last)), Ok(bytes)) = (fate, frame.encode()) {
            self.wires.send(link, &bytes);
        }
    }
}
