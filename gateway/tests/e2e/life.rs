use std::time::{Duration, Instant};

use drawbridge_contract::link::{FailureCode, Goodbye};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::agent::Place;
use crate::peer::{Ask, Peer, Said};
use crate::target::Target;

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_agent_lets_its_calls_come_to_their_end() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let mut agent = place.run();
    let mut link = peer.link().await;
    let waiting = link.open(&Ask::get("/gate")).await;
    // The call is under way when another one after it was answered.
    let other = link.open(&Ask::get("/hello")).await;
    while !matches!(link.word().await, Said::End(id) if id == other) {}
    agent.signal("TERM");
    assert!(matches!(link.word().await, Said::Drain));
    let late = link.open(&Ask::get("/hello")).await;
    let Said::Failure(id, failure) = link.word().await else { panic!("not refused") };
    assert_eq!((id, failure.code, failure.reached), (late, FailureCode::Draining, false));
    target.open_gate();
    let (mut whole, mut said) = (false, None);
    while said.is_none() {
        match link.word().await {
            Said::End(id) => whole |= id == waiting,
            Said::Goodbye(farewell) => said = Some(farewell.reason),
            Said::Failure(..) | Said::Closed(_) => panic!("the call was lost"),
            _ => {}
        }
    }
    assert!(whole);
    assert_eq!(said, Some(Goodbye::ShuttingDown));
    assert_eq!(agent.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_agent_ends_within_ten_seconds_whatever_its_calls_do() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let mut agent = place.run();
    let mut link = peer.link().await;
    link.open(&Ask::get("/gate")).await;
    let other = link.open(&Ask::get("/hello")).await;
    while !matches!(link.word().await, Said::End(id) if id == other) {}
    let begin = Instant::now();
    agent.signal("TERM");
    while !matches!(link.word().await, Said::Goodbye(_) | Said::Closed(_)) {}
    assert_eq!(agent.ends().await.code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_without_a_link_stops_at_once() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    let text = std::fs::read_to_string(place.key()).unwrap();
    // Nobody listens there.
    std::fs::write(place.key(), text.replace(&peer.origin(), "http://127.0.0.1:1")).unwrap();
    let settings = std::fs::read_to_string(place.file()).unwrap();
    std::fs::write(place.file(), settings.replace(&peer.origin(), "http://127.0.0.1:1")).unwrap();
    let mut agent = place.run();
    agent.says("no link to the server").await;
    agent.signal("TERM");
    assert_eq!(agent.ends().await.code(), Some(0));
}

async fn local(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let question = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(question.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_metrics_are_told_on_this_machine() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, "").await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let listen = format!("listen = \"127.0.0.1:{port}\"");
    place.configure(&peer, &target.setting("web", ""));
    let text = std::fs::read_to_string(place.file()).unwrap().replace("listen = \"off\"", &listen);
    std::fs::write(place.file(), text).unwrap();
    let agent = place.run();
    let mut link = peer.link().await;
    agent.says("target can be reached").await;
    link.ask(Ask::get("/hello")).await.unwrap();
    link.ask(Ask::get("/hello").of("other")).await.unwrap_err();
    assert!(local(port, "/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(local(port, "/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(local(port, "/x").await.starts_with("HTTP/1.1 404"));
    let metrics = local(port, "/metrics").await;
    for line in [
        "drawbridge_gateway_link_up 1",
        "drawbridge_gateway_calls_total 2",
        "drawbridge_gateway_calls_failed_total{code=\"target_not_allowed\"} 1",
        "drawbridge_gateway_target_up{target=\"web\"} 1",
    ] {
        assert!(metrics.contains(&format!("\n{line}\n")), "{line} in {metrics}");
    }
    let status = place.command(&["status"]).await;
    assert!(status.status.success(), "{status:?}");
    assert!(String::from_utf8_lossy(&status.stdout).contains("its link stands"));
    peer.known.lock().unwrap().keys.clear();
    drop(link);
    agent.says("SetTokenStatusAsync").await;
    let ready = local(port, "/readyz").await;
    assert!(
        ready.starts_with("HTTP/1.1 503") && ready.contains("does not know this gateway's key"),
        "{ready}"
    );
    assert!(!place.command(&["status"]).await.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_are_listed_and_tested() {
    let (peer, target) = (Peer::start().await, Target::start().await);
    let away = "[[target]]\nname = \"SQL01\"\nkind = \"postgres\"\nhost = \"127.0.0.1\"\nport = 1\ndatabase = \"d\"\n";
    let place = Place::joined(&peer, &format!("{}{away}", target.setting("web", ""))).await;
    let list = place.command(&["targets", "list"]).await;
    let said = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(said.contains(&format!("web  http  http://{}", target.address)), "{said}");
    assert!(said.contains("SQL01  postgres  127.0.0.1:1, database d, encrypted"), "{said}");
    assert!(place.command(&["targets", "test", "web"]).await.status.success());
    let all = place.command(&["targets", "test"]).await;
    let said = String::from_utf8_lossy(&all.stdout).into_owned();
    assert!(
        !all.status.success() && said.contains("ok      web") && said.contains("failed  SQL01"),
        "{said}"
    );
    let doctor = place.command(&["doctor"]).await;
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("ok      DNS") && said.contains("failed  target SQL01"), "{said}");
}
