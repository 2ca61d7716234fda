//! A server inside the network.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::header::{AUTHORIZATION, LOCATION};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Says when it is dropped.
struct Under(Arc<AtomicUsize>);

impl Drop for Under {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn setting(address: SocketAddr, name: &str, more: &str) -> String {
    format!("[[target]]\nname = \"{name}\"\nkind = \"http\"\nurl = \"http://{address}\"\n{more}\n")
}

/// A server and what it has seen.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// Requests that came.
    pub(crate) came: Arc<AtomicUsize>,
    /// Requests that are waited for.
    pub(crate) waiting: Arc<AtomicUsize>,
    /// Connections that were made.
    pub(crate) connections: Arc<AtomicUsize>,
    gate: tokio::sync::watch::Sender<bool>,
}

impl Target {
    pub(crate) async fn start() -> Self {
        Self::start_at(Ipv4Addr::LOCALHOST.into()).await
    }

    /// One that is reached by another address.
    pub(crate) async fn start_at(address: IpAddr) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = Self {
            address,
            came: Arc::default(),
            waiting: Arc::default(),
            connections: Arc::default(),
            gate: tokio::sync::watch::Sender::new(false),
        };
        let (came, waiting) = (Arc::clone(&target.came), Arc::clone(&target.waiting));
        let (connections, gate) = (Arc::clone(&target.connections), target.gate.subscribe());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (came, waiting, gate) = (Arc::clone(&came), Arc::clone(&waiting), gate.clone());
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        came.fetch_add(1, Ordering::SeqCst);
                        answer(request, Arc::clone(&waiting), gate.clone())
                    });
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        target
    }

    /// Requests to `/gate` are answered from now on.
    pub(crate) fn open_gate(&self) {
        self.gate.send_replace(true);
    }

    /// A `[[target]]` for it.
    pub(crate) fn setting(&self, name: &str, more: &str) -> String {
        setting(self.address, name, more)
    }

    pub(crate) fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

type Body = BoxBody<Bytes, hyper::Error>;

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed()
}

async fn answer(
    request: Request<Incoming>,
    waiting: Arc<AtomicUsize>,
    mut gate: tokio::sync::watch::Receiver<bool>,
) -> Result<Response<Body>, hyper::Error> {
    let path = request.uri().path().to_owned();
    let mut response = Response::new(full(""));
    match path.as_str() {
        "/hello" | "/v1/hello" => *response.body_mut() = full("hello"),
        "/echo" => *response.body_mut() = request.into_body().boxed(),
        "/big" => *response.body_mut() = full(vec![7; 3 * 1024 * 1024]),
        "/early" => *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE,
        "/gate" => {
            waiting.fetch_add(1, Ordering::SeqCst);
            let _under = Under(waiting);
            let _ = gate.wait_for(|open| *open).await;
            *response.body_mut() = full("through");
        }
        "/headers" => {
            let mut lines = String::new();
            for (name, value) in request.headers() {
                lines.extend([name.as_str(), ": ", value.to_str().unwrap(), "\n"]);
            }
            *response.body_mut() = full(lines);
        }
        "/elsewhere" => {
            *response.status_mut() = StatusCode::FOUND;
            response.headers_mut().insert(LOCATION, HeaderValue::from_static("http://127.0.0.1:1/secret"));
        }
        "/login" => {
            let right =
                request.headers().get(AUTHORIZATION).is_some_and(|value| value == "Basic c3ZjOnMzbnRpbmVs");
            if !right {
                *response.status_mut() = StatusCode::UNAUTHORIZED;
            }
        }
        _ => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    Ok(response)
}

/// A server that answers the first question of each connection, and resets the connection at the second.
pub(crate) struct Fickle {
    address: SocketAddr,
    /// Questions that came, answered or not.
    pub(crate) came: Arc<AtomicUsize>,
}

impl Fickle {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let fickle = Self { address: listener.local_addr().unwrap(), came: Arc::default() };
        let came = Arc::clone(&fickle.came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let came = Arc::clone(&came);
                tokio::spawn(async move {
                    let mut head = vec![0; 4096];
                    for answer in [&b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nonce"[..], b""] {
                        if !matches!(stream.read(&mut head).await, Ok(1..)) {
                            return;
                        }
                        came.fetch_add(1, Ordering::SeqCst);
                        let _ = stream.write_all(answer).await;
                    }
                    let _ = stream.set_zero_linger();
                });
            }
        });
        fickle
    }

    /// A `[[target]]` for it.
    pub(crate) fn setting(&self, name: &str) -> String {
        setting(self.address, name, "")
    }
}
