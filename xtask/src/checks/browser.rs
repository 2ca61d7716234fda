//! Chromium and its driver, and the tests of the console that run inside it.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Outcome, compile};
use crate::layout::Layout;
use crate::{counts, process, say, tools};

/// A browser and its driver.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds them; installs Debian's when this is root on Debian and they are missing.
pub(crate) fn find() -> Result<Browser> {
    if let Some(browser) = look() {
        return Ok(browser);
    }
    if !can_install() {
        let how = if program("apt-get").is_some() {
            "sudo apt-get install chromium chromium-driver"
        } else {
            "install Chromium (or Chrome) and the chromedriver of the same version"
        };
        bail!(
            "Tests in the browser need Chromium and its driver: {how}. Elsewhere installed: set CHROMIUM and CHROMEDRIVER"
        );
    }
    install(&["chromium", "chromium-driver"])?;
    look().map_or_else(|| bail!("apt-get installed Chromium, but it cannot be found"), Ok)
}

fn look() -> Option<Browser> {
    let named = |variable: &str, names: &[&str]| {
        env::var_os(variable).map(PathBuf::from).or_else(|| names.iter().find_map(|name| program(name)))
    };
    Some(Browser {
        chromium: named(
            "CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        )?,
        driver: named("CHROMEDRIVER", &["chromedriver", "chromium-driver"])?,
    })
}

/// Whether this is root on Debian.
pub(super) fn can_install() -> bool {
    program("apt-get").is_some() && rustix::process::geteuid().is_root()
}

/// Installs packages of Debian.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let step = say::step(&format!("Installing {}…", packages.join(" and ")));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2").args(arguments);
        process::quiet(&mut command, "apt-get")
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())?;
    step.done();
    Ok(())
}

/// The file of a program on the path.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What every test beyond cargo's own gets: programs on the path, the browser, the launcher's Node.js.
pub(crate) fn environment(layout: &Layout, command: &mut Command) -> Result<()> {
    let browser = find()?;
    command
        .env("PATH", layout.path_variable()?)
        .env("NODE", layout.node())
        .env("CHROMIUM", browser.chromium)
        .env("CHROMEDRIVER", browser.driver)
        .env("WRANGLER_SEND_METRICS", "false");
    Ok(())
}

/// Components and pages in headless Chromium; app/webdriver.json says how it is started.
pub(crate) fn console_tests(layout: &Layout) -> Result<Outcome> {
    let manifest = std::fs::read_to_string(layout.at("app/Cargo.toml"))?;
    if !manifest.contains("wasm-bindgen-test") {
        return Ok(Outcome::none());
    }
    let mut command = Command::new("cargo");
    command.current_dir(&layout.root).args([
        "test",
        "-p",
        "drawbridge-app",
        "--target",
        tools::WASM,
        "--no-fail-fast",
    ]);
    environment(layout, &mut command)?;
    compile::linted(layout, &mut command)?;
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", layout.tool("wasm-bindgen-test-runner"))
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    counts::run(&mut command, "console tests")
}
