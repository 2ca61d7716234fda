//! What comes from the other side may be anything.

use proptest::prelude::*;

use crate::link::codes::Cancelled;
use crate::link::frame::{Broken, DATA_MOST, Frame, HEADER, Side};
use crate::link::passing::{Passing, Seen};
use crate::link::{CREDIT_MOST, FRAME_MOST, TEXT_MOST};

use super::id;

fn agent(bytes: &[u8]) -> Result<Frame<'_>, Broken> {
    Frame::decode(bytes, Side::Agent)
}

fn server(bytes: &[u8]) -> Result<Frame<'_>, Broken> {
    Frame::decode(bytes, Side::Server)
}

#[test]
fn what_is_too_short_or_too_long_is_refused() {
    for length in 0..HEADER {
        assert_eq!(server(&[1; 8][..length]), Err(Broken::Truncated));
    }
    assert_eq!(agent(&[1, 0x01, 0, 0, 0, 0]), Err(Broken::Truncated), "a text has at least one letter");
    assert_eq!(agent(&[1, 0x22, 0, 0, 0, 1]), Err(Broken::Truncated), "data without data");
    assert_eq!(agent(&[1, 0x03, 0, 0, 0, 0, 9]), Err(Broken::Truncated));
    assert_eq!(server(&[1, 0x09, 0, 0, 0, 0, 9]), Err(Broken::Oversized));
    assert_eq!(server(&[1, 0x06, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), Err(Broken::Oversized));
    let mut largest = vec![1, 0x22, 0, 0, 0, 1];
    largest.resize(FRAME_MOST, 0);
    assert!(agent(&largest).is_ok());
    largest.push(0);
    assert_eq!(agent(&largest), Err(Broken::Oversized));
    let mut text = vec![1, 0x08, 0, 0, 0, 0];
    text.resize(HEADER + TEXT_MOST, b' ');
    assert!(agent(&text).is_ok());
    text.push(b' ');
    assert_eq!(agent(&text), Err(Broken::Oversized));
}

#[test]
fn other_versions_kinds_and_senders_are_refused() {
    assert_eq!(server(&[0, 0x09, 0, 0, 0, 0]), Err(Broken::Version(0)));
    assert_eq!(server(&[2, 0x09, 0, 0, 0, 0]), Err(Broken::Version(2)));
    for kind in (0..=0xff).filter(|kind| !matches!(kind, 0x01..=0x0e | 0x20..=0x27)) {
        assert_eq!(server(&[1, kind, 0, 0, 0, 0, 1]), Err(Broken::Kind(kind)));
    }
    assert_eq!(agent(&[1, 0x20, 0, 0, 0, 1, b'x']), Err(Broken::Direction), "agents open no calls");
    assert_eq!(server(&[1, 0x21, 0, 0, 0, 1, b'x']), Err(Broken::Direction), "servers do not answer");
    assert_eq!(agent(&[1, 0x04, 0, 0, 0, 0, b'x']), Err(Broken::Direction), "agents do not welcome");
    assert_eq!(agent(&[1, 0x26, 0, 0, 0, 1, 1]), Err(Broken::Direction));
}

#[test]
fn calls_are_named_where_they_belong() {
    assert_eq!(server(&[1, 0x20, 0, 0, 0, 0, b'x']), Err(Broken::CallNumber));
    assert_eq!(server(&[1, 0x09, 0, 0, 0, 1]), Err(Broken::CallNumber));
}

#[test]
fn numbers_and_texts_are_checked() {
    assert_eq!(server(&[1, 0x24, 0, 0, 0, 1, 0, 0, 0, 0]), Err(Broken::Number), "no credit of nothing");
    let [a, b, c, d] = (CREDIT_MOST + 1).to_be_bytes();
    assert_eq!(server(&[1, 0x24, 0, 0, 0, 1, a, b, c, d]), Err(Broken::Number));
    assert_eq!(server(&[1, 0x26, 0, 0, 0, 1, 0]), Err(Broken::Number));
    assert_eq!(server(&[1, 0x20, 0, 0, 0, 1, 0xff]), Err(Broken::Text));
    assert_eq!(agent(&[1, 0x27, 0, 0, 0, 1, 0, 0, 0, 0, 1]), Err(Broken::Truncated), "an answer has a head");
    assert_eq!(agent(&[1, 0x27, 0, 0, 0, 1, 0, 0, 0, 9, b'x']), Err(Broken::Truncated));
    assert_eq!(agent(&[1, 0x27, 0, 0, 0, 1, 255, 255, 255, 255, b'x']), Err(Broken::Truncated));
}

#[test]
fn nothing_is_sent_that_would_not_be_read() {
    assert_eq!(Frame::Data(id(1), &[]).encode(), Err(Broken::Truncated));
    assert_eq!(Frame::Hello("").encode(), Err(Broken::Truncated));
    assert_eq!(Frame::Data(id(1), &vec![0; DATA_MOST + 1]).encode(), Err(Broken::Oversized));
    assert_eq!(Frame::Call(id(1), &"x".repeat(TEXT_MOST + 1)).encode(), Err(Broken::Oversized));
    assert_eq!(Frame::Credit(id(1), 0).encode(), Err(Broken::Number));
    assert_eq!(Frame::Credit(id(1), CREDIT_MOST + 1).encode(), Err(Broken::Number));
}

/// Any frame that there is, with what it says taken from `bytes`, `text` and `number`.
fn some_frame<'a>(kind: usize, number: u32, text: &'a str, bytes: &'a [u8]) -> Frame<'a> {
    let call = id(number.max(1));
    let eight = number.to_be_bytes().repeat(2).try_into().unwrap();
    let why = [Cancelled::CallerGone, Cancelled::Deadline, Cancelled::BodyBroken][kind % 3];
    match kind {
        0 => Frame::Hello(text),
        1 => Frame::Challenge(text),
        2 => Frame::Proof([bytes.first().copied().unwrap_or(3); 64]),
        3 => Frame::Welcome(text),
        4 => Frame::Refused(text),
        5 => Frame::Ping(eight),
        6 => Frame::Pong(eight),
        7 => Frame::Report(text),
        8 => Frame::Drain,
        9 => Frame::Goodbye(text),
        10 => Frame::Erased,
        11 => Frame::Rotate(text),
        12 => Frame::Rotated(text),
        13 => Frame::RotationDone(text),
        14 => Frame::Call(call, text),
        15 => Frame::Answer(call, text),
        16 => Frame::Data(call, bytes),
        17 => Frame::End(call),
        18 => Frame::Credit(call, number),
        19 => Frame::Failure(call, text),
        20 => Frame::Whole(call, text, bytes),
        _ => Frame::Cancel(call, why),
    }
}

proptest! {
    #[test]
    fn whatever_is_sent_is_read_as_it_was(
        kind in 0..22usize, number: u32, text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let frame = some_frame(kind, number, &text, &bytes);
        if let Ok(encoded) = frame.encode() {
            let from = frame.sender().unwrap_or(Side::Agent);
            prop_assert_eq!(Frame::decode(&encoded, from), Ok(frame));
            for cut in 0..encoded.len().min(HEADER + 1) {
                // A frame cut short is never another one that opens or ends something by itself.
                let cut = Frame::decode(&encoded[..cut], from);
                prop_assert!(cut.is_err() || matches!(cut, Ok(Frame::Drain | Frame::Erased | Frame::End(_))));
            }
        }
    }

    #[test]
    fn a_look_at_the_first_bytes_says_what_reading_all_says(
        kind in 0x20..0x28u8, call in 0..3u32, word: u8, payload in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut bytes = vec![1, kind];
        bytes.extend(call.to_be_bytes());
        bytes.extend([0, 0, 0, word]);
        bytes.extend(payload);
        let seen = Passing::look(Seen { version: 1, kind, call, word: u32::from(word), length: bytes.len() });
        match (Frame::decode(&bytes, Side::Agent), seen) {
            (Ok(Frame::Answer(..)), seen) => prop_assert_eq!(seen, Ok(Some((id(call), Passing::Answer)))),
            (Ok(Frame::Data(_, data)), seen) => {
                prop_assert_eq!(seen, Ok(Some((id(call), Passing::Data { bytes: data.len() }))));
            }
            (Ok(Frame::Whole(_, head, body)), seen) => {
                let whole = Passing::Whole { text: head.len(), bytes: body.len() };
                prop_assert_eq!(seen, Ok(Some((id(call), whole))));
            }
            // Whether a text is UTF-8 shows when it is read.
            (Err(Broken::Text), _) | (_, Ok(None)) => {}
            (other, seen) => prop_assert_eq!(other.map(|_| ()), seen.map(|_| ())),
        }
    }

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400), server: bool) {
        let from = if server { Side::Server } else { Side::Agent };
        if let Ok(frame) = Frame::decode(&bytes, from) {
            prop_assert_eq!(frame.encode(), Ok(bytes.clone()));
        }
    }

    #[test]
    fn nearly_frames_do_no_harm(
        kind in 0..0x30u8, call: u32, payload in prop::collection::vec(any::<u8>(), 0..100), server: bool,
    ) {
        let from = if server { Side::Server } else { Side::Agent };
        let mut bytes = vec![1, kind];
        bytes.extend(call.to_be_bytes());
        bytes.extend(payload);
        if let Ok(frame) = Frame::decode(&bytes, from) {
            prop_assert_eq!(frame.encode(), Ok(bytes.clone()));
            prop_assert!(frame.sender().is_none_or(|sender| sender == from));
        }
    }
}
