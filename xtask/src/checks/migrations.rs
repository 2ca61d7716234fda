//! Migrations are append-only: what was committed once has run somewhere and never changes.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::Outcome;
use crate::inputs::hex;
use crate::layout::Layout;
use crate::say;

const FOLDER: &str = "worker/migrations";
const LOCK: &str = "worker/migrations/checksums.txt";

/// Compares the files with the sums that were committed.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    if !layout.has(FOLDER) {
        return Ok(Outcome::none());
    }
    let (locked, there) = (locked(layout)?, there(layout)?);
    let mut problems = changed(&locked, &there);
    for name in there.keys().filter(|name| !locked.contains_key(*name)) {
        problems.push(format!("{name} is not in {LOCK}: run `npm run migrations:lock`"));
    }
    for (at, name) in there.keys().enumerate() {
        if !name.starts_with(&format!("{:04}_", at + 1)) {
            problems.push(format!("{name}: number {:04} was expected here", at + 1));
        }
    }
    Ok(Outcome::of(&problems))
}

/// Adds the sums of new migrations; refuses when an old one is not what it was.
pub(crate) fn lock(layout: &Layout) -> Result<()> {
    let (locked, there) = (locked(layout)?, there(layout)?);
    let problems = changed(&locked, &there);
    if !problems.is_empty() {
        bail!("{}\nWrite a new migration instead.", problems.join("\n"));
    }
    let lines = there.iter().map(|(name, sum)| format!("{sum}  {name}\n"));
    fs::write(layout.at(LOCK), lines.collect::<String>()).context("cannot write the sums")?;
    say::line(&format!("{LOCK}: {} migrations", there.len()));
    Ok(())
}

fn changed(locked: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Vec<String> {
    let problem = |(name, sum): (&String, &String)| match there.get(name) {
        Some(now) if now == sum => None,
        Some(_) => Some(format!("{name} was changed after it was committed")),
        None => Some(format!("{name} was taken away after it was committed")),
    };
    locked.iter().filter_map(problem).collect()
}

/// `sum  name` lines, as sha256sum writes them.
fn locked(layout: &Layout) -> Result<BTreeMap<String, String>> {
    if !layout.has(LOCK) {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(layout.at(LOCK))?;
    let pair = |line: &str| line.split_once("  ").map(|(sum, name)| (name.to_owned(), sum.to_owned()));
    Ok(text.lines().filter_map(pair).collect())
}

fn there(layout: &Layout) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(layout.at(FOLDER)).context("there are no migrations")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.insert(name, hex(&Sha256::digest(fs::read(&path)?)));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_additions_are_fine() {
        let map = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let locked = map(&[("0001_a.sql", "1"), ("0002_b.sql", "2")]);
        assert!(
            changed(&locked, &map(&[("0001_a.sql", "1"), ("0002_b.sql", "2"), ("0003_c.sql", "3")]))
                .is_empty()
        );
        assert_eq!(changed(&locked, &map(&[("0001_a.sql", "x")])).len(), 2);
    }
}
