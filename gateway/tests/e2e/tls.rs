//! TLS on both ways: to the server and to a target, each with a certificate authority of its own.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use drawbridge_contract::link::FailureCode;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::agent::Place;
use crate::certificate::{Issued, authority};
use crate::peer::{Ask, CODE, Peer};
use crate::target::Target;

/// Something that takes TLS for a port of this machine: its own port, and its authority in PEM.
async fn before(port: u16, name: &str) -> (u16, String) {
    before_at(Ipv4Addr::LOCALHOST.into(), port, name).await
}

/// The same at another address.
pub(crate) async fn before_at(address: IpAddr, port: u16, name: &str) -> (u16, String) {
    let authority = authority();
    let Issued { certificate, key } = authority.issue(name);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut behind = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
            });
        }
    });
    (own, authority.pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_are_checked_on_both_ways() {
    let (mut peer, target) = (Peer::start().await, Target::start().await);
    let (front, front_authority) = before(peer.port(), "localhost").await;
    let (inner, inner_authority) = before(target.address.port(), "localhost").await;
    peer.known.lock().unwrap().origin = Some(format!("https://localhost:{front}"));
    let place = Place::new();
    let files = ["front.pem", "inner.pem"].map(|name| place.folder.join(name));
    std::fs::write(&files[0], front_authority).unwrap();
    std::fs::write(&files[1], inner_authority).unwrap();
    let one = |name: &str, host: &str, more: &str| {
        format!("[[target]]\nname = \"{name}\"\nkind = \"http\"\nurl = \"https://{host}:{inner}\"\n{more}\n")
    };
    let own = format!("ca_file = \"{}\"", files[1].display());
    let targets =
        [one("right", "localhost", &own), one("unknown", "localhost", ""), one("other", "127.0.0.1", &own)];
    let write = |ca: &str| {
        place.configure(&peer, &format!("{ca}\n{}", targets.concat()));
        let text = std::fs::read_to_string(place.file()).unwrap();
        let server = format!("https://localhost:{front}");
        std::fs::write(place.file(), text.replace(&peer.origin(), &server)).unwrap();
        server
    };
    let server = write("");
    let refused = place.command(&["enroll", "--url", &server, "--code", CODE]).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("TLS with localhost failed"), "{refused:?}");
    let doctor = place.command(&["doctor"]).await;
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("failed  TLS"), "{doctor:?}");

    write(&format!("ca_file = \"{}\"", files[0].display()));
    let joined = place.command(&["enroll", "--url", &server, "--code", CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let _agent = place.run();
    let mut link = peer.link().await;
    assert_eq!(link.ask(Ask::get("/hello").of("right")).await.unwrap().1, b"hello");
    let failures = link.ask_all(vec![Ask::get("/hello").of("unknown"), Ask::get("/hello").of("other")]).await;
    for failure in failures {
        let failure = failure.unwrap_err();
        assert_eq!((failure.code, failure.reached), (FailureCode::TargetTls, false), "{}", failure.detail);
    }
    assert_eq!(target.came(), 1);
}
