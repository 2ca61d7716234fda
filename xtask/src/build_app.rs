//! The console: cargo, wasm-bindgen, wasm-opt, esbuild, and the files of `public/`, under hashed names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::inputs::{Inputs, Stamp, collect, short_hash};
use crate::layout::Layout;
use crate::{process, say, tools};

/// What the console is made from.
pub(crate) const SOURCES: &[&str] = &[
    "app",
    "contract",
    "domain",
    "style",
    "public",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
    "xtask/src/build_app.rs",
];

/// What rustc emits for wasm32-unknown-unknown. Named one by one: with `--all-features` wasm-opt writes modules
/// that browsers do not start.
const WASM_FEATURES: &[&str] = &[
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// Leptos' views as trait objects instead of one long type each: a tenth smaller, and quicker to compile.
const ERASED: &str = "--cfg erase_components";

/// The rule of a file whose name changes with its content.
const FOR_EVER: &str = "  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n";

/// One of the app's binaries, built into one folder.
pub(crate) struct Console {
    /// The cargo binary.
    pub(crate) bin: &'static str,
    /// The folder under `build/`.
    pub(crate) out: &'static str,
    /// Small rather than quickly built.
    pub(crate) release: bool,
}

/// What is deployed.
pub(crate) const CONSOLE: Console = Console { bin: "console", out: "console", release: true };
/// For `npm run dev`.
pub(crate) const CONSOLE_DEV: Console = Console { bin: "console", out: "console-dev", release: false };
/// Every primitive of `ui/` on one page; tests photograph it, nobody deploys it.
pub(crate) const GALLERY: Console = Console { bin: "gallery", out: "gallery", release: true };

impl Console {
    /// Builds it unless nothing has changed.
    pub(crate) fn ensure(&self, layout: &Layout) -> Result<()> {
        let stamp = Stamp::of(layout, self.out, &Inputs { paths: SOURCES, salt: self.bin })?;
        if stamp.is_current() && layout.build(self.out).join("index.html").exists() {
            return Ok(());
        }
        let step = say::step(&format!("Building the {}…", self.bin));
        stamp.clear();
        self.build(layout)?;
        stamp.set()?;
        step.done();
        Ok(())
    }

    fn build(&self, layout: &Layout) -> Result<()> {
        let work = layout.build(".work").join(self.out);
        drop(fs::remove_dir_all(&work));
        let out = work.join("out");
        fs::create_dir_all(out.join("assets"))?;

        let module = self.module(layout, &work)?;
        let wasm = put(&out, self.bin, "_bg.wasm", &fs::read(module)?)?;
        let script = put(&out, self.bin, ".js", &self.script(layout, &work, &wasm)?)?;
        let style = put(&out, self.bin, ".css", &self.style(layout, &work)?)?;
        copy_public(layout, &out)?;
        let theme = theme(layout, &out, &work)?;
        headers(&out, &[&theme, &wasm, &script, &style])?;
        index(layout, &out, &Assets { theme, wasm, script, style })?;

        let place = layout.build(self.out);
        drop(fs::remove_dir_all(&place));
        fs::rename(&out, &place).with_context(|| format!("cannot put {} in its place", place.display()))
    }

    /// Compiles the module and makes the browser's glue beside it; the path of the module.
    fn module(&self, layout: &Layout, work: &Path) -> Result<PathBuf> {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&layout.root).args(["build", "--package", "drawbridge-app", "--bin", self.bin]);
        cargo.args(["--target", tools::WASM]);
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", ERASED);
        if self.release {
            cargo.arg("--release");
        }
        process::run(&mut cargo, "cargo build of the console")?;

        let profile = if self.release { "release" } else { "debug" };
        let compiled = layout.target().join(tools::WASM).join(profile).join(format!("{}.wasm", self.bin));
        let mut bindgen = Command::new(layout.tool("wasm-bindgen"));
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", "glue", "--out-dir"]);
        bindgen.arg(work).arg(compiled);
        process::quiet(&mut bindgen, "wasm-bindgen")?;

        let bound = work.join("glue_bg.wasm");
        if !self.release {
            return Ok(bound);
        }
        let small = work.join("small.wasm");
        let mut opt = Command::new(layout.npm_bin("wasm-opt"));
        opt.env("PATH", layout.path_variable()?).arg("-Oz").args(WASM_FEATURES);
        // Like beside like: two per cent in brotli.
        opt.arg("--reorder-functions-by-name");
        opt.arg(bound).arg("-o").arg(&small);
        process::quiet(&mut opt, "wasm-opt")?;
        Ok(small)
    }

    /// The one script: app/boot.js with the glue in it.
    fn script(&self, layout: &Layout, work: &Path, wasm: &str) -> Result<Vec<u8>> {
        let out = work.join("boot.js");
        let mut esbuild = esbuild(layout)?;
        esbuild
            .arg(layout.at("app/boot.js"))
            .arg(format!("--alias:drawbridge-glue={}", work.join("glue.js").display()))
            .arg(format!("--define:WASM_URL=\"{wasm}\""))
            .args(["--bundle", "--format=esm", "--platform=browser"])
            .arg(format!("--outfile={}", out.display()));
        if self.release {
            esbuild.arg("--minify");
        }
        process::quiet(&mut esbuild, "esbuild (script)")?;
        Ok(fs::read(out)?)
    }

    /// The one style sheet: style/main.css with all that it imports, and the shell's.
    fn style(&self, layout: &Layout, work: &Path) -> Result<Vec<u8>> {
        let entry = work.join("entry.css");
        let imports = ["style/main.css", "app/boot.css"]
            .into_iter()
            .filter(|path| layout.has(path))
            .map(|path| format!("@import \"{}\";\n", layout.at(path).display()));
        fs::write(&entry, imports.collect::<String>())?;
        let out = work.join("style.css");
        let mut esbuild = esbuild(layout)?;
        esbuild.arg(entry).arg("--bundle").arg(format!("--outfile={}", out.display()));
        if self.release {
            esbuild.arg("--minify");
        }
        process::quiet(&mut esbuild, "esbuild (style)")?;
        Ok(fs::read(out)?)
    }
}

/// esbuild for today's browsers: nothing is rewritten for old ones.
fn esbuild(layout: &Layout) -> Result<Command> {
    let mut command = Command::new(layout.npm_bin("esbuild"));
    command.current_dir(&layout.root).env("PATH", layout.path_variable()?);
    command.args(["--target=esnext", "--log-level=warning", "--legal-comments=none", "--charset=utf8"]);
    Ok(command)
}

/// Writes an asset under its hashed name; the path that a page names it by.
fn put(out: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<String> {
    let path = format!("/assets/{name}-{}{ending}", short_hash(bytes));
    fs::write(out.join(path.trim_start_matches('/')), bytes)?;
    Ok(path)
}

fn copy_public(layout: &Layout, out: &Path) -> Result<()> {
    let public = layout.at("public");
    let mut files = Vec::new();
    collect(&public, &mut files)?;
    for file in files {
        let place = out.join(file.strip_prefix(&public)?);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &place).with_context(|| format!("cannot copy {}", file.display()))?;
    }
    Ok(())
}

/// Hashed files are cached for ever. One rule each, not one for the folder: a file that is missing is answered
/// with index.html, and that must not be kept under the file's name.
fn headers(out: &Path, hashed: &[&str]) -> Result<()> {
    let file = out.join("_headers");
    let mut text = fs::read_to_string(&file).unwrap_or_default();
    text.extend(hashed.iter().map(|path| format!("\n{path}\n{FOR_EVER}")));
    fs::write(file, text).context("cannot write _headers")
}

/// The script that runs before the first paint is small, but it too is fetched only once.
fn theme(layout: &Layout, out: &Path, work: &Path) -> Result<String> {
    let (source, small) = (out.join("theme.js"), work.join("theme.js"));
    let mut esbuild = esbuild(layout)?;
    esbuild.arg(&source).arg("--minify").arg(format!("--outfile={}", small.display()));
    process::quiet(&mut esbuild, "esbuild (theme)")?;
    fs::remove_file(source)?;
    put(out, "theme", ".js", &fs::read(small)?)
}

/// The hashed files that the page names.
struct Assets {
    theme: String,
    wasm: String,
    script: String,
    style: String,
}

/// The page: its head filled in, comments and indentation taken out.
fn index(layout: &Layout, out: &Path, assets: &Assets) -> Result<()> {
    let source = fs::read_to_string(layout.at("app/index.html")).context("app/index.html is missing")?;
    let Assets { theme, wasm, script, style } = assets;
    let head = [
        format!("<link rel=\"stylesheet\" href=\"{style}\">"),
        format!("<link rel=\"modulepreload\" href=\"{script}\">"),
        format!("<link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>"),
        format!("<script type=\"module\" src=\"{script}\"></script>"),
    ];
    let mut text = String::new();
    let mut rest = source.as_str();
    while let Some((before, comment)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = comment.split_once("-->").context("a comment in app/index.html has no end")?.1;
    }
    text.push_str(rest);
    let text = text.replace("{{head}}", &head.join("\n")).replace("/theme.js", theme);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    fs::write(out.join("index.html"), lines.collect::<Vec<_>>().join("\n") + "\n")
        .context("cannot write index.html")
}
