//! Files that are made from the code and committed, so that a change to them is seen in a review.

use std::process::Command;

use anyhow::Result;

use super::{Outcome, compile};
use crate::layout::Layout;
use crate::{process, say};

const OPENAPI: &str = "docs/openapi.json";

/// The committed OpenAPI document is what the endpoint table says.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let Some(made) = openapi(layout)? else { return Ok(Outcome::none()) };
    let committed = std::fs::read_to_string(layout.at(OPENAPI)).unwrap_or_default();
    if committed == made {
        return Ok(Outcome::of(&[]));
    }
    let line = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    let place = line.map_or_else(|| "at its end".to_owned(), |at| format!("from line {}", at + 1));
    Ok(Outcome::of(&[format!("{OPENAPI} is out of date {place}: run `npm run generate`")]))
}

/// Writes them anew.
pub(crate) fn write(layout: &Layout) -> Result<()> {
    if let Some(made) = openapi(layout)? {
        std::fs::write(layout.at(OPENAPI), made)?;
        say::line(&format!("wrote {OPENAPI}"));
    }
    Ok(())
}

fn openapi(layout: &Layout) -> Result<Option<String>> {
    if !(layout.has("contract/src/bin/openapi.rs") || layout.has("contract/src/bin/openapi")) {
        return Ok(None);
    }
    let mut build = compile::native(layout, "build")?;
    build.args(["--quiet", "--bin", "openapi"]);
    process::run(&mut build, "the compiler")?;
    let mut program = Command::new(layout.target().join("debug/openapi"));
    let printed = process::capture(&mut program, "the OpenAPI document", true)?;
    if !printed.status.success() {
        anyhow::bail!("the OpenAPI document could not be made");
    }
    Ok(Some(printed.text))
}
