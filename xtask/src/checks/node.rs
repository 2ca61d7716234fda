//! Tests that Node.js runs: the sandbox provider's own, and whole journeys in a real browser.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Outcome, browser};
use crate::counts;
use crate::layout::Layout;

/// The sandbox provider does what it is for.
pub(crate) fn sandbox_tests(layout: &Layout) -> Result<Outcome> {
    let files = test_files(layout, "tests/sandbox")?;
    if files.is_empty() {
        return Ok(Outcome::none());
    }
    counts::run(&mut node_test(layout, &files)?, "the sandbox provider's tests")
}

/// What a person does, in Chromium, against the whole product.
pub(crate) fn journeys(layout: &Layout) -> Result<Outcome> {
    let files = test_files(layout, "tests/e2e")?;
    if files.is_empty() {
        return Ok(Outcome::none());
    }
    // What measures time is not run beside others.
    let (alone, together): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.contains(".alone."));
    let run = |files: &[String]| {
        let mut command = node_test(layout, files)?;
        browser::environment(layout, &mut command)?;
        counts::run(&mut command, "journeys")
    };
    let (alone, together) = (run(&alone)?, run(&together)?);
    Ok(Outcome {
        passed: alone.passed + together.passed,
        failed: alone.failed + together.failed,
        text: [alone.text, together.text].join("\n").trim().to_owned(),
    })
}

fn node_test(layout: &Layout, files: &[String]) -> Result<Command> {
    let mut command = Command::new(layout.node());
    command.current_dir(&layout.root).env("PATH", layout.path_variable()?);
    command.args(["--test", "--test-reporter=spec"]).args(files);
    Ok(command)
}

fn test_files(layout: &Layout, folder: &str) -> Result<Vec<String>> {
    if !layout.has(folder) {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(layout.at(folder)).with_context(|| format!("cannot list {folder}"))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<std::io::Result<Vec<_>>>()?;
    names.retain(|name| name.ends_with(".test.mjs"));
    names.sort();
    Ok(names.into_iter().map(|name| format!("{folder}/{name}")).collect())
}
