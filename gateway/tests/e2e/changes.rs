use std::fs;
use std::time::{Duration, Instant};

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Farewell, Rotate, RotationDone};
use drawbridge_contract::link::proof::{NewKey, hex, unhex};
use drawbridge_contract::link::{CLOSE_BROKEN, Goodbye};
use ed25519_dalek::{Signature, VerifyingKey};

use crate::agent::Place;
use crate::peer::{Ask, Link, Peer, Said};
use crate::target::Target;

fn goodbye(reason: Goodbye) -> String {
    serde_json::to_string(&Farewell { reason }).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_agent_erases_its_key_confirms_and_stops() {
    let mut peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let mut agent = place.run();
    let mut link = peer.link().await;
    link.send(Frame::Goodbye(&goodbye(Goodbye::Disconnected))).await;
    assert!(matches!(link.word().await, Said::Erased));
    assert_eq!(agent.ends().await.code(), Some(3));
    assert!(!place.key().exists());
    assert!(agent.log().contains("disconnected from its tenant by an administrator"), "{}", agent.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_link_is_back_soon() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let _agent = place.run();
    let mut link = peer.link().await;
    for _ in 0..3 {
        link.open(&Ask::get("/gate")).await;
        drop(link);
        let begin = Instant::now();
        link = peer.link().await;
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
        assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    }
    link.send(Frame::Goodbye(&goodbye(Goodbye::ShuttingDown))).await;
    assert_eq!(peer.link().await.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_breaks_the_protocol_is_left() {
    let mut peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let agent = place.run();
    let broken: [(&[u8], &str); 5] = [
        (&[1, 2, 3], "truncated"),
        (&[9, 9, 0, 0, 0, 0], "version"),
        (&[1, 0x22, 0, 0, 0, 9, 1], "unknown_call"),
        (&[1, 0x08, 0, 0, 0, 0, b'{'], "direction"),
        (&[1, 0x04, 0, 0, 0, 0, b'{'], "out_of_order"),
    ];
    for (bytes, word) in broken {
        let mut link = peer.link().await;
        let message = tokio_tungstenite::tungstenite::Message::binary(bytes.to_vec());
        futures_util::SinkExt::send(&mut link.socket, message).await.unwrap();
        let Said::Goodbye(farewell) = link.word().await else { panic!("{word}") };
        assert_eq!(farewell.reason, Goodbye::ProtocolError);
        assert!(matches!(link.word().await, Said::Closed(CLOSE_BROKEN)), "{word}");
        agent.says(word).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_answered() {
    let mut peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let _agent = place.run();
    let mut link = peer.link().await;
    link.send(Frame::Ping([1, 2, 3, 4, 5, 6, 7, 8])).await;
    assert!(matches!(link.word().await, Said::Pong([1, 2, 3, 4, 5, 6, 7, 8])));
}

/// Has the agent make a new key; answers with it once both signatures are seen to be right.
async fn rotate(link: &mut Link, peer: &Peer) -> [u8; 32] {
    let nonce = [5; 32];
    let rotate = serde_json::to_string(&Rotate { nonce: hex(&nonce) }).unwrap();
    link.send(Frame::Rotate(&rotate)).await;
    let Said::Rotated(rotated) = link.word().await else { panic!("no new key") };
    let key = unhex(&rotated.key).unwrap();
    let (server, hello) = (peer.origin(), link.hello());
    let text = NewKey {
        server: &server,
        gateway: &hello.gateway,
        replica: &hello.replica,
        nonce: &nonce,
        key: &key,
    }
    .text();
    let old = peer.known.lock().unwrap().keys[0];
    for (key, signature) in [(old, rotated.by_old), (key, rotated.by_new)] {
        let signature = Signature::from_bytes(&unhex(&signature).unwrap());
        VerifyingKey::from_bytes(&key).unwrap().verify_strict(text.as_bytes(), &signature).unwrap();
    }
    assert_ne!(old, key);
    key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_changed_without_losing_the_link() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let agent = place.run();
    let mut link = peer.link().await;
    let waiting = link.open(&Ask::get("/gate")).await;
    let key = rotate(&mut link, &peer).await;
    peer.known.lock().unwrap().keys = vec![key];
    link.send(Frame::RotationDone(&serde_json::to_string(&RotationDone { key: hex(&key) }).unwrap())).await;
    agent.says("the gateway's key was changed").await;
    target.open_gate();
    assert!(matches!(link.word().await, Said::Answer(id, _) if id == waiting), "the call went on");
    assert!(!fs::read_to_string(place.key()).unwrap().contains("next"));
    drop(link);
    peer.link().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_broke_off_leaves_the_agent_with_the_right_key_either_way() {
    let mut peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let agent = place.run();
    // The server never heard of the new key.
    let mut link = peer.link().await;
    rotate(&mut link, &peer).await;
    drop(link);
    let mut link = peer.link().await;
    assert!(!agent.log().contains("SetTokenStatusAsync"), "{}", agent.log());
    // It did, and could not say so any more.
    let key = rotate(&mut link, &peer).await;
    peer.known.lock().unwrap().keys = vec![key];
    drop(link);
    let link = peer.link().await;
    assert_eq!(link.hello().key, hex(&key));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_configuration_counts_and_a_mistake_does_not() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, "").await;
    let agent = place.run();
    let mut link = peer.link().await;
    assert!(link.ask(Ask::get("/hello")).await.is_err());
    place.configure(&peer, &target.setting("web", ""));
    agent.says("configuration read again").await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    place.configure(&peer, "log = \"xml\"\n");
    agent.signal("HUP");
    agent.says("line 4: log is text or json").await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello", "what was right stays");
}
