//! Nothing is left behind by ten thousand calls, whatever becomes of them.

use std::fs;
use std::path::Path;

use drawbridge_contract::link::Cancelled;
use drawbridge_contract::link::frame::Frame;

use super::Scene;
use crate::peer::Ask;

const CALLS: usize = 10_000;
/// Under way at a time.
const AT_ONCE: usize = 50;
/// What the memory may have grown by from the first thousand to the last: noise of the allocator, not a call's worth.
const GROWN_MOST: u64 = 2 * 1024;

/// Open handles, and memory in KiB.
fn held(process: u32) -> (usize, u64) {
    let place = Path::new("/proc").join(process.to_string());
    let status = fs::read_to_string(place.join("status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    let memory = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    (fs::read_dir(place.join("fd")).unwrap().count(), memory)
}

/// Calls of every kind: answered, with bodies, refused, failed, cancelled.
async fn batch(scene: &mut Scene, at: usize) {
    let asks: Vec<Ask> = (0..AT_ONCE)
        .map(|number| match number % 5 {
            0 => Ask::get("/hello"),
            1 => Ask::with("PUT", "/echo", vec![7; 30_000]),
            2 => Ask::get("/hello").of("nowhere"),
            3 => Ask::get(&format!("/none/{at}/{number}")),
            _ => Ask::with("POST", "/early", vec![1; 5000]),
        })
        .collect();
    for (outcome, ask) in scene.link.ask_all(asks.clone()).await.into_iter().zip(asks) {
        assert_eq!(
            outcome.is_ok(),
            ask.target == "web",
            "{} {}: {:?}",
            ask.http.method,
            ask.http.path,
            outcome.err()
        );
    }
    let cancelled = scene.link.open(&Ask::get("/gate")).await;
    scene.link.send_call(Frame::Cancel(cancelled, Cancelled::CallerGone)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute: npm run test:all"]
async fn ten_thousand_calls_leave_memory_and_handles_flat() {
    let mut scene = Scene::new().await;
    let rounds = CALLS / AT_ONCE;
    let mut first = None;
    for at in 0..rounds {
        batch(&mut scene, at).await;
        if at == rounds / 10 {
            first = Some(held(scene.agent.process()));
        }
    }
    let (first, last) = (first.unwrap(), held(scene.agent.process()));
    eprintln!("handles and KiB after {} calls: {first:?}, after {CALLS}: {last:?}", CALLS / 10);
    assert!(last.0 <= first.0 + 4, "handles: {} and then {}", first.0, last.0);
    assert!(last.1 <= first.1 + GROWN_MOST, "KiB: {} and then {}", first.1, last.1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "half a minute: npm run test:all"]
async fn fifty_broken_links_leave_memory_and_handles_flat() {
    let mut scene = Scene::new().await;
    let mut first = None;
    for at in 0..50 {
        for _ in 0..20 {
            scene.link.open(&Ask::get("/gate")).await;
        }
        if at % 2 == 0 {
            scene.line.cut();
        } else {
            scene.line.reset();
        }
        scene.is_back().await;
        if at == 10 {
            first = Some(held(scene.agent.process()));
        }
    }
    let (first, last) = (first.unwrap(), held(scene.agent.process()));
    eprintln!("handles and KiB after 10 links: {first:?}, after 50: {last:?}");
    assert!(last.0 <= first.0 + 4, "handles: {} and then {}", first.0, last.0);
    assert!(last.1 <= first.1 + GROWN_MOST, "KiB: {} and then {}", first.1, last.1);
}
