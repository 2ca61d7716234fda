//! Everything the commands print goes through here, so that it reads alike.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on standard output")]

use std::cell::Cell;
use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

/// One line as it is.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// From now on this thread works beside what is talked about: its steps, and the commands that it runs, say nothing.
pub(crate) fn hush() {
    HUSHED.set(true);
}

/// Whether this thread is to say nothing.
pub(crate) fn hushed() -> bool {
    HUSHED.get()
}

/// The beginning of a step that may take a while; say [`Step::done`] at its end.
pub(crate) fn step(what: &str) -> Step {
    if !hushed() {
        println!("{} {what}", mark("•", "36"));
    }
    Step { began: Instant::now() }
}

/// A step under way.
pub(crate) struct Step {
    began: Instant,
}

impl Step {
    /// Says how long it took, if that was long enough to be noticed.
    pub(crate) fn done(self) {
        let took = self.began.elapsed();
        if took > Duration::from_secs(2) && !hushed() {
            println!("  {} in {}", mark("done", "32"), seconds(took));
        }
    }
}

/// The result of one check, with what it counted and how long it took.
pub(crate) fn result(good: bool, name: &str, counted: &str, took: Duration) {
    let sign = if good { mark("✓", "32") } else { mark("✗", "31") };
    println!("{sign} {name}: {counted} ({})", seconds(took));
}

/// Text of a failure, indented under the check it belongs to.
pub(crate) fn detail(text: &str) {
    for line in text.lines() {
        println!("    {line}");
    }
    // Lines of children on the same terminal must not overtake this.
    drop(stdout().flush());
}

/// A duration in words: `340 ms`, `12.3 s`, `2 min 5 s`.
pub(crate) fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    match whole {
        0 => format!("{} ms", took.as_millis()),
        1..60 => format!("{:.1} s", took.as_secs_f32()),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

fn mark(text: &str, colour: &str) -> String {
    if stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        format!("\u{1b}[{colour}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
