//! The way out through a company's proxy.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::agent::Place;
use crate::peer::{Ask, Peer};
use crate::target::Target;

/// A proxy that lets through who knows the password, to this machine.
pub(crate) async fn start() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let passed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&passed);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    head.push(char::from(stream.read_u8().await.unwrap()));
                }
                let to = head.strip_prefix("CONNECT ").unwrap().split(' ').next().unwrap();
                if !head.contains("Proxy-Authorization: Basic Z2F0ZTpzM250aW5lbA==\r\n") {
                    stream.write_all(b"HTTP/1.1 407 Who are you\r\n\r\n").await.unwrap();
                    return;
                }
                let mut out = TcpStream::connect(to).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut out).await;
            });
        }
    });
    (port, passed)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_goes_through_a_proxy_and_targets_do_not() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let (port, passed) = start().await;
    let mut place = Place::new();
    place.variables = vec![("PROXY_PASSWORD".to_owned(), "s3ntinel".to_owned())];
    let proxy = format!(
        "proxy = \"http://127.0.0.1:{port}\"\nproxy_user = \"gate\"\nproxy_password_env = \"PROXY_PASSWORD\"\n"
    );
    place.configure(&peer, &format!("{proxy}{}", target.setting("web", "")));
    let enrolled = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    assert!(enrolled.status.success(), "{enrolled:?}");
    let agent = place.run();
    let mut link = peer.link().await;
    assert_eq!(link.ask(Ask::get("/hello")).await.unwrap().1, b"hello");
    assert_eq!(passed.load(Ordering::SeqCst), 2, "joining and the link");
    assert!(!agent.log().contains("s3ntinel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_wants_another_login_is_named() {
    let peer = Peer::start().await;
    let (port, _) = start().await;
    let place = Place::new();
    place.configure(&peer, &format!("proxy = \"http://127.0.0.1:{port}\"\n"));
    let enrolled = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    let said = String::from_utf8_lossy(&enrolled.stderr).into_owned();
    assert!(said.contains(&format!("127.0.0.1:{port}")) && said.contains("407"), "{said}");
    let doctor = place.command(&["doctor"]).await;
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("failed  proxy"), "{doctor:?}");
    assert_ne!(peer.port(), port);
}
