//! Calls to servers outside, over the runtime's `fetch`.

use std::future::Future;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::pin_mut;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
};

use super::stream::{from_runtime, to_body};
use crate::ports::{
    Opened, Outward, OutwardBody, OutwardError, OutwardOpened, OutwardOpening, OutwardRequest,
    OutwardResponse, Pending, Pieces, Stream,
};

#[wasm_bindgen]
extern "C" {
    /// The runtime's reader of addresses.
    #[wasm_bindgen(js_name = URL)]
    type Url;
    #[wasm_bindgen(constructor, js_class = URL, catch)]
    fn new(url: &str) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn href(this: &Url) -> String;
}

/// The runtime's `fetch`.
pub(super) struct Fetcher;

impl Outward for Fetcher {
    fn send(&self, request: OutwardRequest) -> Pending<'_, Result<OutwardResponse, OutwardError>> {
        Box::pin(async move {
            let (time_limit, size_limit) = (request.time_limit, request.size_limit);
            let opening = OutwardOpening {
                method: request.method,
                url: request.url,
                headers: request.headers,
                body: request.body.map_or(OutwardBody::None, OutwardBody::Whole),
                time_limit,
            };
            within(time_limit, |signal| async move {
                let opened = open(opening, &signal).await?;
                match opened.body.read(size_limit).await {
                    Ok(Ok(body)) => {
                        Ok(OutwardResponse { status: opened.status, headers: opened.headers, body })
                    }
                    Ok(Err(_)) => Err(OutwardError::TooLarge),
                    Err(cause) => Err(OutwardError::Unreachable(cause)),
                }
            })
            .await
        })
    }

    fn open(&self, request: OutwardOpening) -> Pending<'_, Opened> {
        Box::pin(async move {
            let time_limit = request.time_limit;
            within(time_limit, |signal| async move { open(request, &signal).await }).await
        })
    }

    fn in_ascii(&self, url: &str) -> Option<String> {
        Url::new(url).ok().map(|url| url.href())
    }
}

/// Does the work, or breaks it off when its time is up.
async fn within<T, F>(millis: u32, work: impl FnOnce(AbortSignal) -> F) -> Result<T, OutwardError>
where
    F: Future<Output = Result<T, OutwardError>>,
{
    let abort = AbortController::default();
    let limit = Delay::from(Duration::from_millis(u64::from(millis)));
    let work = work(abort.signal());
    pin_mut!(work);
    match select(work, limit).await {
        Either::Left((result, _)) => {
            if result.is_err() {
                abort.abort();
            }
            result
        }
        Either::Right(((), _)) => {
            abort.abort();
            Err(OutwardError::TimedOut)
        }
    }
}

/// Sends the request and waits for the beginning of the answer.
async fn open(request: OutwardOpening, signal: &AbortSignal) -> Opened {
    let failed = |error: worker::Error| OutwardError::Unreachable(error.to_string());
    let headers = Headers::new();
    for (name, value) in &request.headers {
        let text = value.to_str().map_err(|error| OutwardError::Unreachable(error.to_string()))?;
        headers.append(name.as_str(), text).map_err(failed)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method.as_str().to_owned()))
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual);
    match request.body {
        OutwardBody::None => {}
        OutwardBody::Whole(bytes) => {
            init.with_body(Some(Uint8Array::from(bytes.as_slice()).into()));
        }
        OutwardBody::Stream(stream) => {
            init.with_body(to_body(stream).map_err(failed)?);
        }
    }
    let outgoing = Request::new_with_init(&request.url, &init).map_err(failed)?;
    let mut response = Fetch::Request(outgoing).send_with_signal(signal).await.map_err(failed)?;
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let body = response.stream().map_or_else(|_| Stream::new(Nothing), from_runtime);
    let body = Stream::new(Impatient(body));
    Ok(OutwardOpened { status: response.status_code(), headers, body })
}

/// How long a body may pause, in seconds.
const PAUSE: u64 = 60;

/// A body that ends with an error when it pauses for too long.
struct Impatient(Stream);

impl Pieces for Impatient {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(async move {
            let piece = self.0.next();
            pin_mut!(piece);
            match select(piece, Delay::from(Duration::from_secs(PAUSE))).await {
                Either::Left((piece, _)) => piece,
                Either::Right(((), _)) => Some(Err("the body came to a standstill".to_owned())),
            }
        })
    }
}

/// A body that is not there.
struct Nothing;

impl Pieces for Nothing {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(std::future::ready(None))
    }
}
