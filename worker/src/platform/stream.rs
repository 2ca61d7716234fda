//! Bodies that come piece by piece, between the runtime's streams and ours.

use futures_util::StreamExt;
use worker::{ByteStream, Response, ResponseBody, ResponseBuilder};

use crate::ports::{Pending, Pieces, Stream};

struct FromRuntime(ByteStream);

impl Pieces for FromRuntime {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(async move {
            self.0.next().await.map(|piece| piece.map_err(|error: worker::Error| error.to_string()))
        })
    }
}

/// A stream of the runtime's as one of ours.
pub(super) fn from_runtime(stream: ByteStream) -> Stream {
    Stream::new(FromRuntime(stream))
}

/// An answer whose body is one of our streams.
pub(super) fn answer(builder: ResponseBuilder, stream: Stream) -> worker::Result<Response> {
    let pieces = futures_util::stream::unfold(stream, |mut stream| async move {
        let piece = stream.next().await?;
        Some((piece.map_err(worker::Error::RustError), stream))
    });
    builder.from_stream(pieces)
}

/// One of our streams as the body of a request.
pub(super) fn to_body(stream: Stream) -> worker::Result<Option<js_sys::wasm_bindgen::JsValue>> {
    let carrier = answer(ResponseBuilder::new(), stream)?;
    Ok(match carrier.body() {
        ResponseBody::Stream(stream) => Some(stream.clone().into()),
        ResponseBody::Empty | ResponseBody::Body(_) => None,
    })
}
