//! The feed of a tenant: one Durable Object each, with the tenant's sockets. It sleeps between notices; what it
//! knows of a socket goes along with it.

#![expect(missing_docs, reason = "the macro makes public functions for the runtime")]

use drawbridge_contract::types::live::{ASK_AGAIN, NOT_UNDERSTOOD, PING, PONG, TOO_MANY};
use drawbridge_domain::id::{Id, TenantId};
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, ScheduledTime, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use super::system::SystemClock;
use crate::features::live::{Given, Notice, Room, given, room};
use crate::json;
use crate::ports::{Clock, Feeds, Pending, Seat};

/// The binding of wrangler.toml.
const BINDING: &str = "TENANT_FEED";
/// In which header a seat comes; nobody but us reaches the object.
const SEAT: &str = "x-seat";
/// The most sockets of a tenant; the runtime allows three times as many.
const MOST: usize = 10_000;

/// The feed of one tenant.
#[durable_object]
pub struct TenantFeed {
    state: State,
}

impl DurableObject for TenantFeed {
    fn new(state: State, _env: Env) -> Self {
        if let Ok(pair) = WebSocketRequestResponsePair::new(PING, PONG) {
            state.set_websocket_auto_response(&pair);
        }
        Self { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        if let Some(seat) = request.headers().get(SEAT)? {
            return self.take(&seat).await;
        }
        let notice: Notice = json::read(&request.text().await?).map_err(|fault| fault.to_string())?;
        self.give(Some(&notice));
        Response::empty()
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.wake_for_the_next().await?;
        Response::empty()
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        _message: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        close(&socket, NOT_UNDERSTOOD);
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> worker::Result<()> {
        // The other half of the handshake; where the runtime has done it, this is refused.
        let _ = socket.close::<&str>(None, None);
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: worker::Error) -> worker::Result<()> {
        Ok(())
    }
}

impl TenantFeed {
    /// The open sockets with who sits there.
    fn seated(&self) -> Vec<(WebSocket, Seat)> {
        let all = self.state.get_websockets().into_iter();
        all.filter_map(|socket| seat_of(&socket).map(|seat| (socket, seat))).collect()
    }

    async fn take(&self, text: &str) -> worker::Result<Response> {
        let seat: Seat = json::read(text).map_err(|fault| fault.to_string())?;
        let user = seat.counts_as().to_owned();
        // Those that are closed and do not go count as well.
        let theirs = self.state.get_websockets_with_tag(&user);
        let seats: Vec<Option<Seat>> = theirs.iter().map(seat_of).collect();
        let places = match room(&seats) {
            Room::After(places) if self.state.get_websockets().len() < MOST => places,
            Room::After(_) | Room::Full => return Response::error("full", 503),
        };
        for socket in places.into_iter().filter_map(|place| theirs.get(place)) {
            close(socket, TOO_MANY);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_websocket_with_tags(&pair.server, &[&user]);
        pair.server.serialize_attachment(text)?;
        self.wake_for_the_next().await?;
        Response::from_websocket(pair.client)
    }

    fn give(&self, notice: Option<&Notice>) {
        let now = SystemClock.now();
        for (socket, seat) in self.seated() {
            match given(notice, &seat, now) {
                Given::Nothing => {}
                // One that is gone hears nothing more.
                Given::Message(text) => drop(socket.send_with_str(text)),
                Given::AskAgain => close(&socket, ASK_AGAIN),
            }
        }
    }

    /// Closes the sockets whose time is over, and sees to it that the next ones are.
    async fn wake_for_the_next(&self) -> worker::Result<()> {
        self.give(None);
        let now = SystemClock.now();
        let next = self.seated().into_iter().map(|(_, seat)| seat.until).filter(|until| *until > now).min();
        let Some(next) = next else { return Ok(()) };
        self.state.storage().set_alarm(ScheduledTime::from(next.since(now).max(1))).await
    }
}

/// Who sits at a socket; nobody, once it is closed.
fn seat_of(socket: &WebSocket) -> Option<Seat> {
    let text: Option<String> = socket.deserialize_attachment().ok().flatten();
    json::read(&text?).ok()
}

/// Closes a socket. Nothing more is told there, whether the other side lets go or not.
fn close(socket: &WebSocket, code: u16) {
    let _ = socket.serialize_attachment("");
    let _ = socket.close(Some(code), Some(""));
}

/// Opens the WebSocket of a seat; what the object answers otherwise is an error.
pub(super) async fn open(env: &Env, seat: &Seat) -> worker::Result<Response> {
    let stub = env.durable_object(BINDING)?.get_by_name(seat.tenant.as_str())?;
    let mut request = Request::new("https://feed/", Method::Get)?;
    request.headers_mut()?.set("upgrade", "websocket")?;
    request.headers_mut()?.set(SEAT, &serde_json::to_string(seat)?)?;
    let answer = stub.fetch_with_request(request).await?;
    match answer.status_code() {
        101 => Ok(answer),
        status => Err(worker::Error::RustError(format!("the feed answered {status}"))),
    }
}

/// The way to the objects.
pub(super) struct Objects(Env);

impl Objects {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    async fn send(&self, tenant: &TenantId, notice: String) -> worker::Result<u16> {
        let stub = self.0.durable_object(BINDING)?.get_by_name(tenant.as_str())?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(notice.into()));
        Ok(stub.fetch_with_request(Request::new_with_init("https://feed/", &init)?).await?.status_code())
    }
}

impl Feeds for Objects {
    fn tell(&self, tenant: &TenantId, notice: String) -> Pending<'_, Result<(), String>> {
        let tenant = tenant.clone();
        Box::pin(async move {
            match self.send(&tenant, notice).await {
                Ok(status) if status < 300 => Ok(()),
                Ok(status) => Err(format!("the feed answered {status}")),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}
