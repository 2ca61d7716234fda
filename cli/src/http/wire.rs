//! Requests over the network: encrypted, never redirected, tried again where that is safe.

use std::io::{ErrorKind, Read};
use std::thread::sleep;
use std::time::Duration;

use drawbridge_contract::endpoint::Method;
use drawbridge_contract::types::SecretText;
use ureq::http::{self, HeaderMap};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error, Proxy};

use crate::fault::Fault;
use crate::out::Out;
use crate::profile::environment;
use crate::server::Server;

/// How often a call is sent at most.
const TRIES: u32 = 5;
/// The longest that nothing may come.
const SILENCE: Duration = Duration::from_mins(1);
/// What is called in the request's head.
const AGENT: &str = concat!("drawbridge-cli/", env!("CARGO_PKG_VERSION"));

/// A request. It may hold secrets, so it cannot be printed.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) bearer: Option<SecretText>,
    pub(super) headers: Vec<(&'static str, String)>,
    /// The media type and the body.
    pub(super) body: Option<(&'static str, String)>,
    /// Whether it may be sent again when no answer came.
    pub(super) repeatable: bool,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Body,
}

impl Reply {
    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// In how many seconds to try again.
    pub(super) fn retry_after(&self) -> Option<u64> {
        self.header("retry-after").and_then(|text| text.parse().ok())
    }

    /// The whole body.
    pub(super) fn text(mut self) -> Result<String, Fault> {
        self.body.read_to_string().map_err(|error| lost(&error))
    }

    /// The body as it comes.
    pub(super) fn reader(self) -> impl Read {
        self.body.into_reader()
    }
}

/// The network.
pub(super) struct Wire {
    agent: Agent,
    max_wait: u64,
    out: Out,
}

impl Wire {
    /// The way to this server.
    pub(super) fn new(server: &Server, max_wait: u64, out: Out) -> Result<Self, Fault> {
        let roots = match environment("DRAWBRIDGE_CA_FILE") {
            Some(file) => certificates(&file)?,
            None => RootCerts::WebPki,
        };
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!server.is_local())
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .user_agent(AGENT)
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE));
        if server.is_local() {
            // What is not encrypted does not leave this machine.
            config = config.proxy(None::<Proxy>);
        }
        Ok(Self { agent: config.build().new_agent(), max_wait, out })
    }

    /// Sends a request, again where it may be and there is hope.
    pub(super) fn send(&self, request: &Request) -> Result<Reply, Fault> {
        let mut waited = 0;
        for tried in 1..=TRIES {
            let sent = self.once(request);
            let hope = match &sent {
                // Nothing was carried out.
                Ok(reply) if reply.status == 429 => {
                    Some((reply.retry_after(), "The server has too much to do"))
                }
                Ok(reply) if reply.status == 503 && request.repeatable => {
                    Some((reply.retry_after(), "The server is not ready"))
                }
                Err(error) if request.repeatable && is_passing(error) => Some((None, "No answer came")),
                _ => None,
            };
            let pause = hope.map(|(after, why)| (after.unwrap_or(1 << (tried - 1)), why));
            match pause.filter(|(pause, _)| tried < TRIES && waited + pause <= self.max_wait) {
                Some((pause, why)) => {
                    self.out.note(&format!("{why}: trying again in {pause} s."));
                    waited += pause;
                    sleep(Duration::from_secs(pause));
                }
                None => return sent.map_err(|error| lost(&error)),
            }
        }
        Err(Fault::Unreachable(String::new()))
    }

    fn once(&self, request: &Request) -> Result<Reply, Error> {
        let mut built = http::Request::builder().method(request.method.as_str()).uri(&request.url);
        for (name, value) in &request.headers {
            built = built.header(*name, value);
        }
        if let Some(bearer) = &request.bearer {
            let mut value = http::HeaderValue::try_from(format!("Bearer {}", bearer.expose()))
                .map_err(http::Error::from)?;
            value.set_sensitive(true);
            built = built.header("authorization", value);
        }
        if let Some((media, _)) = &request.body {
            built = built.header("content-type", *media);
        }
        let answer = match (&request.body, request.method) {
            (None, Method::Get | Method::Delete) => self.agent.run(built.body(())?)?,
            (body, _) => {
                let body = body.as_ref().map_or("", |(_, body)| body.as_str());
                self.agent.run(built.body(body)?)?
            }
        };
        let (head, body) = answer.into_parts();
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// Whether it may be better a moment later.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Timeout(_) | Error::ConnectionFailed => true,
        Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::UnexpectedEof
                | ErrorKind::BrokenPipe
                | ErrorKind::TimedOut
        ),
        _ => false,
    }
}

fn lost(error: &Error) -> Fault {
    Fault::Unreachable(match error {
        Error::HostNotFound => "There is no host of that name.".to_owned(),
        Error::Timeout(_) => "It did not answer in time.".to_owned(),
        Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            "Nothing listens there.".to_owned()
        }
        Error::BodyExceedsLimit(_) => "It answered more than this program takes.".to_owned(),
        Error::Rustls(error) => unsafe_way(error),
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => unsafe_way(error),
        Error::Io(error) => format!("{error}."),
        other => format!("{other}."),
    })
}

fn unsafe_way(why: &impl std::fmt::Display) -> String {
    format!("No safe connection comes about: {why}.")
}

/// The certificates to trust instead of the built-in ones.
fn certificates(file: &str) -> Result<RootCerts, Fault> {
    let fault = |why: String| Fault::Local(format!("DRAWBRIDGE_CA_FILE is {file}, and {why}."));
    let pem = std::fs::read(file).map_err(|error| fault(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| fault(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(fault("there is no certificate in it".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&found))
}

/// A key that makes a creating call happen once.
pub(super) fn new_key() -> Result<String, Fault> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|error| Fault::Local(format!("No random bytes: {error}.")))?;
    Ok(format!("{:032x}", u128::from_be_bytes(random)))
}
