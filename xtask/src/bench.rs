//! `npm run bench`: sizes, and speed as ratios to a Worker that does nothing.

use std::process::Command;

use anyhow::Result;

use crate::checks::{browser, budgets};
use crate::layout::Layout;
use crate::products::{self, Product};
use crate::{build_floor, process, say, setup};

/// What measures the speed; it starts its servers through tools/serve.mjs and prints a table.
const BENCH: &str = "tests/bench/bench.mjs";

/// Prints both.
pub(crate) fn bench(layout: &Layout, rest: &[&str]) -> Result<()> {
    setup::ensure(layout)?;
    products::ensure(layout, &[Product::Console, Product::Worker, Product::Sandbox, Product::Gateway])?;
    build_floor::ensure(layout)?;
    say::line("\nSizes");
    for measured in budgets::measure(layout)? {
        say::line(&format!("  {}", measured.line()));
    }
    if !layout.has(BENCH) {
        return Ok(());
    }
    say::line("\nSpeed");
    let mut command = Command::new(layout.node());
    command.current_dir(&layout.root).arg(BENCH).args(rest);
    browser::environment(layout, &mut command)?;
    process::run(&mut command, "the bench")
}
