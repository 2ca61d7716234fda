//! A WebSocket as a browser opens one (RFC 6455), small enough to see what it does: it says text, hears text and the
//! end, and lets go of what is closed only when it is told to.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::browser::Browser;

/// How long something may take to be heard.
const PATIENCE: Duration = Duration::from_mins(1);
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

/// What comes out of a WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Text(String),
    /// It is closed with this code.
    Closed(u16),
    /// It broke.
    Gone,
}

/// An open WebSocket.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
}

impl Socket {
    /// Opens one with the browser's session, as a page of this origin; the status, when it is refused.
    pub fn open(browser: &Browser, path: &str, origin: &str) -> Result<Self, u16> {
        let host = browser.origin().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out can be set");
        let mut request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2l4dGVlbiBieXRlcyBvaw==\r\n"
        );
        if !origin.is_empty() {
            request.extend(["Origin: ", origin, "\r\n"]);
        }
        if let Some(cookie) = browser.cookie() {
            request.extend(["Cookie: __Host-session=", &cookie, "\r\n"]);
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).expect("the request is sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("the answer has a head");
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        if status == 101 { Ok(Self { stream }) } else { Err(status) }
    }

    /// Says something.
    pub fn say(&mut self, text: &str) {
        self.send(TEXT, text.as_bytes());
    }

    /// Lets go of a socket that the other side closed.
    pub fn let_go(&mut self, code: u16) {
        self.send(CLOSE, &code.to_be_bytes());
    }

    fn send(&mut self, kind: u8, payload: &[u8]) {
        // A mask of zeroes is one: it hides nothing, and nothing here has to be hidden.
        let length =
            u8::try_from(payload.len()).ok().filter(|length| *length < 126).expect("a short message");
        let mut frame = vec![FINAL | kind, MASKED | length, 0, 0, 0, 0];
        frame.extend(payload);
        self.stream.write_all(&frame).expect("the socket stands");
    }

    /// What comes next; it must come.
    #[track_caller]
    pub fn hears(&mut self) -> Heard {
        match self.frame() {
            Ok(heard) => heard,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("nothing was heard for {PATIENCE:?}")
            }
            Err(_) => Heard::Gone,
        }
    }

    fn frame(&mut self) -> std::io::Result<Heard> {
        let [kind, length] = self.bytes()?;
        assert!(kind & FINAL == FINAL && length < 127, "a whole message of no great length");
        let length = match length {
            126 => usize::from(u16::from_be_bytes(self.bytes()?)),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload)?;
        match kind & !FINAL {
            TEXT => Ok(Heard::Text(String::from_utf8(payload).expect("text is UTF-8"))),
            CLOSE => Ok(Heard::Closed(u16::from_be_bytes([payload[0], payload[1]]))),
            other => panic!("a frame of kind {other}"),
        }
    }

    fn bytes<const N: usize>(&mut self) -> std::io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).map(|()| bytes)
    }
}
