//! Tests of the link's Worker side: agents that sign with real keys, over `WebSocket`s that only write down what is sent.

mod away;
mod calls;
mod handshake;
mod joining;
mod life;
mod racing;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::messages::{CallKind, Challenge, Hello};
use drawbridge_contract::link::proof::{Enrolling, Leaving, Proof, hex, unhex};
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use drawbridge_domain::time::Timestamp;
use ed25519_dalek::{Signer as _, SigningKey};
use http::Method;
use serde_json::{Value as Json, json};

use super::hub::{Hub, Wires};
use crate::ports::{GatewayFailure, Notes, Pending};
use crate::testing::{Browser, Harness, ORIGIN, TestAnswer};

pub(super) const VERSION: &str = "2.3.0";

/// A machine with a key.
pub(super) struct Machine {
    pub(super) key: SigningKey,
    pub(super) gateway: GatewayId,
    pub(super) replica: ReplicaId,
}

pub(super) fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

pub(super) fn public(key: &SigningKey) -> String {
    hex(&key.verifying_key().to_bytes())
}

pub(super) fn signed(key: &SigningKey, text: &str) -> String {
    hex(&key.sign(text.as_bytes()).to_bytes())
}

/// What a machine sends to join with a code.
pub(super) fn enrolment(key: &SigningKey, code: &str) -> Json {
    let code = code.replace('-', "");
    let text = Enrolling { server: ORIGIN, code: &code, key: &key.verifying_key().to_bytes() }.text();
    json!({
        "code": code, "key": public(key), "signature": signed(key, &text), "version": VERSION, "machine": "GW01",
        "platform": "linux/x86_64",
    })
}

pub(super) fn enrol(harness: &Rc<Harness>, body: &Json) -> TestAnswer {
    let machine = harness.browser();
    machine.with("origin", "");
    machine.send_json(Method::POST, "/gateway/v1/enroll", body)
}

/// A gateway and a code for it.
#[track_caller]
pub(super) fn made(browser: &Browser, name: &str) -> (GatewayId, String) {
    let made = browser.send_json(Method::POST, "/api/v1/gateways", &json!({ "name": name }));
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let id = GatewayId::parse(made["gateway"]["id"].as_str().unwrap()).unwrap();
    (id, made["code"].as_str().unwrap().to_owned())
}

/// A machine that has joined with this code.
#[track_caller]
pub(super) fn joined(harness: &Rc<Harness>, code: &str, number: u8) -> Machine {
    let key = key(number);
    let answer = enrol(harness, &enrolment(&key, code));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let id = |name: &str| answer[name].as_str().unwrap().to_owned();
    Machine {
        key,
        gateway: GatewayId::parse(&id("gateway")).unwrap(),
        replica: ReplicaId::parse(&id("replica")).unwrap(),
    }
}

impl Machine {
    pub(super) fn hello(&self) -> Hello {
        Hello {
            protocols: vec![1],
            gateway: self.gateway.clone(),
            replica: self.replica.clone(),
            key: public(&self.key),
            nonce: hex(&[7; 32]),
            version: VERSION.to_owned(),
            machine: "GW01".to_owned(),
            platform: "linux/x86_64".to_owned(),
            kinds: vec![CallKind::Http],
            sealing: None,
        }
    }

    pub(super) fn proof(&self, nonce: &str) -> [u8; 64] {
        let proof = Proof {
            server: ORIGIN,
            gateway: &self.gateway,
            replica: &self.replica,
            server_nonce: &unhex(nonce).unwrap(),
            agent_nonce: &[7; 32],
        };
        self.key.sign(proof.text().as_bytes()).to_bytes()
    }

    pub(super) fn leaving(&self, at: i64) -> Json {
        let text = Leaving { server: ORIGIN, gateway: &self.gateway, replica: &self.replica, at }.text();
        json!({
            "gateway": self.gateway.as_str(), "replica": self.replica.as_str(), "at": at,
            "signature": signed(&self.key, &text),
        })
    }
}

/// `WebSocket`s that write down what is done with them.
#[derive(Default)]
pub(super) struct Wiring {
    pub(super) sent: RefCell<Vec<(u32, Vec<u8>)>>,
    pub(super) closed: RefCell<Vec<(u32, u16)>>,
    pub(super) notes: RefCell<BTreeMap<u32, String>>,
    pub(super) heartbeats: RefCell<BTreeMap<u32, Timestamp>>,
    pub(super) alarm: RefCell<Option<Timestamp>>,
    /// Exchange, link, number of the call.
    pub(super) went: RefCell<Vec<(u32, u32, u32)>>,
    pub(super) credits: RefCell<Vec<u32>>,
    pub(super) failed: RefCell<Vec<(u32, GatewayFailure)>>,
}

impl Wires for Wiring {
    fn send(&self, link: u32, frame: &[u8]) {
        self.sent.borrow_mut().push((link, frame.to_vec()));
    }
    fn close(&self, link: u32, code: u16) {
        self.closed.borrow_mut().push((link, code));
    }
    fn note(&self, link: u32, text: &str) {
        assert!(text.len() <= 2048, "attachments are bounded");
        self.notes.borrow_mut().insert(link, text.to_owned());
    }
    fn belongs(&self, _link: u32, _replica: &ReplicaId) {}
    fn heartbeat(&self, link: u32) -> Option<Timestamp> {
        self.heartbeats.borrow().get(&link).copied()
    }
    fn wake(&self, at: Timestamp) {
        let mut alarm = self.alarm.borrow_mut();
        *alarm = Some(alarm.map_or(at, |known| known.min(at)));
    }
    fn goes(&self, exchange: u32, link: u32, call: u32) {
        self.went.borrow_mut().push((exchange, link, call));
    }
    fn credit(&self, exchange: u32) {
        self.credits.borrow_mut().push(exchange);
    }
    fn failed(&self, exchange: u32, failure: &GatewayFailure) {
        self.failed.borrow_mut().push((exchange, failure.clone()));
    }
}

/// The hub's storage, which outlives it.
#[derive(Default)]
pub(super) struct Storage(RefCell<BTreeMap<&'static str, String>>);

impl Notes for Storage {
    fn get(&self, name: &'static str) -> Pending<'_, Result<Option<String>, String>> {
        Box::pin(std::future::ready(Ok(self.0.borrow().get(name).cloned())))
    }
    fn put(&self, name: &'static str, text: String) -> Pending<'_, Result<(), String>> {
        self.0.borrow_mut().insert(name, text);
        Box::pin(std::future::ready(Ok(())))
    }
    fn remove(&self, name: &'static str) -> Pending<'_, Result<(), String>> {
        self.0.borrow_mut().remove(name);
        Box::pin(std::future::ready(Ok(())))
    }
    fn wake(&self, _at: Option<Timestamp>) -> Pending<'_, Result<(), String>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// A tenant with a gateway, its hub, and what it is wired to.
pub(super) struct World {
    pub(super) harness: Rc<Harness>,
    pub(super) admin: Browser,
    pub(super) gateway: GatewayId,
    pub(super) code: String,
    pub(super) wires: Rc<Wiring>,
    pub(super) storage: Rc<Storage>,
    pub(super) hub: Hub,
}

impl World {
    pub(super) fn new() -> Self {
        let harness = Harness::new();
        let admin = harness.set_up();
        let (gateway, code) = made(&admin, "Berlin");
        let (wires, storage) = (Rc::new(Wiring::default()), Rc::new(Storage::default()));
        let hub = Hub::new(Rc::clone(&wires) as _, Rc::clone(&storage) as _);
        Self { harness, admin, gateway, code, wires, storage, hub }
    }

    /// With machines that have joined, numbered from 1, whose links stand under the same numbers.
    pub(super) fn linked(machines: u8) -> (Self, Vec<Machine>) {
        let mut world = Self::new();
        let mut all = Vec::new();
        for number in 1..=machines {
            if number > 1 {
                world.code = world.new_code();
            }
            let machine = joined(&world.harness, &world.code, number);
            world.link(u32::from(number), &machine);
            all.push(machine);
        }
        (world, all)
    }

    pub(super) fn new_code(&self) -> String {
        let path = format!("/api/v1/gateways/{}/code", self.gateway);
        let made = self.admin.send_json(Method::POST, &path, &json!({}));
        assert_eq!(made.status, 200, "{}", made.text());
        made.json()["code"].as_str().unwrap().to_owned()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.harness.services.now()
    }

    pub(super) fn open(&self, link: u32) {
        self.hub.open(link, self.gateway.clone(), ORIGIN.to_owned(), self.now());
    }

    pub(super) fn hear(&self, link: u32, frame: &Frame<'_>) {
        self.hear_raw(link, &frame.encode().unwrap());
    }

    pub(super) fn hear_raw(&self, link: u32, bytes: &[u8]) {
        pollster::block_on(self.hub.hear(&self.harness.services, link, bytes));
    }

    pub(super) fn wake(&self) {
        self.wires.alarm.take();
        pollster::block_on(self.hub.wake(&self.harness.services));
    }

    pub(super) fn gone(&self, link: u32) {
        pollster::block_on(self.hub.gone(&self.harness.services, link));
    }

    /// The hub sleeps and wakes with what went along with its `WebSocket`s.
    pub(super) fn slept(&self) -> Hub {
        let hub = Hub::new(Rc::clone(&self.wires) as _, Rc::clone(&self.storage) as _);
        for (link, text) in self.wires.notes.borrow().iter() {
            hub.restore(*link, text);
        }
        hub
    }

    /// Says hello; the nonce of the challenge.
    #[track_caller]
    pub(super) fn challenged(&self, link: u32, hello: &Hello) -> String {
        self.hear(link, &Frame::Hello(&serde_json::to_string(hello).unwrap()));
        let last = self.last(link);
        let Ok(Frame::Challenge(text)) = Frame::decode(&last, Side::Server) else {
            panic!("no challenge: {last:?}");
        };
        serde_json::from_str::<Challenge>(text).unwrap().nonce
    }

    /// Links a machine.
    #[track_caller]
    pub(super) fn link(&self, link: u32, machine: &Machine) {
        self.open(link);
        let nonce = self.challenged(link, &machine.hello());
        self.hear(link, &Frame::Proof(machine.proof(&nonce)));
        let last = self.last(link);
        assert!(matches!(Frame::decode(&last, Side::Server), Ok(Frame::Welcome(_))), "{last:?}");
    }

    /// The last frame that was sent there.
    #[track_caller]
    pub(super) fn last(&self, link: u32) -> Vec<u8> {
        let sent = self.wires.sent.borrow();
        sent.iter().rev().find(|(to, _)| *to == link).expect("nothing was sent").1.clone()
    }

    pub(super) fn row(&self, sql: &str) -> Json {
        self.harness.db.query(sql).remove(0)
    }

    /// Status and number of linked agents, as the list has them.
    pub(super) fn status(&self) -> (String, i64) {
        let row = self.row("SELECT status, linked FROM gateways");
        (row["status"].as_str().unwrap().to_owned(), row["linked"].as_i64().unwrap())
    }

    /// Kinds and reasons of the events, in order.
    pub(super) fn events(&self) -> Vec<String> {
        let rows = self.harness.db.query("SELECT kind, target, reason FROM gateway_events ORDER BY id");
        let word = |row: &Json, name: &str| row[name].as_str().unwrap().to_owned();
        let line = |row: &Json| [word(row, "kind"), word(row, "target"), word(row, "reason")].join(" ");
        rows.iter().map(|row| line(row).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }
}
