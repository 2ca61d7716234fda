//! A fuzz target: whole conversations, made from those in `contract/fuzz/frames` and from what was learned of them.
//!
//! It runs on the compiler that everything else is built with. In place of the compiler's counters it looks at what the
//! conversation came to, frame by frame: an input that comes to something new is kept and changed further.
//! `FUZZ_ROUNDS` and `FUZZ_SEED` make it longer and other; what breaks is left beside the others, to be checked in.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;

use crate::link::calls::{Calls, Fate};
use crate::link::frame::{Broken, Frame, HEADER, Side};
use crate::link::messages::{
    Answer, Call, Challenge, Failure, Farewell, Hello, Refused, Report, Rotate, Rotated, RotationDone,
    Welcome,
};
use crate::link::passing::{Passing, Seen};
use crate::link::{CALLS_MOST, CREDIT_MOST};

/// Rounds of the usual test run.
const ROUNDS: u64 = 20_000;
/// The most inputs that are kept.
const KEPT_MOST: usize = 2000;
/// The longest input.
const LONGEST: usize = 4096;

/// Set in a step's first byte: the server speaks, not the agent.
const SERVER: u8 = 1;
/// Set in a step's first byte: whoever speaks keeps to the rules, and says nothing where these forbid it.
const HONEST: u8 = 2;
/// Set in a step's first byte: what follows the frame's header is repeated up to [`BIG_MOST`] bytes.
const BIG: u8 = 4;
/// Set in a step's first byte: whoever hears it does not pass it on.
const HELD: u8 = 8;

/// The length of what is repeated.
const BIG_MOST: usize = 60_000;

/// Plays a conversation and says what became of each of its frames. A step is a byte of flags, a length (2 bytes,
/// big-endian) and so many bytes of a frame.
fn play(input: &[u8]) -> Vec<(u8, &'static str)> {
    let (mut agent, mut server) = (Calls::new(Side::Agent), Calls::new(Side::Server));
    let (mut rest, mut story, mut in_step) = (input, Vec::new(), true);
    while let Some((&[flags, high, low], tail)) = rest.split_first_chunk::<3>() {
        let (bytes, after) = tail.split_at(usize::from(u16::from_be_bytes([high, low])).min(tail.len()));
        rest = after;
        let big = match bytes.split_at_checked(HEADER) {
            Some((head, payload)) if flags & BIG != 0 && !payload.is_empty() => {
                [head, &payload.repeat(BIG_MOST / payload.len())].concat()
            }
            _ => bytes.to_vec(),
        };
        let bytes = big.as_slice();
        let from = if flags & SERVER == 0 { Side::Agent } else { Side::Server };
        if from == Side::Agent {
            looks_as_it_reads(bytes);
        }
        let frame = match Frame::decode(bytes, from) {
            Ok(frame) => frame,
            Err(broken) => {
                story.push((bytes.get(1).copied().unwrap_or_default(), broken.code()));
                break;
            }
        };
        assert_eq!(frame.encode().as_deref(), Ok(bytes), "a frame has one form");
        assert!(frame.sender().is_none_or(|sender| sender == from), "{frame:?} came from {from:?}");
        let word = if reads(&frame) { "read" } else { "not_read" };
        if frame.call().is_none() {
            story.push((frame.kind(), word));
            continue;
        }
        let (ours, theirs) =
            if from == Side::Agent { (&mut agent, &mut server) } else { (&mut server, &mut agent) };
        // Credit is honest only when something was passed on for it.
        if flags & HONEST != 0 && !matches!(frame, Frame::Credit(..)) {
            match ours.send(&frame) {
                Ok(Fate::Taken | Fate::Last) => {}
                Ok(Fate::Late) => continue,
                Err(_) => break,
            }
        } else {
            in_step = false;
        }
        let outcome = theirs.receive(&frame);
        assert!(!in_step || outcome.is_ok(), "an honest side was sent away: {outcome:?} for {frame:?}");
        let word = match outcome {
            Ok(Fate::Taken) => word,
            Ok(Fate::Last) => "last",
            Ok(Fate::Late) => "late",
            Err(misuse) => misuse.code(),
        };
        story.push((frame.kind(), word));
        if outcome.is_err() {
            break;
        }
        if let Frame::Data(id, bytes) = frame
            && flags & HELD == 0
            && let Some(credit) = theirs.passed_on(id, bytes.len())
        {
            let credit = Frame::Credit(id, credit);
            let (sent, came) = (theirs.send(&credit), ours.receive(&credit));
            assert!(!in_step || (sent.is_ok() && came.is_ok()), "{credit:?}: {sent:?}, {came:?}");
            story.push((credit.kind(), "given"));
        }
        for calls in [&agent, &server] {
            assert!(calls.len() <= CALLS_MOST);
            assert!(calls.ids().all(|id| calls.credit(id) <= CREDIT_MOST));
        }
    }
    story
}

/// Whoever only looks at the first bytes of a piece of an answer comes to what reading all of it comes to.
fn looks_as_it_reads(bytes: &[u8]) {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let word = |at: usize| u32::from_be_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
    let seen = Seen { version: byte(0), kind: byte(1), call: word(2), word: word(6), length: bytes.len() };
    let looked = Passing::look(seen);
    match Frame::decode(bytes, Side::Agent) {
        Ok(Frame::Answer(id, _)) => assert_eq!(looked, Ok(Some((id, Passing::Answer)))),
        Ok(Frame::Data(id, data)) => assert_eq!(looked, Ok(Some((id, Passing::Data { bytes: data.len() })))),
        Ok(Frame::End(id)) => assert_eq!(looked, Ok(Some((id, Passing::End)))),
        Ok(Frame::Whole(id, head, body)) => {
            assert_eq!(looked, Ok(Some((id, Passing::Whole { text: head.len(), bytes: body.len() }))));
        }
        Ok(_) => assert_eq!(looked, Ok(None)),
        // Whether a text is one, and what else is wrong, shows when it is read.
        Err(Broken::Text) => {}
        Err(_) => assert!(!matches!(looked, Ok(Some(_))), "{bytes:?}: {looked:?}"),
    }
}

/// Whether the JSON of a frame is what its kind says. It never panics.
fn reads(frame: &Frame<'_>) -> bool {
    match frame {
        Frame::Hello(text) => serde_json::from_str::<Hello>(text).is_ok(),
        Frame::Challenge(text) => serde_json::from_str::<Challenge>(text).is_ok(),
        Frame::Welcome(text) => serde_json::from_str::<Welcome>(text).is_ok(),
        Frame::Refused(text) => serde_json::from_str::<Refused>(text).is_ok(),
        Frame::Report(text) => serde_json::from_str::<Report>(text).is_ok(),
        Frame::Goodbye(text) => serde_json::from_str::<Farewell>(text).is_ok(),
        Frame::Rotate(text) => serde_json::from_str::<Rotate>(text).is_ok(),
        Frame::Rotated(text) => serde_json::from_str::<Rotated>(text).is_ok(),
        Frame::RotationDone(text) => serde_json::from_str::<RotationDone>(text).is_ok(),
        Frame::Call(_, text) => serde_json::from_str::<Call>(text).is_ok(),
        Frame::Answer(_, text) | Frame::Whole(_, text, _) => serde_json::from_str::<Answer>(text).is_ok(),
        Frame::Failure(_, text) => serde_json::from_str::<Failure>(text).is_ok(),
        _ => true,
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/frames"))
}

/// What is checked in, by name.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files
        .map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&file).unwrap()))
        .collect();
    all.sort();
    all
}

/// Numbers that follow each other by chance (xorshift, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.number() >> 33).unwrap() % most.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.number().to_be_bytes()[0]
    }
}

/// Numbers at which something changes.
const EDGES: [u32; 8] = [0, 1, 2, 255, 256, CREDIT_MOST, CREDIT_MOST + 1, u32::MAX];

/// One change.
fn change(input: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(input.len());
    let to = at + chance.below((input.len() - at).min(64) + 1);
    match chance.below(9) {
        0 if !input.is_empty() => input[at] ^= 1 << chance.below(8),
        1 if !input.is_empty() => input[at] = chance.byte(),
        2 => input.insert(at, chance.byte()),
        3 => drop(input.drain(at..to)),
        4 => {
            let piece = input[at..to].to_vec();
            input.splice(at..at, piece);
        }
        5 => {
            let edge = EDGES[chance.below(EDGES.len())].to_be_bytes();
            let to = (at + 4).min(input.len());
            input[at..to].copy_from_slice(&edge[..to - at]);
        }
        6 => {
            let from = chance.below(other.len());
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        7 => input.extend_from_slice(other),
        _ => {
            // A frame without much in it, about a call that may be there.
            let kind = [0x09, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27][chance.below(9)];
            let step = [chance.byte() & 15, 0, 7, 1, kind, 0, 0, 0, chance.byte() & 3, chance.byte()];
            input.splice(at..at, step);
        }
    }
    input.truncate(LONGEST);
}

fn number(name: &str, preset: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(preset)
}

fn seen(story: &[(u8, &'static str)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Runs of the same count once, so that length alone is nothing new.
    let mut last = None;
    for step in story.iter().filter(|step| last.replace(**step) != Some(**step)) {
        step.hash(&mut hasher);
    }
    hasher.finish()
}

#[test]
fn the_corpus_has_every_kind_of_frame_and_every_way_to_end() {
    let stories: Vec<_> = corpus().iter().flat_map(|(_, input)| play(input)).collect();
    for kind in (0x01..=0x0e).chain(0x20..=0x27) {
        let right = |(other, word): &(u8, &str)| *other == kind && ["read", "last", "late"].contains(word);
        assert!(stories.iter().any(right), "no right frame of the kind {kind:02x}");
    }
    for word in [
        "truncated",
        "oversized",
        "version",
        "kind",
        "call_number",
        "direction",
        "text",
        "number",
        "late",
        "given",
        "unknown_call",
        "not_rising",
        "out_of_order",
        "overrun",
        "credit_overflow",
        "not_read",
    ] {
        assert!(stories.iter().any(|(_, other)| *other == word), "nothing ends with {word}");
    }
}

#[test]
fn conversations_of_any_kind_do_no_harm() {
    let seed = number("FUZZ_SEED", 1);
    let mut chance = Chance(seed.max(1));
    let mut pool: Vec<Vec<u8>> = corpus().into_iter().map(|(_, input)| input).collect();
    let mut known: BTreeSet<u64> = pool.iter().map(|input| seen(&play(input))).collect();
    for round in 0..number("FUZZ_ROUNDS", ROUNDS) {
        let mut input = pool[chance.below(pool.len())].clone();
        for _ in 0..=chance.below(4) {
            let other = pool[chance.below(pool.len())].clone();
            change(&mut input, &other, &mut chance);
        }
        match catch_unwind(AssertUnwindSafe(|| play(&input))) {
            Ok(story) => {
                if known.insert(seen(&story)) && pool.len() < KEPT_MOST {
                    pool.push(input);
                }
            }
            Err(why) => {
                let file = folder().join(format!("broken-{seed}-{round}"));
                fs::write(&file, &input).unwrap();
                eprintln!("seed {seed}, round {round}: {}", file.display());
                resume_unwind(why);
            }
        }
    }
    assert!(pool.len() > corpus().len(), "nothing new was found: the changes are of no use");
}
