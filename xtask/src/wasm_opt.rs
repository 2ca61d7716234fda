//! wasm-opt over one module.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::layout::Layout;
use crate::process;

/// What rustc emits for wasm32-unknown-unknown. Named one by one: with `--all-features` wasm-opt writes modules
/// that browsers do not start.
pub(crate) const FEATURES: &[&str] = &[
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Runs `passes` over a module, in its place.
pub(crate) fn run(layout: &Layout, module: &Path, passes: &[&str]) -> Result<()> {
    let mut opt = Command::new(layout.npm_bin("wasm-opt"));
    opt.env("PATH", layout.path_variable()?).args(FEATURES).args(passes);
    opt.arg(module).arg("-o").arg(module);
    process::quiet(&mut opt, "wasm-opt").map(drop)
}
