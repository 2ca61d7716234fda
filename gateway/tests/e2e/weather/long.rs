//! What takes as long as a link may be silent. The time that passes here is what is tested.

use std::time::{Duration, Instant};

use super::{BACK_MOST, Scene};
use crate::agent::Place;
use crate::line::Weather;
use crate::peer::{Ask, Peer, Said};

/// Longer than a link may be silent.
const TOO_LONG: Duration = Duration::from_secs(27);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn a_line_that_is_a_hole_is_found_out_within_30_seconds() {
    let mut scene = Scene::new().await;
    scene.line.bury();
    let begin = Instant::now();
    // Calls that were under way end for both sides.
    scene.link.open(&Ask::get("/gate")).await;
    scene.agent.says("nothing was heard from the server for too long").await;
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    scene.is_back().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn a_server_that_takes_connections_and_says_nothing_is_left() {
    let mut scene = Scene::new().await;
    scene.line.weather(Weather::Hole);
    scene.line.cut();
    // The next connection is taken, and nothing comes of it.
    scene.agent.until("that it was not answered", |log| log.contains("did not answer within")).await;
    scene.line.weather(Weather::Fair);
    scene.is_back().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn a_machine_that_slept_goes_on_with_its_link() {
    let mut scene = Scene::new().await;
    let id = scene.link.open(&Ask::get("/hello")).await;
    while !matches!(scene.link.word().await, Said::End(end) if end == id) {}
    scene.agent.signal("STOP");
    tokio::time::sleep(TOO_LONG).await;
    let asked = scene.link.open(&Ask::get("/hello")).await;
    scene.agent.signal("CONT");
    while !matches!(scene.link.word().await, Said::End(end) if end == asked) {}
    assert_eq!(scene.peer.dials(), 1, "{}", scene.agent.log());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn a_machine_that_slept_while_its_link_died_is_back_soon() {
    let mut scene = Scene::new().await;
    scene.agent.signal("STOP");
    scene.line.bury();
    tokio::time::sleep(TOO_LONG).await;
    scene.agent.signal("CONT");
    scene.is_back().await;
}

/// How long it takes from when the server listens again, in the middle of `rounds`.
async fn median_after(away: Duration, rounds: usize) -> Duration {
    let mut scene = Scene::new().await;
    let mut took = Vec::new();
    for _ in 0..rounds {
        // A link that stood for a while: the next try comes at once.
        tokio::time::sleep(Duration::from_secs(4)).await;
        scene.line.away().await;
        tokio::time::sleep(away).await;
        scene.line.back();
        took.push(scene.is_back().await);
    }
    took.sort();
    eprintln!("away {away:?}: back after {took:?}");
    took[rounds / 2]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "two minutes: npm run test:all"]
async fn a_server_that_was_away_for_moments_is_found_within_half_a_second() {
    assert!(median_after(Duration::from_secs(1), 11).await <= Duration::from_millis(500));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "two minutes: npm run test:all"]
async fn a_server_that_was_away_for_longer_is_found_within_a_second() {
    assert!(median_after(Duration::from_secs(8), 11).await <= Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn an_agent_without_a_network_stops_at_once_when_told() {
    let peer = Peer::start().await;
    let place = Place::joined(&peer, "").await;
    // Packets to there are dropped (RFC 5737): a dial that never ends by itself.
    let text = std::fs::read_to_string(place.file()).unwrap();
    std::fs::write(place.file(), text.replace(&peer.origin(), "https://192.0.2.1")).unwrap();
    let key = std::fs::read_to_string(place.key()).unwrap();
    std::fs::write(place.key(), key.replace(&peer.origin(), "https://192.0.2.1")).unwrap();
    let mut agent = place.run();
    agent.says("no link to the server").await;
    let begin = Instant::now();
    agent.signal("TERM");
    assert_eq!(agent.ends().await.code(), Some(0));
    assert!(begin.elapsed() < BACK_MOST);
}
