//! The WebSocket: made, and its frames read and written.

use std::time::Duration;

use drawbridge_contract::link::frame::{Frame, Side};
use drawbridge_contract::link::{FRAME_MOST, PATH, SUBPROTOCOL};
use drawbridge_domain::id::GatewayId;
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::SEC_WEBSOCKET_PROTOCOL;
use http::{HeaderValue, Request};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::agent::Loaded;
use crate::net::{Stream, dial};

/// How long the server may take to answer that this is a WebSocket.
const OPEN_MOST: Duration = Duration::from_secs(8);

/// A WebSocket to the server.
pub(super) type Socket = WebSocketStream<Stream>;

/// Opens one; why it did not come about is in words for the log.
pub(super) async fn open(loaded: &Loaded, gateway: &GatewayId) -> Result<Socket, String> {
    let server = &loaded.config.server;
    let stream = dial(server, loaded.proxy.as_ref(), &loaded.tls).await.map_err(|fault| fault.to_string())?;
    let scheme = if server.tls { "wss" } else { "ws" };
    let url = format!("{scheme}://{}{PATH}?gateway={gateway}", server.authority());
    let mut request: Request<()> = url.into_client_request().map_err(|fault| fault.to_string())?;
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_MOST))
        .max_frame_size(Some(FRAME_MOST))
        .write_buffer_size(FRAME_MOST)
        .read_buffer_size(64 * 1024);
    // Some take a connection and never answer: a proxy that hangs, a firewall.
    let Ok(opened) = timeout(OPEN_MOST, client_async_with_config(request, stream, Some(config))).await else {
        return Err(format!("{} did not answer within {} s", server.origin(), OPEN_MOST.as_secs()));
    };
    match opened {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(format!(
            "{} answers {} where a gateway's link begins: it is no Drawbridge, or something in between does not let \
             WebSockets through",
            server.origin(),
            answer.status()
        )),
        Err(fault) => Err(format!("the WebSocket with {} failed: {fault}", server.origin())),
    }
}

/// Sends a frame and waits until it is out. For the handshake only.
pub(super) async fn say(socket: &mut Socket, frame: Frame<'_>) -> Result<(), String> {
    let bytes = frame.encode().map_err(|fault| fault.code().to_owned())?;
    socket.send(Message::binary(bytes)).await.map_err(|fault| fault.to_string())
}

/// The next binary message. For the handshake only.
pub(super) async fn hear(socket: &mut Socket) -> Result<bytes::Bytes, String> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => return Ok(bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(frame))) => {
                let code = frame.map_or(1005, |frame| u16::from(frame.code));
                return Err(format!("the server closed the WebSocket ({code})"));
            }
            Some(Ok(_)) => return Err("the server said something that is no frame".to_owned()),
            Some(Err(fault)) => return Err(fault.to_string()),
            None => return Err("the server closed the connection".to_owned()),
        }
    }
}

/// A frame from the server.
pub(super) fn read(bytes: &[u8]) -> Result<Frame<'_>, String> {
    Frame::decode(bytes, Side::Server).map_err(|fault| format!("the server said no frame ({})", fault.code()))
}
