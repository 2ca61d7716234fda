//! The tools that set-up compiles once into `.tools/`, and the compiler's wasm target.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::layout::Layout;
use crate::{process, say};

/// The name of the browser's and the Worker's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

/// The version of a library in Cargo.lock; a tool that belongs to it must have the same one.
fn locked_version(layout: &Layout, name: &str) -> Result<String> {
    let text = fs::read_to_string(layout.at("Cargo.lock")).context("Cargo.lock is missing")?;
    let lock: Lock = toml::from_str(&text).context("Cargo.lock cannot be read")?;
    let found = lock.package.into_iter().find(|package| package.name == name);
    found.map(|package| package.version).with_context(|| format!("{name} is not in Cargo.lock"))
}

/// Brings the wasm target and the pinned tools.
pub(crate) fn ensure(layout: &Layout) -> Result<()> {
    target(WASM)?;
    let bindgen = locked_version(layout, "wasm-bindgen")?;
    install(layout, "wasm-bindgen-cli", "wasm-bindgen", &bindgen, &[])?;
    let worker = locked_version(layout, "worker")?;
    install(layout, "worker-build", "worker-build", &worker, &["--locked"])?;
    // Compiled objects of the tools are needed no more.
    drop(fs::remove_dir_all(layout.at(".tools/target")));
    Ok(())
}

/// Brings Rust's own libraries for a target.
pub(crate) fn target(name: &str) -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--target", name, "--print", "target-libdir"]);
    let folder = process::quiet(&mut rustc, "rustc")?;
    if std::path::Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let step = say::step(&format!("Adding the target {name} to the Rust toolchain…"));
    process::run(Command::new("rustup").args(["target", "add", name]), "rustup target add")?;
    step.done();
    Ok(())
}

/// Compiles a tool of crates.io into `.tools/`, unless that version stands there already.
pub(crate) fn install(
    layout: &Layout,
    package: &str,
    binary: &str,
    version: &str,
    extra: &[&str],
) -> Result<()> {
    let has = |tool: &std::path::Path| {
        let printed = process::capture(Command::new(tool).arg("--version"), binary, false);
        printed.is_ok_and(|printed| printed.text.split_whitespace().any(|word| word == version))
    };
    let tool = layout.tool(binary);
    if tool.exists() && has(&tool) {
        return Ok(());
    }
    let step = say::step(&format!("Compiling {package} {version} into .tools (once, one to three minutes)…"));
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(&layout.root)
        .args(["install", package, "--version", &format!("={version}"), "--force"])
        .arg("--root")
        .arg(layout.at(".tools"))
        .arg("--target-dir")
        .arg(layout.at(".tools/target"))
        .args(extra)
        // Compiling them takes far longer than all the work that they will ever do.
        .envs([("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"), ("CARGO_PROFILE_RELEASE_LTO", "off")])
        .envs([("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"), ("CARGO_PROFILE_RELEASE_DEBUG", "0")]);
    process::run(&mut cargo, &format!("cargo install {package}"))?;
    if !has(&tool) {
        bail!("{package} was installed, but {} does not say that it is {version}", tool.display());
    }
    step.done();
    Ok(())
}
