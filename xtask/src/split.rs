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

/// Gives what the module imports from wasm-bindgen's glue names of one or two letters, in the module and in the
/// scripts at `scripts`. Half of each long name is a hash, which no compression makes smaller.
pub(crate) fn shorten(module: &Path, scripts: &[PathBuf]) -> Result<()> {
    let bytes = fs::read(module)?;
    let mut names = BTreeMap::new();
    let mut short = wasm_encoder::Module::new();
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        let payload = payload?;
        if let wasmparser::Payload::ImportSection(imports) = payload {
            let mut section = wasm_encoder::ImportSection::new();
            for import in imports.into_imports() {
                let import = import?;
                let kind = wasm_encoder::EntityType::try_from(import.ty).map_err(|error| {
                    anyhow!("{} imports what cannot be copied: {error}", module.display())
                })?;
                let next = names.len();
                let name = match import.name.strip_prefix("__wb") {
                    Some(_) => names.entry(import.name.to_owned()).or_insert_with(|| letters(next)).as_str(),
                    None => import.name,
                };
                section.import(import.module, name, kind);
            }
            short.section(&section);
        } else if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = bytes.get(range).context("a section ends after its module")?;
            short.section(&wasm_encoder::RawSection { id, data });
        }
    }
    fs::write(module, short.finish())?;
    for script in scripts {
        let text = fs::read_to_string(script)?;
        fs::write(script, renamed(&text, &names))?;
    }
    Ok(())
}

/// `a` to `z`, `A` to `Z`, `aa` …
fn letters(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        let letter = u8::try_from(number % 52).unwrap_or_default();
        name.push(char::from(if letter < 26 { b'a' + letter } else { b'A' + letter - 26 }));
        number /= 52;
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

/// A script with each of the names in another's place.
fn renamed(script: &str, names: &BTreeMap<String, String>) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '$';
    let mut text = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|character| !is_part(character)).unwrap_or(from.len()));
        text.push_str(before);
        text.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_all_different() {
        let all: std::collections::BTreeSet<_> = (0..6000).map(letters).collect();
        assert_eq!(all.len(), 6000);
        assert_eq!([letters(0), letters(51), letters(52)], ["a", "Z", "aa"]);
    }

    #[test]
    fn only_whole_words_are_renamed() {
        let names = BTreeMap::from([("__wbg_a_1".to_owned(), "x".to_owned())]);
        assert_eq!(
            renamed("{ __wbg_a_1: f(__wbg_a_12, $__wbg_a_1) }.__wbg_a_1", &names),
            "{ x: f(__wbg_a_12, $__wbg_a_1) }.x"
        );
    }
}
