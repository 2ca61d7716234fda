//! The Worker: worker-build over the crate, with the tools that set-up brought, so that nothing is downloaded.

use std::process::Command;

use anyhow::Result;

use crate::inputs::{Inputs, Stamp};
use crate::layout::Layout;
use crate::{process, say, wasm, wasm_opt};

/// What the Worker is made from.
pub(crate) const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "worker",
    "contract",
    "domain",
    "connectors",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
    "xtask/src/build_worker.rs",
    "xtask/src/likeness.rs",
    "xtask/src/wasm.rs",
    "xtask/src/wasm_opt.rs",
];

/// What wasm-bindgen's glue needs beside the rest: it catches what JavaScript throws.
pub(crate) const EXCEPTIONS: &str = "--enable-exception-handling";

/// One build of the Worker.
pub(crate) struct Worker {
    /// The folder under `build/`.
    pub(crate) out: &'static str,
    /// With the sandbox provider's connector: for this machine only.
    pub(crate) sandbox: bool,
    /// Small rather than quickly built.
    pub(crate) release: bool,
}

/// What is deployed.
pub(crate) const PRODUCTION: Worker = Worker { out: "worker", sandbox: false, release: true };
/// What `npm start`, the tests and the benches run.
pub(crate) const SANDBOX: Worker = Worker { out: "worker-sandbox", sandbox: true, release: true };
/// For `npm run dev`.
pub(crate) const DEV: Worker = Worker { out: "worker-dev", sandbox: true, release: false };

impl Worker {
    /// Builds it unless nothing has changed.
    pub(crate) fn ensure(&self, layout: &Layout) -> Result<()> {
        let stamp = Stamp::of(layout, self.out, &Inputs { paths: SOURCES, salt: self.out })?;
        if stamp.is_current() && layout.build(self.out).join("index.js").exists() {
            return Ok(());
        }
        let step = say::step(match (self.release, self.sandbox) {
            (true, false) => "Building the Worker for production…",
            (true, true) => "Building the Worker with the sandbox provider's connector…",
            (false, _) => "Building the Worker…",
        });
        stamp.clear();
        self.build(layout)?;
        stamp.set()?;
        step.done();
        Ok(())
    }

    fn build(&self, layout: &Layout) -> Result<()> {
        let mut build = command(layout, if self.release { "--release" } else { "--dev" })?;
        build.args(["--out-dir", &format!("../build/{}", self.out)]).arg("worker");
        if self.sandbox {
            build.args(["--features", "sandbox"]);
        }
        process::run(&mut build, "worker-build")?;
        if !self.release {
            return Ok(());
        }
        let module = layout.build(self.out).join("index_bg.wasm");
        wasm_opt::run(layout, &module, &[EXCEPTIONS, "-Oz", "--debuginfo"])?;
        wasm::name_by_likeness(&module)?;
        // The functions' names are a tenth of the module. They stand beside it, for whoever reads a stack trace, each
        // behind the place that the function was given.
        let names = layout.build(&format!("{}.symbols", self.out));
        let names = format!("--symbolmap={}", names.display());
        // The lowest kibibyte is the end of the stack; nothing points to it.
        let again = ["--reorder-functions-by-name", "--low-memory-unused", "-Oz", &names, "--strip-debug"];
        wasm_opt::run(layout, &module, &[&[EXCEPTIONS], again.as_slice()].concat())
    }
}

/// worker-build, with the tools that set-up brought.
pub(crate) fn command(layout: &Layout, profile: &str) -> Result<Command> {
    let mut build = Command::new(layout.tool("worker-build"));
    build
        .current_dir(&layout.root)
        .env("PATH", layout.path_variable()?)
        .env("WASM_BINDGEN_BIN", layout.tool("wasm-bindgen"))
        .env("ESBUILD_BIN", layout.npm_bin("esbuild"))
        // Its progress marks and backtraces are for its own developers.
        .env_remove("RUST_BACKTRACE")
        .arg(profile);
    Ok(build)
}
