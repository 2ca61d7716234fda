//! Cuts the console's module into the part that every page needs and the chunks that are fetched when a page first
//! wants them. `app/src/part.rs` says where it is cut.
//!
//! The order matters: the cut needs the relocations that the linker wrote (`--emit-relocs`), so it comes before
//! wasm-bindgen, and wasm-bindgen works on the first part alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use wasm_split_cli_support::Options;

/// The script that loads the chunks, as wasm-bindgen's glue imports it.
const LOADER: &str = "__wasm_split.js";

/// What came of it, before any of it was made small.
pub(crate) struct Cut {
    /// What every page needs, for wasm-bindgen.
    pub(crate) main: PathBuf,
    /// The chunks.
    pub(crate) chunks: Vec<PathBuf>,
    /// By the name that `lazily!` gives: the chunks that are fetched for it, by file name without its ending.
    wanted: BTreeMap<String, Vec<String>>,
}

/// Cuts the module at `linked`; puts what comes of it, and the script that loads the chunks, into `work`.
pub(crate) fn cut(linked: &Path, work: &Path) -> Result<Cut> {
    let module = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let main = work.join("main.wasm");
    let link_name = ["./", LOADER].concat();
    let mut options = Options::new(&module);
    options.output_dir = work;
    options.main_out_path = &main;
    options.link_name = &link_name;
    options.main_module = "./glue.js";
    options.emit_dwarf = false;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the console could not be split: {error:?}"))?;
    // Their order is not the same each time.
    let wanted = split.prefetch_map.into_iter().map(|(name, mut files)| {
        files.sort();
        (name, files)
    });
    let wanted = wanted.collect();
    let mut chunks = split.split_modules;
    chunks.sort();
    // A chunk that turned out empty is named by nobody.
    chunks.retain(|chunk| chunk.exists());
    Ok(Cut { main, chunks, wanted })
}

/// Where the chunks of each part are, under their final names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Parts(pub(crate) BTreeMap<String, Vec<String>>);

impl Parts {
    /// Whether a path is a chunk's.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.0.values().flatten().any(|chunk| chunk == path)
    }
}

impl Cut {
    /// Names the chunks in the script that loads them as they are called in the end: `places` leads from the file
    /// name without its ending to the path that a page names it by, all of them in one folder with the script.
    pub(crate) fn link(&self, work: &Path, places: &BTreeMap<String, String>) -> Result<Parts> {
        let file = work.join(LOADER);
        let mut script = fs::read_to_string(&file).context("the script that loads chunks is missing")?;
        for (chunk, place) in places {
            let name = place.rsplit('/').next().unwrap_or_default();
            script = script.replace(&format!("\"./{chunk}.wasm\""), &format!("\"./{name}\""));
        }
        fs::write(file, script)?;
        let of =
            |chunks: &Vec<String>| chunks.iter().filter_map(|chunk| places.get(chunk).cloned()).collect();
        Ok(Parts(self.wanted.iter().map(|(name, chunks)| (name.clone(), of(chunks))).collect()))
    }
}
