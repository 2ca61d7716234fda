//! Cuts the console's module into the part that every page needs and chunks that are fetched when a page first wants
//! them. `app/src/part.rs` says where it is cut.
//!
//! The order matters. The cut needs the relocations that the linker wrote (`--emit-relocs`), so it comes before
//! wasm-bindgen, which then works on the first part alone. The cut makes one file for each set of parts that share
//! something; two dozen small files weigh a tenth more than few large ones, so they are gathered afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use wasm_split_cli_support::Options;

use crate::layout::Layout;
use crate::{process, wasm};

/// The script that loads the chunks, as wasm-bindgen's glue imports it.
pub(crate) const LOADER: &str = "./__wasm_split.js";
/// What the cut calls the first part where chunks import from it, and what gathered chunks call it.
const FIRST: &str = "__wasm_split";
const FIRST_OF_GATHERED: &str = "main";

/// The parts that somebody may see first, and what that page is called. What all of these need goes into the first part;
/// what one of them needs goes into its file, in this order; what only others share has a file of its own.
pub(crate) const SEEN_FIRST: [(&str, &str); 2] =
    [("list", "first page, signed in"), ("door", "first page, signed out")];
const SHARED: &str = "shared";

/// What came of the cut.
pub(crate) struct Cut {
    /// What every page needs, for wasm-bindgen.
    pub(crate) main: PathBuf,
    /// The chunks, each with the parts that want it.
    chunks: Vec<(PathBuf, BTreeSet<String>)>,
    /// The names of all parts.
    parts: BTreeSet<String>,
}

/// Cuts the module at `linked`; puts what comes of it into `work`.
pub(crate) fn cut(linked: &Path, work: &Path) -> Result<Cut> {
    let module = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let main = work.join("main.wasm");
    let mut options = Options::new(&module);
    options.output_dir = work;
    options.main_out_path = &main;
    options.link_name = LOADER;
    options.main_module = "./glue.js";
    options.emit_dwarf = false;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the console could not be split: {error:?}"))?;
    let wanted_by = |chunk: &Path| {
        let name = chunk.file_stem().unwrap_or_default().to_string_lossy();
        let parts = split.prefetch_map.iter().filter(|(_, chunks)| chunks.iter().any(|other| *other == name));
        parts.map(|(part, _)| part.clone()).collect::<BTreeSet<_>>()
    };
    // A chunk that turned out empty is wanted by nobody.
    let chunks = split.split_modules.iter().map(|chunk| (chunk.clone(), wanted_by(chunk)));
    let mut chunks: Vec<(PathBuf, BTreeSet<String>)> =
        chunks.filter(|(_, parts)| !parts.is_empty()).collect();
    chunks.sort();
    let parts = split.prefetch_map.keys().cloned().collect();
    Ok(Cut { main, chunks, parts })
}

/// The file that a chunk goes into; `None` for the first part.
fn place(wanted_by: &BTreeSet<String>) -> Option<&str> {
    let mut first = SEEN_FIRST.map(|(part, _)| part).into_iter().filter(|part| wanted_by.contains(*part));
    match (first.next(), first.next(), wanted_by.first()) {
        (Some(_), Some(_), _) => None,
        (Some(part), None, _) => Some(part),
        (None, _, Some(part)) if wanted_by.len() == 1 => Some(part),
        _ => Some(SHARED),
    }
}

impl Cut {
    /// Gathers the chunks into `{name}.wasm` in `work`, and into the first part at `bound`, where wasm-bindgen has put
    /// it.
    pub(crate) fn gather(
        &self,
        layout: &Layout,
        work: &Path,
        bound: &Path,
        features: &[&str],
    ) -> Result<Gathered> {
        let mut groups: BTreeMap<Option<&str>, Vec<&Path>> = BTreeMap::new();
        let mut wanted: BTreeMap<String, BTreeSet<String>> =
            self.parts.iter().map(|part| (part.clone(), BTreeSet::new())).collect();
        for (chunk, parts) in &self.chunks {
            let place = place(parts);
            groups.entry(place).or_default().push(chunk);
            for part in parts {
                if let (Some(files), Some(place)) = (wanted.get_mut(part), place) {
                    files.insert(place.to_owned());
                }
            }
        }
        let mut files = Vec::new();
        for (place, chunks) in groups {
            let Some(name) = place else {
                merge(layout, bound, &chunks, features, bound)?;
                continue;
            };
            let (stub, file) = (work.join("stub.wasm"), work.join(format!("{name}.wasm")));
            fs::write(&stub, wasm::passing_on(&chunks, FIRST, FIRST_OF_GATHERED)?)?;
            merge(layout, &stub, &chunks, features, &file)?;
            files.push(file);
        }
        Ok(Gathered { files, wanted })
    }
}

/// Puts chunks and what they import from into one module.
fn merge(layout: &Layout, first: &Path, chunks: &[&Path], features: &[&str], into: &Path) -> Result<()> {
    let mut merge = Command::new(layout.npm_bin("wasm-merge"));
    merge.env("PATH", layout.path_variable()?).args(features).arg(first).arg(FIRST);
    for (at, chunk) in chunks.iter().enumerate() {
        merge.arg(chunk).arg(format!("chunk{at}"));
    }
    process::quiet(merge.arg("-o").arg(into), "wasm-merge").map(drop)
}

/// The files that are fetched when they are wanted.
pub(crate) struct Gathered {
    pub(crate) files: Vec<PathBuf>,
    /// By part: the files that it needs, by name without the ending.
    wanted: BTreeMap<String, BTreeSet<String>>,
}

impl Gathered {
    /// Writes the script that loads the files; `places` leads from a file's name without its ending to the path that a
    /// page names it by.
    pub(crate) fn link(&self, work: &Path, places: &BTreeMap<String, String>) -> Result<Parts> {
        let mut script = format!(
            r#"import {{ initSync }} from "./glue.js";
const first = () => initSync(undefined, undefined);
const compiled = new Map();
const coming = new Map();
// What failed is tried anew when it is wanted again.
function once(map, file, make) {{
  if (!map.has(file)) {{
    map.set(file, make());
    map.get(file).catch(() => map.delete(file));
  }}
  return map.get(file);
}}
export const compile = (file) => once(compiled, file, () => WebAssembly.compileStreaming(fetch(file)));
const start = (file) => once(coming, file, async () => {{
  const module = await compile(file);
  return WebAssembly.instantiate(module, {{ {FIRST_OF_GATHERED}: first() }});
}});
const load = (...files) => async (callback, data) => {{
  let came = true;
  try {{
    await Promise.all(files.map(start));
  }} catch (error) {{
    console.error(error);
    came = false;
  }}
  first().__indirect_function_table.get(callback)(data, came);
}};
"#
        );
        let mut parts = BTreeMap::new();
        for (part, files) in &self.wanted {
            let places: Vec<String> = files.iter().filter_map(|file| places.get(file).cloned()).collect();
            let names: Vec<String> = places.iter().map(|place| format!("\"{place}\"")).collect();
            writeln!(script, "export const __wasm_split_load_{part} = load({});", names.join(", "))?;
            parts.insert(part.clone(), places);
        }
        fs::write(work.join(LOADER), script).context("cannot write the script that loads chunks")?;
        Ok(Parts(parts))
    }
}

/// The same for a console in one piece.
pub(crate) fn nothing_to_load(work: &Path) -> Result<Parts> {
    fs::write(work.join(LOADER), "export function compile() {}\n").context("cannot write an empty script")?;
    Ok(Parts::default())
}

/// Where the files of each part are, under their final names.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Parts(pub(crate) BTreeMap<String, Vec<String>>);

impl Parts {
    /// Whether a path is one of theirs.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.0.values().flatten().any(|file| file == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_pages_need_is_in_their_files() {
        let place_of =
            |parts: &[&str]| place(&parts.iter().map(ToString::to_string).collect()).map(str::to_owned);
        assert_eq!(place_of(&["list", "door", "settings"]), None);
        assert_eq!(place_of(&["settings", "list"]).as_deref(), Some("list"));
        assert_eq!(place_of(&["add", "door"]).as_deref(), Some("door"));
        assert_eq!(place_of(&["add", "connection"]).as_deref(), Some("shared"));
        assert_eq!(place_of(&["add"]).as_deref(), Some("add"));
    }
}
