//! Connections: made, kept, and freed from a question that nobody waits for.

use std::time::Duration;

use drawbridge_contract::link::FailureCode;
use tiberius::{AuthMethod, Client, Config, EncryptionLevel};
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt as _};

use super::super::{Asked, Refused, signing_in};
use super::fault::{refused, unconnected};
use super::prelogin;
use crate::net::Stream;
use crate::net::dial::tcp;
use crate::targets::Fault;
use crate::targets::pool::Waits;

/// How long a word to stop may take.
const STOP_MOST: Duration = Duration::from_secs(5);
/// What is set once: no counts in between, a fault undoes the whole statement, days are written year first.
const SETTINGS: &str = "SET NOCOUNT ON; SET XACT_ABORT ON; SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; \
                        SET ARITHABORT ON; SET CONCAT_NULL_YIELDS_NULL ON; SET QUOTED_IDENTIFIER ON; \
                        SET DATEFORMAT ymd;";

/// What speaks.
pub(super) type Speaker = Client<Compat<Stream>>;

/// A connection.
pub(in super::super) struct Connection(Speaker);

impl Waits for Connection {
    const MOST: Duration = Duration::from_secs(30);

    fn stands(&self) -> bool {
        true
    }
}

/// A connection with a question. Dropped before the question is done, it has the server stop.
pub(super) struct Guard {
    connection: Option<Connection>,
}

/// A connection for a question: one that waits, or a new one.
pub(super) async fn take(asked: &Asked<'_>) -> Result<Guard, Refused> {
    while let Some(mut connection) = asked.target.sqlserver.take(Some(&asked.known)) {
        if set(&mut connection.0).await.is_ok() {
            return Ok(Guard { connection: Some(connection) });
        }
    }
    let mut connection = signing_in(connect(asked)).await?;
    set(&mut connection.0).await.map_err(|fault| refused(&fault))?;
    Ok(Guard { connection: Some(connection) })
}

/// Sets what a question counts on, and so sees whether the connection still stands.
async fn set(speaker: &mut Speaker) -> Result<(), tiberius::error::Error> {
    speaker.simple_query(SETTINGS).await?.into_results().await.map(drop)
}

impl Guard {
    /// What asks.
    pub(super) fn client(&mut self) -> Result<&mut Speaker, Fault> {
        let connection = self.connection.as_mut();
        connection.map(|connection| &mut connection.0).ok_or_else(|| Fault::before(FailureCode::Internal, ""))
    }

    /// The question is done: the connection waits for another one.
    pub(super) fn done(mut self, asked: &Asked<'_>) {
        if let Some(connection) = self.connection.take() {
            asked.target.sqlserver.put(Some(asked.known.clone()), connection);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        tokio::spawn(async move {
            // An attention (MS-TDS 2.2.1.7); then the connection goes, which undoes what was not done.
            let _ = tokio::time::timeout(STOP_MOST, connection.0.cancel_query()).await;
        });
    }
}

async fn connect(asked: &Asked<'_>) -> Result<Connection, Fault> {
    let settings = &asked.target.settings;
    let stream = tcp(&settings.host, settings.port).await?;
    let stream = prelogin::open(stream, &settings.host, &asked.target.tls, settings.encryption).await?;
    let mut config = Config::new();
    config.host(&settings.host);
    config.port(settings.port);
    config.database(&settings.database);
    config.application_name("drawbridge-gateway");
    config.client_name(crate::machine::name());
    config.encryption(EncryptionLevel::NotSupported);
    config.authentication(AuthMethod::sql_server(&asked.known.user, &*asked.known.secret));
    // The call's own time is what counts.
    config.command_timeout(None);
    config.lossy_utf16_decoding(true);
    let client = Client::connect(config, stream.compat_write()).await;
    client.map(Connection).map_err(|fault| unconnected(&fault))
}
