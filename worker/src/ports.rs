//! What the backend needs of the world: a database, a clock, random bytes, calls outward.
//!
//! Each is implemented twice: over the Workers runtime in `platform/`, over SQLite and fakes in `testing/`.

mod authority;
mod gateways;
mod keeper;
mod live;
mod signatures;
mod stream;

pub use authority::Authorities;
pub use gateways::{
    Asked, BODY_MOST, Dialled, GatewayAnswer, GatewayAway, GatewayCall, GatewayFailure, GatewayOrder,
    GatewayState, Gateways, LinkState,
};
pub use keeper::{Keepers, Notes};
pub use live::{Feeds, Seat, Socket};
pub use signatures::{Algorithm, KeyPair, Signatures, Signer};
pub use stream::{Opened, OutwardBody, OutwardOpened, OutwardOpening, Pieces, Stream};

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use drawbridge_domain::time::Timestamp;
use serde::de::DeserializeOwned;

use crate::json;

/// A future that stays on its thread, as everything in a Worker does.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// A whole number, exact to 2^53.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.millis())
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Fixed SQL text with bound values. SQL is never built from strings: the text lives as long as the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The SQL.
    pub sql: &'static str,
    /// The values for `?1`, `?2` and so on.
    pub values: Vec<Value>,
}

/// The values of a statement, each converted.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::ports::Value::from($value)),*] };
}

impl Statement {
    /// A statement on records of one tenant, which is bound as `?1`; `values` follow from `?2` on.
    pub fn of(tenant: &drawbridge_domain::id::TenantId, sql: &'static str, values: Vec<Value>) -> Self {
        let mut all = Vec::with_capacity(values.len() + 1);
        all.push(Value::from(drawbridge_domain::id::Id::as_str(tenant)));
        all.extend(values);
        Self { sql, values: all }
    }

    /// A statement that is about no tenant or about all, for the reason given: signing in, and the system's own
    /// work.
    pub fn across(_reason: &'static str, sql: &'static str, values: Vec<Value>) -> Self {
        Self { sql, values }
    }

    /// Fails the batch with [`DbError::Guard`] unless the statement before it changed exactly one row.
    pub fn must_change() -> Self {
        Self { sql: "INSERT INTO must_change (changed) VALUES (changes())", values: Vec::new() }
    }
}

/// The rows that a statement answered, as JSON objects by column.
#[derive(Debug, Clone, Default)]
pub struct Rows(pub Vec<serde_json::Value>);

impl Rows {
    /// All rows, read as `T`.
    pub fn all<T: DeserializeOwned>(self) -> Result<Vec<T>, DbError> {
        self.0.iter().map(read).collect()
    }

    /// The first row, read as `T`.
    pub fn first<T: DeserializeOwned>(self) -> Result<Option<T>, DbError> {
        self.0.first().map(read).transpose()
    }
}

fn read<T: DeserializeOwned>(row: &serde_json::Value) -> Result<T, DbError> {
    json::from_tree(row).map_err(|fault| DbError::Other(fault.to_string()))
}

/// Why a batch was not carried out. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// A change that had to touch exactly one row did not: somebody else came first.
    Guard,
    /// Another record was added to the tenant's audit chain meanwhile; try again with its new end.
    ChainMoved,
    /// A limit of the tenant is reached.
    Limit,
    /// Of what must always be there, none would be left.
    NoneLeft,
    /// Something with the same unique value exists.
    Unique,
    /// Who must know of the change before it is made could not be told.
    NotTold(String),
    /// Anything else.
    Other(String),
}

impl DbError {
    /// The error that a message of SQLite stands for; both databases speak its words.
    pub fn from_message(message: &str) -> Self {
        if message.contains("guard: nothing changed") {
            Self::Guard
        } else if message.contains("guard: audit chain moved") {
            Self::ChainMoved
        } else if message.contains("guard: limit reached") {
            Self::Limit
        } else if message.contains("guard: none left") {
            Self::NoneLeft
        } else if message.contains("UNIQUE constraint failed") && !message.contains("failed: audit.") {
            Self::Unique
        } else {
            Self::Other(message.to_owned())
        }
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guard => f.write_str("a guarded change touched no row"),
            Self::ChainMoved => f.write_str("the audit chain moved"),
            Self::Limit => f.write_str("a limit is reached"),
            Self::NoneLeft => f.write_str("none would be left"),
            Self::Unique => f.write_str("a unique value exists"),
            Self::NotTold(message) | Self::Other(message) => f.write_str(message),
        }
    }
}

/// The database. A batch is one round trip and one transaction: all of it or nothing.
pub trait Database {
    /// Carries the statements out in order and answers the rows of each.
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Rows>, DbError>>;

    /// How many rows were read so far to answer, those included that were only looked at; 0 where nobody counts.
    fn rows_read(&self) -> usize {
        0
    }
}

/// The time.
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits so many milliseconds.
    fn wait(&self, millis: u32) -> Pending<'_, ()>;
}

/// Unpredictable bytes.
pub trait Random {
    /// Fills all of `bytes`, or fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomFailed>;
}

/// The system has no random bytes; nothing may go on.
#[derive(Debug, Clone, Copy)]
pub struct RandomFailed;

/// A call to a server outside. It follows no redirect.
pub struct OutwardRequest {
    /// The method.
    pub method: http::Method,
    /// The whole address; checked by the caller against what the connector may reach.
    pub url: String,
    /// The headers, credentials included: never logged.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// How long to wait for the whole answer, in milliseconds.
    pub time_limit: u32,
    /// The largest body that is read, in bytes.
    pub size_limit: usize,
}

/// What a server outside answered.
#[derive(Debug)]
pub struct OutwardResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body, at most as large as was allowed.
    pub body: Vec<u8>,
}

/// Why a call outward gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutwardError {
    /// No answer in time.
    TimedOut,
    /// No connection, or it broke; the cause is for the log.
    Unreachable(String),
    /// A body larger than allowed.
    TooLarge,
}

/// Calls to servers outside.
pub trait Outward {
    /// Sends one request and reads the answer whole.
    fn send(&self, request: OutwardRequest) -> Pending<'_, Result<OutwardResponse, OutwardError>>;

    /// Sends one request and reads the beginning of the answer.
    fn open(&self, request: OutwardOpening) -> Pending<'_, Opened>;

    /// An address as it is sent, with a host of other letters in its ASCII form (UTS 46); `None` where it is none.
    fn in_ascii(&self, url: &str) -> Option<String>;
}

/// Work that outlives the answer to a request.
pub trait Background {
    /// Carries `work` on after the answer is sent.
    fn spawn(&self, work: Pending<'static, ()>);
    /// The same, but begins only after so many milliseconds; some seconds at most.
    fn after(&self, millis: u32, work: Pending<'static, ()>);
}

/// Where log lines go.
pub trait Log {
    /// Writes one line.
    fn line(&self, line: &str);
}
