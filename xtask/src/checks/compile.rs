//! What cargo itself checks: format, lints, tests that run on this machine.

use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::{Outcome, browser, list, metadata, strangers, text};
use crate::layout::Layout;
use crate::{counts, process, tools};

/// The member with the tests that run against workerd.
const RUNTIME_TESTS: &str = "drawbridge-tests";
/// The program that holds them.
const RUNTIME_TESTS_PROGRAM: &str = "workerd";

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

/// The same, and no member gave cause for a warning. One does not stop what comes after it.
fn clean(mut command: Command, name: &str) -> Result<Outcome> {
    let printed = process::capture(&mut command, name, false)?;
    let warned = |line: &str| line.starts_with("warning: `") && line.contains(") generated ");
    if printed.status.success() && !printed.text.lines().any(warned) {
        return Ok(Outcome::of(&[]));
    }
    let progress = |line: &&str| {
        ["Compiling", "Checking", "Fresh"].iter().all(|verb| !line.trim_start().starts_with(verb))
    };
    let said: Vec<_> = printed.text.lines().filter(progress).collect();
    Ok(Outcome::of(&[format!("{}\n{name} is not content", said.join("\n"))]))
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

/// Has clippy compile the workspace's members in the compiler's place. What it compiles is used afterwards, whereas
/// `cargo clippy` compiles every dependency once more to look at it only.
pub(crate) fn linted(layout: &Layout, command: &mut Command) -> Result<()> {
    let mut which = Command::new("rustc");
    let folder = process::quiet(which.current_dir(&layout.root).args(["--print", "sysroot"]), "rustc")?;
    let driver = std::path::Path::new(folder.trim()).join("bin/clippy-driver");
    // No arguments of its own: what is forbidden stands in the workspace's manifest.
    command.env("RUSTC_WORKSPACE_WRAPPER", driver).env("CLIPPY_ARGS", "");
    Ok(())
}

/// A cargo command about everything that builds on this machine, with every feature that only adds and with lints. All
/// that work here are of this kind, so that nothing is compiled twice.
pub(super) fn native(layout: &Layout, verb: &str) -> Result<Command> {
    let mut command = cargo(layout, &[verb, "--workspace"]);
    command.args(native_features(layout)?);
    linted(layout, &mut command)?;
    Ok(command)
}

/// Everything that builds on this machine, tests too.
pub(crate) fn clippy_native(layout: &Layout) -> Result<Outcome> {
    let mut command = native(layout, "build")?;
    command.args(["--all-targets", "--keep-going"]);
    clean(command, "clippy")
}

/// What runs in the browser and in the Worker, as it is compiled for there; the Worker as deployed, and with
/// the sandbox.
pub(crate) fn clippy_wasm(layout: &Layout) -> Result<Outcome> {
    let mut console = cargo(layout, &["build", "--all-targets", "--keep-going", "--target", tools::WASM]);
    console.args(["-p", "drawbridge-app"]);
    linted(layout, &mut console)?;
    let worker = |features: &[&str]| {
        let mut command = cargo(layout, &["clippy", "--target", tools::WASM, "-p", "drawbridge-worker"]);
        command.args(features).args(["--", "-D", "warnings"]);
        command
    };
    let outcomes = [
        clean(console, "clippy for the browser")?,
        good(worker(&[]), "clippy for the Worker")?,
        good(worker(&["--features", "sandbox"]), "clippy for the Worker with the sandbox")?,
    ];
    Ok(Outcome {
        passed: outcomes.iter().map(|outcome| outcome.passed).sum(),
        failed: outcomes.iter().map(|outcome| outcome.failed).sum(),
        text: outcomes.map(|outcome| outcome.text).join("\n"),
    })
}

/// The features that only add.
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
    let mut command = native(layout, "test")?;
    command.arg("--no-fail-fast");
    if layout.has("tests/Cargo.toml") {
        command.args(["--exclude", RUNTIME_TESTS]);
    }
    counts::run(&mut command, "cargo test")
}

/// The runtime is killed a hundred times in the middle of refreshing a token.
pub(crate) fn crashes(layout: &Layout) -> Result<Outcome> {
    let mut command = native(layout, "test")?;
    command.args(["--test", RUNTIME_TESTS_PROGRAM, "killed_at_any_step"]);
    command.env("CRASH_ROUNDS", "100");
    counts::run(&mut command, "a hundred crashes on workerd")
}

/// Conversations over the gateway's link, a million of them and other ones each time; the seed is said when one breaks.
pub(crate) fn fuzz(layout: &Layout) -> Result<Outcome> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mut command = native(layout, "test")?;
    command.args(["--lib", "conversations_of_any_kind", "--", "--nocapture"]);
    command.env("FUZZ_ROUNDS", "1000000").env("FUZZ_SEED", since.as_secs().to_string());
    counts::run(&mut command, "the gateway's link under fuzzing")
}

/// Calls of every kind that the document of the API allows, and many that it does not, against the real runtime.
pub(crate) fn properties(layout: &Layout) -> Result<Outcome> {
    let mut command = native(layout, "test")?;
    command.args(["--test", RUNTIME_TESTS_PROGRAM, "properties::", "--", "--ignored", "--nocapture"]);
    browser::environment(layout, &mut command)?;
    strangers::schemathesis(layout, &mut command)?;
    counts::run(&mut command, "schemathesis on workerd")
}

/// The agent with databases, a proxy and a login that others wrote.
pub(crate) fn real_systems(layout: &Layout) -> Result<Outcome> {
    let mut command = native(layout, "test")?;
    command.args(["--test", "e2e", "--no-fail-fast", "real::", "--", "--ignored", "--skip", "sqlserver"]);
    strangers::systems(layout, &mut command)?;
    counts::run(&mut command, "the agent with real systems")
}

/// The agent with Microsoft's mock of SQL Server, which has to be compiled, with OpenSSL.
pub(crate) fn sqlserver_mock(layout: &Layout) -> Result<Outcome> {
    let folder = layout.at("target/tds");
    let mut build =
        cargo(layout, &["build", "--locked", "--quiet", "--manifest-path", "tests/tds/Cargo.toml"]);
    process::quiet(build.env("CARGO_TARGET_DIR", &folder), "cargo build of the mock")?;
    let mut command = native(layout, "test")?;
    command.args(["--test", "e2e", "real::sqlserver", "--", "--ignored"]);
    strangers::systems(layout, &mut command)?;
    command.env("TDS_MOCK", folder.join("debug/drawbridge-tds-mock"));
    counts::run(&mut command, "the agent with a mock of SQL Server")
}

/// HTTP against the real runtime: the tests start servers through tools/serve.mjs themselves.
pub(crate) fn runtime_tests(layout: &Layout) -> Result<Outcome> {
    if !layout.has("tests/Cargo.toml") {
        return Ok(Outcome::none());
    }
    let mut command = native(layout, "test")?;
    command.args(["--test", RUNTIME_TESTS_PROGRAM, "--no-fail-fast"]);
    browser::environment(layout, &mut command)?;
    strangers::clients(layout, &mut command)?;
    counts::run(&mut command, "cargo test on workerd")
}
