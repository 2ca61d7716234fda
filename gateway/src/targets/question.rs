//! The body of a call on its way to the target.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc::UnboundedReceiver;

/// A piece of a body that came over the link.
pub(crate) enum Piece {
    /// Bytes. That they do not pile up is flow control's matter.
    Data(Bytes),
    /// It is whole.
    End,
}

/// Reads a body from the link, and tells when a piece was passed on.
pub(crate) struct QuestionBody {
    pieces: UnboundedReceiver<Piece>,
    passed_on: Box<dyn Fn(usize) + Send + Sync>,
    left: Option<u64>,
    whole: bool,
}

impl QuestionBody {
    /// A body of a known or unknown length.
    pub(crate) fn new(
        pieces: UnboundedReceiver<Piece>,
        length: Option<u64>,
        passed_on: Box<dyn Fn(usize) + Send + Sync>,
    ) -> Self {
        Self { pieces, passed_on, left: length, whole: false }
    }
}

impl Body for QuestionBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.whole || self.left == Some(0) {
            return Poll::Ready(None);
        }
        let Poll::Ready(piece) = self.pieces.poll_recv(cx) else { return Poll::Pending };
        Poll::Ready(match piece {
            Some(Piece::Data(bytes)) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                match self.left.map(|left| left.checked_sub(length)) {
                    Some(None) => Some(Err(io::Error::other("the body is longer than was said"))),
                    left => {
                        self.left = left.flatten();
                        (self.passed_on)(bytes.len());
                        Some(Ok(Frame::data(bytes)))
                    }
                }
            }
            Some(Piece::End) => {
                self.whole = true;
                let short = self.left.is_some_and(|left| left > 0);
                short.then(|| Err(io::Error::other("the body is shorter than was said")))
            }
            None => Some(Err(io::Error::other("the caller broke off"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.whole || self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
