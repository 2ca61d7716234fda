//! One request to the server or to this machine, outside the link.

use std::time::Duration;

use bytes::Bytes;
use drawbridge_contract::problem::Problem;
use http::header::{CONTENT_TYPE, HOST, HeaderValue};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::time::timeout;

use crate::net::{Address, NetFault, Proxy, Tls, dial};

/// How long a request may take once the connection stands.
const MOST: Duration = Duration::from_secs(20);
/// The largest answer, in bytes.
const ANSWER_MOST: usize = 1024 * 1024;

/// An answer, whole.
pub(super) struct Answer {
    /// The status.
    pub(super) status: StatusCode,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The body.
    pub(super) body: Bytes,
}

/// Why there is no answer.
pub(super) enum WebFault {
    /// No connection came about.
    Net(NetFault),
    /// It did, and broke.
    Broke(String),
}

impl std::fmt::Display for WebFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(fault) => fault.fmt(f),
            Self::Broke(why) => f.write_str(why),
        }
    }
}

/// The way to a server.
pub(super) struct Way<'a> {
    /// Where it is.
    pub(super) address: &'a Address,
    /// The proxy, if there is one.
    pub(super) proxy: Option<&'a Proxy>,
    /// How TLS is made.
    pub(super) tls: &'a Tls,
}

impl Way<'_> {
    /// `GET`.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, WebFault> {
        self.ask(Method::GET, path, Vec::new()).await
    }

    /// `POST` with JSON.
    pub(super) async fn post(&self, path: &str, message: &impl Serialize) -> Result<Answer, WebFault> {
        let body = serde_json::to_vec(message).map_err(|fault| WebFault::Broke(fault.to_string()))?;
        self.ask(Method::POST, path, body).await
    }

    async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Answer, WebFault> {
        let stream = dial(self.address, self.proxy, self.tls).await.map_err(WebFault::Net)?;
        let late = |_| WebFault::Broke(format!("no answer within {} s", MOST.as_secs()));
        timeout(MOST, self.over(stream, method, path, body)).await.map_err(late)?
    }

    async fn over(
        &self,
        stream: crate::net::Stream,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Answer, WebFault> {
        let broke = |fault: hyper::Error| WebFault::Broke(format!("the connection broke: {fault}"));
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broke)?;
        tokio::spawn(async move { drop(connection.await) });
        let host = HeaderValue::from_str(&self.address.authority())
            .map_err(|_| WebFault::Broke("the host is none".to_owned()))?;
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.uri_mut() = path.parse().map_err(|_| WebFault::Broke("the path is none".to_owned()))?;
        request.headers_mut().insert(HOST, host);
        if method == Method::POST {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        *request.method_mut() = method;
        let answer = sender.send_request(request).await.map_err(broke)?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, ANSWER_MOST).collect().await;
        let body =
            body.map_err(|fault| WebFault::Broke(format!("the answer broke off: {fault}")))?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

impl Answer {
    /// What a server that does not do what it was asked says about it.
    pub(super) fn problem(&self) -> String {
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) => {
                format!("{} ({}, request {})", problem.detail, problem.code.code(), problem.request_id)
            }
            Err(_) => format!("the server answers {}; is this the address of a Drawbridge?", self.status),
        }
    }
}
