//! One link, from its welcome to its end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use drawbridge_contract::link::frame::{CallId, Frame};
use drawbridge_contract::link::messages::{Farewell, Rotate, RotationDone};
use drawbridge_contract::link::{
    CLOSE_BROKEN, CLOSE_GOODBYE, CLOSE_SILENT, FailureCode, Fate, Goodbye, HEARTBEAT, HEARTBEAT_ANSWER,
    HEARTBEAT_EVERY, SILENCE_MOST,
};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::sync::Notify;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::call::Serving;
use super::clocks::Clocks;
use super::handshake::{from, json};
use super::rotation;
use super::shared::{Link, Running};
use super::socket::{Socket, read};
use super::writer;
use crate::agent::Agent;
use crate::identity::{self, Identity, Unsealing};
use crate::log;
use crate::targets::Fault;
use crate::targets::question::Piece;

/// How many frames wait to be written before calls have to wait.
const QUEUE: usize = 8;
/// How long calls have to come to their end when the agent is to stop.
const DRAIN_MOST: Duration = Duration::from_secs(8);
/// How long the last words may take.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often the counters are told while there are calls.
const REPORT_EVERY: Duration = Duration::from_mins(1);
/// After sleep a link has this long to show that it still stands.
const DOUBT_MOST: Duration = Duration::from_secs(3);

/// How a link ended.
pub(super) enum End {
    /// It broke.
    Lost(String),
    /// The server said goodbye.
    Goodbye(Goodbye),
    /// This agent was to stop, and did.
    Stopped,
}

/// A link that stands.
pub(super) struct Session {
    agent: Arc<Agent>,
    link: Arc<Link>,
    state: PathBuf,
    identity: Identity,
    unsealing: Arc<Unsealing>,
    /// The server opens no more calls here, or is not to.
    draining: bool,
    /// Since when an answer to a heartbeat is awaited.
    pinged: Option<Instant>,
    heard: Instant,
    doubt: Option<Instant>,
    reported_calls: u64,
}

impl Session {
    /// Carries calls until the link ends.
    pub(super) async fn run(agent: Arc<Agent>, identity: Identity, state: PathBuf, socket: Socket) -> End {
        let (sink, stream) = socket.split();
        let (queue, queued) = mpsc::channel(QUEUE);
        let (urgent, first) = mpsc::unbounded_channel();
        let writer = tokio::spawn(writer::write(sink, first, queued));
        let link = Arc::new(Link::new(queue, urgent));
        let mut session = Self {
            agent,
            link,
            state,
            unsealing: Arc::new(identity.unsealing()),
            identity,
            draining: false,
            pinged: None,
            heard: Instant::now(),
            doubt: None,
            reported_calls: 0,
        };
        let end = session.carry(stream, writer).await;
        let broken = session.link.end_all();
        if broken > 0 {
            log::warn("calls ended with their link", &[("calls", &broken)]);
        }
        end
    }

    async fn carry(&mut self, mut stream: SplitStream<Socket>, mut writer: JoinHandle<String>) -> End {
        let agent = Arc::clone(&self.agent);
        let every = Duration::from_millis(u64::from(HEARTBEAT_EVERY));
        let mut heartbeat = interval_at(Instant::now(), every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut minute = interval_at(Instant::now() + REPORT_EVERY, REPORT_EVERY);
        let mut clocks = Clocks::now();
        let mut stop_by = None;
        self.report();
        loop {
            let silent = self.heard + Duration::from_millis(u64::from(SILENCE_MOST));
            let dead = self.doubt.map_or(silent, |doubt| silent.min(doubt));
            tokio::select! {
                message = stream.next() => {
                    let said = match message {
                        Some(Ok(message)) => self.hear(message),
                        Some(Err(fault)) => Err(End::Lost(fault.to_string())),
                        None => Err(End::Lost("the server closed the connection".to_owned())),
                    };
                    if let Err(end) = said {
                        return self.over(end, writer).await;
                    }
                }
                why = &mut writer => return End::Lost(why.unwrap_or_default()),
                () = sleep_until(dead) => {
                    if self.doubt.is_none() && clocks.slept() {
                        // This program stood still: what came meanwhile is read first.
                        self.heard = Instant::now();
                        self.doubt = Some(self.heard + DOUBT_MOST);
                        continue;
                    }
                    self.close(CLOSE_SILENT, "silent");
                    return self.over(End::Lost("nothing was heard from the server for too long".to_owned()), writer).await;
                }
                _ = heartbeat.tick() => {
                    if clocks.slept() {
                        self.doubt = Some(Instant::now() + DOUBT_MOST);
                    }
                    self.pinged = Some(Instant::now());
                    self.link.at_once(Message::text(HEARTBEAT));
                }
                () = agent.telemetry.until_report_due() => self.report(),
                _ = minute.tick() => {
                    if agent.telemetry.calls() != self.reported_calls {
                        self.report();
                    }
                }
                () = agent.until_stopping(), if stop_by.is_none() => {
                    stop_by = Some(Instant::now() + DRAIN_MOST);
                    self.drain();
                    if self.link.is_idle() {
                        return self.leave(writer).await;
                    }
                }
                () = self.link.idle.notified(), if stop_by.is_some() => {
                    if self.link.is_idle() {
                        return self.leave(writer).await;
                    }
                }
                () = sleep_until(stop_by.unwrap_or(silent)), if stop_by.is_some() => return self.leave(writer).await,
            }
        }
    }

    /// One message of the server. An error: the link ends.
    fn hear(&mut self, message: Message) -> Result<(), End> {
        self.heard = Instant::now();
        self.doubt = None;
        match message {
            Message::Binary(bytes) => self.frame(&bytes),
            Message::Text(text) if text.as_str() == HEARTBEAT_ANSWER => {
                if let Some(pinged) = self.pinged.take() {
                    let millis = u64::try_from(pinged.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
                    self.agent.telemetry.round_trip(millis);
                }
                Ok(())
            }
            Message::Text(_) => Err(self.broken("text")),
            Message::Close(frame) => {
                let code = frame.map_or(1005, |frame| u16::from(frame.code));
                Err(End::Lost(format!("the server closed the link ({code})")))
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
        }
    }

    fn frame(&mut self, bytes: &Bytes) -> Result<(), End> {
        let frame = read(bytes).map_err(|why| self.broken(&why))?;
        if frame.call().is_some() {
            return self.about_call(&frame, bytes);
        }
        match frame {
            Frame::Ping(eight) => {
                if let Ok(pong) = Frame::Pong(eight).encode() {
                    self.link.if_there_is_room(Message::binary(pong));
                }
            }
            Frame::Drain => self.draining = true,
            Frame::Goodbye(text) => {
                let farewell: Farewell = from(text).map_err(|why| self.broken(&why))?;
                return Err(End::Goodbye(farewell.reason));
            }
            Frame::Rotate(text) => {
                let rotate: Rotate = from(text).map_err(|why| self.broken(&why))?;
                match rotation::begin(&mut self.identity, &self.state, &rotate) {
                    Ok(bytes) => self.link.at_once(Message::binary(bytes)),
                    Err(why) => log::error("the key cannot be changed", &[("why", &why)]),
                }
            }
            Frame::RotationDone(text) => {
                let done: RotationDone = from(text).map_err(|why| self.broken(&why))?;
                match rotation::finish(&mut self.identity, &self.state, &done) {
                    Ok(()) => log::info("the gateway's key was changed", &[]),
                    Err(why) => log::error("the new key cannot be kept", &[("why", &why)]),
                }
            }
            Frame::Pong(_) => {}
            // The handshake is over.
            _ => return Err(self.broken("out_of_order")),
        }
        Ok(())
    }

    fn about_call(&mut self, frame: &Frame<'_>, bytes: &Bytes) -> Result<(), End> {
        let fate = self.link.receive(frame).map_err(|misuse| self.broken(misuse.code()))?;
        match (fate, frame) {
            (Fate::Taken, Frame::Call(id, head)) => self.begin(*id, (*head).to_owned()),
            (Fate::Taken, Frame::Data(id, data)) => {
                let data = bytes.slice_ref(data);
                self.link.running(*id, |running| drop(running.pieces.send(Piece::Data(data))));
            }
            (Fate::Taken, Frame::End(id)) => {
                self.link.running(*id, |running| drop(running.pieces.send(Piece::End)));
            }
            (Fate::Taken, Frame::Credit(id, _)) => {
                self.link.running(*id, |running| running.credit.notify_one());
            }
            (Fate::Last, Frame::Cancel(id, why)) => {
                log::info("call cancelled", &[("call", &id.number()), ("why", &why.code())]);
                self.link.end(*id);
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&self, id: CallId, head: String) {
        let (pieces, came) = mpsc::unbounded_channel();
        let credit = Arc::new(Notify::new());
        let link = Arc::clone(&self.link);
        if self.draining {
            tokio::spawn(async move { link.fail(id, &Fault::before(FailureCode::Draining, "")).await });
            return;
        }
        let serving = Serving {
            agent: Arc::clone(&self.agent),
            link,
            id,
            credit: Arc::clone(&credit),
            unsealing: Arc::clone(&self.unsealing),
        };
        self.link.begin(id, || {
            let task = tokio::spawn(serving.serve(head, came)).abort_handle();
            Running { pieces, credit, task }
        });
    }

    fn report(&mut self) {
        let loaded = self.agent.now();
        self.reported_calls = self.agent.telemetry.calls();
        let report = self
            .agent
            .telemetry
            .report(loaded.targets.all().map(|(name, target)| (name, target.kind(), target.wants())));
        let bytes = json(&report)
            .and_then(|text| Frame::Report(&text).encode().map_err(|fault| fault.code().to_owned()));
        match bytes {
            Ok(bytes) => self.link.at_once(Message::binary(bytes)),
            Err(why) => log::warn("the report does not fit", &[("why", &why)]),
        }
    }

    /// No new calls from here on.
    fn drain(&mut self) {
        self.draining = true;
        if let Ok(bytes) = Frame::Drain.encode() {
            self.link.at_once(Message::binary(bytes));
        }
    }

    /// The server broke the protocol: it hears so, and the link ends.
    fn broken(&self, why: &str) -> End {
        self.say_goodbye(Goodbye::ProtocolError);
        self.close(CLOSE_BROKEN, "protocol");
        End::Lost(format!("the server did not keep to the protocol ({why})"))
    }

    fn say_goodbye(&self, reason: Goodbye) {
        let bytes = json(&Farewell { reason }).ok().and_then(|text| Frame::Goodbye(&text).encode().ok());
        if let Some(bytes) = bytes {
            self.link.at_once(Message::binary(bytes));
        }
    }

    fn close(&self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        self.link.at_once(Message::Close(Some(frame)));
    }

    /// The agent stops: everything is out, then goodbye. Whoever does not listen is not waited for.
    async fn leave(&self, writer: JoinHandle<String>) -> End {
        let said = async {
            let text = json(&Farewell { reason: Goodbye::ShuttingDown }).unwrap_or_default();
            if let Ok(bytes) = Frame::Goodbye(&text).encode() {
                // Behind all that waits in the queue.
                let _ = self.link.in_turn(Message::binary(bytes)).await;
            }
            let frame = CloseFrame { code: CLOSE_GOODBYE.into(), reason: "goodbye".into() };
            let _ = self.link.in_turn(Message::Close(Some(frame))).await;
            drop(writer.await);
        };
        let _ = tokio::time::timeout(LAST_WORDS, said).await;
        End::Stopped
    }

    /// The last words of a link that ends otherwise.
    async fn over(&self, end: End, mut writer: JoinHandle<String>) -> End {
        if let End::Goodbye(reason) = &end {
            if reason.is_final() {
                match identity::erase(&self.state) {
                    Ok(()) => {
                        if let Ok(bytes) = Frame::Erased.encode() {
                            self.link.at_once(Message::binary(bytes));
                        }
                    }
                    Err(why) => log::error("the key cannot be erased", &[("why", &why)]),
                }
            }
            self.close(CLOSE_GOODBYE, "goodbye");
        }
        if tokio::time::timeout(LAST_WORDS, &mut writer).await.is_err() {
            writer.abort();
        }
        end
    }
}
