//! Connections to a target that stay open between calls.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use http_body_util::combinators::BoxBody;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;

use super::{Fault, reach};
use crate::net::{Address, Tls};

/// The body of a question.
pub(super) type Question = BoxBody<bytes::Bytes, std::io::Error>;
/// A connection.
pub(super) type Sender = SendRequest<Question>;

/// The most connections that wait for a call.
const MOST: usize = 16;
/// How long one waits. Shorter than what servers usually allow, so that few are closed under a call.
const IDLE_MOST: Duration = Duration::from_secs(20);
/// The largest head of an answer, in bytes.
const HEAD_MOST: usize = 64 * 1024;

/// The connections that wait, those used last at the end.
#[derive(Default)]
pub(super) struct Pool {
    waiting: Mutex<VecDeque<(Sender, Instant)>>,
}

impl Pool {
    /// One that waits and still stands.
    pub(super) fn take(&self) -> Option<Sender> {
        let mut waiting = self.waiting.lock().ok()?;
        while let Some((sender, since)) = waiting.pop_back() {
            if since.elapsed() < IDLE_MOST && sender.is_ready() {
                return Some(sender);
            }
        }
        None
    }

    /// Puts one back, if it can still be used.
    pub(super) fn put(&self, sender: Sender) {
        if sender.is_closed() {
            return;
        }
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.retain(|(sender, since)| since.elapsed() < IDLE_MOST && !sender.is_closed());
            if waiting.len() < MOST {
                waiting.push_back((sender, Instant::now()));
            }
        }
    }

    /// Forgets those that have waited too long.
    pub(super) fn sweep(&self) {
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.retain(|(sender, since)| since.elapsed() < IDLE_MOST && !sender.is_closed());
        }
    }
}

/// A new connection.
pub(super) async fn connect(address: &Address, tls: &Tls) -> Result<Sender, Fault> {
    let stream = reach(address, tls).await?;
    let (sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_MOST * 2)
        .max_headers(200)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|fault| Fault::before(super::FailureCode::TargetUnreachable, fault.to_string()))?;
    // Ends when the target or the last sender is gone; what went wrong, the call hears.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}
