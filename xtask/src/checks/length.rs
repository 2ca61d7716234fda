//! Files stay small.

use anyhow::Result;

use super::{Outcome, project_files};
use crate::layout::Layout;

/// No file has more lines than this.
const MOST: usize = 500;

/// Counts the lines of everything that people write.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let mut problems = Vec::new();
    for file in project_files(layout, &[".rs", ".css", ".ts", ".js", ".mjs", ".html", ".sql"])? {
        let lines = String::from_utf8_lossy(&std::fs::read(layout.root.join(&file))?).lines().count();
        if lines > MOST {
            problems.push(format!("{} has {lines} lines, the most is {MOST}", file.display()));
        }
    }
    Ok(Outcome::of(&problems))
}
