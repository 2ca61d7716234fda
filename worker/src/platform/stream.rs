//! Bodies that come piece by piece, between the runtime's streams and ours.

use std::any::Any;

use futures_util::StreamExt;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use js_sys::Uint8Array;
use js_sys::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{ByteStream, Response, ResponseBody, ResponseBuilder, web_sys};

use crate::http::Body;
use crate::ports::{Pending, Pieces, Stream};

struct FromRuntime(ByteStream);

impl Pieces for FromRuntime {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(async move {
            self.0.next().await.map(|piece| piece.map_err(|error: worker::Error| error.to_string()))
        })
    }
}

/// A stream of the runtime's that nobody has begun to read; whoever only passes it on gives it back as it is.
struct Unread {
    whole: Option<web_sys::ReadableStream>,
    begun: Option<ByteStream>,
}

impl Pieces for Unread {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(async move {
            if let Some(whole) = self.whole.take() {
                match begin(whole) {
                    Ok(begun) => self.begun = Some(begun),
                    Err(error) => return Some(Err(error.to_string())),
                }
            }
            let piece = self.begun.as_mut()?.next().await;
            piece.map(|piece| piece.map_err(|error: worker::Error| error.to_string()))
        })
    }

    fn source(&mut self) -> Option<&mut dyn Any> {
        Some(self)
    }
}

/// Begins to read a stream.
fn begin(stream: web_sys::ReadableStream) -> worker::Result<ByteStream> {
    let carrier = web_sys::Response::new_with_opt_readable_stream(Some(&stream))?;
    Response::from(carrier).stream()
}

/// A stream of the runtime's as one of ours.
pub(super) fn of(stream: web_sys::ReadableStream) -> Stream {
    Stream::new(Unread { whole: Some(stream), begun: None })
}

/// The runtime's stream that one of ours is, if nobody has begun to read it.
fn unread(stream: &mut Stream) -> Option<web_sys::ReadableStream> {
    stream.source()?.downcast_mut::<Unread>()?.whole.take()
}

/// The most bytes that are read in one go, where the request says that it has no more.
const SMALL: usize = 64 * 1024;

/// A small body that is read in one go, when it is asked for.
struct AtOnce(Option<web_sys::Request>);

impl Pieces for AtOnce {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        let request = self.0.take();
        Box::pin(async move {
            let words = |error| format!("{error:?}");
            let bytes = match request?.array_buffer() {
                Ok(promise) => JsFuture::from(promise).await.map_err(words),
                Err(error) => Err(words(error)),
            };
            Some(bytes.map(|bytes| Uint8Array::new(&bytes).to_vec()))
        })
    }
}

/// The body of a request, not read yet. HTTP holds it to the length that is told.
pub(super) fn body_of(request: web_sys::Request, headers: &HeaderMap) -> Body {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length <= SMALL) {
        return Body::Stream(Stream::new(AtOnce(Some(request))));
    }
    request.body().map_or_else(|| Body::Read(Vec::new()), |body| Body::Stream(of(body)))
}

/// A stream of the runtime's as one of ours.
pub(super) fn from_runtime(stream: ByteStream) -> Stream {
    Stream::new(FromRuntime(stream))
}

/// One of our streams as the body of a request or an answer.
pub(super) fn to_body(mut stream: Stream) -> worker::Result<Option<JsValue>> {
    if let Some(whole) = unread(&mut stream) {
        return Ok(Some(whole.into()));
    }
    let pieces = futures_util::stream::unfold(stream, |mut stream| async move {
        let piece = stream.next().await?;
        Some((piece.map_err(worker::Error::RustError), stream))
    });
    let carrier = ResponseBuilder::new().from_stream(pieces)?;
    Ok(match carrier.body() {
        ResponseBody::Stream(stream) => Some(stream.clone().into()),
        ResponseBody::Empty | ResponseBody::Body(_) => None,
    })
}
