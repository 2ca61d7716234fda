//! Every check of `npm test`, in the order in which they run: the quick ones first.

mod arrows;
pub(crate) mod browser;
pub(crate) mod budgets;
pub(crate) mod compile;
mod dependencies;
mod deployment;
mod gateway;
pub(crate) mod generated;
mod length;
mod licences;
mod links;
pub(crate) mod migrations;
mod node;
mod scan;
pub(crate) mod strangers;

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

use crate::layout::Layout;
use crate::process;
use crate::products::Product::{self, Console, Gallery, Gateway, Gateways, Sandbox, Worker};

/// What a check counted, and what it has to say about failures.
pub(crate) struct Outcome {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) text: String,
}

impl Outcome {
    /// A check that is one thing: it holds if there are no problems.
    pub(crate) fn of(problems: &[String]) -> Self {
        let failed = usize::from(!problems.is_empty());
        Self { passed: 1 - failed, failed, text: problems.join("\n") }
    }

    /// A check that holds and says a number or two.
    pub(crate) fn good(text: String) -> Self {
        Self { passed: 1, failed: 0, text }
    }

    /// There is nothing to check yet.
    pub(crate) fn none() -> Self {
        Self { passed: 0, failed: 0, text: String::new() }
    }
}

/// When a check runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Also in `npm run check`.
    Quick,
    /// In `npm test`.
    Usual,
    /// Only in `npm run test:all`.
    Slow,
}

/// One check.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) when: When,
    pub(crate) run: fn(&Layout) -> Result<Outcome>,
    /// What has to be built before it runs.
    pub(crate) wants: &'static [Product],
}

const fn quick(name: &'static str, run: fn(&Layout) -> Result<Outcome>) -> Check {
    Check { name, when: When::Quick, run, wants: &[] }
}

const fn usual(name: &'static str, run: fn(&Layout) -> Result<Outcome>, wants: &'static [Product]) -> Check {
    Check { name, when: When::Usual, run, wants }
}

const fn slow(name: &'static str, run: fn(&Layout) -> Result<Outcome>, wants: &'static [Product]) -> Check {
    Check { name, when: When::Slow, run, wants }
}

/// What the check wants is built, and that is all of it.
const BUILDS: fn(&Layout) -> Result<Outcome> = |_| Ok(Outcome::of(&[]));

/// All of them.
pub(crate) const ALL: &[Check] = &[
    quick("format", compile::format),
    quick("arrows between folders", arrows::check),
    quick("length of files", length::check),
    quick("links in documents", links::check),
    quick("migrations are append-only", migrations::check),
    quick("licences and sources of dependencies", licences::check),
    quick("no unused dependencies", dependencies::check),
    quick("clippy, native", compile::clippy_native),
    quick("clippy, wasm32", compile::clippy_wasm),
    quick("generated files are current", generated::check),
    quick("native tests", compile::native_tests),
    usual("console tests in the browser", browser::console_tests, &[]),
    usual("build of the console", BUILDS, &[Console]),
    usual("build of the Worker", BUILDS, &[Worker]),
    usual("the gateway's agent as released", gateway::own, &[Gateway]),
    usual("wrangler deploy --dry-run", deployment::dry_run, &[Console, Worker, Gateway]),
    usual("no sandbox in production", deployment::no_sandbox, &[Worker]),
    usual("budgets of size", budgets::check, &[Console, Worker]),
    usual("sandbox provider's tests", node::sandbox_tests, &[]),
    usual("agent with real systems", compile::real_systems, &[]),
    usual("runtime tests on workerd", compile::runtime_tests, &[Console, Sandbox, Gateway]),
    usual("journeys in the browser", node::journeys, &[Console, Sandbox, Gallery, Gateway]),
    slow("a hundred crashes in a refresh", compile::crashes, &[Console, Sandbox]),
    slow("agent with a mock of SQL Server", compile::sqlserver_mock, &[]),
    slow("properties of the API", compile::properties, &[Console, Sandbox]),
    slow("the gateway's link under fuzzing", compile::fuzz, &[]),
    slow("the gateway in hard weather", gateway::weather, &[Gateway]),
    slow("the gateway's agent for every system", gateway::every, &[Console, Gateways]),
    slow("cargo deny", licences::cargo_deny, &[]),
];

/// Every file that belongs to the project: known to git or new, not ignored, with one of these endings.
pub(crate) fn project_files(layout: &Layout, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.current_dir(&layout.root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let printed = process::quiet(&mut git, "git ls-files")?;
    let mut files: Vec<_> = printed
        .split('\0')
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .map(PathBuf::from)
        .filter(|name| layout.root.join(name).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// What `cargo metadata` says.
pub(crate) fn metadata(layout: &Layout, extra: &[&str]) -> Result<Value> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(&layout.root).args(["metadata", "--format-version", "1", "--quiet"]).args(extra);
    let printed = process::capture(&mut cargo, "cargo metadata", true)?;
    serde_json::from_str(&printed.text).context("cargo metadata did not print JSON")
}

/// The items of a list in a JSON object, none if it is not there.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A text in a JSON object, empty if it is not there.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
