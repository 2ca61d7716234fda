//! The program as it is released (`npm test -- released`), held to its budgets.

use std::fs;
use std::path::Path;

use crate::agent::Place;
use crate::peer::{Ask, Peer};
use crate::target::Target;

/// The most that it may hold while it is idle, in bytes, unless a budget says otherwise.
const IDLE_MOST: u64 = 15_000_000;

/// What a process holds, in bytes: all of it, the program's own pages too.
fn memory(process: u32) -> u64 {
    let place = Path::new("/proc").join(process.to_string()).join("status");
    let status = fs::read_to_string(place).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "of the program as released: npm test -- released"]
async fn it_is_light_while_it_is_idle() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let agent = place.run();
    let mut link = peer.link().await;
    agent.says("target can be reached").await;
    let idle = memory(agent.process());
    let asks = (0..50).map(|_| Ask::with("PUT", "/echo", vec![1; 100_000])).collect();
    assert!(link.ask_all(asks).await.iter().all(Result::is_ok));
    let after = memory(agent.process());
    eprintln!("idle {idle} bytes, after fifty calls at a time {after}");
    let most = std::env::var("DRAWBRIDGE_GATEWAY_IDLE_MOST").ok().and_then(|most| most.parse().ok());
    assert!(idle <= most.unwrap_or(IDLE_MOST), "{idle} bytes");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "of the program as released: npm test -- released"]
async fn it_says_its_version_and_does_what_the_tests_ask_of_it() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let place = Place::joined(&peer, &target.setting("web", "")).await;
    let version = place.command(&["--version"]).await;
    let said = String::from_utf8_lossy(&version.stdout).into_owned();
    assert_eq!(said.trim(), concat!("drawbridge-gateway ", env!("CARGO_PKG_VERSION")));
    let mut agent = place.run();
    let mut link = peer.link().await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    // Names of this machine are found without a library of it.
    let doctor = place.command(&["doctor"]).await;
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("ok      DNS"), "{doctor:?}");
    agent.signal("TERM");
    while !matches!(link.word().await, crate::peer::Said::Goodbye(_)) {}
    assert_eq!(agent.ends().await.code(), Some(0));
}
