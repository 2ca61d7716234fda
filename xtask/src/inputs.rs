//! What a build was made from, as one hash: unchanged inputs need no build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::layout::Layout;

/// Files and folders of the checkout that a result is made from.
pub(crate) struct Inputs<'a> {
    pub(crate) paths: &'a [&'a str],
    /// Anything else that changes the result: profile, features.
    pub(crate) salt: &'a str,
}

impl Inputs<'_> {
    /// The hash of all of it.
    pub(crate) fn hash(&self, layout: &Layout) -> Result<String> {
        let mut hasher = Sha256::new();
        hasher.update(self.salt);
        for file in self.files(layout)? {
            let name = file.strip_prefix(&layout.root).unwrap_or(&file).to_string_lossy().into_owned();
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            hasher.update((name.len() as u64).to_le_bytes());
            hasher.update(name);
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        }
        Ok(hex(&hasher.finalize()))
    }

    /// Every file of it, in a fixed order.
    pub(crate) fn files(&self, layout: &Layout) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for path in self.paths {
            collect(&layout.at(path), &mut found)?;
        }
        Ok(found)
    }
}

/// Every file under a folder, sorted; a file is itself; what does not exist is nothing.
pub(crate) fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
        let mut inside = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        inside.sort();
        for entry in inside {
            collect(&entry, found)?;
        }
    } else if path.is_file() {
        found.push(path.to_owned());
    }
    Ok(())
}

/// A note beside a result, of what it was made from.
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp of the result `name`.
    pub(crate) fn of(layout: &Layout, name: &str, inputs: &Inputs<'_>) -> Result<Self> {
        Ok(Self { file: layout.build(&format!(".{name}.stamp")), hash: inputs.hash(layout)? })
    }

    /// Whether the result was made from exactly these inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|noted| noted == self.hash)
    }

    /// Before the result is made anew.
    pub(crate) fn clear(&self) {
        drop(fs::remove_file(&self.file));
    }

    /// After the result was made.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// The first characters of a content's hash, for a file name.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)).chars().take(12).collect()
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
        }
        text
    })
}
