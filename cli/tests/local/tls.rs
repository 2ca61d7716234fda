//! Over TLS: the server must prove itself, and the name it has.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::answers::CALLER;
use crate::fake::{Answer, Fake, token};

/// A certificate of its own, good for 127.0.0.1, and no secret of anybody's.
const CERTIFICATE: &str = "tests/local/tls/certificate.pem";
const KEY: &str = "tests/local/tls/key.pem";

fn at(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// The port of a server that proves itself so, and how many requests it got.
fn server() -> (u16, Arc<AtomicUsize>) {
    static CONFIG: LazyLock<Arc<ServerConfig>> = LazyLock::new(|| {
        let certificates = vec![CertificateDer::from_pem_file(at(CERTIFICATE)).unwrap()];
        let key = PrivateKeyDer::from_pem_file(at(KEY)).unwrap();
        Arc::new(ServerConfig::builder().with_no_client_auth().with_single_cert(certificates, key).unwrap())
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let session = ServerConnection::new(Arc::clone(&CONFIG)).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(session, stream.unwrap()));
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            if line != "\r\n" {
                continue;
            }
            count.fetch_add(1, Ordering::Relaxed);
            let length = CALLER.len();
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            let _ = stream.get_mut().write_all(format!("{head}{CALLER}").as_bytes());
            stream.get_mut().conn.send_close_notify();
            let _ = stream.get_mut().flush();
        }
    });
    (port, requests)
}

#[test]
fn a_credential_goes_only_to_a_server_that_proves_itself() {
    let (port, requests) = server();
    let surroundings = Fake::always(Answer::Nothing);
    let run = |host: &str| {
        let server = format!("https://{host}:{port}");
        surroundings.bare().env("DRAWBRIDGE_SERVER", &server).env("DRAWBRIDGE_TOKEN", &token())
    };
    let trusted = |host: &str| run(host).env("DRAWBRIDGE_CA_FILE", at(CERTIFICATE).to_str().unwrap());
    let err = run("127.0.0.1").run("whoami").fails(8);
    assert!(err.contains("No safe connection"), "{err}");
    let err = trusted("localhost").run("whoami").fails(8);
    assert!(err.contains("No safe connection"), "its name is another: {err}");
    assert_eq!(requests.load(Ordering::Relaxed), 0);
    assert!(trusted("127.0.0.1").run("whoami").good().contains("Ada Admin"));
    assert_eq!(requests.load(Ordering::Relaxed), 1);
    run("127.0.0.1").env("DRAWBRIDGE_CA_FILE", "none.pem").run("whoami").fails(1);
    let key = at(KEY);
    let err = run("127.0.0.1").env("DRAWBRIDGE_CA_FILE", key.to_str().unwrap()).run("whoami").fails(1);
    assert!(err.contains("no certificate in it"), "{err}");
}
