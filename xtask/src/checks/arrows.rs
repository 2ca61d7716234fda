//! Who may name whom: between the members of the workspace and between their folders.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::scan::{Scanned, scan};
use super::{Outcome, list, metadata, project_files, text};
use crate::layout::Layout;

/// What each member may depend on. The tests may use everything; a member that is not here, nothing.
const ARROWS: &[(&str, &[&str])] = &[
    ("drawbridge-contract", &["drawbridge-domain"]),
    ("drawbridge-app", &["drawbridge-contract", "drawbridge-domain"]),
    ("drawbridge-worker", &["drawbridge-contract", "drawbridge-domain"]),
    ("drawbridge-cli", &["drawbridge-contract", "drawbridge-domain"]),
    ("drawbridge-gateway", &["drawbridge-contract", "drawbridge-domain"]),
];

/// The first words of SQL; they are looked for in capitals, as the stores write them.
const SQL: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "REPLACE INTO", "WITH "];

/// Checks all arrows.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let mut problems = members(layout)?;
    let sources = project_files(layout, &[".rs"])?;
    let features: BTreeSet<String> =
        sources.iter().filter_map(|file| feature_of(file, "app/src/features")).collect();
    for file in &sources {
        let name = file.to_string_lossy();
        if !(name.starts_with("app/src/") || name.starts_with("worker/src/")) {
            continue;
        }
        let scanned = scan(&std::fs::read_to_string(layout.root.join(file))?);
        problems.extend(in_app(file, &scanned, &features));
        problems.extend(in_worker(file, &scanned));
    }
    Ok(Outcome::of(&problems))
}

fn members(layout: &Layout) -> Result<Vec<String>> {
    let metadata = metadata(layout, &["--no-deps"])?;
    let names: BTreeSet<&str> = list(&metadata, "packages").map(|package| text(package, "name")).collect();
    let mut problems = Vec::new();
    for package in list(&metadata, "packages") {
        let name = text(package, "name");
        if name == "drawbridge-tests" {
            continue;
        }
        let allowed = ARROWS.iter().find(|(from, _)| *from == name).map_or([].as_slice(), |(_, to)| to);
        for dependency in list(package, "dependencies").map(|dependency| text(dependency, "name")) {
            // A member may name itself, to turn a feature on for its own tests.
            if dependency != name && names.contains(dependency) && !allowed.contains(&dependency) {
                problems.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    Ok(problems)
}

/// The folder or file directly under `base` that a file belongs to.
fn feature_of(file: &Path, base: &str) -> Option<String> {
    let inside = file.strip_prefix(base).ok()?;
    let first = inside.components().next()?.as_os_str().to_string_lossy().into_owned();
    let name = first.trim_end_matches(".rs").to_owned();
    (name != "mod").then_some(name)
}

/// `ui` knows no feature; no feature knows another.
fn in_app(file: &Path, scanned: &Scanned, features: &BTreeSet<String>) -> Vec<String> {
    let own = feature_of(file, "app/src/features");
    if own.is_none() && !file.starts_with("app/src/ui") {
        return Vec::new();
    }
    let named = |line: &str| -> Option<String> {
        let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if own.is_none() && (line.contains("features::") || line.contains("::features")) {
            return Some("a feature".to_owned());
        }
        let other = features.iter().filter(|feature| Some(*feature) != own.as_ref()).find(|feature| {
            own.is_some()
                && ["features::", "super::super::"]
                    .iter()
                    .any(|base| line.split(base).skip(1).any(|rest| first_word(rest) == feature.as_str()))
        });
        other.map(|feature| format!("the feature {feature}"))
    };
    let lines = scanned.code.lines().enumerate();
    lines
        .filter_map(|(at, line)| Some(format!("{}:{} names {}", file.display(), at + 1, named(line)?)))
        .collect()
}

/// Only `platform/` names the `worker` crate; SQL stands only in stores.
fn in_worker(file: &Path, scanned: &Scanned) -> Vec<String> {
    if !file.starts_with("worker/src") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let in_platform = file.starts_with("worker/src/platform");
    if !in_platform {
        for (at, line) in scanned.code.lines().enumerate().filter(|(_, line)| names_worker(line)) {
            let line = line.trim();
            problems.push(format!("{}:{} names the worker crate: {line}", file.display(), at + 1));
        }
    }
    // Tests look into the database past the product, to see what it really did; the port has one guard of its own.
    let is_store = file.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        ["store", "tests", "testing", "ports"].contains(&name.trim_end_matches(".rs"))
    });
    if !is_store {
        for (line, literal) in &scanned.texts {
            let begin = literal.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\\');
            if SQL.iter().any(|word| begin.starts_with(word)) {
                problems.push(format!("{}:{line} holds SQL, which belongs in a store.rs", file.display()));
            }
        }
    }
    problems
}

fn names_worker(line: &str) -> bool {
    let mut rest = line;
    let mut before = ' ';
    while let Some((ahead, behind)) = rest.split_once("worker::") {
        let last = ahead.chars().next_back().unwrap_or(before);
        if !(last.is_alphanumeric() || last == '_' || last == ':') || ahead.trim_end().ends_with(" ::") {
            return true;
        }
        before = ':';
        rest = behind;
    }
    line.trim() == "use worker;" || line.contains("use worker as ")
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(file: &str, source: &str) -> usize {
        in_worker(Path::new(file), &scan(source)).len()
    }

    #[test]
    fn only_the_platform_names_the_worker_crate() {
        assert_eq!(worker("worker/src/http/a.rs", "use worker::Env;"), 1);
        assert_eq!(worker("worker/src/http/a.rs", "fn a(e: &worker::Env) {}"), 1);
        assert_eq!(worker("worker/src/http/a.rs", "use drawbridge_worker::x; use crate::worker::y;"), 0);
        assert_eq!(worker("worker/src/platform/d1.rs", "use worker::Env;"), 0);
    }

    #[test]
    fn sql_stands_in_stores() {
        let source = "const A: &str = \"SELECT 1\";";
        assert_eq!(worker("worker/src/features/a/list.rs", source), 1);
        assert_eq!(worker("worker/src/features/a/store.rs", source), 0);
        assert_eq!(worker("worker/src/features/a/store/list.rs", source), 0);
        assert_eq!(worker("worker/src/features/a/tests.rs", source), 0);
        assert_eq!(worker("worker/src/features/a/list.rs", "const A: &str = \"Select one\";"), 0);
    }

    #[test]
    fn features_do_not_know_each_other() {
        let features = BTreeSet::from(["people".to_owned(), "settings".to_owned()]);
        let count = |file: &str, source: &str| in_app(Path::new(file), &scan(source), &features).len();
        assert_eq!(count("app/src/features/people/a.rs", "use crate::features::settings::x;"), 1);
        assert_eq!(count("app/src/features/people/a.rs", "use super::super::settings::x;"), 1);
        assert_eq!(count("app/src/features/people/a.rs", "use crate::features::people::x;"), 0);
        assert_eq!(count("app/src/ui/button.rs", "use crate::features::people::x;"), 1);
        assert_eq!(count("app/src/routes.rs", "use crate::features::people::x;"), 0);
    }
}
