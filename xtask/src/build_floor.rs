//! What the bench holds the Worker against: Workers that do next to nothing, built as the Worker is.

use anyhow::Result;

use crate::inputs::{Inputs, Stamp};
use crate::layout::Layout;
use crate::{build_worker, process, say, wasm_opt};

/// Its folder under `build/`.
const OUT: &str = "floor";
/// What it is made from.
const SOURCES: &[&str] = &["tests/bench/floor", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];

/// Builds it unless nothing has changed.
pub(crate) fn ensure(layout: &Layout) -> Result<()> {
    let stamp = Stamp::of(layout, OUT, &Inputs { paths: SOURCES, salt: OUT })?;
    let out = layout.build(OUT);
    if stamp.is_current() && out.join("index.js").exists() {
        return Ok(());
    }
    let step = say::step("Building the Workers that the bench compares with…");
    stamp.clear();
    let mut build = build_worker::command(layout, "--release")?;
    build.args(["--out-dir", "../../../build/floor", "tests/bench/floor"]);
    process::run(&mut build, "worker-build")?;
    wasm_opt::run(layout, &out.join("index_bg.wasm"), &[build_worker::EXCEPTIONS, "-Oz", "--strip-debug"])?;
    stamp.set()?;
    step.done();
    Ok(())
}
