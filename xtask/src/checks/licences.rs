//! Licences, bans and sources of the libraries, by the rules of deny.toml.
//!
//! `cargo deny` reads the same file. Compiling it takes as long as everything else that set-up compiles, so the
//! usual test run holds the rules itself, and `npm run test:all` asks cargo deny too.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use super::{Outcome, list, metadata, text};
use crate::layout::Layout;
use crate::{process, tools};

const CARGO_DENY: &str = "0.20.2";

#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    /// The libraries that may depend on it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Sources {
    #[serde(rename = "allow-registry")]
    allow_registry: Vec<String>,
}

/// Holds every library in Cargo.lock against the rules.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let rules = fs::read_to_string(layout.at("deny.toml")).context("deny.toml is missing")?;
    let rules: Rules = toml::from_str(&rules).context("deny.toml cannot be read")?;
    let metadata = metadata(layout, &["--all-features", "--locked"])?;
    let packages = list(&metadata, "packages").filter(|package| !text(package, "source").is_empty());
    let problems: Vec<_> =
        packages.flat_map(|package| broken(&rules, package, &dependents(&metadata, package))).collect();
    Ok(Outcome::of(&problems))
}

/// The names of the packages that depend on one.
fn dependents<'a>(metadata: &'a Value, package: &Value) -> Vec<&'a str> {
    let id = text(package, "id");
    let nodes = metadata.get("resolve").into_iter().flat_map(|resolve| list(resolve, "nodes"));
    let of: Vec<&str> = nodes
        .filter(|node| list(node, "dependencies").any(|dependency| dependency.as_str() == Some(id)))
        .map(|node| text(node, "id"))
        .collect();
    let all = list(metadata, "packages").filter(|other| of.contains(&text(other, "id")));
    all.map(|other| text(other, "name")).collect()
}

fn broken(rules: &Rules, package: &Value, dependents: &[&str]) -> Vec<String> {
    let name = text(package, "name");
    let title = format!("{name} {}", text(package, "version"));
    let mut problems = Vec::new();
    let source = text(package, "source").trim_start_matches("registry+");
    if !rules.sources.allow_registry.iter().any(|registry| registry == source) {
        problems.push(format!("{title} comes from {source}"));
    }
    if let Some(banned) = rules.bans.deny.iter().find(|banned| banned.name == name)
        && !dependents.iter().all(|dependent| banned.wrappers.iter().any(|wrapper| wrapper == dependent))
    {
        problems.push(format!("{title} is banned: {}", banned.reason));
    }
    let licence = text(package, "license");
    let exceptions = rules.licenses.exceptions.iter().filter(|exception| exception.name == name);
    let allowed: Vec<&str> = exceptions
        .flat_map(|exception| &exception.allow)
        .chain(&rules.licenses.allow)
        .map(String::as_str)
        .collect();
    if !permitted(licence, &allowed) {
        problems.push(format!("{title} has the licence “{licence}”, which deny.toml does not allow"));
    }
    problems
}

/// Whether an SPDX expression can be met with the allowed licences.
fn permitted(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Expression { words: &words, allowed, broken: false };
    reader.either() && reader.words.is_empty() && !reader.broken
}

struct Expression<'a> {
    words: &'a [&'a str],
    allowed: &'a [&'a str],
    /// It is no expression at all.
    broken: bool,
}

impl<'a> Expression<'a> {
    fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn next_is(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.take();
        }
        found
    }

    fn either(&mut self) -> bool {
        let mut met = self.both();
        while self.next_is("OR") {
            met |= self.both();
        }
        met
    }

    fn both(&mut self) -> bool {
        let mut met = self.one();
        while self.next_is("AND") {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        if self.next_is("(") {
            let met = self.either();
            self.broken |= !self.next_is(")");
            return met;
        }
        let Some(name) = self.take() else { return false };
        let mut name = name.to_owned();
        if self.next_is("WITH") {
            name = format!("{name} WITH {}", self.take().unwrap_or_default());
        }
        self.allowed.contains(&name.as_str())
    }
}

/// The same and more, by cargo deny itself.
pub(crate) fn cargo_deny(layout: &Layout) -> Result<Outcome> {
    tools::install(layout, "cargo-deny", "cargo-deny", CARGO_DENY, &["--locked"])?;
    let mut deny = Command::new(layout.tool("cargo-deny"));
    deny.current_dir(&layout.root).args(["--all-features", "check", "licenses", "bans", "sources"]);
    let printed = process::capture(&mut deny, "cargo deny", false)?;
    Ok(if printed.status.success() { Outcome::of(&[]) } else { Outcome::of(&[printed.text]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        assert!(permitted("MIT", &allowed));
        assert!(permitted("MIT OR GPL-3.0", &allowed));
        assert!(permitted("GPL-3.0/MIT", &allowed));
        assert!(permitted("(MIT OR GPL-3.0) AND Apache-2.0", &allowed));
        assert!(permitted("Apache-2.0 WITH LLVM-exception", &allowed));
        assert!(!permitted("MIT AND GPL-3.0", &allowed));
        assert!(!permitted("MIT WITH Something", &allowed));
        assert!(!permitted("", &allowed));
        assert!(!permitted("MIT OR (GPL-3.0", &allowed));
    }
}
