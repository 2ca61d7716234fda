//! Something is turned over while many call.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use drawbridge_tests::browser::Browser;

/// How many call at once.
const CLIENTS: usize = 50;
/// How often each has called before the flip and calls after it, at least.
const CALLS: usize = 3;

/// A way to call, and what it is answered before and after.
pub(super) struct Probe<'a> {
    name: &'static str,
    before: u16,
    after: &'static [u16],
    call: &'a (dyn Fn(&Browser) -> u16 + Sync),
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        name: &'static str,
        before: u16,
        after: &'static [u16],
        call: &'a (dyn Fn(&Browser) -> u16 + Sync),
    ) -> Self {
        Self { name, before, after, call }
    }
}

/// Turns something over while many call, in each of these ways as many: of the calls that begin after its answer, each
/// is answered as it must be from then on.
pub(super) fn flip(what: &str, browser: &Browser, probes: &[Probe<'_>], act: impl FnOnce()) {
    let (calls, flipped) = (Mutex::new(Vec::new()), Mutex::new(None::<Instant>));
    let ready = AtomicUsize::new(0);
    // Whoever calls ends by then, also when the flip never comes.
    let end = Instant::now() + Duration::from_mins(3);
    std::thread::scope(|scope| {
        for (number, probe) in (0..CLIENTS).zip(probes.iter().cycle()) {
            let own = browser.afresh();
            let (calls, flipped, ready) = (&calls, &flipped, &ready);
            let place = number % probes.len();
            scope.spawn(move || {
                let (mut good, mut late) = (0, 0);
                while late < CALLS && Instant::now() < end {
                    let begun = Instant::now();
                    let status = (probe.call)(&own);
                    calls.lock().unwrap().push((place, begun, status));
                    good += usize::from(status == probe.before);
                    if good == CALLS {
                        ready.fetch_add(1, Ordering::Relaxed);
                        good += 1;
                    }
                    late += usize::from(flipped.lock().unwrap().is_some_and(|at| begun > at));
                }
            });
        }
        drawbridge_tests::wait::until("all of them call", Duration::from_mins(1), || {
            (ready.load(Ordering::Relaxed) == CLIENTS).then_some(())
        });
        act();
        *flipped.lock().unwrap() = Some(Instant::now());
    });
    let at = flipped.lock().unwrap().unwrap();
    let calls = calls.into_inner().unwrap();
    for (place, probe) in probes.iter().enumerate() {
        let of = calls.iter().filter(|(of, begun, _)| *of == place && *begun > at);
        let late: Vec<u16> = of.map(|(_, _, status)| *status).collect();
        assert!(late.len() >= CLIENTS / probes.len() * CALLS, "{what}, {}: {}", probe.name, late.len());
        assert!(late.iter().all(|status| probe.after.contains(status)), "{what}, {}: {late:?}", probe.name);
    }
}
