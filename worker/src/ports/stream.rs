//! Bodies that come piece by piece.

use std::any::Any;
use std::fmt;

use super::{OutwardError, Pending};

/// Where the pieces of a body come from.
pub trait Pieces {
    /// The next piece; `None` at the end. An error ends the body; its words are for the log.
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>>;

    /// The source itself, for whoever knows what it is and can pass it on without reading it.
    fn source(&mut self) -> Option<&mut dyn Any> {
        None
    }
}

/// A body that comes piece by piece.
pub struct Stream(Box<dyn Pieces>);

impl Stream {
    /// A body from its source.
    pub fn new(pieces: impl Pieces + 'static) -> Self {
        Self(Box::new(pieces))
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, String>> {
        self.0.next().await
    }

    /// A body of nothing.
    pub fn empty() -> Self {
        Self::new(Nothing)
    }

    /// Where it comes from, if that can be passed on as it is.
    pub fn source(&mut self) -> Option<&mut dyn Any> {
        self.0.source()
    }

    /// Reads at most so many bytes. `Ok(Err(…))`: there are more; what was read, and the rest.
    pub async fn read(mut self, most: usize) -> Result<Result<Vec<u8>, (Vec<u8>, Self)>, String> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next().await {
            bytes.extend_from_slice(&piece?);
            if bytes.len() > most {
                return Ok(Err((bytes, self)));
            }
        }
        Ok(Ok(bytes))
    }

    /// The same body with what was already read in front.
    #[must_use]
    pub fn after(self, read: Vec<u8>) -> Self {
        Self::new(After { first: Some(read).filter(|read| !read.is_empty()), rest: self })
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream(…)")
    }
}

struct Nothing;

impl Pieces for Nothing {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(std::future::ready(None))
    }
}

struct After {
    first: Option<Vec<u8>>,
    rest: Stream,
}

impl Pieces for After {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        match self.first.take() {
            Some(first) => Box::pin(std::future::ready(Some(Ok(first)))),
            None => self.rest.0.next(),
        }
    }
}

/// What is sent along with a call outward.
#[derive(Debug)]
pub enum OutwardBody {
    /// Nothing.
    None,
    /// All of it.
    Whole(Vec<u8>),
    /// Piece by piece.
    Stream(Stream),
}

/// A call to a server outside whose answer is read piece by piece. It follows no redirect.
pub struct OutwardOpening {
    /// The method.
    pub method: http::Method,
    /// The whole address; checked by the caller against what the connector may reach.
    pub url: String,
    /// The headers, credentials included: never logged.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: OutwardBody,
    /// How long to wait for the beginning of the answer, in milliseconds.
    pub time_limit: u32,
}

/// The beginning of what a server outside answers.
#[derive(Debug)]
pub struct OutwardOpened {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Stream,
}

/// What opening a call brings.
pub type Opened = Result<OutwardOpened, OutwardError>;
