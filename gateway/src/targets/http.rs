//! Calls to a target that speaks HTTP.

use std::sync::atomic::{AtomicBool, Ordering};

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::{HttpAnswer, HttpRequest};
use drawbridge_contract::link::sealed::CredentialsWanted;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use zeroize::Zeroizing;

use super::known::Known;
use super::path::{self, PathFault};
use super::pool::Pool;
use super::question::QuestionBody;
use super::sender::{Question, Sender, connect, nothing, ntlm};
use super::{Fault, reach};
use crate::config::{Auth, HttpSettings};
use crate::net::proxy::basic;
use crate::net::{Address, Tls};

/// The most headers of a call.
const HEADERS_MOST: usize = 100;

/// Headers of the connection itself (RFC 9110 §7.6.1), those that the agent sets, and those that have some servers answer
/// for another path than the one that was checked: never passed on.
const OURS: [HeaderName; 15] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::EXPECT,
    header::HOST,
    header::CONTENT_LENGTH,
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-rewrite-url"),
];

/// A target that speaks HTTP.
pub(crate) struct HttpTarget {
    settings: HttpSettings,
    tls: Tls,
    pool: Pool<Sender>,
}

/// An answer that has begun.
pub(crate) struct Begun {
    /// Its head, for the caller.
    pub(crate) head: HttpAnswer,
    /// Its body.
    pub(crate) body: Incoming,
    sender: Sender,
    known: Option<Known>,
    /// Whether the question had no body.
    empty: bool,
}

impl HttpTarget {
    /// A target by its settings.
    pub(crate) fn new(settings: HttpSettings, tls: Tls) -> Self {
        Self { settings, tls, pool: Pool::default() }
    }

    /// Where it is.
    pub(crate) const fn address(&self) -> &Address {
        &self.settings.address
    }

    /// Whether the agent signs in to it by itself.
    pub(crate) const fn signs_in(&self) -> bool {
        !matches!(self.settings.auth, Auth::None)
    }

    /// Whether a connection comes about.
    pub(crate) async fn probe(&self) -> Result<(), Fault> {
        self.pool.sweep();
        reach(&self.settings.address, &self.tls).await?;
        Ok(())
    }

    /// What a connection has to bring.
    pub(crate) fn wants(&self) -> Option<CredentialsWanted> {
        match &self.settings.auth {
            Auth::Basic(None) | Auth::Ntlm(None) => Some(CredentialsWanted::Password),
            Auth::Bearer(None) => Some(CredentialsWanted::Token),
            _ => None,
        }
    }

    /// The login that stays on this machine.
    pub(crate) fn login(&self) -> Result<Option<Known>, Fault> {
        match &self.settings.auth {
            Auth::Basic(Some(login)) | Auth::Ntlm(Some(login)) => Known::here(login).map(Some),
            Auth::Bearer(Some(token)) => Known::token(token).map(Some),
            _ => Ok(None),
        }
    }

    /// The value of `Authorization`, where a login is said with each request.
    fn authorization(&self, known: Option<&Known>) -> Result<Option<HeaderValue>, Fault> {
        let text = match (&self.settings.auth, known) {
            (Auth::Basic(_), Some(known)) => basic(&known.user, &known.secret),
            (Auth::Bearer(_), Some(known)) => Zeroizing::new(format!("Bearer {}", *known.secret)),
            _ => return Ok(None),
        };
        let missing = "the secret holds what cannot stand in a header";
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| Fault::before(FailureCode::CredentialsMissing, missing))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Asks the target. The answer is what it says, redirects too: nobody follows them here. `reached` is set as soon as
    /// something may go out.
    pub(crate) async fn ask(
        &self,
        asked: &HttpRequest,
        body: Option<QuestionBody>,
        brought: Option<Known>,
        reached: &AtomicBool,
    ) -> Result<Begun, Fault> {
        let known = match brought {
            Some(known) => Some(known),
            None => self.login()?,
        };
        let method = Method::from_bytes(asked.method.as_bytes())
            .ok()
            .filter(|method| !matches!(*method, Method::CONNECT | Method::TRACE))
            .ok_or_else(|| Fault::before(FailureCode::NotUnderstood, "this method is not passed on"))?;
        path::check(&asked.path, self.settings.paths.as_deref()).map_err(|fault| match fault {
            PathFault::Bad => Fault::before(FailureCode::PathNotAllowed, "the path leaves the target's URL"),
            PathFault::NotAllowed => Fault::before(FailureCode::PathNotAllowed, ""),
        })?;
        let uri = format!("{}{}", self.settings.address.path, asked.path);
        let empty = body.is_none();
        let again = empty && method.is_safe();
        let body: Question = match body {
            Some(body) => body.boxed(),
            None => nothing(),
        };
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.uri_mut() =
            uri.parse().map_err(|_| Fault::before(FailureCode::NotUnderstood, "this is no path"))?;
        *request.headers_mut() = self.headers(asked, known.as_ref())?;
        if let (Auth::Ntlm(_), Some(login)) = (&self.settings.auth, &known) {
            let (answer, sender) = self.signed_in(request, login, again, reached).await?;
            return Ok(begun(answer, sender, known, empty));
        }
        let head = (method, request.uri().clone(), request.headers().clone());
        let (answer, sender) = match self.send(request, reached).await {
            // The target had closed a connection that waited. What changes nothing is asked once more.
            Err(Sent::Stale) if again => {
                let mut request = Request::new(nothing());
                (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = head;
                let sender = connect(&self.settings.address, &self.tls).await?;
                once(sender, request).await.map_err(Sent::fault)?
            }
            other => other.map_err(Sent::fault)?,
        };
        Ok(begun(answer, sender, None, empty))
    }

    /// Asks over a connection that is signed in, or signs a new one in.
    async fn signed_in(
        &self,
        request: Request<Question>,
        known: &Known,
        again: bool,
        reached: &AtomicBool,
    ) -> Result<(Response<Incoming>, Sender), Fault> {
        let head = (request.method().clone(), request.uri().clone(), request.headers().clone());
        let mut request = request;
        if let Some(mut sender) = self.waiting(Some(known)) {
            reached.store(true, Ordering::Relaxed);
            request = match sender.send.try_send_request(request).await {
                // The connection is not signed in any more. What changes nothing is asked once more.
                Ok(answer) if !(again && answer.status() == StatusCode::UNAUTHORIZED) => {
                    return Ok((answer, sender));
                }
                Ok(_) => asked_again(head),
                Err(mut fault) => match fault.take_message() {
                    Some(request) => request,
                    None if again && went_away(fault.error()) => asked_again(head),
                    None => return Err(broke(&fault.into_error())),
                },
            };
            reached.store(false, Ordering::Relaxed);
        }
        let mut sender = connect(&self.settings.address, &self.tls).await?;
        let proof = ntlm(&mut sender, &self.settings.address, request.uri(), known).await?;
        request.headers_mut().insert(header::AUTHORIZATION, proof);
        reached.store(true, Ordering::Relaxed);
        once(sender, request).await.map_err(Sent::fault)
    }

    /// A connection that waits and can be used at once.
    fn waiting(&self, known: Option<&Known>) -> Option<Sender> {
        loop {
            let sender = self.pool.take(known)?;
            if sender.send.is_ready() {
                return Some(sender);
            }
        }
    }

    /// The answer's body is whole: its connection can serve another call. Not if the target may have refused the
    /// question without having read its body: it closes then (RFC 9112 §9.3), and the next call would find out too late
    /// to be asked again.
    pub(crate) fn done(&self, begun: Begun) {
        let signed_out = begun.known.is_some() && begun.head.status == StatusCode::UNAUTHORIZED.as_u16();
        let read = begun.empty || (200..300).contains(&begun.head.status);
        if read && !signed_out {
            self.pool.put(begun.known, begun.sender);
        }
    }

    fn headers(&self, asked: &HttpRequest, known: Option<&Known>) -> Result<HeaderMap, Fault> {
        let bad = |what: &str| Fault::before(FailureCode::NotUnderstood, what);
        if asked.headers.len() > HEADERS_MOST {
            return Err(bad("the call has too many headers"));
        }
        let named =
            of_connection(asked.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
        let mut headers = HeaderMap::new();
        let host = HeaderValue::from_str(&self.settings.address.authority()).map_err(|_| bad("no host"))?;
        headers.insert(header::HOST, host);
        for (name, value) in &asked.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("a header's name is none"))?;
            if OURS.contains(&name) || named.contains(&name) {
                continue;
            }
            let value =
                HeaderValue::from_bytes(value.as_bytes()).map_err(|_| bad("a header's value is none"))?;
            headers.append(name, value);
        }
        if self.signs_in() {
            headers.remove(header::AUTHORIZATION);
        }
        if let Some(value) = self.authorization(known)? {
            headers.insert(header::AUTHORIZATION, value);
        }
        Ok(headers)
    }

    async fn send(
        &self,
        request: Request<Question>,
        reached: &AtomicBool,
    ) -> Result<(Response<Incoming>, Sender), Sent> {
        let Some(mut sender) = self.waiting(None) else {
            let sender = connect(&self.settings.address, &self.tls).await.map_err(Sent::Fault)?;
            reached.store(true, Ordering::Relaxed);
            return once(sender, request).await;
        };
        reached.store(true, Ordering::Relaxed);
        match sender.send.try_send_request(request).await {
            Ok(answer) => Ok((answer, sender)),
            Err(mut fault) => match fault.take_message() {
                // It was closed while it waited, and nothing went out: the same request goes over a new one.
                Some(request) => {
                    reached.store(false, Ordering::Relaxed);
                    let sender = connect(&self.settings.address, &self.tls).await.map_err(Sent::Fault)?;
                    reached.store(true, Ordering::Relaxed);
                    once(sender, request).await
                }
                None if went_away(fault.error()) => Err(Sent::Stale),
                None => Err(Sent::Fault(broke(&fault.into_error()))),
            },
        }
    }
}

/// Whether a connection that had waited broke before anything of an answer came.
fn went_away(fault: &hyper::Error) -> bool {
    !fault.is_parse() && !fault.is_user()
}

/// A request without a body once more.
fn asked_again((method, uri, headers): (Method, Uri, HeaderMap)) -> Request<Question> {
    let mut request = Request::new(nothing());
    (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, uri, headers);
    request
}

fn begun(answer: Response<Incoming>, sender: Sender, known: Option<Known>, empty: bool) -> Begun {
    let (parts, body) = answer.into_parts();
    let head = HttpAnswer { status: parts.status.as_u16(), headers: listed(&parts.headers) };
    Begun { head, body, sender, known, empty }
}

/// Why no answer came.
enum Sent {
    /// A connection that had waited broke before any answer.
    Stale,
    /// Anything else.
    Fault(Fault),
}

impl Sent {
    fn fault(self) -> Fault {
        match self {
            Self::Stale => Fault::after(FailureCode::TargetBroke, "the target closed the connection"),
            Self::Fault(fault) => fault,
        }
    }
}

async fn once(mut sender: Sender, request: Request<Question>) -> Result<(Response<Incoming>, Sender), Sent> {
    match sender.send.send_request(request).await {
        Ok(answer) => Ok((answer, sender)),
        Err(fault) => Err(Sent::Fault(broke(&fault))),
    }
}

/// A connection broke. A text of hyper's says nothing of bodies or headers.
pub(crate) fn broke(fault: &hyper::Error) -> Fault {
    let code =
        if fault.is_parse_too_large() { FailureCode::AnswerTooLarge } else { FailureCode::TargetBroke };
    let mut words = fault.to_string();
    if let Some(cause) = std::error::Error::source(fault) {
        words = format!("{words}: {cause}");
    }
    Fault::after(code, words)
}

/// The headers that `Connection` names: they are about the connection, too.
fn of_connection<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<HeaderName> {
    let values = headers.filter(|(name, _)| name.eq_ignore_ascii_case("connection")).map(|(_, value)| value);
    let names = values.flat_map(|value| value.split(|byte| *byte == b','));
    names.filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok()).collect()
}

fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    let named = of_connection(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let kept = headers.iter().filter(|(name, _)| {
        **name == header::CONTENT_LENGTH || !(OURS.contains(name) || named.contains(name))
    });
    kept.map(|(name, value)| {
        // Headers are Latin-1 on the wire where they are not ASCII.
        let value = str::from_utf8(value.as_bytes())
            .map_or_else(|_| value.as_bytes().iter().copied().map(char::from).collect(), str::to_owned);
        (name.as_str().to_owned(), value)
    })
    .collect()
}
