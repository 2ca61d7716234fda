//! Gateways on the real runtime, with the agent's real program.

mod ends;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use drawbridge_contract::endpoints::{DisableGateway, DisconnectGateway, EnableGateway, RotateGatewayKey};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::gateways::GatewayPath;
use drawbridge_domain::gateway::GatewayStatus;
use drawbridge_domain::gateway::farewell::{DISCONNECTED, NO_KEY_ERROR, TOKEN_STATUS_ERROR};
use drawbridge_domain::id::GatewayId;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{ADMIN, Stack, User};
use drawbridge_tests::gateway::{Machine, Target, becomes, connected, crumbs, events, made, read, through};
use drawbridge_tests::server::Server;
use drawbridge_tests::wait::until;

/// How soon the link is back once the network or the server is.
const BACK: Duration = Duration::from_secs(5);
/// How many calls are under way when something breaks.
const MANY: usize = 100;

/// A gateway with one machine that is online, and a connection through it.
struct Site {
    target: Target,
    machine: Machine,
    gateway: GatewayId,
    connection: Connection,
}

impl Site {
    fn new(user: &User, server: &str) -> Self {
        let target = Target::start();
        let (gateway, code) = made(user, "Berlin");
        let mut machine = Machine::new(server, &target);
        machine.enrol(server, &code);
        machine.start();
        becomes(user, &gateway, GatewayStatus::Online);
        let connection = connected(user, "Intranet", &gateway);
        Self { target, machine, gateway, connection }
    }

    fn path(&self) -> GatewayPath {
        GatewayPath { gateway: self.gateway.clone() }
    }

    fn get(&self, user: &User, path: &str) -> Answered {
        user.raw("GET", &through(&self.connection, path)).send()
    }
}

#[test]
fn a_gateway_from_its_code_to_its_farewell() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let mut site = Site::new(&ada, stack.server.origin());
    let hello = site.get(&ada, "/hello").with_status(200);
    assert_eq!(hello.text(), "/hello");
    let body = crumbs(3_000_000);
    let echo =
        ada.raw("POST", &through(&site.connection, "/echo")).bytes("application/octet-stream", body.clone());
    assert!(echo.send().with_status(200).body == body, "a body came back changed");
    let large = site.get(&ada, "/size/5000000").with_status(200);
    assert_eq!(large.body.len(), 5_000_000);
    // A frame for each byte; those that wait share their room.
    let small = site.get(&ada, "/crumbs/50000").with_status(200);
    assert!(small.body == crumbs(50_000), "a body of small pieces came back changed");
    site.get(&ada, "/nowhere").with_status(404);
    let shown = read(&ada, &site.gateway);
    assert_eq!((shown.targets[0].name.as_str(), shown.replicas.len(), shown.connections), ("web", 1, 1));

    // A new key while the link stands.
    let rotation = ada.to::<RotateGatewayKey>().at(site.path()).good();
    assert_eq!((rotation.asked, rotation.rotated), (1, 1));
    site.machine.says("the gateway's key was changed");
    site.get(&ada, "/hello").with_status(200);

    // The machine is gone: offline, and calls say so at once. It comes back with its new key.
    site.machine.kill();
    let began = Instant::now();
    becomes(&ada, &site.gateway, GatewayStatus::Offline);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let began = Instant::now();
    let problem = site.get(&ada, "/hello").problem(ProblemCode::GatewayOffline);
    assert!(problem.detail.contains("nothing was sent") && began.elapsed() < Duration::from_secs(5));
    site.machine.start();
    becomes(&ada, &site.gateway, GatewayStatus::Online);
    site.get(&ada, "/hello").with_status(200);

    ada.to::<DisableGateway>().at(site.path()).good();
    site.machine.says("an administrator has disabled this gateway");
    site.get(&ada, "/hello").problem(ProblemCode::GatewayOffline);
    ada.to::<EnableGateway>().at(site.path()).good();
    site.machine.kill();
    site.machine.start();
    becomes(&ada, &site.gateway, GatewayStatus::Online);
    let events = events(&ada, &site.gateway);
    assert!(
        events.contains(&"keyChanged".to_owned()) && events.contains(&"unlinked disabled".to_owned()),
        "{events:?}"
    );

    // The end, from the tenant's side.
    ada.to::<DisconnectGateway>().at(site.path()).good();
    site.machine.ends();
    assert!(site.machine.said().contains(DISCONNECTED), "{}", site.machine.said());
    assert!(!site.machine.key().exists(), "the key is erased");
    let audit = ada.raw("GET", "/api/v1/audit?action=gateway.keys_erased").send().with_status(200).text();
    assert!(audit.contains("confirmedBy") && audit.contains("\"outcome\":\"done\""), "{audit}");
    site.get(&ada, "/hello").with_status(409);
}

#[test]
fn a_machine_that_was_off_finds_out_and_one_that_leaves_is_gone() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let mut site = Site::new(&ada, stack.server.origin());
    site.machine.kill();
    becomes(&ada, &site.gateway, GatewayStatus::Offline);
    ada.to::<DisconnectGateway>().at(site.path()).good();
    site.machine.start();
    for line in TOKEN_STATUS_ERROR.iter().chain(&NO_KEY_ERROR) {
        site.machine.says(line);
    }

    let (gateway, code) = made(&ada, "Leaves");
    let mut machine = Machine::new(stack.server.origin(), &site.target);
    let (exit, said) = machine.run(&["enroll", "--url", stack.server.origin(), "--code", "0000-0000-0000"]);
    assert!(exit != 0 && said.contains("no such code"), "{said}");
    machine.enrol(stack.server.origin(), &code);
    let again = Machine::new(stack.server.origin(), &site.target);
    let (exit, said) = again.run(&["enroll", "--url", stack.server.origin(), "--code", &code]);
    assert!(exit != 0 && said.contains("used already"), "{said}");
    machine.start();
    becomes(&ada, &gateway, GatewayStatus::Online);
    let (exit, said) = machine.run(&["disconnect"]);
    assert_eq!(exit, 0, "{said}");
    becomes(&ada, &gateway, GatewayStatus::AwaitingSetup);
}

#[test]
fn a_hub_sleeps_between_calls_and_numbers_go_on() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let site = Site::new(&ada, stack.server.origin());
    for _ in 0..3 {
        site.get(&ada, "/hello").with_status(200);
    }
    // Longer than an object stays awake that has nothing to do.
    let began = Instant::now();
    until("the object's sleep", Duration::from_secs(30), || {
        (began.elapsed() > Duration::from_secs(13)).then_some(())
    });
    for _ in 0..3 {
        site.get(&ada, "/hello").with_status(200);
    }
    assert_eq!(
        events(&ada, &site.gateway),
        ["joined", "linked"],
        "one link all the while: {}",
        site.machine.said()
    );
}

/// What 100 calls that wait at the target come to when something breaks; each is told to change something.
#[track_caller]
fn broken(user: &User, site: &Site, breaks: impl FnOnce()) -> Vec<u16> {
    let paths: Vec<String> = (0..MANY).map(|number| format!("/gate/{number}")).collect();
    site.target.open_gate(false);
    let before = site.target.at_the_gate();
    let statuses = std::thread::scope(|scope| {
        let calls: Vec<_> = paths
            .iter()
            .map(|path| {
                let path = through(&site.connection, path);
                scope.spawn(move || {
                    let answer = user.raw("POST", &path).bytes("text/plain", b"once".to_vec()).try_send();
                    answer.map_or(0, |answer| answer.status)
                })
            })
            .collect();
        until("the calls to wait at the target", Duration::from_mins(1), || {
            (site.target.at_the_gate() == before + MANY).then_some(())
        });
        breaks();
        calls.into_iter().map(|call| call.join().unwrap()).collect::<Vec<_>>()
    });
    site.target.open_gate(true);
    statuses
}

#[test]
fn every_call_ends_and_none_is_made_twice_when_agent_network_or_runtime_break() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let network = Network::to(stack.server.origin());
    let mut site = Site::new(&ada, &network.origin());
    let said = |statuses: &[u16]| statuses.iter().all(|status| *status == 502);

    // The network is cut: both ends see their connections break.
    let statuses = broken(&ada, &site, || network.cut());
    assert!(said(&statuses), "{statuses:?}");
    let began = Instant::now();
    network.mend();
    becomes(&ada, &site.gateway, GatewayStatus::Online);
    until("a call to come through again", BACK, || (site.get(&ada, "/hello").status == 200).then_some(()));
    assert!(began.elapsed() < BACK, "{:?}", began.elapsed());

    // The agent ends in the midst of them, without a word.
    let mut machine = std::mem::replace(&mut site.machine, Machine::new(&network.origin(), &site.target));
    let statuses = broken(&ada, &site, || machine.kill());
    assert!(said(&statuses), "{statuses:?}");
    machine.start();
    until("a call to come through again", BACK, || (site.get(&ada, "/hello").status == 200).then_some(()));

    // The runtime ends. Whoever called is cut off with it.
    let Stack { server, sandbox } = stack;
    let mut options = None;
    let statuses = broken(&ada, &site, || options = Some(server.kill()));
    assert!(statuses.iter().all(|status| *status == 0), "{statuses:?}");
    let server = Server::start(options.expect("it was killed"));
    let began = Instant::now();
    let ada = User::sign_in(&server, ADMIN).switched_to("First");
    until("a call to come through again", BACK, || (site.get(&ada, "/hello").status == 200).then_some(()));
    assert!(began.elapsed() < BACK, "{:?}", began.elapsed());
    for number in 0..MANY {
        let times = site.target.asked(&format!("/gate/{number}"));
        assert_eq!(times, 3, "call {number}, in three rounds");
    }
    assert_eq!(read(&ada, &site.gateway).summary.linked, 1);
    drop((server, sandbox, machine));
}

#[test]
fn whoever_proves_nothing_is_refused_and_nonsense_closes() {
    let stack = Stack::start();
    let ada = stack.person(ADMIN).switched_to("First");
    let (gateway, _) = made(&ada, "Berlin");
    let host = stack.server.origin().trim_start_matches("http://").to_owned();
    let dial = |gateway: &str, protocol: &str| Raw::dial(&host, gateway, protocol);
    let good = "drawbridge.gateway.v1";
    assert_eq!(dial(gateway.to_string().as_str(), "other").unwrap_err(), 400);
    assert_eq!(dial("gw_nonsense", good).unwrap_err(), 422);
    let unknown = "gw_01m81q1a6znxtqxny7bdee3hbr";
    let hello = |gateway: &str| {
        format!(
            "{{\"protocols\":[1],\"gateway\":\"{gateway}\",\"replica\":\"gwr_01m81q1a6znxtqxny7bdee3hbr\",\
              \"key\":\"{}\",\"nonce\":\"{}\",\"version\":\"2.3.0\",\"machine\":\"x\",\"platform\":\"y\",\"kinds\":[]}}",
            "ab".repeat(32),
            "cd".repeat(32)
        )
    };
    let mut said = Vec::new();
    for gateway in [gateway.to_string(), unknown.to_owned()] {
        let mut socket = dial(&gateway, good).unwrap();
        socket.send(&[&[1, 1, 0, 0, 0, 0], hello(&gateway).as_bytes()].concat());
        assert_eq!(socket.hear().unwrap()[1], 2, "a challenge");
        socket.send(&[&[1, 3, 0, 0, 0, 0], [7; 64].as_slice()].concat());
        said.push(socket.hear().unwrap());
        assert_eq!(socket.closed(), 4401);
    }
    assert_eq!(said[0], said[1], "nobody learns which gateways there are");
    assert!(String::from_utf8_lossy(&said[0]).contains("unauthorized"));
    for nonsense in
        [vec![1], vec![9, 9, 9, 9, 9, 9, 9], vec![1, 1, 0, 0, 0, 0, 0xff], vec![1, 0x22, 0, 0, 0, 1, 1]]
    {
        let mut socket = dial(unknown, good).unwrap();
        socket.send(&nonsense);
        assert_eq!(socket.closed(), 4400, "{nonsense:?}");
    }
    // Nobody waits at the door for ever.
    let mut silent = dial(unknown, good).unwrap();
    let began = Instant::now();
    assert_eq!(silent.closed(), 4408);
    assert!((9..20).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

/// A WebSocket that says bytes, whatever they are.
#[derive(Debug)]
struct Raw(TcpStream);

impl Raw {
    fn dial(host: &str, gateway: &str, protocol: &str) -> Result<Self, u16> {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        write!(
            stream,
            "GET /gateway/v1/connect?gateway={gateway} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2l4dGVlbiBieXRlcyBvaw==\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
        )
        .unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status != 101 {
            return Err(status);
        }
        assert!(head.contains("sec-websocket-protocol: drawbridge.gateway.v1"), "{head}");
        Ok(Self(stream))
    }

    fn send(&mut self, bytes: &[u8]) {
        let mut frame = vec![0x82];
        match u8::try_from(bytes.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0xfe);
                frame.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(bytes);
        self.0.write_all(&frame).unwrap();
    }

    /// The next binary message, or the code with which it is closed.
    fn hear(&mut self) -> Result<Vec<u8>, u16> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).map_err(|_| 1006_u16)?;
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).unwrap();
                usize::from(u16::from_be_bytes(length))
            }
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).unwrap();
        match head[0] & 15 {
            2 => Ok(payload),
            8 => Err(u16::from_be_bytes([payload[0], payload[1]])),
            other => panic!("a frame of kind {other}"),
        }
    }

    /// Waits for the end; what is said before it is passed over.
    fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.hear() {
                return code;
            }
        }
    }
}

/// A network that can be cut: everything that goes through it breaks, and nothing gets through until it is mended.
struct Network {
    address: String,
    state: Arc<Mutex<(bool, Vec<TcpStream>)>>,
}

impl Network {
    fn to(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state: Arc<Mutex<(bool, Vec<TcpStream>)>> = Arc::default();
        let kept = Arc::clone(&state);
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let mut state = kept.lock().unwrap();
                let far = if state.0 { None } else { TcpStream::connect(&server).ok() };
                let Some(far) = far else { continue };
                state.1.extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                drop(state);
                for (mut from, mut to) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)]
                {
                    std::thread::spawn(move || {
                        drop(std::io::copy(&mut from, &mut to));
                        drop(to.shutdown(Shutdown::Both));
                    });
                }
            }
        });
        Self { address, state }
    }

    /// The server, as it is reached through it.
    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 = true;
        for stream in state.1.drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    fn mend(&self) {
        self.state.lock().unwrap().0 = false;
    }
}
