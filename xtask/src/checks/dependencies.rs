//! Every dependency that a member names is used by it.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::scan::scan;
use super::{Outcome, list, metadata, text};
use crate::inputs::collect;
use crate::layout::Layout;

/// Looks for the name of each dependency in the code of the member that names it. One that is there only for
/// its features says so in `[package.metadata.drawbridge] used-by-features = ["name"]`.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let metadata = metadata(layout, &["--no-deps"])?;
    let mut problems = Vec::new();
    for package in list(&metadata, "packages") {
        let manifest = Path::new(text(package, "manifest_path"));
        let Some(folder) = manifest.parent() else { continue };
        let code = code(folder)?;
        let pointer = "/metadata/drawbridge/used-by-features";
        let excused = package.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        for dependency in list(package, "dependencies") {
            let name = text(dependency, "name");
            let rename = text(dependency, "rename");
            let used = if rename.is_empty() { name } else { rename }.replace('-', "_");
            if !excused.iter().any(|excused| excused == name) && !names(&code, &used) {
                problems
                    .push(format!("{} names {name} in Cargo.toml and never uses it", text(package, "name")));
            }
        }
    }
    problems.sort();
    problems.dedup();
    Ok(Outcome::of(&problems))
}

fn code(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let mut code = String::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        code.push_str(&scan(&std::fs::read_to_string(file)?).code);
    }
    Ok(code)
}

/// Whether a word stands in the code, not as a part of another.
fn names(code: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_word_is_no_use() {
        assert!(names("use serde::Serialize;", "serde"));
        assert!(!names("use serde_json::Value;", "serde"));
        assert!(!names("my_serde()", "serde"));
    }
}
