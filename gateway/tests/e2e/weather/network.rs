//! A network of its own for the agent (a namespace of Linux), whose cable is pulled: packets vanish without a word, and
//! names are not found. Needs root; without it these tests say so and do nothing.

use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use drawbridge_contract::link::CallId;
use drawbridge_contract::link::frame::Frame;
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;

use super::BACK_MOST;
use crate::agent::{Agent, Place};
use crate::peer::{Ask, CODE, Link, Peer, Said};
use crate::target::Target;
use crate::{soon, tls};

static COUNT: AtomicU8 = AtomicU8::new(0);

/// The server's name in that network.
const NAME: &str = "drawbridge.test";

/// A namespace, joined with this one by a cable.
struct Network {
    name: String,
    cable: String,
    near: Ipv4Addr,
    files: PathBuf,
}

fn ip(args: &[&str]) -> bool {
    let done = Command::new("ip").args(args).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}

impl Network {
    /// `None` where this is not allowed.
    fn lay() -> Option<Self> {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let process = std::process::id();
        let name = format!("dbgw-{process}-{number}");
        let (cable, end) = (format!("dbn{process}-{number}"), format!("dbf{process}-{number}"));
        // 198.18.0.0/15 is for tests between networks (RFC 2544).
        let third = u8::try_from(process % 250).unwrap();
        let (near, far) =
            (Ipv4Addr::new(198, 18, third, number * 4 + 1), Ipv4Addr::new(198, 18, third, number * 4 + 2));
        let network = Self { files: PathBuf::from("/etc/netns").join(&name), name, cable, near };
        let (near, far) = (format!("{near}/30"), format!("{far}/30"));
        let laid = fs::create_dir_all(&network.files).is_ok()
            && fs::write(network.files.join("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1\n")
                .is_ok()
            && network.knows_its_name(true)
            && ip(&["netns", "add", &network.name])
            && ip(&[
                "link",
                "add",
                &network.cable,
                "type",
                "veth",
                "peer",
                "name",
                &end,
                "netns",
                &network.name,
            ])
            && ip(&["addr", "add", &near, "dev", &network.cable])
            && ip(&["link", "set", &network.cable, "up"])
            && ip(&["-n", &network.name, "addr", "add", &far, "dev", &end])
            && ip(&["-n", &network.name, "link", "set", &end, "up"])
            && ip(&["-n", &network.name, "link", "set", "lo", "up"]);
        if laid {
            return Some(network);
        }
        eprintln!("skipped: a network namespace can be made by root only, with iproute2");
        None
    }

    /// Pulls the cable out, or puts it back.
    fn cable(&self, plugged: bool) {
        assert!(ip(&["link", "set", &self.cable, if plugged { "up" } else { "down" }]));
    }

    /// Whether the server's name is found there.
    fn knows_its_name(&self, known: bool) -> bool {
        let line = if known { format!("{} {NAME}\n", self.near) } else { String::new() };
        fs::write(self.files.join("hosts"), format!("127.0.0.1 localhost\n{line}")).is_ok()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        ip(&["link", "del", &self.cable]);
        ip(&["netns", "del", &self.name]);
        let _ = fs::remove_dir_all(&self.files);
    }
}

/// Whether the agent is still there, which may take it a while to show.
async fn answers(link: &mut Link) -> bool {
    let ping = Frame::Ping([7; 8]).encode().unwrap();
    if link.socket.send(Message::binary(ping)).await.is_err() {
        return false;
    }
    loop {
        match link.word().await {
            Said::Pong(_) => return true,
            Said::Closed(_) => return false,
            _ => {}
        }
    }
}

/// An agent in such a network; server and target are outside.
struct Outside {
    network: Network,
    peer: Peer,
    target: Target,
    agent: Agent,
    link: Link,
    _place: Place,
}

impl Outside {
    async fn new() -> Option<Self> {
        let network = Network::lay()?;
        let mut peer = Peer::start().await;
        let target = Target::start_at(network.near.into()).await;
        let (port, authority) = tls::before_at(network.near.into(), peer.port(), NAME).await;
        let server = format!("https://{NAME}:{port}");
        peer.known.lock().unwrap().origin = Some(server.clone());
        let mut place = Place::new();
        let file = place.folder.join("ca.pem");
        fs::write(&file, authority).unwrap();
        place.within = ["ip", "netns", "exec", &network.name].map(str::to_owned).to_vec();
        place.configure_by(
            &server,
            &format!("ca_file = \"{}\"\n{}", file.display(), target.setting("web", "")),
        );
        let joined = place.command(&["enroll", "--url", &server, "--code", CODE]).await;
        assert!(joined.status.success(), "{joined:?}");
        let agent = place.run();
        let link = peer.link().await;
        agent.says("the link stands").await;
        Some(Self { network, peer, target, agent, link, _place: place })
    }

    /// A hundred calls are under way and wait at the target.
    async fn hundred(&mut self) -> Vec<CallId> {
        let mut waiting = Vec::new();
        for _ in 0..100 {
            let ask = Ask { deadline: 120_000, ..Ask::get("/gate") };
            waiting.push(self.link.open(&ask).await);
        }
        soon("the calls at the target", async {
            while self.target.waiting.load(Ordering::SeqCst) < waiting.len() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        waiting
    }

    /// A call is answered soon, over the link that stood or over a new one.
    async fn is_back(&mut self) -> Duration {
        let begin = Instant::now();
        let next = tokio::select! {
            true = answers(&mut self.link) => None,
            link = self.peer.link() => Some(link),
        };
        if let Some(link) = next {
            self.link = link;
        }
        assert_eq!(self.link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
        let took = begin.elapsed();
        eprintln!("back after {took:?}");
        assert!(took < BACK_MOST, "back after {took:?}\n{}", self.agent.log());
        took
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pulled_cable_costs_no_call_when_it_is_put_back() {
    let Some(mut outside) = Outside::new().await else { return };
    let waiting = outside.hundred().await;
    outside.network.cable(false);
    outside.target.open_gate();
    // What passes here is what is tested.
    tokio::time::sleep(Duration::from_secs(2)).await;
    outside.network.cable(true);
    let begin = Instant::now();
    let mut whole = 0;
    while whole < waiting.len() {
        match outside.link.word().await {
            Said::End(id) => whole += usize::from(waiting.contains(&id)),
            Said::Answer(..) | Said::Data(..) => {}
            other => panic!("{other:?}\n{}", outside.agent.log()),
        }
    }
    assert!(begin.elapsed() < BACK_MOST, "{:?}", begin.elapsed());
    assert_eq!(outside.target.came(), waiting.len(), "none came twice");
    assert_eq!(outside.peer.dials(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_found_for_a_while_is_asked_for_again() {
    let Some(mut outside) = Outside::new().await else { return };
    assert!(outside.network.knows_its_name(false));
    outside.link.socket.close(None).await.unwrap();
    let tries = |log: &str| log.matches("cannot be resolved").count() >= 3;
    outside.agent.until("three tries", tries).await;
    assert!(outside.network.knows_its_name(true));
    outside.is_back().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute: npm run test:all"]
async fn a_cable_that_is_out_for_long_is_noticed_and_the_link_back_with_it() {
    let Some(mut outside) = Outside::new().await else { return };
    outside.hundred().await;
    outside.network.cable(false);
    let begin = Instant::now();
    outside.agent.says("nothing was heard from the server for too long").await;
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    outside.agent.says("calls ended with their link").await;
    outside.agent.says("cannot be reached").await;
    outside.network.cable(true);
    let begin = Instant::now();
    outside.link = outside.peer.link().await;
    assert!(begin.elapsed() < BACK_MOST, "{:?}\n{}", begin.elapsed(), outside.agent.log());
    assert_eq!(outside.link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    soon("the end of the calls at the target", async {
        while outside.target.waiting.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(outside.target.came(), 101, "none came twice");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute: npm run test:all"]
async fn a_cable_that_is_out_for_moments_of_any_length_is_got_over() {
    let Some(mut outside) = Outside::new().await else { return };
    for seconds in [1, 3, 5, 8, 13] {
        outside.network.cable(false);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        outside.network.cable(true);
        eprint!("out for {seconds} s: ");
        outside.is_back().await;
    }
}
