//! What the agent knows of itself: for the server's page, /readyz, /metrics and `status`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use drawbridge_contract::link::messages::{Report, TargetReport};
use drawbridge_contract::link::sealed::CredentialsWanted;
use drawbridge_contract::link::{FailureCode, TargetState};
use drawbridge_domain::gateway::target::TargetKind;
use tokio::sync::Notify;

/// The counters and states of one agent.
#[derive(Default)]
pub(crate) struct Telemetry {
    linked: AtomicBool,
    dials: AtomicU64,
    calls: AtomicU64,
    open: AtomicU64,
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
    round_trip: AtomicU64,
    inner: Mutex<Inner>,
    due: Notify,
}

#[derive(Default)]
struct Inner {
    /// Why there is no link.
    away: String,
    failed: BTreeMap<FailureCode, u64>,
    targets: BTreeMap<String, (TargetKind, TargetState, Option<FailureCode>)>,
}

impl Telemetry {
    /// Runs with what is behind the lock. A poisoned lock means that somebody panicked, which nothing here does.
    fn with<T: Default>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        self.inner.lock().map(|mut inner| act(&mut inner)).unwrap_or_default()
    }

    /// The link stands, or why it does not.
    pub(crate) fn link(&self, state: Result<(), String>) {
        self.linked.store(state.is_ok(), Ordering::Relaxed);
        self.with(|inner| inner.away = state.err().unwrap_or_default());
    }

    /// Whether the link stands; if not, why.
    pub(crate) fn ready(&self) -> Result<(), String> {
        if self.linked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let why = self.with(|inner| inner.away.clone());
        Err(if why.is_empty() { "the link is being made".to_owned() } else { why })
    }

    /// The link is tried.
    pub(crate) fn dialled(&self) {
        self.dials.fetch_add(1, Ordering::Relaxed);
    }

    /// The link's round trip was measured, in milliseconds.
    pub(crate) fn round_trip(&self, millis: u64) {
        self.round_trip.store(millis.saturating_add(1), Ordering::Relaxed);
    }

    /// A call begins.
    pub(crate) fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    /// A call is over.
    pub(crate) fn call_over(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// A call failed here.
    pub(crate) fn failed(&self, code: FailureCode) {
        self.with(|inner| *inner.failed.entry(code).or_default() += 1);
    }

    /// Bytes of a body went to a target.
    pub(crate) fn sent(&self, bytes: usize) {
        self.bytes_in.fetch_add(u64::try_from(bytes).unwrap_or_default(), Ordering::Relaxed);
    }

    /// Bytes of a body came from a target.
    pub(crate) fn received(&self, bytes: usize) {
        self.bytes_out.fetch_add(u64::try_from(bytes).unwrap_or_default(), Ordering::Relaxed);
    }

    /// How a target was found; whether that is new.
    pub(crate) fn target(
        &self,
        name: &str,
        kind: TargetKind,
        state: TargetState,
        reason: Option<FailureCode>,
    ) -> bool {
        let found = (kind, state, reason);
        self.with(|inner| inner.targets.insert(name.to_owned(), found) != Some(found))
    }

    /// Whether a target refused this machine's login in the last call to it.
    pub(crate) fn refuses_login(&self, name: &str) -> bool {
        let login = Some(FailureCode::TargetLogin);
        self.with(|inner| inner.targets.get(name).is_some_and(|(_, _, reason)| *reason == login))
    }

    /// Forgets targets that are no longer configured; whether there were any.
    pub(crate) fn keep_targets(&self, names: &[&str]) -> bool {
        self.with(|inner| {
            let before = inner.targets.len();
            inner.targets.retain(|name, _| names.contains(&name.as_str()));
            before != inner.targets.len()
        })
    }

    /// The server should hear how it is.
    pub(crate) fn report_due(&self) {
        self.due.notify_one();
    }

    /// Waits until the server should hear how it is.
    pub(crate) async fn until_report_due(&self) {
        self.due.notified().await;
    }

    /// How many calls came so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How it is, for the server.
    pub(crate) fn report<'a>(
        &self,
        targets: impl Iterator<Item = (&'a str, TargetKind, Option<CredentialsWanted>)>,
    ) -> Report {
        let trip = self.round_trip.load(Ordering::Relaxed).checked_sub(1);
        let found = self.with(|inner| inner.targets.clone());
        let targets = targets.map(|(name, kind, credentials)| {
            let (_, state, reason) = found.get(name).copied().unwrap_or((kind, TargetState::Unknown, None));
            TargetReport { name: name.to_owned(), kind, state, reason, credentials }
        });
        Report {
            targets: targets.collect(),
            round_trip: trip.and_then(|trip| u32::try_from(trip).ok()),
            calls: self.calls(),
            failed: self.with(|inner| inner.failed.values().sum()),
            bytes_in: self.bytes_in.load(Ordering::Relaxed),
            bytes_out: self.bytes_out.load(Ordering::Relaxed),
        }
    }

    /// How it is, in the text format of Prometheus.
    pub(crate) fn metrics(&self) -> String {
        let mut text = String::new();
        let mut one = |name: &str, kind: &str, help: &str, value: u64| {
            let name = format!("drawbridge_gateway_{name}");
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        };
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        one("link_up", "gauge", "Whether the link stands.", u64::from(self.linked.load(Ordering::Relaxed)));
        one("dials_total", "counter", "Times the link was tried.", read(&self.dials));
        one("calls_total", "counter", "Calls that came.", read(&self.calls));
        one("calls_open", "gauge", "Calls under way.", read(&self.open));
        one("request_bytes_total", "counter", "Bytes of bodies to targets.", read(&self.bytes_in));
        one("response_bytes_total", "counter", "Bytes of bodies from targets.", read(&self.bytes_out));
        if let Some(trip) = read(&self.round_trip).checked_sub(1) {
            one("round_trip_milliseconds", "gauge", "The link's last round trip.", trip);
        }
        self.with(|inner| {
            let _ = writeln!(text, "# HELP drawbridge_gateway_calls_failed_total Calls that failed here.");
            let _ = writeln!(text, "# TYPE drawbridge_gateway_calls_failed_total counter");
            for (code, count) in &inner.failed {
                let code = code.code();
                let _ = writeln!(text, "drawbridge_gateway_calls_failed_total{{code=\"{code}\"}} {count}");
            }
            let _ = writeln!(text, "# HELP drawbridge_gateway_target_up Whether a target can be reached.");
            let _ = writeln!(text, "# TYPE drawbridge_gateway_target_up gauge");
            for (name, (_, state, _)) in &inner.targets {
                let up = u8::from(*state == TargetState::Reachable);
                let _ = writeln!(text, "drawbridge_gateway_target_up{{target=\"{name}\"}} {up}");
            }
        });
        text
    }
}
