//! Time in a link, without waiting for it: tokio's clock goes on by itself whenever nothing else is to do.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::{CLOSE_SILENT, HEARTBEAT, HEARTBEAT_ANSWER};
use drawbridge_domain::id::{GatewayId, ReplicaId};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::DuplexStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::session::{End, Session};
use crate::agent::{Agent, Loaded};
use crate::identity::{Identity, Key, Opener};
use crate::net::Stream;

/// A link that stands, and its other end.
struct Scene {
    agent: Arc<Agent>,
    session: JoinHandle<End>,
    server: WebSocketStream<DuplexStream>,
    folder: PathBuf,
}

impl Scene {
    async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("gateway-link-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("gateway.toml");
        let text =
            format!("server = \"http://127.0.0.1:1\"\nstate = \"{}\"\nlisten = \"off\"\n", folder.display());
        fs::write(&file, text).unwrap();
        let agent = Arc::new(Agent::new(file.clone(), Loaded::read(&file).unwrap()));
        let identity = Identity {
            server: "http://127.0.0.1:1".to_owned(),
            gateway: GatewayId::new(1, [0; 10]),
            replica: ReplicaId::new(2, [0; 10]),
            name: "Berlin".to_owned(),
            tenant: "Acme".to_owned(),
            key: Key::make().unwrap(),
            next: None,
            opener: Opener::make().unwrap(),
        };
        let (near, far) = tokio::io::duplex(16 * 1024);
        let near: Stream = Box::new(near);
        let socket = WebSocketStream::from_raw_socket(near, Role::Client, None).await;
        let server = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
        let session = tokio::spawn(Session::run(Arc::clone(&agent), identity, folder.clone(), socket));
        Self { agent, session, server, folder }
    }

    /// What the agent says next: a heartbeat, or a frame's kind, or how it closed.
    async fn hears(&mut self) -> String {
        match self.server.next().await {
            Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
            Some(Ok(Message::Binary(bytes))) => {
                format!("{:02x}", Frame::decode(&bytes, Side::Agent).unwrap().kind())
            }
            Some(Ok(Message::Close(Some(frame)))) => u16::from(frame.code).to_string(),
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_a_link_within_30_seconds() {
    let mut scene = Scene::new("silence").await;
    let begin = Instant::now();
    let mut heartbeats = 0;
    loop {
        match scene.hears().await.as_str() {
            HEARTBEAT => heartbeats += 1,
            "08" => {}
            closed => {
                assert_eq!(closed, CLOSE_SILENT.to_string());
                break;
            }
        }
    }
    assert_eq!((heartbeats, begin.elapsed().as_secs()), (3, 25));
    assert!(matches!((&mut scene.session).await, Ok(End::Lost(why)) if why.contains("too long")));
}

#[tokio::test(start_paused = true)]
async fn a_link_with_nothing_to_do_stays_for_hours() {
    let mut scene = Scene::new("idle").await;
    let begin = Instant::now();
    let mut said = 0;
    while begin.elapsed() < Duration::from_hours(3) {
        if scene.hears().await == HEARTBEAT {
            scene.server.send(Message::text(HEARTBEAT_ANSWER)).await.unwrap();
            said += 1;
        }
    }
    assert!(!scene.session.is_finished());
    assert!((1079..=1082).contains(&said), "one in ten seconds: {said}");
}

#[tokio::test(start_paused = true)]
async fn any_word_of_the_server_shows_that_the_link_stands() {
    let mut scene = Scene::new("words").await;
    for at in 0..20_u8 {
        // Heartbeats are not answered, yet the server speaks.
        drop(timeout(Duration::from_secs(20), std::future::pending::<()>()).await);
        scene.server.send(Message::binary(Frame::Ping([at; 8]).encode().unwrap())).await.unwrap();
        while scene.hears().await != "07" {}
    }
    assert!(!scene.session.is_finished());
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_stops_is_gone_within_ten_seconds() {
    let mut scene = Scene::new("stop").await;
    scene.server.send(Message::binary(call())).await.unwrap();
    while scene.hears().await != "25" {}
    let begin = Instant::now();
    scene.agent.stop();
    while scene.hears().await != "0a" {}
    assert!(matches!((&mut scene.session).await, Ok(End::Stopped)));
    assert!(begin.elapsed() < Duration::from_secs(1), "nothing was under way: {:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_reads_nothing_does_not_keep_an_agent_from_stopping() {
    let mut scene = Scene::new("deaf").await;
    // More than the line takes: the agent's words wait to be written.
    for at in 0..200_u8 {
        for _ in 0..100 {
            let ping = Frame::Ping([at; 8]).encode().unwrap();
            scene.server.send(Message::binary(ping)).await.unwrap();
        }
    }
    let begin = Instant::now();
    scene.agent.stop();
    assert!(matches!((&mut scene.session).await, Ok(End::Stopped)));
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

/// A call to a target that there is not.
fn call() -> Vec<u8> {
    let id = drawbridge_contract::link::CallId::FIRST;
    Frame::Call(id, "{}").encode().unwrap()
}
