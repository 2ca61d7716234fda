//! What cargo itself checks: format, lints, tests that run on this machine.

use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::{Outcome, browser, list, metadata, text};
use crate::layout::Layout;
use crate::{build_app, build_worker, counts, process, tools};

/// The member with the tests that run against workerd.
const RUNTIME_TESTS: &str = "drawbridge-tests";

fn cargo(layout: &Layout, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&layout.root).args(arguments);
    command
}

/// A command that is right when it succeeds; what it said is shown when not.
fn good(mut command: Command, name: &str) -> Result<Outcome> {
    let printed = process::capture(&mut command, name, true)?;
    if printed.status.success() {
        return Ok(Outcome::of(&[]));
    }
    Ok(Outcome::of(&[format!("{}{name} failed", printed.text)]))
}

/// The members of the workspace and their features.
fn features(layout: &Layout) -> Result<Vec<(String, Vec<String>)>> {
    let metadata = metadata(layout, &["--no-deps"])?;
    let members = list(&metadata, "packages").map(|package| {
        let features = package.get("features").and_then(Value::as_object);
        (
            text(package, "name").to_owned(),
            features.into_iter().flatten().map(|(name, _)| name.clone()).collect(),
        )
    });
    Ok(members.collect())
}

/// rustfmt has nothing to change.
pub(crate) fn format(layout: &Layout) -> Result<Outcome> {
    let printed =
        process::capture(&mut cargo(layout, &["fmt", "--all", "--check", "--", "-l"]), "rustfmt", true)?;
    let files: Vec<_> = printed.text.lines().map(|file| format!("{file} is not formatted")).collect();
    Ok(if printed.status.success() { Outcome::of(&[]) } else { Outcome::of(&files) })
}

/// Everything that builds on this machine, tests too, with every feature that only adds.
pub(crate) fn clippy_native(layout: &Layout) -> Result<Outcome> {
    let mut command = cargo(layout, &["clippy", "--workspace", "--all-targets", "--keep-going"]);
    command.args(native_features(layout)?).args(["--", "-D", "warnings"]);
    good(command, "clippy")
}

/// What runs in the browser and in the Worker, as it is compiled for there; the Worker as deployed, and with
/// the sandbox.
pub(crate) fn clippy_wasm(layout: &Layout) -> Result<Outcome> {
    let base = ["clippy", "--keep-going", "--target", tools::WASM];
    let members = ["domain", "contract", "app", "worker"]
        .iter()
        .flat_map(|name| ["-p".to_owned(), format!("drawbridge-{name}")]);
    let mut all = cargo(layout, &base);
    all.args(members).args(["--", "-D", "warnings"]);
    let mut sandbox = cargo(layout, &base);
    sandbox.args(["-p", "drawbridge-worker", "--features", "sandbox", "--", "-D", "warnings"]);
    let (first, second) =
        (good(all, "clippy for wasm32")?, good(sandbox, "clippy for wasm32 with the sandbox")?);
    Ok(Outcome {
        passed: first.passed + second.passed,
        failed: first.failed + second.failed,
        text: [first.text, second.text].join("\n"),
    })
}

/// The same features for lints and tests, so that nothing is compiled twice.
fn native_features(layout: &Layout) -> Result<Vec<String>> {
    let wanted = [("drawbridge-contract", "openapi"), ("drawbridge-worker", "sandbox")];
    let members = features(layout)?;
    let there = wanted.iter().filter(|(member, feature)| {
        members.iter().any(|(name, features)| name == member && features.iter().any(|name| name == feature))
    });
    Ok(there.flat_map(|(member, feature)| ["--features".to_owned(), format!("{member}/{feature}")]).collect())
}

/// `cargo test` of every member but the one that needs workerd.
pub(crate) fn native_tests(layout: &Layout) -> Result<Outcome> {
    let mut command = cargo(layout, &["test", "--workspace", "--no-fail-fast"]);
    if layout.has("tests/Cargo.toml") {
        command.args(["--exclude", RUNTIME_TESTS]);
    }
    command.args(native_features(layout)?);
    counts::run(&mut command, "cargo test")
}

/// The runtime is killed a hundred times in the middle of refreshing a token.
pub(crate) fn crashes(layout: &Layout) -> Result<Outcome> {
    build_worker::SANDBOX.ensure(layout)?;
    build_app::CONSOLE.ensure(layout)?;
    let mut command = cargo(layout, &["test", "-p", RUNTIME_TESTS, "killed_at_any_step"]);
    command.env("CRASH_ROUNDS", "100");
    counts::run(&mut command, "a hundred crashes on workerd")
}

/// HTTP against the real runtime: the tests start servers through tools/serve.mjs themselves.
pub(crate) fn runtime_tests(layout: &Layout) -> Result<Outcome> {
    if !layout.has("tests/Cargo.toml") {
        return Ok(Outcome::none());
    }
    build_worker::SANDBOX.ensure(layout)?;
    build_app::CONSOLE.ensure(layout)?;
    let mut command = cargo(layout, &["test", "-p", RUNTIME_TESTS, "--no-fail-fast"]);
    browser::environment(layout, &mut command)?;
    counts::run(&mut command, "cargo test on workerd")
}
