//! Pieces of answers, told by their first bytes: whoever only passes bodies on need not read them.

use super::frame::{Broken, CallId, HEADER};
use super::{FRAME_MOST, PROTOCOL, TEXT_MOST};

/// The first ten bytes of a message, as numbers, and its length. What is not there is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The first byte.
    pub version: u8,
    /// The second.
    pub kind: u8,
    /// The third to the sixth.
    pub call: u32,
    /// The seventh to the tenth.
    pub word: u32,
    /// How many there are in all.
    pub length: usize,
}

/// A piece of an answer. Only the agent sends these; what is in a head is looked at by whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// The head: all after the frame's header.
    Answer,
    /// Bytes of the body: all after the frame's header.
    Data {
        /// How many.
        bytes: usize,
    },
    /// The body is whole.
    End,
    /// Head and body: after the frame's header four bytes with the head's length, the head, the body.
    Whole {
        /// The head's length.
        text: usize,
        /// The body's length.
        bytes: usize,
    },
}

impl Passing {
    /// Where the head begins in a frame with head and body.
    pub const WHOLE_HEAD: usize = HEADER + 4;

    /// The piece of an answer that a message from an agent is, and of which call. `None`: it is something else, to be read
    /// with [`super::Frame::decode`].
    pub fn look(seen: Seen) -> Result<Option<(CallId, Self)>, Broken> {
        if seen.length > FRAME_MOST {
            return Err(Broken::Oversized);
        }
        let payload = seen.length.checked_sub(HEADER).ok_or(Broken::Truncated)?;
        if seen.version != PROTOCOL {
            return Err(Broken::Version(seen.version));
        }
        if !matches!(seen.kind, 0x21..=0x23 | 0x27) {
            return Ok(None);
        }
        let call = CallId::new(seen.call).ok_or(Broken::CallNumber)?;
        let piece = match seen.kind {
            0x21 => Self::Answer,
            0x22 => Self::Data { bytes: payload },
            0x23 => Self::End,
            _ => {
                let text = usize::try_from(seen.word).unwrap_or(usize::MAX);
                let rest = payload.checked_sub(4).ok_or(Broken::Truncated)?;
                Self::Whole { text, bytes: rest.checked_sub(text).ok_or(Broken::Truncated)? }
            }
        };
        match piece {
            Self::Answer if payload == 0 => Err(Broken::Truncated),
            Self::Answer if payload > TEXT_MOST => Err(Broken::Oversized),
            Self::Data { bytes: 0 } | Self::Whole { text: 0, .. } => Err(Broken::Truncated),
            Self::End if payload > 0 => Err(Broken::Oversized),
            Self::Whole { text, .. } if text > TEXT_MOST => Err(Broken::Oversized),
            piece => Ok(Some((call, piece))),
        }
    }
}
