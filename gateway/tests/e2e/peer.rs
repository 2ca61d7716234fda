//! The server's side, written for the tests from the same protocol.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use drawbridge_contract::link::enrolment::{ENROL_PATH, Enrol, Enrolled, LEAVE_PATH, Leave};
use drawbridge_contract::link::frame::{CallId, Frame, Side};
use drawbridge_contract::link::messages::*;
use drawbridge_contract::link::proof::{Enrolling, Leaving, Proof, hex, unhex};
use drawbridge_contract::link::{
    CHUNK, Calls, Fate, HEARTBEAT, HEARTBEAT_ANSWER, PATH, Refusal, SUBPROTOCOL,
};
use drawbridge_domain::id::{ConnectionId, GatewayId, ReplicaId, RequestId};
use ed25519_dalek::{Signature, VerifyingKey};
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

use crate::soon;

/// The code that is good once.
pub(crate) const CODE: &str = "7K2M-9QXA-04TR";

#[derive(Default)]
pub(crate) struct Known {
    pub(crate) code: Option<String>,
    pub(crate) keys: Vec<[u8; 32]>,
    pub(crate) left: bool,
    pub(crate) refuse: Option<Refusal>,
    /// What the server is called, if not as it was dialled.
    pub(crate) origin: Option<String>,
    pub(crate) dials: usize,
    /// Nonces that were given out: none twice.
    nonce: u64,
}

/// A server.
pub(crate) struct Peer {
    port: u16,
    pub(crate) known: Arc<Mutex<Known>>,
    links: mpsc::UnboundedReceiver<Link>,
}

fn gateway() -> GatewayId {
    GatewayId::new(1, [0; 10])
}

fn replica() -> ReplicaId {
    ReplicaId::new(2, [0; 10])
}

fn verified(key: &[u8; 32], text: &str, signature: &[u8; 64]) -> bool {
    let key = VerifyingKey::from_bytes(key).unwrap();
    key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
}

impl Peer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let known = Arc::new(Mutex::new(Known { code: Some(CODE.replace('-', "")), ..Known::default() }));
        let (sender, links) = mpsc::unbounded_channel();
        let shared = Arc::clone(&known);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (known, sender) = (Arc::clone(&shared), sender.clone());
                let origin = format!("http://127.0.0.1:{port}");
                tokio::spawn(async move { serve(stream, known, origin, sender).await });
            }
        });
        Self { port, known, links }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The next link that stands.
    pub(crate) async fn link(&mut self) -> Link {
        soon("a link", self.links.recv()).await.unwrap()
    }

    pub(crate) fn dials(&self) -> usize {
        self.known.lock().unwrap().dials
    }
}

async fn serve(
    mut stream: TcpStream,
    known: Arc<Mutex<Known>>,
    origin: String,
    links: mpsc::UnboundedSender<Link>,
) {
    let mut start = [0; 5];
    if stream.peek(&mut start).await.is_err() {
        return;
    }
    if &start == b"POST " {
        plain(&mut stream, &known, &origin).await;
        return;
    }
    known.lock().unwrap().dials += 1;
    #[expect(clippy::result_large_err, reason = "the signature is the library's")]
    let check = |request: &Request, mut response: Response| {
        assert_eq!(request.uri().path(), PATH);
        assert_eq!(request.uri().query(), Some(format!("gateway={}", gateway()).as_str()));
        let protocol = request.headers().get("sec-websocket-protocol").unwrap().clone();
        assert_eq!(protocol, SUBPROTOCOL);
        response.headers_mut().insert("sec-websocket-protocol", protocol);
        Ok(response)
    };
    let Ok(socket) = tokio_tungstenite::accept_hdr_async(stream, check).await else { return };
    let mut link = Link {
        socket,
        calls: Calls::new(Side::Server),
        hello: None,
        reported: None,
        wholes: 0,
        waiting: VecDeque::new(),
    };
    if link.shake(&known, &origin).await {
        let _ = links.send(link);
    }
}

/// Joining and leaving.
async fn plain(stream: &mut TcpStream, known: &Mutex<Known>, origin: &str) {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.unwrap();
        bytes.extend(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if read == 0 || length.is_some_and(|length| body.len() >= length.parse().unwrap()) {
                break (head.to_owned(), body.to_owned());
            }
        }
    };
    let path = head.split(' ').nth(1).unwrap();
    let (status, answer) = match path {
        ENROL_PATH => enrol(&serde_json::from_str(&body).unwrap(), known, origin),
        LEAVE_PATH => leave(&serde_json::from_str(&body).unwrap(), known, origin),
        other => panic!("{other}"),
    };
    let length = answer.len();
    let text =
        format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}");
    stream.write_all(text.as_bytes()).await.unwrap();
}

fn problem(detail: &str) -> (u16, String) {
    let code = drawbridge_contract::problem::ProblemCode::NotFound;
    let problem = drawbridge_contract::problem::Problem::new(code, detail.to_owned(), "req_1".to_owned());
    (404, serde_json::to_string(&problem).unwrap())
}

fn enrol(asked: &Enrol, known: &Mutex<Known>, origin: &str) -> (u16, String) {
    let mut known = known.lock().unwrap();
    let key = unhex(&asked.key).unwrap();
    let origin = &known.origin.clone().unwrap_or_else(|| origin.to_owned());
    let text = Enrolling { server: origin, code: &asked.code, key: &key }.text();
    assert!(verified(&key, &text, &unhex(&asked.signature).unwrap()));
    if known.code.as_ref() != Some(&asked.code) {
        return problem("There is no such code.");
    }
    known.code = None;
    known.keys = vec![key];
    let name = "Berlin".to_owned();
    let enrolled = Enrolled { gateway: gateway(), replica: replica(), name, tenant: "Acme".to_owned() };
    (200, serde_json::to_string(&enrolled).unwrap())
}

fn leave(asked: &Leave, known: &Mutex<Known>, origin: &str) -> (u16, String) {
    let mut known = known.lock().unwrap();
    let text =
        Leaving { server: origin, gateway: &asked.gateway, replica: &asked.replica, at: asked.at }.text();
    let signature = unhex(&asked.signature).unwrap();
    if !known.keys.iter().any(|key| verified(key, &text, &signature)) {
        return problem("There is no such gateway.");
    }
    known.keys.clear();
    known.left = true;
    (204, String::new())
}

/// A frame that the agent sent, with what it holds.
#[derive(Debug)]
pub(crate) enum Said {
    Report(Report),
    Drain,
    Goodbye(Farewell),
    Erased,
    Rotated(Rotated),
    Pong([u8; 8]),
    Answer(CallId, Answer),
    Data(CallId, Vec<u8>),
    End(CallId),
    Credit(CallId),
    Failure(CallId, Failure),
    /// It closed the WebSocket with this code.
    Closed(u16),
}

/// A link that stands, from the server's side.
pub(crate) struct Link {
    pub(crate) socket: WebSocketStream<TcpStream>,
    pub(crate) calls: Calls,
    hello: Option<Hello>,
    /// What the agent reported last.
    pub(crate) reported: Option<Report>,
    /// Answers that came in one frame; they are told in pieces like all others.
    pub(crate) wholes: usize,
    waiting: VecDeque<Said>,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// What a call asks, and with which body.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) target: String,
    pub(crate) deadline: u32,
    pub(crate) http: HttpRequest,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn get(path: &str) -> Self {
        Self::with("GET", path, Vec::new())
    }

    pub(crate) fn with(method: &str, path: &str, body: Vec<u8>) -> Self {
        let length = Some(body.len() as u64);
        let http =
            HttpRequest { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), length };
        Self { target: "web".to_owned(), deadline: 20_000, http, body }
    }

    pub(crate) fn of(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.http.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Calls that are under way: what was asked, how much of it is sent, and what came so far.
type Open = BTreeMap<CallId, (Ask, usize, Option<HttpAnswer>, Vec<u8>)>;

/// How a call ended.
pub(crate) type Outcome = Result<(HttpAnswer, Vec<u8>), Failure>;

impl Link {
    async fn shake(&mut self, known: &Mutex<Known>, origin: &str) -> bool {
        let Some(Ok(Message::Binary(bytes))) = self.socket.next().await else { return false };
        let Ok(Frame::Hello(text)) = Frame::decode(&bytes, Side::Agent) else { panic!("no hello") };
        let hello: Hello = serde_json::from_str(text).unwrap();
        let mut server_nonce = [7; 32];
        let (origin, refuse) = {
            let mut known = known.lock().unwrap();
            known.nonce += 1;
            server_nonce[..8].copy_from_slice(&known.nonce.to_be_bytes());
            (known.origin.clone().unwrap_or_else(|| origin.to_owned()), known.refuse)
        };
        self.send(Frame::Challenge(&json(&Challenge { nonce: hex(&server_nonce) }))).await;
        let Some(Ok(Message::Binary(bytes))) = self.socket.next().await else { return false };
        let Ok(Frame::Proof(signature)) = Frame::decode(&bytes, Side::Agent) else { panic!("no proof") };
        let agent_nonce = unhex(&hello.nonce).unwrap();
        let text = Proof {
            server: &origin,
            gateway: &hello.gateway,
            replica: &hello.replica,
            server_nonce: &server_nonce,
            agent_nonce: &agent_nonce,
        }
        .text();
        let right = known.lock().unwrap().keys.iter().any(|key| verified(key, &text, &signature));
        let refusal = if right { refuse } else { Some(Refusal::Unauthorized) };
        self.hello = Some(hello);
        if let Some(code) = refusal {
            self.send(Frame::Refused(&json(&Refused { code, least: None }))).await;
            let _ = self.socket.close(None).await;
            return false;
        }
        let (name, tenant) = ("Berlin".to_owned(), "Acme".to_owned());
        self.send(Frame::Welcome(&json(&Welcome { protocol: 1, name, tenant, update: None }))).await;
        true
    }

    pub(crate) fn hello(&self) -> &Hello {
        self.hello.as_ref().unwrap()
    }

    pub(crate) async fn send(&mut self, frame: Frame<'_>) {
        self.socket.send(Message::binary(frame.encode().unwrap())).await.unwrap();
    }

    /// A frame about a call, if it is not over.
    pub(crate) async fn send_call(&mut self, frame: Frame<'_>) -> Fate {
        let fate = self.calls.send(&frame).unwrap();
        if fate != Fate::Late {
            self.send(frame).await;
        }
        fate
    }

    /// What the agent says next; heartbeats are answered.
    pub(crate) async fn next(&mut self) -> Said {
        soon("a frame", self.hear()).await
    }

    async fn hear(&mut self) -> Said {
        if let Some(said) = self.waiting.pop_front() {
            return said;
        }
        loop {
            let message = self.socket.next().await;
            let bytes = match message {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Text(text))) => {
                    assert_eq!(text.as_str(), HEARTBEAT);
                    // A line that is cut at this moment says so when it is read.
                    drop(self.socket.send(Message::text(HEARTBEAT_ANSWER)).await);
                    continue;
                }
                Some(Ok(Message::Close(frame))) => {
                    return Said::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Said::Closed(1006),
            };
            let frame = Frame::decode(&bytes, Side::Agent).unwrap();
            if frame.call().is_some() && self.calls.receive(&frame).unwrap() == Fate::Late {
                continue;
            }
            return match frame {
                Frame::Report(text) => {
                    let report: Report = serde_json::from_str(text).unwrap();
                    self.reported = Some(report.clone());
                    Said::Report(report)
                }
                Frame::Drain => Said::Drain,
                Frame::Goodbye(text) => Said::Goodbye(serde_json::from_str(text).unwrap()),
                Frame::Erased => Said::Erased,
                Frame::Rotated(text) => Said::Rotated(serde_json::from_str(text).unwrap()),
                Frame::Pong(eight) => Said::Pong(eight),
                Frame::Answer(id, text) => Said::Answer(id, serde_json::from_str(text).unwrap()),
                Frame::Data(id, bytes) => Said::Data(id, bytes.to_vec()),
                Frame::End(id) => Said::End(id),
                Frame::Whole(id, text, bytes) => {
                    self.wholes += 1;
                    let body = (!bytes.is_empty()).then(|| Said::Data(id, bytes.to_vec()));
                    self.waiting.extend(body.into_iter().chain([Said::End(id)]));
                    Said::Answer(id, serde_json::from_str(text).unwrap())
                }
                Frame::Credit(id, _) => Said::Credit(id),
                Frame::Failure(id, text) => Said::Failure(id, serde_json::from_str(text).unwrap()),
                other => panic!("{other:?}"),
            };
        }
    }

    /// The next that is no report.
    pub(crate) async fn word(&mut self) -> Said {
        loop {
            let said = self.next().await;
            if !matches!(said, Said::Report(_)) {
                return said;
            }
        }
    }

    /// Opens a call without its body.
    pub(crate) async fn open(&mut self, ask: &Ask) -> CallId {
        let id = self.calls.next_id().unwrap();
        let call = Call {
            request: RequestId::new(3, [0; 10]),
            connection: ConnectionId::new(4, [0; 10]),
            target: ask.target.clone(),
            deadline: ask.deadline,
            kind: CallKind::Http,
            http: Some(ask.http.clone()),
            credentials: None,
        };
        self.send_call(Frame::Call(id, &json(&call))).await;
        id
    }

    /// Makes calls at the same time and waits for all of them.
    pub(crate) async fn ask_all(&mut self, asks: Vec<Ask>) -> Vec<Outcome> {
        let mut open = Open::new();
        let mut ids = Vec::new();
        for ask in asks {
            let id = self.open(&ask).await;
            ids.push(id);
            open.insert(id, (ask, 0, None, Vec::new()));
            self.body(id, &mut open).await;
        }
        let mut done = BTreeMap::new();
        while !open.is_empty() {
            match self.word().await {
                Said::Credit(id) => self.body(id, &mut open).await,
                Said::Answer(id, answer) => open.get_mut(&id).unwrap().2 = answer.http,
                Said::Data(id, bytes) => {
                    if let Some(credit) = self.calls.passed_on(id, bytes.len()) {
                        self.send_call(Frame::Credit(id, credit)).await;
                    }
                    open.get_mut(&id).unwrap().3.extend(bytes);
                }
                Said::End(id) => {
                    let (_, _, head, body) = open.remove(&id).unwrap();
                    done.insert(id, Ok((head.unwrap(), body)));
                }
                Said::Failure(id, failure) => {
                    open.remove(&id);
                    done.insert(id, Err(failure));
                }
                other => panic!("{other:?}"),
            }
        }
        ids.into_iter().map(|id| done.remove(&id).unwrap()).collect()
    }

    /// Makes a call of any kind, alone on the link, and reads its whole answer.
    pub(crate) async fn call(&mut self, call: &Call, body: &[u8]) -> Result<(Answer, Vec<u8>), Failure> {
        let id = self.begin_call(call, body).await;
        let (mut head, mut answered) = (None, Vec::new());
        loop {
            match self.word().await {
                Said::Answer(_, answer) => head = Some(answer),
                Said::Data(_, bytes) => {
                    if let Some(credit) = self.calls.passed_on(id, bytes.len()) {
                        self.send_call(Frame::Credit(id, credit)).await;
                    }
                    answered.extend(bytes);
                }
                Said::End(_) => return Ok((head.unwrap(), answered)),
                Said::Failure(_, failure) => return Err(failure),
                Said::Credit(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Begins one, whose body fits into the first window.
    pub(crate) async fn begin_call(&mut self, call: &Call, body: &[u8]) -> CallId {
        let id = self.calls.next_id().unwrap();
        self.send_call(Frame::Call(id, &json(call))).await;
        for piece in body.chunks(CHUNK) {
            self.send_call(Frame::Data(id, piece)).await;
        }
        self.send_call(Frame::End(id)).await;
        id
    }

    /// Makes one call.
    pub(crate) async fn ask(&mut self, ask: Ask) -> Outcome {
        self.ask_all(vec![ask]).await.remove(0)
    }

    /// Sends as much of a body as there is credit for.
    async fn body(&mut self, id: CallId, open: &mut Open) {
        let Some((ask, sent, ..)) = open.get_mut(&id) else { return };
        while *sent < ask.body.len() {
            let room = (self.calls.credit(id) as usize).min(CHUNK).min(ask.body.len() - *sent);
            if room == 0 {
                return;
            }
            let piece = &ask.body[*sent..*sent + room];
            let frame = Frame::Data(id, piece);
            if self.calls.send(&frame).unwrap() == Fate::Late {
                return;
            }
            self.socket.feed(Message::binary(frame.encode().unwrap())).await.unwrap();
            *sent += room;
        }
        if *sent == ask.body.len() {
            *sent += 1;
            self.calls.send(&Frame::End(id)).unwrap();
            self.socket.feed(Message::binary(Frame::End(id).encode().unwrap())).await.unwrap();
        }
        self.socket.flush().await.unwrap();
    }
}
