//! A link as its calls see it: what they send goes through here, so that the rules are held in one place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use drawbridge_contract::link::calls::Misuse;
use drawbridge_contract::link::frame::{CallId, Frame, Side};
use drawbridge_contract::link::messages::{Answer, Failure};
use drawbridge_contract::link::{CHUNK, Calls, FailureCode, Fate, TEXT_MOST};
use tokio::sync::Notify;
use tokio::sync::mpsc::{Sender, UnboundedSender};
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::Message;

use super::handshake::json;
use crate::targets::Fault;
use crate::targets::question::Piece;

/// A call that is under way.
pub(super) struct Running {
    /// Where its body goes.
    pub(super) pieces: UnboundedSender<Piece>,
    /// Rung when there is credit.
    pub(super) credit: Arc<Notify>,
    /// What serves it.
    pub(super) task: AbortHandle,
}

struct State {
    calls: Calls,
    running: HashMap<CallId, Running>,
}

/// The call is over, or the link is: nothing more is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Over;

/// A link.
pub(super) struct Link {
    state: Mutex<State>,
    /// Frames that wait for their turn.
    queue: Sender<Message>,
    /// Frames that go before all others; what is in it is bounded by what gives rise to it.
    urgent: UnboundedSender<Message>,
    /// Rung when no call is under way any more.
    pub(super) idle: Notify,
}

impl Link {
    /// A link over two queues.
    pub(super) fn new(queue: Sender<Message>, urgent: UnboundedSender<Message>) -> Self {
        let state = State { calls: Calls::new(Side::Agent), running: HashMap::new() };
        Self { state: Mutex::new(state), queue, urgent, idle: Notify::new() }
    }

    /// Runs with what is behind the lock; nothing that panics ever holds it.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> Option<T> {
        self.state.lock().ok().map(|mut state| act(&mut state))
    }

    /// Whether no call is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.with(|state| state.calls.is_empty()).unwrap_or(true)
    }

    /// A frame about a call came.
    pub(super) fn receive(&self, frame: &Frame<'_>) -> Result<Fate, Misuse> {
        self.with(|state| state.calls.receive(frame)).unwrap_or(Err(Misuse::UnknownCall))
    }

    /// A new call came and is served.
    pub(super) fn begin(&self, id: CallId, serve: impl FnOnce() -> Running) {
        self.with(|state| {
            let running = serve();
            state.running.insert(id, running);
        });
    }

    /// Runs with a call that is under way.
    pub(super) fn running(&self, id: CallId, act: impl FnOnce(&Running)) {
        self.with(|state| {
            if let Some(running) = state.running.get(&id) {
                act(running);
            }
        });
    }

    /// A call is over: whatever serves it stops.
    pub(super) fn end(&self, id: CallId) {
        let idle = self.with(|state| {
            if let Some(running) = state.running.remove(&id) {
                running.task.abort();
            }
            state.calls.is_empty()
        });
        if idle.unwrap_or(true) {
            self.idle.notify_one();
        }
    }

    /// All calls are over: the link is.
    pub(super) fn end_all(&self) -> usize {
        self.with(|state| {
            let count = state.running.len();
            for (_, running) in state.running.drain() {
                running.task.abort();
            }
            count
        })
        .unwrap_or_default()
    }

    /// A call that has said its last is forgotten; its task is the one that calls this.
    fn forget(&self, id: CallId) {
        let idle = self.with(|state| {
            state.running.remove(&id);
            state.calls.is_empty()
        });
        if idle.unwrap_or(true) {
            self.idle.notify_one();
        }
    }

    /// A frame that goes before all others.
    pub(super) fn at_once(&self, message: Message) {
        let _ = self.urgent.send(message);
    }

    /// A frame in its turn.
    pub(super) async fn in_turn(&self, message: Message) -> Result<(), Over> {
        self.queue.send(message).await.map_err(|_| Over)
    }

    /// A frame that may be left out when there is much else to say.
    pub(super) fn if_there_is_room(&self, message: Message) {
        let _ = self.queue.try_send(message);
    }

    /// A frame about a call, in its turn, if the call is not over.
    async fn send(&self, frame: Frame<'_>) -> Result<Fate, Over> {
        let bytes = frame.encode().map_err(|_| Over)?;
        // Its place first: between what is noted of the call and the frame in the queue nothing may come, neither the
        // end of this task nor the link's last words.
        let place = self.queue.reserve().await.map_err(|_| Over)?;
        let fate = self.with(|state| state.calls.send(&frame)).ok_or(Over)?;
        let fate = fate.map_err(|_| Over)?;
        if fate == Fate::Late {
            return Err(Over);
        }
        place.send(Message::binary(bytes));
        Ok(fate)
    }

    /// The answer's head. One that is too large for a frame is not sent: `Err(Some(_))`.
    pub(super) async fn answer(&self, id: CallId, answer: &Answer) -> Result<(), Option<Fault>> {
        let text = head(answer)?;
        self.send(Frame::Answer(id, &text)).await.map(drop).map_err(|Over| None)
    }

    /// A small answer, head and body in one frame. One whose head is too large is not sent: `Err(Some(_))`.
    pub(super) async fn answer_whole(
        &self,
        id: CallId,
        answer: &Answer,
        body: &[u8],
    ) -> Result<(), Option<Fault>> {
        let text = head(answer)?;
        self.send(Frame::Whole(id, &text, body)).await.map_err(|Over| None)?;
        self.forget(id);
        Ok(())
    }

    /// A piece of the answer's body, as fast as the other side takes it.
    pub(super) async fn data(&self, id: CallId, mut bytes: Bytes, credit: &Notify) -> Result<(), Over> {
        while !bytes.is_empty() {
            let room = self.with(|state| state.calls.credit(id)).ok_or(Over)?;
            let room = usize::try_from(room).unwrap_or_default();
            if room == 0 {
                if self.with(|state| !state.calls.has(id)).unwrap_or(true) {
                    return Err(Over);
                }
                credit.notified().await;
                continue;
            }
            let piece = bytes.split_to(room.min(CHUNK).min(bytes.len()));
            self.send(Frame::Data(id, &piece)).await?;
        }
        Ok(())
    }

    /// The answer is whole.
    pub(super) async fn whole(&self, id: CallId) {
        let _ = self.send(Frame::End(id)).await;
        self.forget(id);
    }

    /// The call failed.
    pub(super) async fn fail(&self, id: CallId, fault: &Fault) {
        let detail: String = fault.detail.chars().take(500).collect();
        let failure = Failure { code: fault.code, reached: fault.reached, detail };
        if let Ok(text) = json(&failure) {
            let _ = self.send(Frame::Failure(id, &text)).await;
        }
        self.forget(id);
    }

    /// So much of a call's body went to the target: the server may send more.
    pub(super) fn passed_on(&self, id: CallId, bytes: usize) {
        let frame = self.with(|state| {
            let credit = state.calls.passed_on(id, bytes)?;
            let frame = Frame::Credit(id, credit);
            state.calls.send(&frame).ok()?;
            frame.encode().ok()
        });
        if let Some(bytes) = frame.flatten() {
            self.at_once(Message::binary(bytes));
        }
    }
}

/// An answer's head as JSON that fits into a frame.
fn head(answer: &Answer) -> Result<String, Option<Fault>> {
    let text = json(answer).map_err(|_| None)?;
    if text.len() > TEXT_MOST {
        let words = "the head of the answer is larger than 64 KiB";
        return Err(Some(Fault::after(FailureCode::AnswerTooLarge, words)));
    }
    Ok(text)
}
