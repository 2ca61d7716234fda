//! The master keys, as the deployment's secret gives them.

use std::fmt;

use zeroize::Zeroizing;

use crate::encoding::from_base64;

/// One or more master keys, the sealing one first.
pub struct MasterKeys {
    first: (String, Zeroizing<[u8; 32]>),
    others: Vec<(String, Zeroizing<[u8; 32]>)>,
}

/// Why the text of the master keys cannot be used. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKeys {
    /// There is none.
    Missing,
    /// A part is not `id:base64`.
    Form,
    /// A key is not 32 bytes long.
    Length,
    /// Two keys have the same id.
    Twice,
}

impl fmt::Display for BadKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "MASTER_KEYS is not set",
            Self::Form => "MASTER_KEYS is not of the form id:base64, several separated by commas",
            Self::Length => "a key in MASTER_KEYS is not 32 bytes long",
            Self::Twice => "two keys in MASTER_KEYS have the same id",
        })
    }
}

impl MasterKeys {
    /// Reads `id:base64[,id:base64…]`; ids are lower-case letters and digits.
    pub fn parse(text: &str) -> Result<Self, BadKeys> {
        let mut keys = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (id, key) = part.split_once(':').ok_or(BadKeys::Form)?;
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            if id.is_empty() || id.len() > 16 || !id.bytes().all(plain) {
                return Err(BadKeys::Form);
            }
            let bytes = Zeroizing::new(from_base64(key).ok_or(BadKeys::Form)?);
            let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| BadKeys::Length)?;
            if keys.iter().any(|(known, _): &(String, _)| known == id) {
                return Err(BadKeys::Twice);
            }
            keys.push((id.to_owned(), Zeroizing::new(key)));
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(BadKeys::Missing)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// The key that seals, with its id.
    pub fn first(&self) -> (&str, &[u8; 32]) {
        (&self.first.0, &self.first.1)
    }

    /// The key with this id.
    pub fn get(&self, id: &str) -> Option<&[u8; 32]> {
        std::iter::once(&self.first).chain(&self.others).find(|(known, _)| known == id).map(|(_, key)| &**key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused_without_repeating_it() {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        assert_eq!(MasterKeys::parse("").err(), Some(BadKeys::Missing));
        assert_eq!(MasterKeys::parse(key).err(), Some(BadKeys::Form));
        assert_eq!(MasterKeys::parse(&format!("K1:{key}")).err(), Some(BadKeys::Form));
        assert_eq!(MasterKeys::parse("k1:AAEC").err(), Some(BadKeys::Length));
        assert_eq!(MasterKeys::parse(&format!("k1:{key},k1:{key}")).err(), Some(BadKeys::Twice));
        assert!(MasterKeys::parse(&format!("k1:{key}, k2:{key}")).is_ok());
    }
}
