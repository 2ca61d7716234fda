//! Every kind of frame as the bytes that agents in the field know. Whoever changes one of these breaks them.

use crate::link::codes::Cancelled;
use crate::link::frame::{Frame, Side};
use crate::link::proof::hex;

use super::id;

fn same(frame: Frame<'_>, from: Side, bytes: &str) {
    let encoded = frame.encode().unwrap();
    assert_eq!(hex(&encoded), bytes, "{frame:?}");
    assert_eq!(Frame::decode(&encoded, from), Ok(frame));
}

#[test]
fn frames_about_the_link() {
    use Side::{Agent, Server};
    same(Frame::Hello("{}"), Agent, "0101000000007b7d");
    same(Frame::Challenge("{}"), Server, "0102000000007b7d");
    same(Frame::Proof([7; 64]), Agent, &format!("010300000000{}", "07".repeat(64)));
    same(Frame::Welcome("{}"), Server, "0104000000007b7d");
    same(Frame::Refused("{}"), Server, "0105000000007b7d");
    same(Frame::Ping([1, 2, 3, 4, 5, 6, 7, 8]), Server, "0106000000000102030405060708");
    same(Frame::Pong([1, 2, 3, 4, 5, 6, 7, 8]), Agent, "0107000000000102030405060708");
    same(Frame::Report("{}"), Agent, "0108000000007b7d");
    same(Frame::Drain, Server, "010900000000");
    same(Frame::Drain, Agent, "010900000000");
    same(Frame::Goodbye("{}"), Server, "010a000000007b7d");
    same(Frame::Erased, Agent, "010b00000000");
    same(Frame::Rotate("{}"), Server, "010c000000007b7d");
    same(Frame::Rotated("{}"), Agent, "010d000000007b7d");
    same(Frame::RotationDone("{}"), Server, "010e000000007b7d");
}

#[test]
fn frames_about_a_call() {
    use Side::{Agent, Server};
    same(Frame::Call(id(1), "{}"), Server, "0120000000017b7d");
    same(Frame::Answer(id(258), "{}"), Agent, "0121000001027b7d");
    same(Frame::Data(id(1), &[0, 255]), Server, "01220000000100ff");
    same(Frame::End(id(u32::MAX)), Agent, "0123ffffffff");
    same(Frame::Credit(id(1), 65536), Server, "01240000000100010000");
    same(Frame::Failure(id(1), "{}"), Agent, "0125000000017b7d");
    same(Frame::Cancel(id(1), Cancelled::CallerGone), Server, "01260000000101");
    same(Frame::Cancel(id(1), Cancelled::Deadline), Server, "01260000000102");
    same(Frame::Cancel(id(1), Cancelled::BodyBroken), Server, "01260000000103");
    same(Frame::Whole(id(1), "{}", b""), Agent, "012700000001000000027b7d");
    same(Frame::Whole(id(1), "{}", &[0, 255]), Agent, "012700000001000000027b7d00ff");
}
