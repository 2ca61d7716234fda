//! What a link gets over within moments.

use std::time::{Duration, Instant};

use super::{BACK_MOST, Scene};
use crate::agent::Place;
use crate::line::{Line, Weather};
use crate::peer::{Ask, CODE, Peer};
use crate::proxy;
use crate::target::Target;

/// Bodies of several sizes, there and back.
fn some() -> Vec<Ask> {
    (1..=12_u8).map(|at| Ask::with("PUT", "/echo", vec![at; usize::from(at) * 7001])).collect()
}

async fn all_go_through(scene: &mut Scene) {
    for (outcome, ask) in scene.link.ask_all(some()).await.into_iter().zip(some()) {
        assert!(outcome.unwrap().1 == ask.body, "a body came back changed");
    }
    assert_eq!(scene.peer.dials(), 1, "the link stayed\n{}", scene.agent.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_line_carries_calls_all_the_same() {
    let mut scene = Scene::new().await;
    let way = Duration::from_millis(120);
    scene.line.weather(Weather::Slow(way));
    let begin = Instant::now();
    all_go_through(&mut scene).await;
    assert!(begin.elapsed() >= way * 2, "there and back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_holds_on_a_line_that_is_too_long() {
    let mut scene = Scene::new().await;
    let mut ask = Ask::get("/gate");
    ask.deadline = 100;
    scene.line.weather(Weather::Slow(Duration::from_millis(100)));
    let failure = scene.link.ask(ask).await.unwrap_err();
    assert!(failure.reached, "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_loses_packets_carries_calls_all_the_same() {
    let mut scene = Scene::new().await;
    scene.line.weather(Weather::Bursts(Duration::from_millis(300)));
    all_go_through(&mut scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hole_that_closes_again_costs_nothing() {
    let mut scene = Scene::new().await;
    scene.line.weather(Weather::Hole);
    let id = scene.link.open(&Ask::get("/hello")).await;
    // What tells that nothing comes through: the call does not come to the target.
    let probe = Target::start().await;
    scene.place.configure_by(&scene.line.origin(), &probe.setting("web", ""));
    scene.agent.says("configuration read again").await;
    assert_eq!((scene.target.came(), probe.came()), (0, 0));
    scene.line.weather(Weather::Fair);
    while !matches!(scene.link.word().await, crate::peer::Said::End(end) if end == id) {}
    assert_eq!((scene.peer.dials(), probe.came()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn breaks_one_after_another_are_got_over() {
    let mut scene = Scene::new().await;
    for at in 0..5 {
        if at % 2 == 0 {
            scene.line.cut();
        } else {
            scene.line.reset();
        }
        scene.is_back().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_started_again_is_found_again() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let (port, passed) = proxy::start().await;
    let mut way = Line::to(port);
    let mut place = Place::new();
    place.variables = vec![("PROXY_PASSWORD".to_owned(), "s3ntinel".to_owned())];
    let more = format!(
        "proxy = \"{}\"\nproxy_user = \"gate\"\nproxy_password_env = \"PROXY_PASSWORD\"\n{}",
        way.origin(),
        target.setting("web", "")
    );
    place.configure(&peer, &more);
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let agent = place.run();
    let link = peer.link().await;
    way.away().await;
    agent.until("three tries", |log| log.matches("cannot be reached").count() >= 3).await;
    let before = passed.load(std::sync::atomic::Ordering::SeqCst);
    way.back();
    let begin = Instant::now();
    drop(link);
    let mut link = peer.link().await;
    assert!(begin.elapsed() < BACK_MOST, "{:?}\n{}", begin.elapsed(), agent.log());
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    assert!(passed.load(std::sync::atomic::Ordering::SeqCst) > before, "through the proxy");
}
