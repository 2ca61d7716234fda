//! Which of a gateway's agents gets a call.

use drawbridge_contract::link::CALLS_MOST;
use drawbridge_contract::link::frame::{CallId, Frame};
use drawbridge_contract::link::messages::Failure;
use drawbridge_contract::link::{FailureCode, Fate};

use super::Hub;
use super::calls::{AskedCall, Exchange};
use super::link::Link;
use super::seat::Proved;
use crate::ports::{GatewayAway, GatewayFailure};

/// So many numbers of calls are set aside at a time, so that none is used twice after a sleep and not each costs a note.
const NUMBERS: u32 = 4096;

impl Hub {
    /// Sends a call, and has its body follow once the call is known to be under way.
    pub(super) fn begin(&self, number: u32, mut exchange: Exchange) -> Result<(), GatewayFailure> {
        self.send_call(number, &mut exchange)?;
        let (link, call) = exchange.at;
        self.exchanges.borrow_mut().insert(number, exchange);
        self.wires.goes(number, link, call.number());
        Ok(())
    }

    /// Sends a call to the agent that has the fewest under way, by turns where they are many; not to one that had it
    /// already.
    fn send_call(&self, number: u32, exchange: &mut Exchange) -> Result<(), GatewayFailure> {
        let link = self.choose(exchange).map_err(GatewayFailure::Away)?;
        let opened = self.with_mut(link, |link| {
            let proved = link.seat.proved.as_ref()?;
            let text = head(&exchange.asked, proved);
            let replica = proved.replica.clone();
            let call = link.calls.next_id()?;
            Some((call, text, replica))
        });
        let Some((call, text, replica)) = opened.flatten() else {
            return Err(GatewayFailure::Away(GatewayAway::Busy));
        };
        let frame = Frame::Call(call, &text);
        let Ok(bytes) = frame.encode() else { return Err(too_large()) };
        let reserved = self.with_mut(link, |link| {
            let fate = link.calls.send(&frame);
            link.exchanges.insert(call, number);
            let more = call.number() > link.seat.numbers;
            if more {
                link.seat.numbers = call.number().saturating_add(NUMBERS - 1);
            }
            (fate, more)
        });
        let Some((Ok(Fate::Taken), more)) = reserved else {
            return Err(GatewayFailure::Away(GatewayAway::Busy));
        };
        if more {
            self.keep(link);
        }
        exchange.at = (link, call);
        exchange.tried.push(replica);
        self.wires.send(link, &bytes);
        Ok(())
    }

    fn choose(&self, exchange: &Exchange) -> Result<u32, GatewayAway> {
        let links = self.links.borrow();
        let stands = |(number, link): (&u32, &'_ Link)| {
            let proved = link.seat.proved.as_ref()?;
            let takes =
                !proved.draining && link.reason.is_none() && !exchange.tried.contains(&proved.replica);
            takes.then(|| (*number, link.calls.len(), link.calls.next_id(), proved.clone()))
        };
        let there: Vec<(u32, usize, Option<CallId>, Proved)> = links.iter().filter_map(stands).collect();
        let asked = &exchange.asked;
        let mut away = GatewayAway::NotLinked;
        let mut narrow = |left: Vec<_>, why| -> Vec<_> {
            if !left.is_empty() {
                away = why;
            }
            left
        };
        let there = narrow(there, GatewayAway::KindNotServed);
        let there = there.into_iter().filter(|(.., proved)| proved.kinds.contains(&asked.kind)).collect();
        let there = narrow(there, GatewayAway::NoBox);
        let has_box = |proved: &Proved| asked.boxes.is_empty() || asked.boxes.contains_key(&proved.replica);
        let there = there.into_iter().filter(|(.., proved)| has_box(proved)).collect();
        let there = narrow(there, GatewayAway::Busy);
        let free: Vec<_> = there
            .into_iter()
            .filter(|(_, under_way, next, _)| *under_way < CALLS_MOST && next.is_some())
            .map(|(number, under_way, ..)| (number, under_way))
            .collect();
        let Some(fewest) = free.iter().map(|(_, under_way)| *under_way).min() else { return Err(away) };
        let best: Vec<u32> = free
            .into_iter()
            .filter(|(_, under_way)| *under_way == fewest)
            .map(|(number, _)| number)
            .collect();
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        best.get(turn % best.len().max(1)).copied().ok_or(away)
    }
}

/// The call's head for an agent, with the credentials that only it can open.
fn head(asked: &AskedCall, to: &Proved) -> String {
    match (asked.boxes.get(&to.replica), asked.head.strip_suffix('}')) {
        (Some(sealed), Some(open)) => format!("{open},\"credentials\":{}}}", serde_json::json!(sealed)),
        _ => asked.head.clone(),
    }
}

fn too_large() -> GatewayFailure {
    GatewayFailure::Failed(Failure {
        code: FailureCode::NotUnderstood,
        reached: false,
        detail: "the head of the call is larger than 64 KiB".to_owned(),
    })
}
