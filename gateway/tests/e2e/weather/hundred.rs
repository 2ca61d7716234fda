//! A hundred calls are under way when something happens: each ends, none comes twice, and the link is back.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Scene;
use crate::peer::{Ask, Said};
use crate::soon;
use crate::target::Target;

/// Calls that wait at the target, and as many whose bodies are on their way.
const HALF: usize = 50;

impl Scene {
    /// Opens the calls.
    async fn hundred(&mut self) {
        for at in 0..HALF {
            self.link.open(&Ask::get(&format!("/gate?{at}"))).await;
            // Its body is never whole.
            self.link.open(&Ask::with("PUT", &format!("/echo?{at}"), vec![1; 1000])).await;
        }
        waits(&self.target, HALF).await;
        soon("the other half", async {
            while self.target.came() < 2 * HALF {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// The server hears that the link is gone; nothing of the calls is left, at the agent or at the target.
    async fn all_of_them_end(&mut self) {
        while !matches!(self.link.word().await, Said::Closed(_)) {}
        waits(&self.target, 0).await;
        self.agent.says("calls ended with their link calls=100").await;
    }

    fn none_came_twice(&self, more: usize) {
        assert_eq!(self.target.came(), 2 * HALF + more);
    }
}

async fn waits(target: &Target, count: usize) {
    soon("the calls at the target", async {
        while target.waiting.load(Ordering::SeqCst) != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_cut() {
    let mut scene = Scene::new().await;
    scene.hundred().await;
    scene.line.cut();
    scene.all_of_them_end().await;
    scene.is_back().await;
    scene.none_came_twice(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_reset() {
    let mut scene = Scene::new().await;
    scene.hundred().await;
    scene.line.reset();
    scene.all_of_them_end().await;
    scene.is_back().await;
    scene.none_came_twice(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_goes_and_comes_back() {
    let mut scene = Scene::new().await;
    scene.hundred().await;
    scene.line.away().await;
    scene.all_of_them_end().await;
    // It is away for as long as a few tries take.
    let tries = |log: &str| log.matches("cannot be reached").count() >= 4;
    scene.agent.until("four tries", tries).await;
    scene.line.back();
    scene.is_back().await;
    scene.none_came_twice(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_is_killed_and_started_again() {
    let mut scene = Scene::new().await;
    scene.hundred().await;
    scene.agent.signal("KILL");
    while !matches!(scene.link.word().await, Said::Closed(_)) {}
    waits(&scene.target, 0).await;
    assert!(!scene.agent.ends().await.success());
    scene.agent = scene.place.run();
    scene.is_back().await;
    scene.none_came_twice(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agent_is_updated_by_draining_without_a_lost_call() {
    let mut scene = Scene::new().await;
    let waiting: Vec<_> = {
        let mut all = Vec::new();
        for _ in 0..HALF {
            all.push(scene.link.open(&Ask::get("/gate")).await);
        }
        all
    };
    waits(&scene.target, HALF).await;
    scene.agent.signal("TERM");
    assert!(matches!(scene.link.word().await, Said::Drain));
    // Its replica takes what comes from now on, with a key of its own; here, the same.
    let next = scene.place.run();
    let mut other = scene.peer.link().await;
    scene.target.open_gate();
    let mut whole = 0;
    loop {
        match scene.link.word().await {
            Said::End(id) => whole += usize::from(waiting.contains(&id)),
            Said::Failure(_, failure) => panic!("{failure:?}"),
            Said::Goodbye(_) | Said::Closed(_) => break,
            _ => {}
        }
    }
    assert_eq!(whole, HALF);
    assert_eq!(scene.agent.ends().await.code(), Some(0));
    assert_eq!(other.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    drop(next);
}
