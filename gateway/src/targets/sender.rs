//! HTTP connections to a target, and signing them in where it is the connection that is signed in.

use std::time::{Duration, SystemTime};

use base64ct::{Base64, Encoding as _};
use bytes::Bytes;
use drawbridge_contract::link::FailureCode;
use http::header::{self, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;

use super::known::Known;
use super::ntlm;
use super::pool::Waits;
use super::{Fault, reach};
use crate::machine;
use crate::net::{Address, Tls};

/// The body of a question.
pub(super) type Question = BoxBody<Bytes, std::io::Error>;

/// The largest head of an answer, in bytes.
const HEAD_MOST: usize = 64 * 1024;
/// The largest body of an answer that only asks for the next message, in bytes.
const ASKING_MOST: usize = 256 * 1024;

/// A connection.
pub(super) struct Sender {
    /// What sends.
    pub(super) send: SendRequest<Question>,
    /// The hash of the server's certificate.
    certificate: Option<Vec<u8>>,
}

impl Waits for Sender {
    const MOST: Duration = Duration::from_secs(20);

    fn stands(&self) -> bool {
        !self.send.is_closed()
    }
}

/// A body of nothing.
pub(super) fn nothing() -> Question {
    Empty::<Bytes>::new().map_err(|never| match never {}).boxed()
}

/// A new connection.
pub(super) async fn connect(address: &Address, tls: &Tls) -> Result<Sender, Fault> {
    let (stream, certificate) = reach(address, tls).await?;
    let (send, connection) = http1::Builder::new()
        .max_buf_size(HEAD_MOST * 2)
        .max_headers(200)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|fault| Fault::before(FailureCode::TargetUnreachable, fault.to_string()))?;
    // Ends when the target or the last sender is gone; what went wrong, the call hears.
    tokio::spawn(async move { drop(connection.await) });
    Ok(Sender { send, certificate })
}

/// Signs a new connection in by NTLM up to its last message, which is to go with the request: the value of its
/// `Authorization`. What is asked until then changes nothing.
pub(super) async fn ntlm(
    sender: &mut Sender,
    address: &Address,
    uri: &Uri,
    known: &Known,
) -> Result<HeaderValue, Fault> {
    let first = ntlm::negotiate();
    let mut request = Request::new(nothing());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = uri.clone();
    let value = |message: &[u8]| {
        let mut value = HeaderValue::from_str(&format!("NTLM {}", Base64::encode_string(message)))
            .map_err(|_| Fault::before(FailureCode::Internal, ""))?;
        value.set_sensitive(true);
        Ok::<_, Fault>(value)
    };
    let host = HeaderValue::from_str(&address.authority())
        .map_err(|_| Fault::before(FailureCode::NotUnderstood, "no host"))?;
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().insert(header::AUTHORIZATION, value(&first)?);
    let broke = |fault: hyper::Error| Fault::before(FailureCode::TargetBroke, fault.to_string());
    let answer = sender.send.send_request(request).await.map_err(broke)?;
    let challenge = challenge(&answer);
    let not = |words: &str| Fault::before(FailureCode::TargetLogin, words);
    let asks = matches!(answer.status(), StatusCode::UNAUTHORIZED);
    // The rest has to be read before the connection takes another question.
    Limited::new(answer.into_body(), ASKING_MOST)
        .collect()
        .await
        .map_err(|_| not("the target broke off while it was signed in to"))?;
    let challenge = match challenge {
        Some(challenge) => challenge,
        None if asks => return Err(not("the target does not take NTLM")),
        None => return Err(not("the target answers without asking for NTLM: set auth to none")),
    };
    sender.send.ready().await.map_err(broke)?;
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).map_err(|fault| Fault::before(FailureCode::Internal, fault.to_string()))?;
    let proof = ntlm::Proof {
        negotiate: &first,
        challenge: &challenge,
        nonce,
        time: since_1601(SystemTime::now()),
        service: &format!("HTTP/{}", address.host),
        certificate: sender.certificate.as_deref(),
        machine: &machine::name(),
    };
    let last = ntlm::authenticate(&known.user, &known.secret, &proof)
        .ok_or_else(|| not("the target's NTLM message cannot be read"))?;
    value(&last)
}

fn challenge(answer: &Response<Incoming>) -> Option<Vec<u8>> {
    let offers = answer.headers().get_all(header::WWW_AUTHENTICATE);
    offers.iter().find_map(|offer| {
        let (scheme, message) = offer.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("ntlm").then(|| Base64::decode_vec(message.trim()).ok())?
    })
}

/// In units of 100 ns.
fn since_1601(now: SystemTime) -> u64 {
    const TO_1970: u64 = 11_644_473_600;
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    (since.as_secs() + TO_1970) * 10_000_000 + u64::from(since.subsec_nanos() / 100)
}
