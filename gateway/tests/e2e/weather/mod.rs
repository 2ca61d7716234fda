//! Hard weather: lines that break while a hundred calls are under way, servers and proxies that go and come back, machines
//! that sleep. What takes as long as silence is allowed to last runs in `npm run test:all` only.

mod hundred;
mod long;
mod many;
mod network;
mod short;

use std::time::{Duration, Instant};

use crate::agent::{Agent, Place};
use crate::line::Line;
use crate::peer::{Ask, Link, Peer};
use crate::target::Target;

/// How long a link may take to be back once the network is.
const BACK_MOST: Duration = Duration::from_secs(5);

/// A server behind a line, an agent that reaches it only so, and a target.
struct Scene {
    peer: Peer,
    line: Line,
    target: Target,
    place: Place,
    agent: Agent,
    link: Link,
}

impl Scene {
    async fn new() -> Self {
        let (mut peer, target) = (Peer::start().await, Target::start().await);
        let way = Line::to(peer.port());
        peer.known.lock().unwrap().origin = Some(way.origin());
        let place = Place::joined_by(&way.origin(), &target.setting("web", "")).await;
        let agent = place.run();
        let link = peer.link().await;
        agent.says("the link stands").await;
        Self { peer, line: way, target, place, agent, link }
    }

    /// The next link is there soon, and works.
    async fn is_back(&mut self) -> Duration {
        let begin = Instant::now();
        self.link = self.peer.link().await;
        let took = begin.elapsed();
        assert!(took < BACK_MOST, "back after {took:?}\n{}", self.agent.log());
        assert_eq!(self.link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
        took
    }
}
