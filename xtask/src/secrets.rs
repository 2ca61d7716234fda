//! What the local instance needs and nobody else may know: made once, kept in `.local/secrets`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};

use crate::layout::Layout;

/// Crockford's alphabet: no letter that is taken for a digit.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The file with the local master key and set-up code.
pub(crate) struct Secrets {
    pub(crate) file: PathBuf,
    pub(crate) setup_code: String,
}

/// Reads the local secrets; makes them if there are none. What exists is never overwritten.
pub(crate) fn ensure(layout: &Layout) -> Result<Secrets> {
    let file = layout.local("secrets");
    if !file.exists() {
        create(layout)?;
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600))
        .with_context(|| format!("cannot protect {}", file.display()))?;
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.map(|value| value.trim().to_owned()).with_context(|| format!("{} has no {name}", file.display()))
    };
    value("MASTER_KEYS")?;
    Ok(Secrets { setup_code: value("SETUP_CODE")?, file })
}

fn create(layout: &Layout) -> Result<()> {
    let file = layout.local("secrets");
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = format!(
        "# Made for this machine only. Without MASTER_KEYS the local database's secrets cannot be opened again.\n\
         MASTER_KEYS={}\nSETUP_CODE={}\n",
        master_key("k1")?,
        setup_code()?
    );
    let mut handle = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .with_context(|| format!("cannot create {}", file.display()))?;
    handle.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
}

/// A new master key in the form that `MASTER_KEYS` has: `id:base64 of 32 random bytes`.
pub(crate) fn master_key(id: &str) -> Result<String> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(format!("{id}:{}", base64(&bytes)))
}

/// A new set-up code: four groups of five characters, 100 random bits.
pub(crate) fn setup_code() -> Result<String> {
    let mut bytes = [0; 20];
    fill(&mut bytes)?;
    let letters = bytes.map(|byte| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0'));
    let groups = letters.chunks(5).map(|group| String::from_utf8_lossy(group).into_owned());
    Ok(groups.collect::<Vec<_>>().join("-"))
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| anyhow!("this machine gives no random numbers: {error}"))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0u32, |sum, at| sum << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = (number >> (18 - 6 * at)) & 63;
            let written = at <= chunk.len();
            let letter = DIGITS.get(digit as usize).copied().map_or('=', char::from);
            text.push(if written { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_what_everybody_else_writes() {
        assert_eq!(base64(b""), "");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn a_setup_code_has_four_groups_of_five() {
        let code = setup_code().unwrap();
        let groups: Vec<_> = code.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [5, 5, 5, 5]);
        assert!(groups.concat().bytes().all(|letter| ALPHABET.contains(&letter)));
        assert_ne!(code, setup_code().unwrap());
    }

    #[test]
    fn a_master_key_holds_32_bytes() {
        let key = master_key("k1").unwrap();
        assert_eq!(key.strip_prefix("k1:").unwrap().len(), 44);
    }
}
