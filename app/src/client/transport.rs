//! What carries a request to the server: the browser's `fetch`, or a fake in tests.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use drawbridge_contract::endpoint::Method;
use gloo_net::http::{RequestBuilder, Response};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials};

/// How long the server may take. Its own calls to providers end earlier.
const PATIENCE: Duration = Duration::from_secs(45);

/// A request on its way out.
#[derive(Debug)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub address: String,
    /// The body, JSON.
    pub body: Option<String>,
    /// The version that is changed.
    pub if_match: Option<String>,
    /// Makes a repetition harmless.
    pub idempotency_key: Option<String>,
    /// Ends it when its answer is no longer wanted.
    pub abort: Abort,
}

/// An answer, whatever it says.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// The `ETag` header.
    pub etag: Option<String>,
}

/// Why there is no answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The network does not reach the server.
    Offline,
    /// It took too long.
    TimedOut,
    /// Nobody waits for the answer any more.
    Aborted,
}

/// An answer that is awaited.
pub type Sending = Pin<Box<dyn Future<Output = Result<Incoming, Lost>>>>;

/// Something that carries requests.
pub trait Transport {
    /// Carries one request.
    fn send(&self, request: Outgoing) -> Sending;
}

thread_local! {
    static TRANSPORT: RefCell<Rc<dyn Transport>> = RefCell::new(Rc::new(Fetch));
}

/// Puts another transport in the place of the browser's; for tests.
pub fn use_transport(transport: impl Transport + 'static) {
    TRANSPORT.with(|place| *place.borrow_mut() = Rc::new(transport));
}

pub(super) fn current() -> Rc<dyn Transport> {
    TRANSPORT.with(|place| place.borrow().clone())
}

/// A switch that ends a request.
#[derive(Clone, Default)]
pub struct Abort(Rc<AbortState>);

#[derive(Default)]
struct AbortState {
    done: Cell<bool>,
    controller: RefCell<Option<AbortController>>,
}

impl std::fmt::Debug for Abort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Abort").field(&self.0.done.get()).finish()
    }
}

impl Abort {
    /// Ends the request.
    pub fn now(&self) {
        self.0.done.set(true);
        if let Some(controller) = &*self.0.controller.borrow() {
            controller.abort();
        }
    }

    /// Whether the request was ended.
    pub fn is_done(&self) -> bool {
        self.0.done.get()
    }
}

/// The browser's `fetch`.
#[derive(Debug, Clone, Copy)]
pub struct Fetch;

impl Transport for Fetch {
    fn send(&self, request: Outgoing) -> Sending {
        Box::pin(fetch(request))
    }
}

async fn fetch(request: Outgoing) -> Result<Incoming, Lost> {
    let abort = request.abort;
    if abort.is_done() {
        return Err(Lost::Aborted);
    }
    let came = match foreseen(request.method, &request.address) {
        Some(foreseen) => foreseen.answer().await,
        None => None,
    };
    match came {
        _ if abort.is_done() => return Err(Lost::Aborted),
        Some(answer) => return Ok(answer),
        None => (),
    }
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    abort.0.controller.replace(controller.clone());
    let late = Rc::new(Cell::new(false));
    let _timer = Timer::start(late.clone(), controller);

    let mut builder = RequestBuilder::new(&request.address)
        .method(method(request.method))
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(signal.as_ref())
        .header("Accept", "application/json");
    if let Some(version) = &request.if_match {
        builder = builder.header("If-Match", version);
    }
    if let Some(key) = &request.idempotency_key {
        builder = builder.header("Idempotency-Key", key);
    }
    let built = match request.body {
        Some(body) => builder.header("Content-Type", "application/json").body(body),
        None => builder.build(),
    };
    let answer = async {
        let answer = built.ok()?.send().await.ok()?;
        let (status, etag) = (answer.status(), answer.headers().get("etag"));
        Some(Incoming { status, etag, body: answer.text().await.ok()? })
    };
    let answer = answer.await;
    match answer {
        _ if abort.is_done() => Err(Lost::Aborted),
        Some(answer) => Ok(answer),
        None if late.get() => Err(Lost::TimedOut),
        None => Err(Lost::Offline),
    }
}

/// What the page's script asked for while the console was on its way: the answer and its text, or a promise of both.
struct Foreseen(JsValue);

impl Foreseen {
    /// The answer, without a wait where it has come already; nothing where the network failed.
    async fn answer(self) -> Option<Incoming> {
        let came = match self.0.dyn_into::<Promise>() {
            Ok(coming) => JsFuture::from(coming).await.ok()?,
            Err(came) => came,
        };
        let came: Array = came.dyn_into().ok()?;
        let answer = Response::from(came.get(0).dyn_into::<web_sys::Response>().ok()?);
        let (status, etag) = (answer.status(), answer.headers().get("etag"));
        Some(Incoming { status, etag, body: came.get(1).as_string()? })
    }
}

/// The answer to a request that the page's script foresaw.
fn foreseen(method: Method, address: &str) -> Option<Foreseen> {
    let script: Function = Reflect::get(&window(), &"foreseen".into()).ok()?.dyn_into().ok()?;
    let address = if method == Method::Get { address } else { "" };
    script.call1(&JsValue::UNDEFINED, &address.into()).ok().filter(|came| !came.is_undefined()).map(Foreseen)
}

fn method(method: Method) -> gloo_net::http::Method {
    match method {
        // What passes through any method is called by programs, never by the console.
        Method::Get | Method::Any => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    }
}

/// Ends a request that takes too long; stopped when it is dropped.
struct Timer(Option<TimeoutHandle>);

impl Timer {
    fn start(late: Rc<Cell<bool>>, controller: Option<AbortController>) -> Self {
        let end = move || {
            late.set(true);
            if let Some(controller) = &controller {
                controller.abort();
            }
        };
        Self(set_timeout_with_handle(end, PATIENCE).ok())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.clear();
        }
    }
}

/// A new `Idempotency-Key`.
pub fn new_key() -> String {
    match window().crypto() {
        Ok(crypto) => crypto.random_uuid(),
        Err(_) => js_sys::Math::random().to_bits().to_string(),
    }
}
