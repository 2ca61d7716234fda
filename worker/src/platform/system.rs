//! Time, random bytes, the log and work after the answer.

use std::time::Duration;

use drawbridge_domain::time::Timestamp;
use worker::{Context, Delay, ScheduleContext, console_log};

use crate::ports::{Background, Clock, Log, Pending, Random, RandomFailed};

/// The runtime's clock; it stands still while code runs and moves on with each wait.
pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        let millis = js_sys::Date::now() as i64;
        Timestamp::from_millis(millis)
    }

    fn wait(&self, millis: u32) -> Pending<'_, ()> {
        Box::pin(delay(millis))
    }
}

fn delay(millis: u32) -> Delay {
    Delay::from(Duration::from_millis(u64::from(millis)))
}

async fn delayed(millis: u32, work: Pending<'static, ()>) {
    delay(millis).await;
    work.await;
}

/// The random bytes of `WebCrypto`.
pub(super) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomFailed> {
        getrandom::fill(bytes).map_err(|_| RandomFailed)
    }
}

/// The runtime's log.
pub(super) struct ConsoleLog;

impl Log for ConsoleLog {
    fn line(&self, line: &str) {
        console_log!("{line}");
    }
}

/// Work after the answer, kept alive by the request's context.
pub(super) struct WaitUntil(Context);

impl WaitUntil {
    pub(super) fn new(context: Context) -> Self {
        Self(context)
    }
}

impl Background for WaitUntil {
    fn spawn(&self, work: Pending<'static, ()>) {
        self.0.wait_until(work);
    }

    fn after(&self, millis: u32, work: Pending<'static, ()>) {
        self.0.wait_until(delayed(millis, work));
    }
}

/// Work beside a scheduled run, kept alive by the run's context.
pub(super) struct WaitUntilRun(ScheduleContext);

impl WaitUntilRun {
    pub(super) fn new(context: ScheduleContext) -> Self {
        Self(context)
    }
}

impl Background for WaitUntilRun {
    fn spawn(&self, work: Pending<'static, ()>) {
        self.0.wait_until(work);
    }

    fn after(&self, millis: u32, work: Pending<'static, ()>) {
        self.0.wait_until(delayed(millis, work));
    }
}

/// Work of a keeper, which lives on while something is under way.
pub(super) struct Inline;

impl Background for Inline {
    fn spawn(&self, work: Pending<'static, ()>) {
        worker::wasm_bindgen_futures::spawn_local(work);
    }

    fn after(&self, millis: u32, work: Pending<'static, ()>) {
        self.spawn(Box::pin(delayed(millis, work)));
    }
}
