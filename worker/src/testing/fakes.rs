//! Clock, random bytes, log and the world outside, as a test wants them.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use drawbridge_domain::id::TenantId;
use drawbridge_domain::time::Timestamp;

use crate::features::connections::keeper::Keeper;
use crate::ports::{
    Background, Clock, Feeds, Keepers, Log, Notes, Opened, Outward, OutwardBody, OutwardError, OutwardOpened,
    OutwardOpening, OutwardRequest, OutwardResponse, Pending, Pieces, Random, RandomFailed, Stream,
};
use crate::services::Services;

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

    fn wait(&self, millis: u32) -> Pending<'_, ()> {
        self.advance(i64::from(millis));
        Box::pin(std::future::ready(()))
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

    fn after(&self, _: u32, work: Pending<'static, ()>) {
        self.spawn(work);
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

    /// What was said is not said any more.
    pub(crate) fn clear(&self) {
        self.answers.borrow_mut().clear();
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

    fn open(&self, request: OutwardOpening) -> Pending<'_, Opened> {
        Box::pin(async move {
            let body = match request.body {
                OutwardBody::None => None,
                OutwardBody::Whole(bytes) => Some(bytes),
                OutwardBody::Stream(stream) => Some(stream.read(usize::MAX).await.unwrap().unwrap()),
            };
            let (method, url, headers) = (request.method, request.url, request.headers);
            let time_limit = request.time_limit;
            let whole = OutwardRequest { method, url, headers, body, time_limit, size_limit: usize::MAX };
            let answer = self.send(whole).await?;
            let body = in_pieces(&answer.body);
            Ok(OutwardOpened { status: answer.status, headers: answer.headers, body })
        })
    }

    fn in_ascii(&self, url: &str) -> Option<String> {
        let (scheme, rest) = url.split_once("://")?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let url = format!("{scheme}://{}{path}", host_in_ascii(host));
        url::Url::parse(&url).ok().map(String::from)
    }
}

/// As much of it as a test writes: letters that are small already.
fn host_in_ascii(host: &str) -> String {
    let label = |label: &str| match idna::punycode::encode_str(label) {
        Some(code) if !label.is_ascii() => format!("xn--{code}"),
        _ => label.to_owned(),
    };
    host.split('.').map(label).collect::<Vec<_>>().join(".")
}

struct Cut(VecDeque<Vec<u8>>);

impl Pieces for Cut {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(std::future::ready(self.0.pop_front().map(Ok)))
    }
}

/// A body in pieces of a few bytes.
pub(crate) fn in_pieces(body: &[u8]) -> Stream {
    Stream::new(Cut(body.chunks(7).map(<[u8]>::to_vec).collect()))
}

/// A keeper and its notes.
type Kept = (Rc<Keeper>, Rc<TestNotes>);

/// The keepers of connections, in process, with notes in memory; alarms ring when a test says so.
#[derive(Default)]
pub(crate) struct TestKeepers {
    services: RefCell<Option<Services>>,
    all: RefCell<BTreeMap<String, Kept>>,
}

impl TestKeepers {
    pub(crate) fn work_with(&self, services: &Services) {
        *self.services.borrow_mut() = Some(services.clone());
    }

    /// From now on nobody is answered.
    pub(crate) fn part(&self) {
        self.services.take();
    }

    fn one(&self, name: &str) -> Kept {
        self.all.borrow_mut().entry(name.to_owned()).or_default().clone()
    }

    /// What the keepers noted.
    pub(crate) fn notes(&self) -> Vec<Rc<TestNotes>> {
        self.all.borrow().values().map(|(_, notes)| Rc::clone(notes)).collect()
    }

    /// The keepers end and are made anew; their notes stay.
    pub(crate) fn forget(&self) {
        self.all.borrow_mut().values_mut().for_each(|(keeper, _)| *keeper = Rc::default());
    }

    /// Rings the alarms whose time has come.
    pub(crate) fn ring(&self) {
        let services = self.services.borrow().clone().unwrap();
        let all: Vec<_> = self.all.borrow().values().cloned().collect();
        for (keeper, notes) in all {
            if notes.alarm.get().is_some_and(|at| at <= services.now()) {
                notes.alarm.set(None);
                pollster::block_on(keeper.wake(&services, &*notes)).unwrap();
            }
        }
    }
}

impl Keepers for TestKeepers {
    fn ask(&self, name: &str, message: String) -> Pending<'_, Result<String, String>> {
        let (keeper, notes) = self.one(name);
        let services = self.services.borrow().clone().unwrap();
        Box::pin(async move { keeper.answer(&services, &*notes, &message).await })
    }
}

/// A keeper's notes in memory.
#[derive(Default)]
pub(crate) struct TestNotes {
    pub(crate) texts: RefCell<BTreeMap<&'static str, String>>,
    pub(crate) alarm: Cell<Option<Timestamp>>,
}

impl Notes for TestNotes {
    fn get(&self, name: &'static str) -> Pending<'_, Result<Option<String>, String>> {
        Box::pin(std::future::ready(Ok(self.texts.borrow().get(name).cloned())))
    }

    fn put(&self, name: &'static str, text: String) -> Pending<'_, Result<(), String>> {
        self.texts.borrow_mut().insert(name, text);
        Box::pin(std::future::ready(Ok(())))
    }

    fn remove(&self, name: &'static str) -> Pending<'_, Result<(), String>> {
        self.texts.borrow_mut().remove(name);
        Box::pin(std::future::ready(Ok(())))
    }

    fn wake(&self, at: Option<Timestamp>) -> Pending<'_, Result<(), String>> {
        self.alarm.set(at);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The notices that the feeds of tenants were told.
#[derive(Default)]
pub(crate) struct TestFeeds {
    pub(crate) told: RefCell<Vec<(TenantId, String)>>,
    /// Nobody reaches a feed.
    pub(crate) broken: Cell<bool>,
}

impl Feeds for TestFeeds {
    fn tell(&self, tenant: &TenantId, notice: String) -> Pending<'_, Result<(), String>> {
        if self.broken.get() {
            return Box::pin(std::future::ready(Err("no feed".to_owned())));
        }
        self.told.borrow_mut().push((tenant.clone(), notice));
        Box::pin(std::future::ready(Ok(())))
    }
}
