//! Who may link, and who hears what when not.

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::messages::{Refused, Welcome};
use drawbridge_contract::link::{CLOSE_BROKEN, CLOSE_GOODBYE, CLOSE_REFUSED, CLOSE_SILENT, Refusal};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::gateway::version::CURRENT;
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use http::Method;
use serde_json::json;

use super::{Machine, World, joined, key, made};

#[track_caller]
fn refused(world: &World, link: u32) -> Refusal {
    let last = world.last(link);
    let Ok(Frame::Refused(text)) = Frame::decode(&last, Side::Server) else {
        panic!("not refused: {last:?}")
    };
    assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_REFUSED)));
    assert_eq!(world.wires.notes.borrow()[&link], "", "nothing of it outlives a sleep");
    serde_json::from_str::<Refused>(text).unwrap().code
}

/// Proves as this machine, with its hello changed.
#[track_caller]
fn tries(world: &World, link: u32, machine: &Machine) -> Refusal {
    world.open(link);
    let nonce = world.challenged(link, &machine.hello());
    world.hear(link, &Frame::Proof(machine.proof(&nonce)));
    refused(world, link)
}

#[test]
fn the_address_wants_a_websocket_with_its_subprotocol() {
    let world = World::new();
    let path = format!("/gateway/v1/connect?gateway={}", world.gateway);
    let dial = |path: &str, headers: &[(&'static str, &str)]| {
        let machine = world.harness.browser();
        machine.with("origin", "");
        for (name, value) in headers {
            machine.with(name, value);
        }
        machine.send(Method::GET, path, None)
    };
    let (socket, protocol) =
        (("upgrade", "websocket"), ("sec-websocket-protocol", "x, drawbridge.gateway.v1"));
    dial(&path, &[]).problem(ProblemCode::BadRequest);
    dial(&path, &[socket]).problem(ProblemCode::BadRequest);
    dial(&path, &[socket, ("sec-websocket-protocol", "drawbridge.gateway.v2")])
        .problem(ProblemCode::BadRequest);
    for bad in ["/gateway/v1/connect", "/gateway/v1/connect?gateway=gw_1", &format!("{path}&x=1")] {
        dial(bad, &[socket, protocol]).problem(ProblemCode::InvalidFields);
    }
    let good = dial(&path, &[socket, protocol]);
    assert_eq!(good.status, 101);
    assert_eq!(
        good.json(),
        json!({ "gateway": world.gateway.as_str(), "origin": "https://drawbridge.example" })
    );
}

#[test]
fn a_machine_proves_its_key_and_the_link_stands() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.open(1);
    let mut hello = machine.hello();
    hello.version = "2.2.85".to_owned();
    hello.machine = "GW02".to_owned();
    hello.sealing = Some("ab".repeat(32));
    let nonce = world.challenged(1, &hello);
    world.hear(1, &Frame::Proof(machine.proof(&nonce)));
    let last = world.last(1);
    let Ok(Frame::Welcome(text)) = Frame::decode(&last, Side::Server) else { panic!("not welcome") };
    let welcome: Welcome = serde_json::from_str(text).unwrap();
    assert_eq!((welcome.name.as_str(), welcome.tenant.as_str()), ("Berlin", "Acme"));
    assert_eq!(welcome.update, Some(CURRENT.to_string()));
    assert_eq!(world.status(), ("online".to_owned(), 1));
    let row = world.row("SELECT machine, agent_version, sealing_key, last_seen_at FROM gateway_replicas");
    assert_eq!((&row["machine"], &row["agent_version"]), (&json!("GW02"), &json!("2.2.85")));
    assert_eq!(
        (&row["sealing_key"], &row["last_seen_at"]),
        (&json!("ab".repeat(32)), &json!(world.now().millis()))
    );
    assert_eq!(world.events(), ["joined", "linked"]);
    assert!(world.harness.feeds.told.borrow().iter().any(|(_, text)| text.contains("gateways")));
}

#[test]
fn nobody_hears_whether_gateway_replica_key_or_signature_were_wrong() {
    let world = World::new();
    let right = joined(&world.harness, &world.code, 1);
    let other_key = || key(9);
    let unknown_replica =
        Machine { key: key(1), gateway: right.gateway.clone(), replica: ReplicaId::new(1, [1; 10]) };
    let unknown_gateway =
        Machine { key: key(1), gateway: GatewayId::new(1, [1; 10]), replica: right.replica.clone() };
    let wrong_key =
        Machine { key: other_key(), gateway: right.gateway.clone(), replica: right.replica.clone() };
    let checked = &world.harness.services.signatures;
    let _ = checked;
    let mut said = Vec::new();
    for (link, machine) in [(1, &unknown_replica), (2, &unknown_gateway), (3, &wrong_key)] {
        assert_eq!(tries(&world, link, machine), Refusal::Unauthorized);
        said.push(world.last(link));
    }
    // The right key, claimed with another name, and a signature over other words.
    world.open(4);
    let mut hello = right.hello();
    hello.key = super::public(&other_key());
    let nonce = world.challenged(4, &hello);
    world.hear(4, &Frame::Proof(right.proof(&nonce)));
    assert_eq!(refused(&world, 4), Refusal::Unauthorized);
    said.push(world.last(4));
    world.open(5);
    world.challenged(5, &right.hello());
    world.hear(5, &Frame::Proof(right.proof(&"0".repeat(64))));
    assert_eq!(refused(&world, 5), Refusal::Unauthorized);
    said.push(world.last(5));
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes");
    assert_eq!(world.events(), ["joined"], "whoever proves nothing leaves nothing behind");
}

#[test]
fn a_gateway_is_linked_only_at_its_own_hub() {
    let world = World::new();
    let (_, code) = made(&world.admin, "Other");
    let other = joined(&world.harness, &code, 2);
    assert_eq!(tries(&world, 1, &other), Refusal::Unauthorized);
}

#[test]
fn a_challenge_is_good_for_one_proof() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.open(1);
    let nonce = world.challenged(1, &machine.hello());
    world.open(2);
    assert_ne!(world.challenged(2, &machine.hello()), nonce, "new for each link");
    world.hear(2, &Frame::Proof(machine.proof(&nonce)));
    assert_eq!(refused(&world, 2), Refusal::Unauthorized, "overheard elsewhere");
    assert!(world.wires.notes.borrow()[&1].contains(&nonce));
    world.hear(1, &Frame::Proof(machine.proof(&nonce)));
    assert!(!world.wires.notes.borrow()[&1].contains(&nonce));
    world.hear(1, &Frame::Proof(machine.proof(&nonce)));
    assert_eq!(world.wires.closed.borrow().last(), Some(&(1, CLOSE_BROKEN)));
}

#[test]
fn a_challenge_outlives_a_sleep() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.open(1);
    let nonce = world.challenged(1, &machine.hello());
    let hub = world.slept();
    let proof = Frame::Proof(machine.proof(&nonce)).encode().unwrap();
    pollster::block_on(hub.hear(&world.harness.services, 1, &proof));
    assert_eq!(world.status().0, "online");
}

#[test]
fn the_disabled_and_the_old_hear_why_once_they_have_proved_who_they_are() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.open(1);
    let mut old = machine.hello();
    old.version = "2.1.9".to_owned();
    let nonce = world.challenged(1, &old);
    world.hear(1, &Frame::Proof(machine.proof(&nonce)));
    assert_eq!(refused(&world, 1), Refusal::TooOld);
    assert_eq!(world.row("SELECT agent_version FROM gateway_replicas")["agent_version"], "2.1.9");
    world.harness.db.query("UPDATE gateways SET disabled = 1");
    for link in 2..5 {
        assert_eq!(tries(&world, link, &machine), Refusal::Disabled);
    }
    assert_eq!(world.events(), ["joined", "refused too_old", "refused disabled"], "the same is told once");
    let stranger =
        Machine { key: key(9), gateway: machine.gateway.clone(), replica: machine.replica.clone() };
    assert_eq!(tries(&world, 9, &stranger), Refusal::Unauthorized);
}

#[test]
fn other_protocols_and_nonsense_are_refused() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    let says = |link: u32, text: &str| {
        world.open(link);
        world.hear(link, &Frame::Hello(text));
        refused(&world, link)
    };
    let hello = |change: fn(&mut drawbridge_contract::link::messages::Hello)| {
        let mut hello = machine.hello();
        change(&mut hello);
        serde_json::to_string(&hello).unwrap()
    };
    assert_eq!(says(1, &hello(|hello| hello.protocols = vec![2, 3])), Refusal::NoCommonProtocol);
    assert_eq!(says(2, "{}"), Refusal::NotUnderstood);
    assert_eq!(says(3, &hello(|hello| hello.nonce = "00".to_owned())), Refusal::NotUnderstood);
    assert_eq!(says(4, &hello(|hello| hello.machine = "x".repeat(300))), Refusal::NotUnderstood);
    assert_eq!(says(5, &hello(|hello| hello.platform = "\u{1}".to_owned())), Refusal::NotUnderstood);
    assert_eq!(says(6, &hello(|hello| hello.version = "9".repeat(40))), Refusal::NotUnderstood);
    // The longest that is taken goes along with its WebSocket.
    let long = hello(|hello| hello.machine = "é".repeat(253));
    world.open(8);
    world.hear(8, &Frame::Hello(&long));
    assert_eq!(says(9, &hello(|hello| hello.protocols = vec![1; 700])), Refusal::NotUnderstood);
    let newer = hello(|hello| hello.protocols = vec![1, 2]).replacen('{', r#"{"later":[1,{"x":2}],"#, 1);
    world.open(7);
    world.hear(7, &Frame::Hello(&newer));
    assert!(
        matches!(Frame::decode(&world.last(7), Side::Server), Ok(Frame::Challenge(_))),
        "fields of later are passed over"
    );
}

#[test]
fn frames_in_the_wrong_place_close_the_link() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    let report = Frame::Report("{}");
    for (link, frame) in
        [(1, &report), (2, &Frame::Proof([0; 64])), (3, &Frame::Ping([0; 8])), (4, &Frame::Erased)]
    {
        world.open(link);
        world.hear(link, frame);
        assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_BROKEN)), "{frame:?}");
    }
    world.link(5, &machine);
    let hello = serde_json::to_string(&machine.hello()).unwrap();
    world.hear(5, &Frame::Hello(&hello));
    assert_eq!(world.wires.closed.borrow().last(), Some(&(5, CLOSE_BROKEN)));
    assert_eq!(world.events().last().unwrap(), "unlinked protocol_error");
    for (link, bytes) in
        [(6, vec![1]), (7, vec![2, 9, 0, 0, 0, 0]), (8, vec![1, 0x77, 0, 0, 0, 0]), (9, vec![0; 300_000])]
    {
        world.link(link, &machine);
        world.hear_raw(link, &bytes);
        assert_eq!(world.wires.closed.borrow().last(), Some(&(link, CLOSE_BROKEN)), "{:?}", &bytes[..1]);
        world.hear_raw(link, &bytes);
    }
}

#[test]
fn whoever_waits_at_the_door_is_shut_out() {
    let world = World::new();
    let machine = joined(&world.harness, &world.code, 1);
    world.open(1);
    world.harness.clock.advance(9999);
    world.wake();
    assert!(world.wires.closed.borrow().is_empty());
    world.harness.clock.advance(1);
    world.wake();
    assert_eq!(*world.wires.closed.borrow(), [(1, CLOSE_SILENT)]);
    for link in 2..40 {
        world.open(link);
    }
    let shut: Vec<u32> = world.wires.closed.borrow().iter().skip(1).map(|(link, _)| *link).collect();
    assert_eq!(shut, (2..8).collect::<Vec<_>>(), "thirty-two wait, the first to come have gone");
    let nonce = world.challenged(39, &machine.hello());
    world.hear(39, &Frame::Proof(machine.proof(&nonce)));
    assert_eq!(world.status().0, "online");
}

#[test]
fn a_newer_link_of_the_same_machine_replaces_the_older() {
    let (world, machines) = World::linked(1);
    world.harness.clock.advance(1000);
    world.link(2, &machines[0]);
    assert_eq!(*world.wires.closed.borrow(), [(1, CLOSE_GOODBYE)]);
    assert_eq!(world.status(), ("online".to_owned(), 1));
    world.gone(1);
    assert_eq!(
        world.status(),
        ("online".to_owned(), 1),
        "the end of the older one says nothing of the newer"
    );
    world.harness.clock.advance(1000);
    world.gone(2);
    assert_eq!(world.status(), ("offline".to_owned(), 0));
    assert_eq!(world.events(), ["joined", "linked", "linked", "unlinked lost"]);
}
