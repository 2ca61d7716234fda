//! Clock, random bytes, log and the world outside, as a test wants them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use drawbridge_domain::time::Timestamp;

use crate::ports::{
    Background, Clock, Log, Outward, OutwardError, OutwardRequest, OutwardResponse, Pending, Random,
    RandomFailed,
};

/// A clock that stands still until it is moved.
pub(crate) struct TestClock(Cell<i64>);

impl Default for TestClock {
    fn default() -> Self {
        Self(Cell::new(1_780_000_000_000))
    }
}

impl TestClock {
    pub(crate) fn advance(&self, millis: i64) {
        self.0.set(self.0.get() + millis);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.get())
    }
}

/// Bytes that look random and are the same in every run.
#[derive(Default)]
pub(crate) struct SeededRandom(Cell<u64>);

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomFailed> {
        for byte in bytes {
            // SplitMix64.
            let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.0.set(state);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed >> 56) as u8;
        }
        Ok(())
    }
}

/// The lines that were logged.
#[derive(Default)]
pub(crate) struct TestLog(pub(crate) RefCell<Vec<String>>);

impl Log for TestLog {
    fn line(&self, line: &str) {
        self.0.borrow_mut().push(line.to_owned());
    }
}

/// Work after the answer, done at once.
pub(crate) struct AtOnce;

impl Background for AtOnce {
    fn spawn(&self, work: Pending<'static, ()>) {
        pollster::block_on(work);
    }
}

type Respond = Box<dyn Fn(&OutwardRequest) -> Result<OutwardResponse, OutwardError>>;

/// A world outside that answers what the test said, in turn, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct FakeOutward {
    answers: RefCell<VecDeque<Respond>>,
    pub(crate) asked: RefCell<Vec<OutwardRequest>>,
}

impl FakeOutward {
    /// The next call gets this.
    pub(crate) fn next(
        &self,
        respond: impl Fn(&OutwardRequest) -> Result<OutwardResponse, OutwardError> + 'static,
    ) {
        self.answers.borrow_mut().push_back(Box::new(respond));
    }

    /// The next call gets this status and JSON.
    pub(crate) fn next_json(&self, status: u16, body: serde_json::Value) {
        self.next(move |_| {
            let mut headers = http::HeaderMap::new();
            headers.insert("content-type", http::HeaderValue::from_static("application/json"));
            Ok(OutwardResponse { status, headers, body: body.to_string().into_bytes() })
        });
    }
}

impl Outward for FakeOutward {
    fn send(&self, request: OutwardRequest) -> Pending<'_, Result<OutwardResponse, OutwardError>> {
        let answer = self.answers.borrow_mut().pop_front();
        let result = match answer {
            Some(respond) => respond(&request),
            None => Err(OutwardError::Unreachable(format!("the test expected no call to {}", request.url))),
        };
        self.asked.borrow_mut().push(request);
        Box::pin(std::future::ready(result))
    }
}
