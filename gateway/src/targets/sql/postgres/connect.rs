//! Connections: made, kept, and freed from a question that nobody waits for.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use drawbridge_contract::link::FailureCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_postgres::config::{ChannelBinding as Binding, SslMode};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use tokio_postgres::{Client, Config};

use super::super::{Asked, Refused, signing_in};
use super::fault::{refused, unconnected};
use crate::config::{Encryption, SqlSettings};
use crate::net::dial::tcp;
use crate::net::{Stream, Tls};
use crate::targets::Fault;
use crate::targets::pool::Waits;

/// How long a word to stop may take.
const CANCEL_MOST: Duration = Duration::from_secs(5);
/// What is set for every question: no question is stopped late, and values look the same whatever the server's presets.
const SETTINGS: &str = "SELECT set_config('statement_timeout', $1, false), set_config('TimeZone', 'UTC', false), \
                        set_config('DateStyle', 'ISO', false), set_config('IntervalStyle', 'iso_8601', false)";

/// A connection.
pub(in super::super) struct Connection(Arc<Client>);

impl Waits for Connection {
    const MOST: Duration = Duration::from_mins(1);

    fn stands(&self) -> bool {
        !self.0.is_closed()
    }
}

/// A connection with a question. Dropped before the question is done, it has the server stop.
pub(super) struct Guard {
    client: Arc<Client>,
    done: bool,
    settings: SqlSettings,
    tls: Tls,
}

/// A connection for a question: one that waits, or a new one.
pub(super) async fn take(asked: &Asked<'_>) -> Result<Guard, Refused> {
    let target = asked.target;
    let guard = |connection: Connection| {
        let (settings, tls) = (target.settings.clone(), target.tls.clone());
        Guard { client: connection.0, done: false, settings, tls }
    };
    while let Some(connection) = target.postgres.take(Some(&asked.known)) {
        let guard = guard(connection);
        if guard.begin(asked).await.is_ok() {
            return Ok(guard);
        }
    }
    let guard = guard(signing_in(connect(asked)).await?);
    guard.begin(asked).await?;
    Ok(guard)
}

impl Guard {
    /// What asks.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    async fn begin(&self, asked: &Asked<'_>) -> Result<(), Refused> {
        let time = asked.left().min(i32::MAX.unsigned_abs().into()).to_string();
        self.client().query_one(SETTINGS, &[&time]).await.map(drop).map_err(|fault| refused(&fault))
    }

    /// The question is done: the connection waits for another one.
    pub(super) fn done(mut self, asked: &Asked<'_>) {
        self.done = true;
        asked.target.postgres.put(Some(asked.known.clone()), Connection(Arc::clone(&self.client)));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.done || self.client.is_closed() {
            return;
        }
        let (token, settings, tls) = (self.client.cancel_token(), self.settings.clone(), self.tls.clone());
        tokio::spawn(async move {
            let stop = async {
                let stream = tcp(&settings.host, settings.port).await.ok()?;
                token.cancel_query_raw(stream, secured(&settings, tls)).await.ok()
            };
            let _ = tokio::time::timeout(CANCEL_MOST, stop).await;
        });
    }
}

async fn connect(asked: &Asked<'_>) -> Result<Connection, Fault> {
    let settings = &asked.target.settings;
    let stream = tcp(&settings.host, settings.port).await?;
    let encrypted = settings.encryption != Encryption::Off;
    let mut config = Config::new();
    config
        .user(&asked.known.user)
        .password(asked.known.secret.as_bytes())
        .dbname(&settings.database)
        .application_name("drawbridge-gateway")
        .channel_binding(Binding::Prefer)
        .ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
    let connected = config.connect_raw(stream, secured(settings, asked.target.tls.clone())).await;
    let (client, connection) = connected.map_err(|fault| unconnected(&fault))?;
    // Ends when the server or the client is gone; what went wrong, the question hears.
    tokio::spawn(async move { drop(connection.await) });
    if client.is_closed() {
        return Err(Fault::before(FailureCode::TargetBroke, "the database closed the connection"));
    }
    Ok(Connection(Arc::new(client)))
}

fn secured(settings: &SqlSettings, tls: Tls) -> Secure {
    Secure { host: settings.host.clone(), tls }
}

/// TLS as the agent makes it, for the driver.
struct Secure {
    host: String,
    tls: Tls,
}

/// A stream with TLS.
struct Secured {
    stream: Stream,
    certificate: Option<Vec<u8>>,
}

impl TlsConnect<TcpStream> for Secure {
    type Stream = Secured;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Secured>> + Send>>;

    fn connect(self, stream: TcpStream) -> Self::Future {
        Box::pin(async move {
            let made = self.tls.over(&self.host, stream).await;
            let (stream, certificate) = made.map_err(|fault| io::Error::other(fault.to_string()))?;
            Ok(Secured { stream, certificate })
        })
    }
}

impl TlsStream for Secured {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.certificate {
            Some(hash) => ChannelBinding::tls_server_end_point(hash.clone()),
            None => ChannelBinding::none(),
        }
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
