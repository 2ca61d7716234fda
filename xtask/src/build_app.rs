//! The console: cargo, wasm-bindgen, wasm-opt, esbuild, and the files of `public/`, under hashed names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::checks::compile;
use crate::inputs::{Inputs, Stamp, collect, short_hash};
use crate::layout::Layout;
use crate::split::{self, Parts};
use crate::{build_reference, process, say, tools, wasm, wasm_opt};

/// What the console is made from.
pub(crate) const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "app",
    "contract",
    "domain",
    "style",
    "public",
    "docs/openapi.json",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
    "xtask/src/build_app.rs",
    "xtask/src/build_reference.rs",
    "xtask/src/likeness.rs",
    "xtask/src/split.rs",
    "xtask/src/wasm.rs",
    "xtask/src/wasm_opt.rs",
];

/// What server functions would stream with: there are none, but the library that could make them exports it.
const UNUSED: &str = "*intounderlying*";

/// Has the linker say where in the module one thing names another, so that it can be cut.
const RELOCATIONS: &str = "-Clink-args=--emit-relocs";

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
    /// In chunks, each fetched when it is first wanted.
    pub(crate) split: bool,
}

/// A module as the compiler and the tools after it left it, with the glue beside it.
struct Module {
    main: PathBuf,
    chunks: Option<split::Gathered>,
}

/// What is deployed.
pub(crate) const CONSOLE: Console = Console { bin: "console", out: "console", release: true, split: true };
/// For `npm run dev`.
pub(crate) const CONSOLE_DEV: Console =
    Console { bin: "console", out: "console-dev", release: false, split: false };
/// Every primitive of `ui/` on one page; tests photograph it, nobody deploys it.
pub(crate) const GALLERY: Console = Console { bin: "gallery", out: "gallery", release: false, split: false };

impl Console {
    /// Builds it unless nothing has changed.
    pub(crate) fn ensure(&self, layout: &Layout) -> Result<()> {
        let stamp = Stamp::of(layout, self.out, &Inputs { paths: SOURCES, salt: self.bin })?;
        let built = layout.build(self.out).join("index.html").exists() && self.parts_file(layout).exists();
        if stamp.is_current() && built {
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
        let wasm = put(&out, self.bin, "_bg.wasm", &fs::read(module.main)?)?;
        let mut chunks = BTreeMap::new();
        for file in module.chunks.iter().flat_map(|chunks| &chunks.files) {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let place = put(&out, &name, ".wasm", &fs::read(file)?)?;
            chunks.insert(name, place);
        }
        let parts = match module.chunks {
            Some(gathered) => gathered.link(&work, &chunks)?,
            None => split::nothing_to_load(&work)?,
        };
        let live = live(layout, &out, &work)?;
        let later = put(&out, "later", ".css", &self.style(layout, &work, &["style/later.css"])?)?;
        let script = self.script(layout, &work, [&wasm, &live, &later], &parts)?;
        let script = put(&out, self.bin, ".js", &script)?;
        let first = ["style/main.css", "app/boot.css"];
        let style = put(&out, self.bin, ".css", &self.style(layout, &work, &first)?)?;
        copy_public(layout, &out)?;
        copy_description(layout, &out)?;
        let theme = theme(layout, &out, &work)?;
        let reference = build_reference::build(layout, &out, &work, &theme)?;
        let hashed = [&theme, &live, &later, &wasm, &script, &style]
            .into_iter()
            .chain(chunks.values())
            .chain(&reference);
        headers(&out, &hashed.map(String::as_str).collect::<Vec<_>>())?;
        fs::write(self.parts_file(layout), serde_json::to_vec(&parts)?)?;
        index(layout, &out, &Assets { theme, wasm, script, style })?;

        let place = layout.build(self.out);
        drop(fs::remove_dir_all(&place));
        fs::rename(&out, &place).with_context(|| format!("cannot put {} in its place", place.display()))
    }

    /// Compiles the module, cuts it, makes the browser's glue beside it, and makes all of it small.
    fn module(&self, layout: &Layout, work: &Path) -> Result<Module> {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&layout.root).args(["rustc", "--package", "drawbridge-app", "--bin", self.bin]);
        cargo.args(["--target", tools::WASM]);
        if self.release {
            cargo.arg("--release");
        } else {
            // As the tests compile it.
            compile::linted(layout, &mut cargo)?;
        }
        if self.split {
            cargo.args(["--features", "split", "--", RELOCATIONS]);
        }
        process::run(&mut cargo, "cargo build of the console")?;

        let profile = if self.release { "release" } else { "debug" };
        let compiled = layout.target().join(tools::WASM).join(profile).join(format!("{}.wasm", self.bin));
        let cut = if self.split { Some(split::cut(&compiled, work)?) } else { None };
        let mut bindgen = Command::new(layout.tool("wasm-bindgen"));
        bindgen.args(["--target", "web", "--no-typescript", "--out-name", "glue", "--out-dir"]);
        bindgen.arg(work);
        match &cut {
            // What the chunks import must keep its name.
            Some(cut) => bindgen.args(["--keep-lld-exports", "--no-demangle"]).arg(&cut.main),
            None => bindgen.arg(compiled),
        };
        process::quiet(&mut bindgen, "wasm-bindgen")?;

        let main = work.join("glue_bg.wasm");
        let chunks = cut.map(|cut| cut.gather(layout, work, &main, wasm_opt::FEATURES)).transpose()?;
        if !self.release {
            return Ok(Module { main, chunks });
        }
        std::thread::scope(|scope| {
            let mut threads = vec![scope.spawn(|| optimize(layout, &main, UNUSED))];
            for file in chunks.iter().flat_map(|chunks| &chunks.files) {
                // Nobody asks a chunk for anything: it puts its functions into the first part's table.
                threads.push(scope.spawn(move || optimize(layout, file, "*")));
            }
            threads.into_iter().try_for_each(|thread| match thread.join() {
                Ok(done) => done,
                Err(_) => bail!("wasm-opt was not run to its end"),
            })
        })?;
        wasm::shorten(&main, &[work.join("glue.js")])?;
        Ok(Module { main, chunks })
    }

    /// Which chunks each part of the console needs, as it was built last.
    pub(crate) fn parts(&self, layout: &Layout) -> Result<Parts> {
        let file = fs::read(self.parts_file(layout)).context("the console is not built")?;
        serde_json::from_slice(&file).context("what the console's build noted cannot be read")
    }

    /// Where that stands; for those who measure, not for browsers.
    fn parts_file(&self, layout: &Layout) -> PathBuf {
        layout.build(&format!(".{}.parts.json", self.out))
    }

    /// The one script: app/boot.js with the glue in it.
    fn script(
        &self,
        layout: &Layout,
        work: &Path,
        [wasm, live, later]: [&str; 3],
        parts: &Parts,
    ) -> Result<Vec<u8>> {
        let out = work.join("boot.js");
        let mut esbuild = esbuild(layout)?;
        esbuild
            .arg(layout.at("app/boot.js"))
            .arg(format!("--alias:drawbridge-glue={}", work.join("glue.js").display()))
            .arg(format!("--alias:drawbridge-chunks={}", work.join(split::LOADER).display()))
            .arg(format!("--define:WASM_URL=\"{wasm}\""))
            .arg(format!("--define:WASM_SIZE={}", fs::metadata(work.join("glue_bg.wasm"))?.len()))
            .arg(format!("--define:LIVE_URL=\"{live}\""))
            .arg(format!("--external:{live}"))
            .arg(format!("--define:LATER_URL=\"{later}\""))
            .arg(format!("--define:PARTS={}", serde_json::to_string(parts)?))
            .args(["--bundle", "--format=esm", "--platform=browser"])
            .arg(format!("--outfile={}", out.display()));
        if self.release {
            esbuild.arg("--minify");
        }
        process::quiet(&mut esbuild, "esbuild (script)")?;
        Ok(fs::read(out)?)
    }

    /// A style sheet of these, with all that they import.
    fn style(&self, layout: &Layout, work: &Path, of: &[&str]) -> Result<Vec<u8>> {
        let entry = work.join("entry.css");
        let imports = of
            .iter()
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

/// Functions so small stand where they are called. A browser compiles each function when it is first called, and what
/// that costs beside its size is as much as for half a kilobyte; the module even becomes a little smaller.
const INLINED: &str = "--always-inline-max-function-size=6";

/// Makes a module small, in its place; exports that match `unused` are taken out. It is taken apart and put together
/// anew first: two per cent. The lowest kibibyte is the end of the stack; nothing points to it.
fn optimize(layout: &Layout, module: &Path, unused: &str) -> Result<()> {
    let unused = format!("--remove-exports={unused}");
    let small = [&unused, INLINED, "--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz"];
    wasm_opt::run(layout, module, &small)?;
    // Once more, with what that has found out: half a per cent.
    wasm_opt::run(layout, module, &[INLINED, "--low-memory-unused", "--flatten", "--rereloop", "-Oz"])?;
    wasm::name_by_likeness(module)?;
    wasm_opt::run(layout, module, &["--reorder-functions-by-name", "--strip-debug"])
}

/// esbuild for today's browsers: nothing is rewritten for old ones.
pub(crate) fn esbuild(layout: &Layout) -> Result<Command> {
    let mut command = Command::new(layout.npm_bin("esbuild"));
    command.current_dir(&layout.root).env("PATH", layout.path_variable()?);
    command.args(["--target=esnext", "--log-level=warning", "--legal-comments=none", "--charset=utf8"]);
    Ok(command)
}

/// Writes an asset under its hashed name; the path that a page names it by.
pub(crate) fn put(out: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<String> {
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

/// The description of the API, at the address where its readers look for it: a file, so that the Worker need not hold it.
fn copy_description(layout: &Layout, out: &Path) -> Result<()> {
    fs::create_dir_all(out.join("api"))?;
    let text =
        fs::read_to_string(layout.at("docs/openapi.json")).context("there is no description of the API")?;
    let document: serde_json::Value = serde_json::from_str(&text)?;
    // Without the blanks that make it readable in a review: they are a third of it.
    fs::write(out.join("api/openapi.json"), serde_json::to_vec(&document)?)
        .context("cannot write the description of the API")
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

/// The script that hears of changes; app/boot.js fetches it when the console stands.
fn live(layout: &Layout, out: &Path, work: &Path) -> Result<String> {
    let small = work.join("live.js");
    let mut esbuild = esbuild(layout)?;
    esbuild.arg(layout.at("app/live.js")).args(["--minify", "--format=esm"]);
    esbuild.arg(format!("--outfile={}", small.display()));
    process::quiet(&mut esbuild, "esbuild (live)")?;
    put(out, "live", ".js", &fs::read(small)?)
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
