//! The Workers runtime: the only place that names the `worker` crate.

mod authority;
mod d1;
mod feed;
mod fetch;
mod gateways;
mod glue;
mod keeper;
mod signatures;
mod stream;
mod system;

pub use authority::CredentialAuthority;
pub use feed::TenantFeed;
pub use gateways::GatewayHub;
pub use keeper::ConnectionKeeper;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use js_sys::wasm_bindgen::JsValue;
use worker::web_sys;
use worker::{Context, Env, Response, ScheduleContext, ScheduledEvent, event};

use crate::features;
use crate::features::authority::{Good, HashKey, Heard};
use crate::features::connections::KnownUses;
use crate::features::connections::keeper::Tallies;
use crate::http::{Body, Incoming, Outgoing, Router, handle};
use crate::ports::{Background, Dialled, Seat, Socket};
use crate::services::{Services, Settings};
use crate::vault::{MasterKeys, Vault};

/// The schedule of wrangler.toml that runs every few minutes; any other runs daily.
const OFTEN: &str = "*/5 * * * *";

/// How many calls an app or a token may make in a minute where nothing else is set.
const API_RATE_PER_MINUTE: u32 = 600;

thread_local! {
    /// Made once per instance of the Worker.
    static ROUTER: Rc<Router> = Rc::new(features::router());
    static INSTANCE: RefCell<Option<Rc<Instance>>> = const { RefCell::new(None) };
}

/// What stays the same from request to request.
struct Instance {
    vault: Rc<Vault>,
    settings: Rc<Settings>,
    issuing: Rc<features::oauth_server::Issuing>,
    ready: Rc<Cell<bool>>,
    hash_key: Rc<OnceCell<HashKey>>,
    heard: Rc<Heard<Good>>,
    known_uses: Rc<KnownUses>,
    tallies: Rc<Tallies>,
    database: Rc<JsValue>,
    keepers: Rc<keeper::Objects>,
    authorities: Rc<authority::Objects>,
    feeds: Rc<feed::Objects>,
    gateways: Rc<gateways::Objects>,
}

fn text(env: &Env, name: &str) -> Option<String> {
    env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.is_empty())
}

/// A binding of wrangler.toml.
fn binding(env: &Env, name: &str) -> Result<JsValue, String> {
    let found = js_sys::Reflect::get(env, &name.into()).unwrap_or_default();
    if found.is_object() { Ok(found) } else { Err(format!("{name} is not bound")) }
}

fn instance(env: &Env) -> Result<Rc<Instance>, String> {
    if let Some(instance) = INSTANCE.with(|slot| slot.borrow().clone()) {
        return Ok(instance);
    }
    let keys =
        MasterKeys::parse(&text(env, "MASTER_KEYS").unwrap_or_default()).map_err(|bad| bad.to_string())?;
    let sandbox_origin = if cfg!(feature = "sandbox") { text(env, "SANDBOX_ORIGIN") } else { None };
    let instance = Rc::new(Instance {
        vault: Rc::new(Vault::new(keys)),
        settings: Rc::new(Settings {
            public_origin: text(env, "PUBLIC_ORIGIN").map(|origin| origin.trim_end_matches('/').to_owned()),
            setup_code: text(env, "SETUP_CODE").unwrap_or_default(),
            client_address: text(env, "CLIENT_ADDRESS").unwrap_or_default(),
            api_rate_per_minute: text(env, "API_RATE_PER_MINUTE")
                .and_then(|number| number.parse().ok())
                .unwrap_or(API_RATE_PER_MINUTE),
            sandbox_origin,
        }),
        issuing: Rc::default(),
        ready: Rc::new(Cell::new(false)),
        hash_key: Rc::default(),
        heard: Rc::default(),
        known_uses: Rc::default(),
        tallies: Rc::default(),
        // Bindings belong to the instance, not to a request.
        database: Rc::new(binding(env, "DB")?),
        keepers: Rc::new(keeper::Objects::new(env.clone())),
        authorities: Rc::new(authority::Objects::new(env.clone())),
        feeds: Rc::new(feed::Objects::new(env.clone())),
        gateways: Rc::new(gateways::Objects::new(env.clone())),
    });
    INSTANCE.with(|slot| *slot.borrow_mut() = Some(Rc::clone(&instance)));
    Ok(instance)
}

fn services(env: &Env, background: Rc<dyn Background>) -> Result<Services, String> {
    let instance = instance(env)?;
    Ok(features::authority::watched(Services {
        db: Rc::new(d1::D1::new(Rc::clone(&instance.database))),
        clock: Rc::new(system::SystemClock),
        random: Rc::new(system::SystemRandom),
        outward: Rc::new(fetch::Fetcher),
        signatures: Rc::new(signatures::WebCrypto),
        keepers: Rc::clone(&instance.keepers) as _,
        authorities: Rc::clone(&instance.authorities) as _,
        feeds: Rc::clone(&instance.feeds) as _,
        gateways: Rc::clone(&instance.gateways) as _,
        background,
        log: Rc::new(system::ConsoleLog),
        vault: Rc::clone(&instance.vault),
        settings: Rc::clone(&instance.settings),
        issuing: Rc::clone(&instance.issuing),
        ready: Rc::clone(&instance.ready),
        hash_key: Rc::clone(&instance.hash_key),
        heard: Rc::clone(&instance.heard),
        known_uses: Rc::clone(&instance.known_uses),
        tallies: Rc::clone(&instance.tallies),
    }))
}

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let services = match services(&env, Rc::new(system::WaitUntil::new(context))) {
        Ok(services) => services,
        Err(words) => {
            let what = "The operator of this deployment sets it; see docs/OPERATIONS.md.";
            return not_ready(&format!("{words}. {what}")).map(Into::into);
        }
    };
    let incoming = incoming(request)?;
    let router = ROUTER.with(Rc::clone);
    match outgoing(handle(&router, &services, incoming).await)? {
        Leaving::Answer(answer) => Ok(answer),
        Leaving::Socket(Socket::Seat(seat)) => socket(&env, services, seat).await.map(Into::into),
        Leaving::Socket(Socket::Link(dialled)) => link(&env, &dialled).await,
    }
}

#[event(scheduled)]
async fn scheduled(event: ScheduledEvent, env: Env, context: ScheduleContext) {
    match services(&env, Rc::new(system::WaitUntilRun::new(context))) {
        Ok(services) if event.cron() == OFTEN => features::upkeep::often(&services).await,
        Ok(services) => features::upkeep::run(&services).await,
        Err(words) => worker::console_error!("{words}"),
    }
}

/// Said in the shape of a problem where there is nothing to say it with: the deployment's secrets cannot be used, or
/// a WebSocket cannot be opened.
fn not_ready(detail: &str) -> worker::Result<Response> {
    let body = serde_json::json!({
        "type": "/problems/not_ready", "title": "Drawbridge is not ready", "status": 503, "code": "not_ready",
        "detail": detail, "requestId": "",
    });
    let mut response = Response::from_json(&body)?.with_status(503);
    response.headers_mut().set("content-type", "application/problem+json")?;
    response.headers_mut().set("cache-control", "no-store")?;
    Ok(response)
}

fn incoming(request: web_sys::Request) -> worker::Result<Incoming> {
    let lines = glue::request_lines(&request);
    let mut lines = lines.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (method, url, country) = (next(), next(), next().to_owned());
    let method = http::Method::from_bytes(method.as_bytes()).unwrap_or_default();
    let url = url.parse().map_err(|_| "an address that is none")?;
    let mut headers = HeaderMap::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let body = match method {
        http::Method::GET | http::Method::HEAD => Body::Read(Vec::new()),
        _ => stream::body_of(request, &headers),
    };
    Ok(Incoming { method, url, headers, body, country })
}

/// What leaves the Worker.
enum Leaving {
    Answer(web_sys::Response),
    Socket(Socket),
}

fn outgoing(response: http::Response<Outgoing>) -> worker::Result<Leaving> {
    let (parts, body) = response.into_parts();
    let headers =
        parts.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let mut lines = String::with_capacity(1024);
    for text in headers.flat_map(|(name, value)| [name, "\n", value, "\n"]) {
        lines.push_str(text);
    }
    let status = parts.status.as_u16();
    Ok(Leaving::Answer(match body {
        Outgoing::Socket(socket) => return Ok(Leaving::Socket(socket)),
        Outgoing::Stream(pieces) => {
            let body = stream::to_body(pieces)?.unwrap_or(JsValue::NULL);
            glue::streamed_answer_of(status, &lines, &body)?
        }
        Outgoing::Whole(body) => glue::answer_of(status, &lines, &body)?,
    }))
}

/// Opens the WebSocket of a seat.
async fn socket(env: &Env, services: Services, seat: Seat) -> worker::Result<Response> {
    match feed::open(env, &seat).await {
        Ok(answer) => {
            let background = Rc::clone(&services.background);
            background.spawn(Box::pin(async move { features::live::look_again(&services, &seat).await }));
            Ok(answer)
        }
        Err(error) => {
            worker::console_error!("{error}");
            not_ready(
                "Changes cannot be followed just now. Read anew from time to time, and try again later.",
            )
        }
    }
}

/// Opens the link of a gateway's agent.
async fn link(env: &Env, dialled: &Dialled) -> worker::Result<web_sys::Response> {
    match gateways::open(env, dialled).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            worker::console_error!("{error:?}");
            not_ready("Gateways cannot be linked just now. Try again later.").map(Into::into)
        }
    }
}
