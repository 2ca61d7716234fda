//! Links in documents lead somewhere: the file is there, and so is the heading.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::{Outcome, project_files};
use crate::layout::Layout;

/// Follows every relative link of every Markdown file.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let mut problems = Vec::new();
    for file in project_files(layout, &[".md"])? {
        let source = std::fs::read_to_string(layout.root.join(&file))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for target in targets(&source) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target.as_str(), ""));
            let full =
                if path.is_empty() { layout.root.join(&file) } else { layout.root.join(folder).join(path) };
            if !full.exists() {
                problems.push(format!("{}: {target} is not there", file.display()));
            } else if !anchor.is_empty() && path_is_markdown(&full) {
                let headings = headings(&std::fs::read_to_string(&full)?);
                if !headings.contains(anchor) {
                    problems.push(format!("{}: {target} has no such heading", file.display()));
                }
            }
        }
    }
    Ok(Outcome::of(&problems))
}

fn path_is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// The lines that are not inside a fenced block.
fn prose(source: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    source.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

fn targets(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(source) {
        // What stands between backticks is no link.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for piece in plain.split("](").skip(1) {
            let target = piece.split([')', ' ']).next().unwrap_or_default();
            found.push(target.trim_matches(['<', '>']).to_owned());
        }
    }
    found
}

/// Anchors as GitHub makes them.
fn headings(source: &str) -> BTreeSet<String> {
    let titles = prose(source).filter(|line| line.starts_with('#'));
    titles
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_in_prose_are_found() {
        let source = "[a](b.md#c) and ![d](e.png \"t\")\n```\n[no](no.md)\n```\n`[no](no.md)` [f](<g.md>)";
        assert_eq!(targets(source), ["b.md#c", "e.png", "g.md"]);
    }

    #[test]
    fn headings_become_anchors() {
        let found = headings("# Keys, and *how*\n## 2. Back-up");
        assert!(found.contains("keys-and-how"), "{found:?}");
        assert!(found.contains("2-back-up"), "{found:?}");
    }
}
