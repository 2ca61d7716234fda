//! The gateway's agent as it is downloaded: small, without a library of the system, light, and unmoved by bad weather.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Outcome, compile};
use crate::layout::Layout;
use crate::{build_gateway, counts};

/// Names the program that the tests run, in place of the one that cargo built for them.
const PROGRAM: &str = "DRAWBRIDGE_GATEWAY_PROGRAM";
/// The most that the idle agent may hold, in bytes.
const IDLE_MOST: &str = "DRAWBRIDGE_GATEWAY_IDLE_MOST";

#[derive(Deserialize)]
struct Budgets {
    gateway: Budget,
}

#[derive(Deserialize)]
struct Budget {
    max_mb: u64,
    max_idle_memory_mb: u64,
}

fn budget(layout: &Layout) -> Result<Budget> {
    let text = fs::read_to_string(layout.at("budgets.toml")).context("budgets.toml is missing")?;
    let budgets: Budgets = toml::from_str(&text).context("budgets.toml cannot be read")?;
    Ok(budgets.gateway)
}

/// This machine's: its size, what it needs of the system, and what it holds when nothing is to do.
pub(crate) fn own(layout: &Layout) -> Result<Outcome> {
    let sizes = sizes(layout)?;
    if sizes.failed > 0 {
        return Ok(sizes);
    }
    let tests = tests(layout, &["released::"])?;
    Ok(Outcome { passed: sizes.passed + tests.passed, failed: tests.failed, text: sizes.text + &tests.text })
}

/// Every program that is built: the same, as far as it can be seen from outside.
pub(crate) fn every(layout: &Layout) -> Result<Outcome> {
    sizes(layout)
}

/// What takes long: silence, sleep, ten thousand calls.
pub(crate) fn weather(layout: &Layout) -> Result<Outcome> {
    tests(layout, &["weather::", "--test-threads", "4"])
}

fn sizes(layout: &Layout) -> Result<Outcome> {
    let most = budget(layout)?.max_mb * 1_000_000;
    let (mut problems, mut held) = (Vec::new(), Vec::new());
    for (system, program) in build_gateway::programs(layout)? {
        let bytes = fs::read(&program).with_context(|| format!("cannot read {}", program.display()))?;
        if bytes.len() as u64 > most {
            problems.push(format!(
                "the agent for {system} has {} bytes, at most {most} are allowed",
                bytes.len()
            ));
        }
        if system.starts_with("linux") && needs_a_loader(&bytes) {
            problems.push(format!("the agent for {system} needs libraries of the system"));
        }
        held.push(format!("{system}: {} bytes", bytes.len()));
    }
    if held.is_empty() {
        problems.push("no agent was built".to_owned());
    }
    Ok(if problems.is_empty() { Outcome::good(held.join("; ")) } else { Outcome::of(&problems) })
}

/// The tests that are ignored elsewhere, with the program as released.
fn tests(layout: &Layout, which: &[&str]) -> Result<Outcome> {
    let mut command: Command = compile::native(layout, "test")?;
    command.args(["--test", "e2e", "--no-fail-fast", "--", "--ignored", "--nocapture"]).args(which);
    command.env(PROGRAM, build_gateway::own_program(layout)?);
    command.env(IDLE_MOST, (budget(layout)?.max_idle_memory_mb * 1_000_000).to_string());
    counts::run(&mut command, "cargo test of the gateway")
}

/// Whether a program in ELF (64 bit, little-endian) names a loader: one that does not is whole by itself.
fn needs_a_loader(bytes: &[u8]) -> bool {
    const LOADER: usize = 3;
    let number = |at: usize, length: usize| {
        let found = bytes.get(at..at.saturating_add(length)).unwrap_or_default();
        found.iter().rev().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    let (first, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    bytes.get(..4) != Some(b"\x7fELF") || (0..count).any(|at| number(first + at * size, 4) == LOADER)
}

/// A program of this machine that does need one.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_libraries_is_found_out() {
        let own = fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(needs_a_loader(&own));
        assert!(needs_a_loader(b"MZ"));
        assert!(!needs_a_loader(b"\x7fELF"), "a head without segments");
    }
}
