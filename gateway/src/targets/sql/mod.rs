//! Questions to a database.

mod build;
mod dialect;
mod json;
mod mysql;
mod out;
mod postgres;
mod sqlserver;
#[cfg(test)]
mod tests;
mod time;
mod value;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::sql::{
    NAME_MOST, ROWS_PRESET, SqlError, SqlFault, SqlName, SqlNone, SqlQuestion, SqlResult,
};
use drawbridge_domain::gateway::target::TargetKind;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;

use super::Fault;
use super::known::Known;
use super::pool::Pool;
use crate::config::SqlSettings;
use crate::net::Tls;

pub(crate) use out::{Gone, Out};

/// The most questions that one database works on at a time; others wait.
const AT_ONCE: usize = 16;

/// A database.
pub(crate) struct SqlTarget {
    /// As it is configured.
    pub(crate) settings: SqlSettings,
    tls: Tls,
    places: Semaphore,
    postgres: Pool<postgres::Connection>,
    mysql: Pool<mysql::Connection>,
    sqlserver: Pool<sqlserver::Connection>,
}

/// Why a question was not answered.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The database, or the agent for it, has something against it.
    Error(SqlError),
    /// The call fails.
    Fault(Fault),
    /// Nobody waits.
    Gone,
}

impl From<SqlError> for Refused {
    fn from(error: SqlError) -> Self {
        Self::Error(error)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Gone> for Refused {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// A question as a database's driver gets it.
struct Asked<'a> {
    target: &'a SqlTarget,
    question: &'a SqlQuestion,
    known: Known,
    /// When the answer has to be whole.
    until: Instant,
    reached: &'a AtomicBool,
}

impl Asked<'_> {
    /// How long there is still, in milliseconds, at least one.
    fn left(&self) -> u64 {
        u64::try_from(self.until.duration_since(Instant::now()).as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// From here on it may have reached the database.
    fn reaches(&self) {
        self.reached.store(true, Ordering::Relaxed);
    }

    /// How many rows there are at most for a question that wants so many.
    fn rows(&self, wanted: Option<u32>) -> u32 {
        wanted.unwrap_or(ROWS_PRESET).min(self.target.settings.rows)
    }
}

impl SqlTarget {
    /// A database by its settings.
    pub(crate) fn new(settings: SqlSettings, tls: Tls) -> Self {
        Self {
            settings,
            tls,
            places: Semaphore::new(AT_ONCE),
            postgres: Pool::default(),
            mysql: Pool::default(),
            sqlserver: Pool::default(),
        }
    }

    /// The login that stays on this machine.
    pub(crate) fn login(&self) -> Result<Option<Known>, Fault> {
        self.settings.login.as_ref().map(Known::here).transpose()
    }

    /// Whether a connection comes about. Nobody signs in.
    pub(crate) async fn probe(&self) -> Result<(), Fault> {
        self.postgres.sweep();
        self.mysql.sweep();
        self.sqlserver.sweep();
        crate::net::dial::tcp(&self.settings.host, self.settings.port).await?;
        Ok(())
    }

    /// Signs in with the login that stays on this machine; what the database says of itself, in words.
    pub(crate) async fn check(&self, most: Duration) -> Result<String, Fault> {
        let (sender, mut pieces) = mpsc::channel(1);
        let (reached, until) = (AtomicBool::new(false), Instant::now() + most);
        let asking = self.ask(&SqlQuestion::Check(SqlNone {}), None, until, &reached, Out::new(sender));
        let (asked, piece) = tokio::join!(asking, pieces.recv());
        match asked {
            Ok(()) => {}
            Err(Refused::Fault(fault)) => return Err(fault),
            Err(Refused::Error(error)) => return Err(Fault::after(FailureCode::TargetBroke, error.words)),
            Err(Refused::Gone) => return Err(Fault::after(FailureCode::Internal, "")),
        }
        let told: Option<SqlResult> = piece.and_then(|piece| serde_json::from_slice(&piece).ok());
        let row = told.and_then(|told| told.rows?.into_iter().next()).unwrap_or_default();
        let part = |name: &str| row.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        Ok(format!("{} {} takes the login {}", part("product"), part("version"), part("user")))
    }

    /// Asks. `reached` is set as soon as the question itself may go out.
    pub(crate) async fn ask(
        &self,
        question: &SqlQuestion,
        brought: Option<Known>,
        until: Instant,
        reached: &AtomicBool,
        out: Out,
    ) -> Result<(), Refused> {
        let known = match brought {
            Some(known) => Some(known),
            None => self.login()?,
        };
        let known = known.ok_or_else(|| Fault::before(FailureCode::CredentialsNeeded, ""))?;
        let _place = self.places.acquire().await;
        let asked = Asked { target: self, question, known, until, reached };
        match self.settings.kind {
            TargetKind::Postgres => postgres::ask(&asked, out).await,
            TargetKind::MySql => mysql::ask(&asked, out).await,
            TargetKind::SqlServer => sqlserver::ask(&asked, out).await,
            TargetKind::Http => Err(Fault::before(FailureCode::KindNotSupported, "").into()),
        }
    }
}

/// How long a new connection may take, login and all.
const CONNECT_MOST: Duration = Duration::from_secs(15);

/// Waits for a login as long as it may take.
async fn signing_in<T>(doing: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    let late = |_| {
        let words = format!("the database did not take the login within {} s", CONNECT_MOST.as_secs());
        Fault::before(FailureCode::TargetUnreachable, words)
    };
    tokio::time::timeout(CONNECT_MOST, doing).await.map_err(late)?
}

/// The parts of a name, if they can be one.
fn checked(name: &SqlName) -> Result<(Option<&str>, &str), SqlError> {
    let fine = |part: &str| {
        !part.is_empty() && part.chars().count() <= NAME_MOST && !part.chars().any(char::is_control)
    };
    if fine(&name.name) && name.schema.as_deref().is_none_or(fine) {
        return Ok((name.schema.as_deref(), &name.name));
    }
    Err(value::error(SqlFault::Question, "this can be no name in a database"))
}

/// There is nothing of that name.
fn missing(what: &str, name: &SqlName) -> SqlError {
    let schema = name.schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
    let words = format!("there is no {what} {schema}{} that this login may see", name.name);
    value::error(SqlFault::NotFound, words)
}
