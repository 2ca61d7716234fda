//! How many tests ran, read from what the test runners print.

use std::process::Command;

use anyhow::Result;

use crate::checks::Outcome;
use crate::process;

/// Runs a command of tests; its progress (standard error) is shown, its report kept for when something fails.
pub(crate) fn run(command: &mut Command, name: &str) -> Result<Outcome> {
    let printed = process::capture(command, name, true)?;
    let (passed, mut failed) = count(&printed.text);
    // A test program that did not compile or crashed counts as one failure.
    if !printed.status.success() && failed == 0 {
        failed = 1;
    }
    let text = if failed > 0 { failures(&printed.text) } else { String::new() };
    Ok(Outcome { passed, failed, text })
}

/// Sums the lines of cargo's and of Node's reports.
fn count(text: &str) -> (usize, usize) {
    let mut sums = (0, 0);
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            for part in rest.split([';', '.']) {
                let part = part.trim();
                sums.0 += number_before(part, " passed");
                sums.1 += number_before(part, " failed");
            }
        } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            sums.0 += number_after(rest, "pass ");
            sums.1 += number_after(rest, "fail ") + number_after(rest, "cancelled ");
        }
    }
    sums
}

fn number_before(text: &str, word: &str) -> usize {
    text.strip_suffix(word).and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn number_after(text: &str, word: &str) -> usize {
    text.strip_prefix(word).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The report without the lines of tests that passed.
fn failures(text: &str) -> String {
    let passed = |line: &str| {
        let line = line.trim();
        (line.starts_with("test ") && line.ends_with("... ok")) || line.starts_with("✔ ") || line.is_empty()
    };
    text.lines().filter(|line| !passed(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_counted() {
        let cargo = "test a ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
                     test result: FAILED. 3 passed; 2 failed; 0 ignored";
        assert_eq!(count(cargo), (15, 2));
        assert_eq!(count("ℹ tests 5\nℹ pass 4\nℹ fail 1\nℹ cancelled 0"), (4, 1));
        assert_eq!(count("# pass 4\n# fail 0\n# cancelled 2"), (4, 2));
    }

    #[test]
    fn only_failures_are_shown() {
        assert_eq!(failures("test a ... ok\n\ntest b ... FAILED\nwhy"), "test b ... FAILED\nwhy");
    }
}
