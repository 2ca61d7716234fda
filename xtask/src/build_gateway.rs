//! The gateway's agent as people download it: a program per system without a library of that system, its SHA-256, and a
//! manifest, all beside the console's files.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::build_app::CONSOLE;
use crate::checks::strangers;
use crate::inputs::{Inputs, Stamp, hex};
use crate::layout::Layout;
use crate::{process, say, tools};

/// What it is made from.
const SOURCES: &[&str] = &[
    "gateway/Cargo.toml",
    "gateway/src",
    "contract/Cargo.toml",
    "contract/src",
    "domain",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "xtask/src/build_gateway.rs",
    CROSS,
];

/// What compiles and links for other systems, by version and hash.
const CROSS: &str = "tools/cross.txt";
/// Builds only what this machine itself runs when it is `own`.
pub(crate) const WHICH: &str = "GATEWAYS";
/// The folder on the console's origin.
const RELEASES: &str = "gateway-releases";
/// The name of the program.
const PROGRAM: &str = "drawbridge-gateway";

/// A system that the agent is built for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct System {
    /// As Rust names it, and the agent reports it.
    os: &'static str,
    architecture: &'static str,
    target: &'static str,
    /// Whether it can be built on other systems: Apple's libraries are only there on theirs.
    elsewhere: bool,
}

const fn system(os: &'static str, architecture: &'static str, target: &'static str) -> System {
    System { os, architecture, target, elsewhere: true }
}

const SYSTEMS: [System; 5] = [
    system("linux", "x86_64", "x86_64-unknown-linux-musl"),
    system("linux", "aarch64", "aarch64-unknown-linux-musl"),
    system("windows", "x86_64", "x86_64-pc-windows-gnu"),
    System { elsewhere: false, ..system("macos", "aarch64", "aarch64-apple-darwin") },
    System { elsewhere: false, ..system("macos", "x86_64", "x86_64-apple-darwin") },
];

/// The manifest; `contract` has the same type for those who read it.
#[derive(Serialize)]
struct Release {
    version: String,
    files: Vec<ReleaseFile>,
}

/// One file of it.
#[derive(Clone, Serialize, Deserialize)]
struct ReleaseFile {
    system: String,
    architecture: String,
    name: String,
    bytes: u64,
    sha256: String,
    url: String,
}

/// What is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// For this machine.
    Own,
    /// For every system that can be built for here, unless [`WHICH`] says otherwise.
    All,
}

/// Builds what is missing of it.
pub(crate) fn ensure(layout: &Layout, which: Which) -> Result<()> {
    let all = which == Which::All && std::env::var_os(WHICH).is_none_or(|word| word != "own");
    let mut missing = Vec::new();
    for system in SYSTEMS {
        let wanted = system.is_own() || (all && system.elsewhere);
        if wanted && !system.is_current(layout)? {
            missing.push(system);
        }
    }
    let (own, others): (Vec<_>, Vec<_>) = missing.into_iter().partition(System::is_own);
    for system in own {
        let step = say::step(&format!("Building the gateway's agent for {}…", system.label()));
        // Of what is built now, whatever is changed meanwhile.
        let stamp = system.stamp(layout)?;
        stamp.clear();
        system.build_here(layout)?;
        system.keep(layout, &stamp)?;
        step.done();
    }
    if others.is_empty() { Ok(()) } else { cross(layout, &others) }
}

/// Builds for other systems, all in one run: what runs at build time is compiled once.
fn cross(layout: &Layout, systems: &[System]) -> Result<()> {
    let labels = systems.iter().map(System::label).collect::<Vec<_>>().join(", ");
    let bin = match strangers::programs(layout, &layout.at(CROSS), "cross") {
        Ok(bin) => bin,
        Err(why) if !process::stopping() => {
            say::line(&format!("Not built: the gateway's agent for {labels}. {why:#}"));
            return Ok(());
        }
        Err(stopped) => return Err(stopped),
    };
    let step = say::step(&format!("Building the gateway's agent for {labels}…"));
    let mut cargo = Command::new(bin.join("cargo-zigbuild"));
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&inherited)))?;
    cargo.current_dir(&layout.root).env("PATH", path).arg("zigbuild").args(ARGUMENTS);
    let mut stamps = Vec::new();
    for system in systems {
        tools::target(system.target)?;
        let stamp = system.stamp(layout)?;
        stamp.clear();
        stamps.push((system, stamp));
        cargo.args(["--target", system.target]);
    }
    process::run(&mut cargo, "cargo zigbuild of the gateway")?;
    for (system, stamp) in stamps {
        system.keep(layout, &stamp)?;
    }
    step.done();
    Ok(())
}

/// What is built, and how.
const ARGUMENTS: [&str; 5] = ["--locked", "--package", "drawbridge-gateway", "--profile", "gateway"];

impl System {
    /// Whether this machine is one.
    fn is_own(&self) -> bool {
        self.os == OS && self.architecture == ARCH
    }

    fn label(&self) -> String {
        format!("{}-{}", self.os, self.architecture)
    }

    fn ending(&self) -> &'static str {
        if self.os == "windows" { ".exe" } else { "" }
    }

    fn stamp(&self, layout: &Layout) -> Result<Stamp> {
        Stamp::of(layout, &format!("gateway-{}", self.label()), &Inputs { paths: SOURCES, salt: self.target })
    }

    fn is_current(&self, layout: &Layout) -> Result<bool> {
        Ok(self.program(layout).exists() && self.note(layout).exists() && self.stamp(layout)?.is_current())
    }

    /// The program under `build/`.
    fn program(&self, layout: &Layout) -> PathBuf {
        layout.build("gateway").join(self.label()).join(format!("{PROGRAM}{}", self.ending()))
    }

    /// What the manifest says of it.
    fn note(&self, layout: &Layout) -> PathBuf {
        layout.build("gateway").join(self.label()).join("file.json")
    }

    /// With the compilers that are here. Rust brings musl itself, so that all it takes for it is any C compiler.
    fn build_here(&self, layout: &Layout) -> Result<()> {
        tools::target(self.target)?;
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&layout.root).arg("build").args(ARGUMENTS).args(["--target", self.target]);
        let compiler = format!("CC_{}", self.target.replace('-', "_"));
        if self.target.ends_with("-musl") && std::env::var_os(&compiler).is_none() {
            cargo.env(compiler, "cc");
        }
        process::run(&mut cargo, "cargo build of the gateway")
    }

    /// Puts what cargo built in its place, and notes what the manifest says of it.
    fn keep(&self, layout: &Layout, stamp: &Stamp) -> Result<()> {
        let built = layout.target().join(self.target).join("gateway");
        let bytes = read(&built.join(format!("{PROGRAM}{}", self.ending())))?;
        let place = self.program(layout);
        let folder = place.parent().context("a program stands in a folder")?;
        fs::create_dir_all(folder)?;
        // A program that runs cannot be written over, but replaced.
        let fresh = place.with_extension("new");
        fs::copy(built.join(format!("{PROGRAM}{}", self.ending())), &fresh)?;
        fs::rename(&fresh, &place).with_context(|| format!("cannot write {}", place.display()))?;
        let name = format!("{PROGRAM}-{}-{}{}", version(layout)?, self.label(), self.ending());
        let file = ReleaseFile {
            system: self.os.to_owned(),
            architecture: self.architecture.to_owned(),
            bytes: bytes.len() as u64,
            sha256: hex(&Sha256::digest(&bytes)),
            url: format!("/{RELEASES}/{name}"),
            name,
        };
        fs::write(self.note(layout), serde_json::to_vec(&file)?)?;
        stamp.set()
    }
}

/// The agent's version.
fn version(layout: &Layout) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let text =
        fs::read_to_string(layout.at("gateway/Cargo.toml")).context("gateway/Cargo.toml is missing")?;
    let manifest: Manifest = toml::from_str(&text).context("gateway/Cargo.toml cannot be read")?;
    Ok(manifest.package.version)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Puts everything that is built from today's sources beside the console's files, and nothing else.
pub(crate) fn publish(layout: &Layout) -> Result<()> {
    let console = layout.build(CONSOLE.out);
    if !console.join("index.html").exists() {
        return Ok(());
    }
    let mut files = Vec::new();
    for system in SYSTEMS {
        if system.is_current(layout)? {
            let note: ReleaseFile = serde_json::from_slice(&read(&system.note(layout))?)?;
            files.push((system, note));
        }
    }
    let folder = console.join(RELEASES);
    let release =
        Release { version: version(layout)?, files: files.iter().map(|(_, note)| note.clone()).collect() };
    let manifest = serde_json::to_vec(&release)?;
    let place = folder.join("manifest.json");
    if fs::read(&place).is_ok_and(|there| there == manifest) {
        return Ok(());
    }
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder)?;
    for (system, note) in &files {
        fs::copy(system.program(layout), folder.join(&note.name))
            .with_context(|| format!("cannot copy {}", note.name))?;
    }
    let sums = files.iter().map(|(_, note)| format!("{}  {}\n", note.sha256, note.name));
    fs::write(folder.join("SHA256SUMS"), sums.collect::<String>())?;
    fs::write(&place, manifest).with_context(|| format!("cannot write {}", place.display()))
}

/// The program for this machine.
pub(crate) fn own_program(layout: &Layout) -> Result<PathBuf> {
    let own = SYSTEMS.into_iter().find(System::is_own);
    own.map(|system| system.program(layout)).ok_or_else(|| anyhow!("no agent is built for {OS}-{ARCH}"))
}

/// Every program that was built from today's sources, under its system's name.
pub(crate) fn programs(layout: &Layout) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for system in SYSTEMS {
        if system.is_current(layout)? {
            found.push((system.label(), system.program(layout)));
        }
    }
    Ok(found)
}
