//! Connections: made, kept, and freed from a question that nobody waits for.

use std::time::Duration;

use drawbridge_contract::link::FailureCode;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, OptsBuilder, SslOpts};

use super::super::{Asked, Refused, signing_in};
use super::fault::{refused, unconnected};
use crate::config::Encryption;
use crate::net::dial::tcp;
use crate::targets::Fault;
use crate::targets::pool::Waits;

/// How long a word to stop may take.
const STOP_MOST: Duration = Duration::from_secs(5);
/// What is set once: nothing is cut or bent to fit, and moments are UTC.
const SETTINGS: &str = "SET time_zone = '+00:00', sql_mode = CONCAT_WS(',', NULLIF(@@sql_mode, ''), \
                        'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO')";

/// A connection.
pub(in super::super) struct Connection {
    conn: Conn,
    maria: bool,
    version: (u16, u16, u16),
}

impl Waits for Connection {
    const MOST: Duration = Duration::from_secs(30);

    fn stands(&self) -> bool {
        !self.conn.is_disconnected()
    }
}

/// A connection with a question. Dropped before the question is done, it has the server stop.
pub(super) struct Guard {
    connection: Option<Connection>,
}

/// A connection for a question: one that waits, or a new one.
pub(super) async fn take(asked: &Asked<'_>) -> Result<Guard, Refused> {
    while let Some(mut connection) = asked.target.mysql.take(Some(&asked.known)) {
        if begin(&mut connection, asked).await.is_ok() {
            return Ok(Guard { connection: Some(connection) });
        }
    }
    let mut connection = signing_in(connect(asked)).await?;
    begin(&mut connection, asked).await?;
    Ok(Guard { connection: Some(connection) })
}

/// Has the server give up when nobody waits any more.
async fn begin(connection: &mut Connection, asked: &Asked<'_>) -> Result<(), Refused> {
    let left = asked.left();
    let text = if connection.maria {
        format!("SET max_statement_time = {}.{:03}", left / 1000, left % 1000)
    } else {
        format!("SET max_execution_time = {}", left.min(u32::MAX.into()))
    };
    connection.conn.query_drop(text).await.map_err(|fault| refused(&fault))
}

impl Guard {
    /// What asks.
    pub(super) fn client(&mut self) -> Result<&mut Conn, Fault> {
        let connection = self.connection.as_mut();
        connection
            .map(|connection| &mut connection.conn)
            .ok_or_else(|| Fault::before(FailureCode::Internal, ""))
    }

    /// Whether it is `MariaDB`.
    pub(super) fn is_maria(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.maria)
    }

    /// Whether it returns columns of a new record.
    pub(super) fn returns(&self) -> bool {
        self.connection
            .as_ref()
            .is_some_and(|connection| connection.maria && connection.version >= (10, 5, 0))
    }

    /// The question is done: the connection waits for another one.
    pub(super) fn done(mut self, asked: &Asked<'_>) {
        if let Some(connection) = self.connection.take() {
            asked.target.mysql.put(Some(asked.known.clone()), connection);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // The driver calls it disconnected as soon as a question is let go of: it cannot be used, but still works there.
        let (id, opts) = (connection.conn.id(), connection.conn.opts().clone());
        tokio::spawn(async move {
            let stop = async {
                let mut other = Conn::new(opts).await?;
                other.query_drop(format!("KILL QUERY {id}")).await?;
                other.disconnect().await
            };
            let _ = tokio::time::timeout(STOP_MOST, stop).await;
            // Only now: until the server has stopped, the connection would wait for the rest of its answer.
            drop(connection);
        });
    }
}

async fn connect(asked: &Asked<'_>) -> Result<Connection, Fault> {
    let settings = &asked.target.settings;
    // First by itself, so that a name or a port that is wrong is told apart from what the server says.
    drop(tcp(&settings.host, settings.port).await?);
    let encrypted = settings.encryption != Encryption::Off;
    let ssl = encrypted.then(|| {
        let authorities = asked.target.tls.authorities().into_iter().map(Into::into).collect();
        SslOpts::default().with_root_certs(authorities).with_disable_built_in_roots(true)
    });
    let opts = OptsBuilder::default()
        .ip_or_hostname(settings.host.clone())
        .tcp_port(settings.port)
        .user(Some(asked.known.user.clone()))
        .pass(Some(asked.known.secret.as_str()))
        .db_name(Some(settings.database.clone()))
        .ssl_opts(ssl)
        .prefer_socket(false)
        .client_found_rows(true)
        .stmt_cache_size(0)
        .setup(vec![SETTINGS]);
    let mut conn = Conn::new(Opts::from(opts)).await.map_err(|fault| unconnected(&fault))?;
    let named: Option<String> =
        conn.query_first("SELECT VERSION()").await.map_err(|fault| unconnected(&fault))?;
    let version = conn.server_version();
    Ok(Connection { conn, maria: named.is_some_and(|name| name.contains("MariaDB")), version })
}
