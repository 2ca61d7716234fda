//! The bytes of NTLM's messages (MS-NLMP 2.2).

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";
/// Unicode, ask for the target, NTLM, always sign, extended session security, target info, version, 128 and 56 bits.
const FLAGS: u32 = 0xa288_8205;
/// What stands where a program's version does: that of NTLM only (revision 15).
const VERSION: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 15];
/// The longest target info of a server, in bytes.
const INFO_MOST: usize = 16 * 1024;

/// The first message.
pub(in crate::targets) fn negotiate() -> Vec<u8> {
    let mut message = SIGNATURE.to_vec();
    message.extend(1_u32.to_le_bytes());
    message.extend(FLAGS.to_le_bytes());
    message.extend([0; 16]);
    message.extend(VERSION);
    message
}

/// The server's message.
pub(super) struct Challenge {
    /// Its nonce.
    pub(super) nonce: [u8; 8],
    /// What it says of itself.
    pub(super) target_info: Vec<u8>,
}

impl Challenge {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.get(..8)? != SIGNATURE || u32_at(bytes, 8)? != 2 {
            return None;
        }
        let nonce = bytes.get(24..32)?.try_into().ok()?;
        let length = usize::from(u16_at(bytes, 40)?);
        let start = usize::try_from(u32_at(bytes, 44)?).ok()?;
        if length > INFO_MOST {
            return None;
        }
        let target_info = bytes.get(start..start.checked_add(length)?)?.to_vec();
        Some(Self { nonce, target_info })
    }
}

/// Attributes and values, in order.
pub(super) struct Pairs(Vec<(u16, Vec<u8>)>);

impl Pairs {
    const END: u16 = 0;
    pub(super) const FLAGS: u16 = 6;
    const TIME: u16 = 7;
    pub(super) const SERVICE: u16 = 9;
    pub(super) const BINDING: u16 = 10;

    pub(super) fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut pairs = Vec::new();
        loop {
            let (id, length) = (u16_at(bytes, 0)?, usize::from(u16_at(bytes, 2)?));
            if id == Self::END {
                return Some(Self(pairs));
            }
            pairs.push((id, bytes.get(4..4 + length)?.to_vec()));
            bytes = bytes.get(4 + length..)?;
        }
    }

    /// The server's time.
    pub(super) fn time(&self) -> Option<u64> {
        let (_, value) = self.0.iter().find(|(id, _)| *id == Self::TIME)?;
        Some(u64::from_le_bytes(value.as_slice().try_into().ok()?))
    }

    pub(super) fn set(&mut self, id: u16, value: &[u8]) {
        self.0.retain(|(other, _)| *other != id);
        self.0.push((id, value.to_vec()));
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (id, value) in &self.0 {
            bytes.extend(id.to_le_bytes());
            bytes.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend(value);
        }
        bytes.extend([0; 4]);
        bytes
    }
}

/// The third message with zeros where its MIC goes, and where that is.
pub(super) fn authenticate_message(lm: &[u8], nt: &[u8], names: &[Vec<u8>; 3]) -> (Vec<u8>, usize) {
    const HEAD: usize = 88;
    const MIC: usize = 72;
    let [domain, user, machine] = names;
    let mut message = SIGNATURE.to_vec();
    message.extend(3_u32.to_le_bytes());
    let mut at = HEAD;
    for part in [lm, nt, domain, user, machine, &[]] {
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX).to_le_bytes();
        message.extend(length);
        message.extend(length);
        message.extend(u32::try_from(at).unwrap_or_default().to_le_bytes());
        at += part.len();
    }
    message.extend(FLAGS.to_le_bytes());
    message.extend(VERSION);
    message.extend([0; 16]);
    for part in [lm, nt, domain, user, machine] {
        message.extend(part);
    }
    (message, MIC)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
