//! Sizes against the numbers of budgets.toml.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use super::Outcome;
use crate::inputs::collect;
use crate::layout::Layout;
use crate::split::SEEN_FIRST;
use crate::{build_app, build_worker};

/// How many different connectors a first page shows, at most, before somebody scrolls.
const PICTURES_SHOWN: usize = 12;

#[derive(Deserialize)]
struct Budgets {
    first_page: Size,
    worker: Size,
}

#[derive(Clone, Deserialize)]
struct Size {
    max_kib: f64,
    aim_kib: f64,
}

/// One measured thing.
pub(crate) struct Measured {
    pub(crate) what: String,
    bytes: usize,
    budget: Option<Size>,
}

impl Measured {
    fn kib(&self) -> f64 {
        // A size far below 2^52 is exact.
        #[expect(clippy::cast_precision_loss, reason = "sizes of files, in kibibytes, for people")]
        let bytes = self.bytes as f64;
        bytes / 1024.0
    }

    /// In words, with the budget if it has one.
    pub(crate) fn line(&self) -> String {
        let budget = self.budget.as_ref().map_or_else(String::new, |size| {
            format!(" (at most {} KiB, aim {} KiB)", size.max_kib, size.aim_kib)
        });
        format!("{}: {:.1} KiB{budget}", self.what, self.kib())
    }
}

/// Nothing is larger than allowed.
pub(crate) fn check(layout: &Layout) -> Result<Outcome> {
    let measured = measure(layout)?;
    let over = |one: &&Measured| one.budget.as_ref().is_some_and(|size| one.kib() > size.max_kib);
    let problems: Vec<_> = measured.iter().filter(over).map(Measured::line).collect();
    if problems.is_empty() {
        let held: Vec<_> = measured.iter().filter(|one| one.budget.is_some()).map(Measured::line).collect();
        return Ok(Outcome::good(held.join("; ")));
    }
    Ok(Outcome::of(&problems))
}

/// Measures what stands under `build/`: the first page in brotli, the Worker in gzip.
pub(crate) fn measure(layout: &Layout) -> Result<Vec<Measured>> {
    let budgets = fs::read_to_string(layout.at("budgets.toml")).context("budgets.toml is missing")?;
    let budgets: Budgets = toml::from_str(&budgets).context("budgets.toml cannot be read")?;
    let console = layout.build(build_app::CONSOLE.out);
    let mut files = Vec::new();
    collect(&console, &mut files)?;
    let mut measured = Vec::new();
    // What no page of the console loads: rules for the server, and the plain pages with their style.
    let aside = |name: &str| {
        ["_headers", "plain.css", "help.html", "docs.html", "api/openapi.json"].contains(&name)
            // Programs to download.
            || name.starts_with("gateway-releases/")
            // Fetched when the page stands.
            || ["assets/live-", "assets/later-"].iter().any(|file| name.starts_with(file))
            // The API's reference, a page of its own.
            || name.starts_with("assets/reference-")
            || ["callback.", "reconnect."].iter().any(|page| name.starts_with(page))
    };
    // A picture of a connector is fetched when it is shown, and a first page shows a handful of them.
    let is_picture = |name: &str| name.starts_with("icons/connectors/");
    let parts = build_app::CONSOLE.parts(layout)?;
    let mut always = 0;
    let mut pictures = Vec::new();
    let mut chunks = BTreeMap::new();
    for file in files {
        let name = file.strip_prefix(&console).unwrap_or(&file).display().to_string();
        if aside(&name) {
            continue;
        }
        let bytes = brotli(&fs::read(&file)?)?;
        let path = format!("/{name}");
        if is_picture(&name) {
            pictures.push(bytes);
        } else if parts.names(&path) {
            chunks.insert(path, bytes);
        } else {
            always += bytes;
            measured.push(Measured { what: format!("  {name}, brotli"), bytes, budget: None });
        }
    }
    pictures.sort_unstable();
    let bytes = pictures.iter().rev().take(PICTURES_SHOWN).sum();
    always += bytes;
    let what = format!("  the {PICTURES_SHOWN} largest pictures of connectors, brotli");
    measured.push(Measured { what, bytes, budget: None });
    for (part, of) in &parts.0 {
        let bytes = always + of.iter().filter_map(|path| chunks.get(path)).sum::<usize>();
        let first = SEEN_FIRST.iter().find(|(name, _)| name == part);
        let what = first
            .map_or_else(|| format!("  page with “{part}”, brotli"), |(_, what)| format!("{what}, brotli"));
        let budget = first.map(|_| budgets.first_page.clone());
        let one = Measured { what, bytes, budget };
        if first.is_some() { measured.insert(0, one) } else { measured.push(one) }
    }
    if measured.iter().filter(|one| one.budget.is_some()).count() != SEEN_FIRST.len() {
        bail!("the console has no chunks for its first pages");
    }

    let worker = layout.build(build_worker::PRODUCTION.out);
    let parts: [PathBuf; 2] = [worker.join("index.js"), worker.join("index_bg.wasm")];
    let sizes = parts.iter().map(|part| gzip(part)).collect::<Result<Vec<_>>>()?;
    measured.push(Measured {
        what: "Worker, gzip".to_owned(),
        bytes: sizes.iter().sum(),
        budget: Some(budgets.worker),
    });
    Ok(measured)
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 64 * 1024, 11, 22);
    writer
        .write_all(bytes)
        .and_then(|()| writer.flush())
        .map_err(|error| anyhow!("brotli failed: {error}"))?;
    drop(writer);
    Ok(packed.len())
}

fn gzip(path: &Path) -> Result<usize> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(&bytes)?;
    Ok(writer.finish()?.len())
}
