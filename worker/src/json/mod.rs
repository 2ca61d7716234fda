//! Reading JSON: first as a tree, then as a type, both by code that is in the Worker once.
//!
//! `serde_json` reads each type from text and from its tree with code of its own, and puts every fault into words; that
//! was a fifth of the Worker. Here each type is read from one tree only, and a fault is a place and a kind. Bodies, rows,
//! notes of ours: all that is JSON is read here. Writing is `serde_json`'s.
//!
//! What somebody sends is read strictly, whether its type says `deny_unknown_fields` or not; our own is not. A preset
//! that serde is told by a function does not work for an `Option`: one that is absent is `None`. A field with
//! `#[serde(rename = "..")]` is read from the same object, as `flatten` would have it for much more.

mod fault;
mod text;
mod tree;

pub use fault::{Fault, Kind};

use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroize;

use tree::Tree;

/// Reads a type from its tree. Fields that it does not know are passed over.
pub fn from_tree<T: DeserializeOwned>(tree: &Value) -> Result<T, Fault> {
    T::deserialize(Tree { value: Some(tree), strict: false })
}

/// Reads a type from its tree. Fields that it does not know are refused.
pub fn from_tree_strict<T: DeserializeOwned>(tree: &Value) -> Result<T, Fault> {
    T::deserialize(Tree { value: Some(tree), strict: true })
}

/// Reads a type from a text. Fields that it does not know are passed over, and of those with the same name the last one
/// counts.
pub fn read<T: DeserializeOwned>(text: &(impl AsRef<[u8]> + ?Sized)) -> Result<T, Fault> {
    from_tree(&parse(text.as_ref())?)
}

/// Reads a type from a text. Fields that it does not know are refused, and so is one that is there twice.
pub fn read_strict<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    from_tree_strict(&parse_strict(text.as_bytes())?)
}

/// Reads a type that holds secrets; what it was read through leaves nothing in the memory.
pub fn read_secret<T: DeserializeOwned>(text: &[u8]) -> Result<T, Fault> {
    let mut tree = parse(text)?;
    let read = from_tree(&tree);
    erase(&mut tree);
    read
}

/// The tree of a text. Of fields with the same name the last one stays.
pub fn parse(text: &[u8]) -> Result<Value, Fault> {
    text::parse(text, false)
}

/// The tree of a text in which no object has a field twice.
pub fn parse_strict(text: &[u8]) -> Result<Value, Fault> {
    text::parse(text, true)
}

fn erase(tree: &mut Value) {
    match tree {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(erase),
        Value::Object(fields) => fields.values_mut().for_each(erase),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
