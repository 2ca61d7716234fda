//! Every check of `npm test`, in the order in which they run: the quick ones first.

mod arrows;
pub(crate) mod browser;
pub(crate) mod budgets;
mod compile;
mod dependencies;
mod deployment;
pub(crate) mod generated;
mod length;
mod licences;
mod links;
pub(crate) mod migrations;
mod node;
mod scan;
mod strangers;

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

use crate::layout::Layout;
use crate::process;

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
}

/// All of them.
pub(crate) const ALL: &[Check] = &[
    Check { name: "format", when: When::Quick, run: compile::format },
    Check { name: "arrows between folders", when: When::Quick, run: arrows::check },
    Check { name: "length of files", when: When::Quick, run: length::check },
    Check { name: "links in documents", when: When::Quick, run: links::check },
    Check { name: "migrations are append-only", when: When::Quick, run: migrations::check },
    Check { name: "licences and sources of dependencies", when: When::Quick, run: licences::check },
    Check { name: "no unused dependencies", when: When::Quick, run: dependencies::check },
    Check { name: "clippy, native", when: When::Quick, run: compile::clippy_native },
    Check { name: "clippy, wasm32", when: When::Quick, run: compile::clippy_wasm },
    Check { name: "generated files are current", when: When::Quick, run: generated::check },
    Check { name: "native tests", when: When::Quick, run: compile::native_tests },
    Check { name: "console tests in the browser", when: When::Usual, run: browser::console_tests },
    Check { name: "build of the console", when: When::Usual, run: deployment::build_console },
    Check { name: "build of the Worker", when: When::Usual, run: deployment::build_worker },
    Check { name: "wrangler deploy --dry-run", when: When::Usual, run: deployment::dry_run },
    Check { name: "no sandbox in production", when: When::Usual, run: deployment::no_sandbox },
    Check { name: "budgets of size", when: When::Usual, run: budgets::check },
    Check { name: "sandbox provider's tests", when: When::Usual, run: node::sandbox_tests },
    Check { name: "runtime tests on workerd", when: When::Usual, run: compile::runtime_tests },
    Check { name: "journeys in the browser", when: When::Usual, run: node::journeys },
    Check { name: "a hundred crashes in a refresh", when: When::Slow, run: compile::crashes },
    Check { name: "properties of the API", when: When::Slow, run: compile::properties },
    Check { name: "cargo deny", when: When::Slow, run: licences::cargo_deny },
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
