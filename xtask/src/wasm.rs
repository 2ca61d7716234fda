//! What makes a module smaller in brotli, and no wasm-opt does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::likeness;

/// Names each function after its place in an order that puts like beside like, so that wasm-opt, which sorts by name,
/// puts them so: four per cent. A name that a function had stands behind its place.
pub(crate) fn name_by_likeness(module: &Path) -> Result<()> {
    let bytes = fs::read(module)?;
    let mut ordered = wasm_encoder::Module::new();
    let mut first = 0_u32;
    let mut bodies = Vec::new();
    let mut known = BTreeMap::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let payload = payload?;
        if let Payload::CustomSection(section) = &payload
            && let KnownCustom::Name(names) = section.as_known()
        {
            for part in names {
                if let Name::Function(names) = part? {
                    for naming in names {
                        let naming = naming?;
                        known.insert(naming.index, naming.name);
                    }
                }
            }
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = bytes.get(range).context("a section ends after its module")?;
            ordered.section(&wasm_encoder::RawSection { id, data });
        }
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    first += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut ranks = vec![0; bodies.len()];
    for (rank, place) in likeness::order(&bodies).into_iter().enumerate() {
        if let Some(found) = ranks.get_mut(place) {
            *found = rank;
        }
    }
    let mut names = wasm_encoder::NameMap::new();
    for (index, rank) in (first..).zip(ranks) {
        names.append(index, &format!("{rank:06}:{}", known.get(&index).unwrap_or(&"")));
    }
    let mut section = wasm_encoder::NameSection::new();
    section.functions(&names);
    ordered.section(&section);
    fs::write(module, ordered.finish()).with_context(|| format!("cannot write {}", module.display()))
}

/// A module that imports from `to` all that `modules` import from `from`, and exports it under the same names.
/// wasm-merge joins modules that import the same memory only where another one of them has it.
pub(crate) fn passing_on(modules: &[&Path], from: &str, to: &str) -> Result<Vec<u8>> {
    let mut passed = BTreeMap::new();
    for module in modules {
        let bytes = fs::read(module)?;
        for payload in Parser::new(0).parse_all(&bytes) {
            if let Payload::ImportSection(imports) = payload? {
                for import in imports.into_imports() {
                    let import = import?;
                    if import.module == from {
                        passed.insert(import.name.to_owned(), import.ty);
                    }
                }
            }
        }
    }
    let (mut imports, mut exports) = (wasm_encoder::ImportSection::new(), wasm_encoder::ExportSection::new());
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, kind) in passed {
        let (export, what) = match kind {
            wasmparser::TypeRef::Memory(_) => (wasm_encoder::ExportKind::Memory, "memory"),
            wasmparser::TypeRef::Table(_) => (wasm_encoder::ExportKind::Table, "table"),
            wasmparser::TypeRef::Global(_) => (wasm_encoder::ExportKind::Global, "global"),
            _ => return Err(anyhow!("a chunk imports {name}, which cannot be passed on")),
        };
        let kind = wasm_encoder::EntityType::try_from(kind)
            .map_err(|error| anyhow!("a chunk imports {name}, which cannot be copied: {error}"))?;
        let index = counts.entry(what).or_default();
        imports.import(to, &name, kind);
        exports.export(&name, export, *index);
        *index += 1;
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&imports).section(&exports);
    Ok(module.finish())
}

/// Gives what the module imports from wasm-bindgen's glue names of one or two letters, in the module and in the
/// scripts at `scripts`. Half of each long name is a hash, which no compression makes smaller.
pub(crate) fn shorten(module: &Path, scripts: &[PathBuf]) -> Result<()> {
    let bytes = fs::read(module)?;
    let mut names = BTreeMap::new();
    let mut short = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        let payload = payload?;
        if let Payload::ImportSection(imports) = payload {
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
