//! The npm packages: workerd, wrangler, esbuild, wasm-opt, the Node.js that wrangler needs, the test browser's driver.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::inputs::Inputs;
use crate::layout::Layout;
use crate::{process, say};

/// Installs exactly what package-lock.json names, unless that stands there already. No package's script is run.
pub(crate) fn ensure(layout: &Layout) -> Result<()> {
    let hash = Inputs { paths: &["package.json", "package-lock.json"], salt: "npm" }.hash(layout)?;
    // Inside node_modules, so that it goes away together with what it describes.
    let stamp = layout.at("node_modules/.drawbridge-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|noted| noted == hash) {
        return Ok(());
    }
    let step = say::step("Installing npm packages…");
    let mut npm = Command::new("npm");
    npm.current_dir(&layout.root).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--include=dev",
        "--include=optional",
    ]);
    process::run(&mut npm, "npm ci")?;
    check_node(layout)?;
    fs::write(&stamp, hash).context("cannot write into node_modules")?;
    step.done();
    Ok(())
}

/// wrangler and Miniflare need Node 22; npm brings one for the platforms that package.json lists.
fn check_node(layout: &Layout) -> Result<()> {
    let said = process::quiet(Command::new(layout.node()).arg("--version"), "node")?;
    let major: u32 =
        said.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok()).unwrap_or(0);
    if major < 22 {
        bail!(
            "wrangler needs Node.js 22 or newer, npm has none for this platform and the machine's own is {}. \
             Install a newer one: https://nodejs.org/en/download",
            said.trim()
        );
    }
    Ok(())
}
