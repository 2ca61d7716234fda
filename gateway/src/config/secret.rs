//! Secrets: where they are, never what they are.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The longest secret, in bytes.
const MOST: usize = 16 * 1024;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Secret {
    /// In a file, on its first line.
    File(PathBuf),
    /// In a variable of the environment.
    Variable(String),
}

impl Secret {
    /// The secret, or why it cannot be had.
    pub(crate) fn read(&self) -> Result<Zeroizing<String>, String> {
        let (place, text) = match self {
            Self::File(file) => {
                let place = file.display().to_string();
                private(file, 0o007)?;
                let text = fs::read_to_string(file).map_err(|fault| format!("{place}: {fault}"))?;
                (place, Zeroizing::new(text))
            }
            Self::Variable(name) => {
                let text = std::env::var(name).map_err(|_| format!("the variable {name} is not set"))?;
                (format!("the variable {name}"), Zeroizing::new(text))
            }
        };
        let line = text.trim_end_matches(['\r', '\n']);
        if line.is_empty() || line.len() > MOST {
            return Err(format!("{place} is empty or too long"));
        }
        if line.chars().any(char::is_control) {
            return Err(format!("{place} must hold one line of text"));
        }
        Ok(Zeroizing::new(line.to_owned()))
    }
}

/// Refuses a file that others may read: `others` are the bits of its mode that must not be set.
#[cfg(unix)]
pub(crate) fn private(file: &Path, others: u32) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;

    let name = file.display();
    let mode = fs::metadata(file).map_err(|fault| format!("{name}: {fault}"))?.permissions().mode();
    if mode & others == 0 {
        return Ok(());
    }
    let right = 0o666 & !others & mode;
    Err(format!(
        "{name} can be read or changed by others (mode {:o}): run “chmod {right:o} {name}”",
        mode & 0o777
    ))
}

/// Elsewhere, who may read a file is a matter of the folder that it is in.
#[cfg(not(unix))]
pub(crate) fn private(file: &Path, _others: u32) -> Result<(), String> {
    fs::metadata(file).map(drop).map_err(|fault| format!("{}: {fault}", file.display()))
}
