//! The calls of a link: which frames may come when, the same on both sides.

use std::collections::BTreeMap;

use super::CALLS_MOST;
use super::flow::{FlowFault, Incoming, Outgoing};
use super::frame::{CallId, Frame, Side};
use super::passing::Passing;

/// How far a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Its head has not come.
    Waiting,
    /// It comes.
    Open,
    /// It is whole.
    Whole,
}

/// One call as one side sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    question: Body,
    answer: Body,
    outgoing: Outgoing,
    incoming: Incoming,
}

/// What a frame about a call does to it.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The answer's head.
    Head,
    /// So many bytes of a body.
    Bytes(usize),
    /// The end of a body.
    End,
    /// So much credit.
    Credit(u32),
    /// The answer, with a body of so many bytes.
    Whole(usize),
    /// The end of the call.
    Over,
}

/// What a frame about a call means for whoever got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new: act on it. After [`Frame::Call`] the call is under way.
    Taken,
    /// It is the call's last: act on it; the call is over.
    Last,
    /// The call was over when it was sent. Nothing is wrong, and nothing is to be done.
    Late,
}

/// Why a frame could not have come: the other side is broken, the link is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misuse {
    /// About a call that was never opened.
    UnknownCall,
    /// A call's number is not higher than those before.
    NotRising,
    /// More calls than may be under way.
    TooMany,
    /// A frame that cannot follow what came before.
    OutOfOrder,
    /// Flow control was broken.
    Flow(FlowFault),
}

impl Misuse {
    /// What is wrong, in a word for logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownCall => "unknown_call",
            Self::NotRising => "not_rising",
            Self::TooMany => "too_many",
            Self::OutOfOrder => "out_of_order",
            Self::Flow(FlowFault::Overrun) => "overrun",
            Self::Flow(FlowFault::Overflow) => "credit_overflow",
        }
    }
}

/// The calls that are under way on a link, as one side sees them.
#[derive(Debug)]
pub struct Calls {
    side: Side,
    opened: u32,
    open: BTreeMap<CallId, State>,
}

impl Calls {
    /// None yet.
    pub const fn new(side: Side) -> Self {
        Self { side, opened: 0, open: BTreeMap::new() }
    }

    /// None any more, of those up to this number.
    pub const fn after(side: Side, opened: u32) -> Self {
        Self { side, opened, open: BTreeMap::new() }
    }

    /// How many are under way.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none is under way.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether this call is under way.
    pub fn has(&self, id: CallId) -> bool {
        self.open.contains_key(&id)
    }

    /// Those that are under way.
    pub fn ids(&self) -> impl Iterator<Item = CallId> {
        self.open.keys().copied()
    }

    /// The number for the next call that the server opens. `None`: this link is full or has had all numbers.
    pub fn next_id(&self) -> Option<CallId> {
        if self.open.len() >= CALLS_MOST {
            return None;
        }
        self.opened.checked_add(1).and_then(CallId::new)
    }

    /// What may be sent of a call's body now; nothing when the call is over.
    pub fn credit(&self, id: CallId) -> u32 {
        self.open.get(&id).map_or(0, |state| state.outgoing.credit())
    }

    /// Gives this side room for `window` bytes of a call's body; answers with the credit to send. Only before any of it
    /// has come.
    pub fn widen(&mut self, id: CallId, window: u32) -> Option<u32> {
        let state = self.open.get_mut(&id)?;
        if state.incoming != Incoming::default() {
            return None;
        }
        let (incoming, credit) = Incoming::with_window(window);
        state.incoming = incoming;
        credit
    }

    /// So much of a call's body was passed on; answers with the credit to send, if it is time.
    pub fn passed_on(&mut self, id: CallId, bytes: usize) -> Option<u32> {
        let side = self.side;
        let state = self.open.get_mut(&id)?;
        let credit = state.incoming.passed_on(bytes)?;
        // Nobody needs credit for a body that is whole.
        (*state.body(side.other()) != Body::Whole).then_some(credit)
    }

    /// A frame about a call came from the other side. Frames about the link are none of this one's business.
    pub fn receive(&mut self, frame: &Frame<'_>) -> Result<Fate, Misuse> {
        self.step(self.side.other(), frame)
    }

    /// A piece of an answer came, of which only the beginning was looked at; the same rules as for [`Self::receive`].
    pub fn pass(&mut self, id: CallId, piece: Passing) -> Result<Fate, Misuse> {
        let step = match piece {
            Passing::Answer => Step::Head,
            Passing::Data { bytes } => Step::Bytes(bytes),
            Passing::End => Step::End,
            Passing::Whole { bytes, .. } => Step::Whole(bytes),
        };
        self.about(self.side.other(), id, step)
    }

    /// Takes credit for as much of a call's body as may be sent now, at most `wanted` bytes, and tells how much it is; each
    /// byte of it is then sent. `None`: the call is over, or its body whole.
    pub fn take(&mut self, id: CallId, wanted: usize) -> Option<usize> {
        let side = self.side;
        let state = self.open.get_mut(&id)?;
        (*state.body(side) == Body::Open).then(|| state.outgoing.take(wanted))
    }

    /// A frame about a call is to be sent. `Late`: do not send it. An error is a fault of this side's own.
    pub fn send(&mut self, frame: &Frame<'_>) -> Result<Fate, Misuse> {
        self.step(self.side, frame)
    }

    fn step(&mut self, from: Side, frame: &Frame<'_>) -> Result<Fate, Misuse> {
        let Some(id) = frame.call() else { return Err(Misuse::UnknownCall) };
        if frame.sender().is_some_and(|sender| sender != from) {
            return Err(Misuse::OutOfOrder);
        }
        if matches!(frame, Frame::Call(..)) {
            return self.opens(id);
        }
        let step = match frame {
            Frame::Answer(..) => Step::Head,
            Frame::Data(_, bytes) => Step::Bytes(bytes.len()),
            Frame::End(_) => Step::End,
            Frame::Credit(_, bytes) => Step::Credit(*bytes),
            Frame::Whole(_, _, bytes) => Step::Whole(bytes.len()),
            Frame::Failure(..) | Frame::Cancel(..) => Step::Over,
            _ => return Err(Misuse::OutOfOrder),
        };
        self.about(from, id, step)
    }

    fn about(&mut self, from: Side, id: CallId, step: Step) -> Result<Fate, Misuse> {
        let ours = from == self.side;
        let Some(state) = self.open.get_mut(&id) else {
            return if id.number() <= self.opened { Ok(Fate::Late) } else { Err(Misuse::UnknownCall) };
        };
        let fate = state.step(from, ours, step)?;
        if fate == Fate::Last {
            self.open.remove(&id);
        }
        Ok(fate)
    }

    fn opens(&mut self, id: CallId) -> Result<Fate, Misuse> {
        if id.number() <= self.opened {
            return Err(Misuse::NotRising);
        }
        if self.open.len() >= CALLS_MOST {
            return Err(Misuse::TooMany);
        }
        self.opened = id.number();
        let state = State {
            question: Body::Open,
            answer: Body::Waiting,
            outgoing: Outgoing::default(),
            incoming: Incoming::default(),
        };
        self.open.insert(id, state);
        Ok(Fate::Taken)
    }
}

impl State {
    /// The body that a side sends.
    const fn body(&mut self, side: Side) -> &mut Body {
        match side {
            Side::Agent => &mut self.answer,
            Side::Server => &mut self.question,
        }
    }

    fn step(&mut self, from: Side, ours: bool, step: Step) -> Result<Fate, Misuse> {
        match step {
            Step::Head if self.answer == Body::Waiting => {
                self.answer = Body::Open;
                Ok(Fate::Taken)
            }
            Step::Bytes(bytes) if *self.body(from) == Body::Open => {
                self.bytes(ours, bytes)?;
                Ok(Fate::Taken)
            }
            Step::End if *self.body(from) == Body::Open => {
                *self.body(from) = Body::Whole;
                // The agent has said all: whatever of the question is still to come, nobody needs it.
                Ok(if from == Side::Agent { Fate::Last } else { Fate::Taken })
            }
            Step::Credit(bytes) => {
                if !ours {
                    self.outgoing.grant(bytes).map_err(Misuse::Flow)?;
                }
                Ok(Fate::Taken)
            }
            Step::Whole(bytes) if self.answer == Body::Waiting => {
                self.bytes(ours, bytes)?;
                Ok(Fate::Last)
            }
            Step::Over => Ok(Fate::Last),
            _ => Err(Misuse::OutOfOrder),
        }
    }

    fn bytes(&mut self, ours: bool, bytes: usize) -> Result<(), Misuse> {
        if !ours {
            return self.incoming.received(bytes).map_err(Misuse::Flow);
        }
        if self.outgoing.take(bytes) < bytes {
            return Err(Misuse::Flow(FlowFault::Overrun));
        }
        Ok(())
    }
}
