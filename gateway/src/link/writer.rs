//! Writes what the link has to say: what is urgent first, then each in its turn.

use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};
use tokio_tungstenite::tungstenite::Message;

use super::socket::Socket;

/// Writes until the link is closed; the answer says why it ended.
pub(super) async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut urgent: UnboundedReceiver<Message>,
    mut queue: Receiver<Message>,
) -> String {
    loop {
        let message = tokio::select! {
            biased;
            message = urgent.recv() => message,
            message = queue.recv() => message,
        };
        let mut next = message;
        let mut last = next.is_none();
        while let Some(message) = next {
            last |= message.is_close();
            if let Err(fault) = sink.feed(message).await {
                return fault.to_string();
            }
            next = if last { None } else { urgent.try_recv().or_else(|_| queue.try_recv()).ok() };
        }
        if let Err(fault) = sink.flush().await {
            return fault.to_string();
        }
        if last {
            return "closed".to_owned();
        }
    }
}
