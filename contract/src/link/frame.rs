//! Frames: a header of six bytes, then what the kind of frame says.
//!
//! `version (1) | kind (1) | call (4, big-endian; 0 for the link itself) | payload`

use super::codes::Cancelled;
use super::{CREDIT_MOST, FRAME_MOST, PROTOCOL, TEXT_MOST};

/// The length of a frame's header.
pub const HEADER: usize = 6;
/// The most bytes of a body that one frame can hold.
pub const DATA_MOST: usize = FRAME_MOST - HEADER;

/// A call's number on its link: never zero, never used twice, rising. Only the server opens calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(u32);

impl CallId {
    /// The first call of a link.
    pub const FIRST: Self = Self(1);

    /// The call with this number; zero is none.
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The next call's; `None` when a link has had all that there are, and a new one has to be made.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}

/// An end of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The agent on the premises, which dials.
    Agent,
    /// The Worker.
    Server,
}

impl Side {
    /// The one at the other end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Agent => Self::Server,
            Self::Server => Self::Agent,
        }
    }
}

/// Why bytes are no frame that may come from there. Whoever gets one closes the link: nothing after it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// Shorter than its header or its kind says.
    Truncated,
    /// Longer than a frame or its kind may be.
    Oversized,
    /// Another version of the protocol.
    Version(u8),
    /// A kind that this version does not have.
    Kind(u8),
    /// A frame about the link names a call, or one about a call none.
    CallNumber,
    /// The other side never sends this.
    Direction,
    /// A text that is not UTF-8.
    Text,
    /// A number out of its range.
    Number,
}

impl Broken {
    /// What is wrong, in a word for logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Oversized => "oversized",
            Self::Version(_) => "version",
            Self::Kind(_) => "kind",
            Self::CallNumber => "call_number",
            Self::Direction => "direction",
            Self::Text => "text",
            Self::Number => "number",
        }
    }
}

/// What is said over the link. Texts are JSON: which type, each kind says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Agent: who it is. [`super::messages::Hello`].
    Hello(&'a str),
    /// Server: what is to be signed. [`super::messages::Challenge`].
    Challenge(&'a str),
    /// Agent: an Ed25519 signature over [`super::proof::Proof::text`].
    Proof([u8; 64]),
    /// Server: the link stands. [`super::messages::Welcome`].
    Welcome(&'a str),
    /// Server: the link is refused. [`super::messages::Refused`].
    Refused(&'a str),
    /// Either: asks for the same eight bytes back.
    Ping([u8; 8]),
    /// Either: the eight bytes of a ping.
    Pong([u8; 8]),
    /// Agent: how it is. [`super::messages::Report`].
    Report(&'a str),
    /// Either: no new calls on this link; those under way come to their end.
    Drain,
    /// Either: the link ends. [`super::messages::Farewell`].
    Goodbye(&'a str),
    /// Agent: it has erased its key, as a goodbye told it.
    Erased,
    /// Server: make a new key. [`super::messages::Rotate`].
    Rotate(&'a str),
    /// Agent: the new key, signed with both. [`super::messages::Rotated`].
    Rotated(&'a str),
    /// Server: from now on only the new key counts. [`super::messages::RotationDone`].
    RotationDone(&'a str),
    /// Server: a call begins; its body follows. [`super::messages::Call`].
    Call(CallId, &'a str),
    /// Agent: the answer begins; its body follows. [`super::messages::Answer`].
    Answer(CallId, &'a str),
    /// Either: a piece of the body, at least one byte, within the credit.
    Data(CallId, &'a [u8]),
    /// Either: the body is whole. From the agent it ends the call.
    End(CallId),
    /// Either: so many bytes more may be sent.
    Credit(CallId, u32),
    /// Agent: the call failed and is over. [`super::messages::Failure`].
    Failure(CallId, &'a str),
    /// Server: nobody waits any more; the call is over.
    Cancel(CallId, Cancelled),
    /// Agent: a small answer in one frame, instead of `Answer`, `Data` and `End`: its head and all of its body, which may be
    /// empty. The call is over. [`super::messages::Answer`].
    Whole(CallId, &'a str, &'a [u8]),
}

/// What follows the header.
enum Payload<'a> {
    Nothing,
    Bytes(&'a [u8]),
    TextAndBytes(&'a str, &'a [u8]),
    Number(u32),
    Byte(u8),
}

impl<'a> Frame<'a> {
    /// The byte that tells the kind.
    pub const fn kind(&self) -> u8 {
        match self {
            Self::Hello(_) => 0x01,
            Self::Challenge(_) => 0x02,
            Self::Proof(_) => 0x03,
            Self::Welcome(_) => 0x04,
            Self::Refused(_) => 0x05,
            Self::Ping(_) => 0x06,
            Self::Pong(_) => 0x07,
            Self::Report(_) => 0x08,
            Self::Drain => 0x09,
            Self::Goodbye(_) => 0x0a,
            Self::Erased => 0x0b,
            Self::Rotate(_) => 0x0c,
            Self::Rotated(_) => 0x0d,
            Self::RotationDone(_) => 0x0e,
            Self::Call(..) => 0x20,
            Self::Answer(..) => 0x21,
            Self::Data(..) => 0x22,
            Self::End(_) => 0x23,
            Self::Credit(..) => 0x24,
            Self::Failure(..) => 0x25,
            Self::Cancel(..) => 0x26,
            Self::Whole(..) => 0x27,
        }
    }

    /// The call that the frame is about.
    pub const fn call(&self) -> Option<CallId> {
        match self {
            Self::Call(id, _)
            | Self::Answer(id, _)
            | Self::Data(id, _)
            | Self::End(id)
            | Self::Credit(id, _)
            | Self::Failure(id, _)
            | Self::Cancel(id, _)
            | Self::Whole(id, ..) => Some(*id),
            _ => None,
        }
    }

    /// The only side that may send it; `None`: both may.
    pub const fn sender(&self) -> Option<Side> {
        match self {
            Self::Hello(_)
            | Self::Proof(_)
            | Self::Report(_)
            | Self::Erased
            | Self::Rotated(_)
            | Self::Answer(..)
            | Self::Failure(..)
            | Self::Whole(..) => Some(Side::Agent),
            Self::Challenge(_)
            | Self::Welcome(_)
            | Self::Refused(_)
            | Self::Rotate(_)
            | Self::RotationDone(_)
            | Self::Call(..)
            | Self::Cancel(..) => Some(Side::Server),
            _ => None,
        }
    }

    /// The frame as bytes; refused when it is larger than the other side would read.
    pub fn encode(&self) -> Result<Vec<u8>, Broken> {
        let payload = self.payload();
        let length = match payload {
            Payload::Nothing => 0,
            Payload::Bytes(bytes) => bytes.len(),
            Payload::TextAndBytes(text, _) if !(1..=TEXT_MOST).contains(&text.len()) => {
                return Err(if text.is_empty() { Broken::Truncated } else { Broken::Oversized });
            }
            Payload::TextAndBytes(text, bytes) => 4 + text.len() + bytes.len(),
            Payload::Number(_) => 4,
            Payload::Byte(_) => 1,
        };
        let most = if self.is_text() { TEXT_MOST } else { DATA_MOST };
        if length > most {
            return Err(Broken::Oversized);
        }
        let may_be_empty = matches!(payload, Payload::Nothing);
        if length == 0 && !may_be_empty {
            return Err(Broken::Truncated);
        }
        if matches!(self, Self::Credit(_, bytes) if !(1..=CREDIT_MOST).contains(bytes)) {
            return Err(Broken::Number);
        }
        let mut frame = Vec::with_capacity(HEADER + length);
        frame.push(PROTOCOL);
        frame.push(self.kind());
        frame.extend_from_slice(&self.call().map_or(0, CallId::number).to_be_bytes());
        match payload {
            Payload::Nothing => {}
            Payload::Bytes(bytes) => frame.extend_from_slice(bytes),
            Payload::TextAndBytes(text, bytes) => {
                let length = u32::try_from(text.len()).unwrap_or_default();
                frame.extend_from_slice(&length.to_be_bytes());
                frame.extend_from_slice(text.as_bytes());
                frame.extend_from_slice(bytes);
            }
            Payload::Number(number) => frame.extend_from_slice(&number.to_be_bytes()),
            Payload::Byte(byte) => frame.push(byte),
        }
        Ok(frame)
    }

    fn payload(&self) -> Payload<'_> {
        match self {
            Self::Hello(text)
            | Self::Challenge(text)
            | Self::Welcome(text)
            | Self::Refused(text)
            | Self::Report(text)
            | Self::Goodbye(text)
            | Self::Rotate(text)
            | Self::Rotated(text)
            | Self::RotationDone(text)
            | Self::Call(_, text)
            | Self::Answer(_, text)
            | Self::Failure(_, text) => Payload::Bytes(text.as_bytes()),
            Self::Proof(signature) => Payload::Bytes(signature),
            Self::Ping(bytes) | Self::Pong(bytes) => Payload::Bytes(bytes),
            Self::Data(_, bytes) => Payload::Bytes(bytes),
            Self::Whole(_, text, bytes) => Payload::TextAndBytes(text, bytes),
            Self::Credit(_, bytes) => Payload::Number(*bytes),
            Self::Cancel(_, why) => Payload::Byte(why.byte()),
            Self::Drain | Self::Erased | Self::End(_) => Payload::Nothing,
        }
    }

    const fn is_text(&self) -> bool {
        !matches!(
            self,
            Self::Proof(_)
                | Self::Ping(_)
                | Self::Pong(_)
                | Self::Data(..)
                | Self::Credit(..)
                | Self::Cancel(..)
                | Self::Drain
                | Self::Erased
                | Self::End(_)
                | Self::Whole(..)
        )
    }

    /// The frame in a binary message that came from `from`.
    pub fn decode(bytes: &'a [u8], from: Side) -> Result<Self, Broken> {
        if bytes.len() > FRAME_MOST {
            return Err(Broken::Oversized);
        }
        let (header, payload) = bytes.split_first_chunk::<HEADER>().ok_or(Broken::Truncated)?;
        let [version, kind, call @ ..] = *header;
        if version != PROTOCOL {
            return Err(Broken::Version(version));
        }
        let call = CallId::new(u32::from_be_bytes(call));
        let frame = match kind {
            0x20..=0x27 => about_call(kind, call.ok_or(Broken::CallNumber)?, payload)?,
            _ => about_link(kind, payload)?,
        };
        if frame.call() != call {
            return Err(Broken::CallNumber);
        }
        if frame.sender().is_some_and(|sender| sender != from) {
            return Err(Broken::Direction);
        }
        Ok(frame)
    }
}

fn about_link(kind: u8, payload: &[u8]) -> Result<Frame<'_>, Broken> {
    Ok(match kind {
        0x01 => Frame::Hello(text(payload)?),
        0x02 => Frame::Challenge(text(payload)?),
        0x03 => Frame::Proof(exactly(payload)?),
        0x04 => Frame::Welcome(text(payload)?),
        0x05 => Frame::Refused(text(payload)?),
        0x06 => Frame::Ping(exactly(payload)?),
        0x07 => Frame::Pong(exactly(payload)?),
        0x08 => Frame::Report(text(payload)?),
        0x09 => nothing(payload, Frame::Drain)?,
        0x0a => Frame::Goodbye(text(payload)?),
        0x0b => nothing(payload, Frame::Erased)?,
        0x0c => Frame::Rotate(text(payload)?),
        0x0d => Frame::Rotated(text(payload)?),
        0x0e => Frame::RotationDone(text(payload)?),
        other => return Err(Broken::Kind(other)),
    })
}

fn about_call(kind: u8, call: CallId, payload: &[u8]) -> Result<Frame<'_>, Broken> {
    Ok(match kind {
        0x20 => Frame::Call(call, text(payload)?),
        0x21 => Frame::Answer(call, text(payload)?),
        0x22 if payload.is_empty() => return Err(Broken::Truncated),
        0x22 => Frame::Data(call, payload),
        0x23 => nothing(payload, Frame::End(call))?,
        0x24 => match u32::from_be_bytes(exactly(payload)?) {
            bytes @ 1..=CREDIT_MOST => Frame::Credit(call, bytes),
            _ => return Err(Broken::Number),
        },
        0x25 => Frame::Failure(call, text(payload)?),
        0x26 => {
            let [byte] = exactly(payload)?;
            Frame::Cancel(call, Cancelled::from_byte(byte).ok_or(Broken::Number)?)
        }
        0x27 => {
            let (length, rest) = payload.split_first_chunk::<4>().ok_or(Broken::Truncated)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
            let (head, body) = rest.split_at_checked(length).ok_or(Broken::Truncated)?;
            Frame::Whole(call, text(head)?, body)
        }
        other => return Err(Broken::Kind(other)),
    })
}

fn text(payload: &[u8]) -> Result<&str, Broken> {
    match payload.len() {
        0 => Err(Broken::Truncated),
        length if length > TEXT_MOST => Err(Broken::Oversized),
        _ => str::from_utf8(payload).map_err(|_| Broken::Text),
    }
}

fn exactly<const LENGTH: usize>(payload: &[u8]) -> Result<[u8; LENGTH], Broken> {
    if payload.len() > LENGTH {
        return Err(Broken::Oversized);
    }
    payload.try_into().map_err(|_| Broken::Truncated)
}

fn nothing<'a>(payload: &[u8], frame: Frame<'a>) -> Result<Frame<'a>, Broken> {
    if payload.is_empty() { Ok(frame) } else { Err(Broken::Oversized) }
}
