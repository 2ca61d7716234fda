//! Calls to servers outside, over the runtime's `fetch`.

use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{StreamExt, pin_mut};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use js_sys::Uint8Array;
use worker::{AbortController, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use crate::ports::{Outward, OutwardError, OutwardRequest, OutwardResponse, Pending};

/// The runtime's `fetch`.
pub(super) struct Fetcher;

impl Outward for Fetcher {
    fn send(&self, request: OutwardRequest) -> Pending<'_, Result<OutwardResponse, OutwardError>> {
        Box::pin(async move {
            let abort = AbortController::default();
            let signal = abort.signal();
            let limit = Delay::from(Duration::from_millis(u64::from(request.time_limit)));
            let work = send(request, &signal);
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
        })
    }
}

async fn send(
    request: OutwardRequest,
    signal: &worker::AbortSignal,
) -> Result<OutwardResponse, OutwardError> {
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
    if let Some(body) = &request.body {
        init.with_body(Some(Uint8Array::from(body.as_slice()).into()));
    }
    let outgoing = Request::new_with_init(&request.url, &init).map_err(failed)?;
    let mut response = Fetch::Request(outgoing).send_with_signal(signal).await.map_err(failed)?;
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let mut body = Vec::new();
    if let Ok(mut stream) = response.stream() {
        while let Some(chunk) = stream.next().await {
            body.extend_from_slice(&chunk.map_err(failed)?);
            if body.len() > request.size_limit {
                return Err(OutwardError::TooLarge);
            }
        }
    }
    Ok(OutwardResponse { status: response.status_code(), headers, body })
}
