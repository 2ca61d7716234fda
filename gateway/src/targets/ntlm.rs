//! NTLM version 2 as a client (MS-NLMP): three messages, and proof of the password without saying it.
//!
//! The answer is bound to the TLS connection (RFC 5929, `tls-server-end-point`) and protected by its own MIC, so that
//! servers with extended protection take it and nobody in between can pass it on. Nothing is signed or encrypted by NTLM
//! itself: TLS does that.

mod messages;
#[cfg(test)]
mod tests;

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

pub(super) use messages::negotiate;
use messages::{Challenge, Pairs, authenticate_message};

/// What the proof is made with, apart from the login.
pub(super) struct Proof<'a> {
    /// The first message, as it was sent.
    pub(super) negotiate: &'a [u8],
    /// The server's answer to it.
    pub(super) challenge: &'a [u8],
    /// Eight random bytes.
    pub(super) nonce: [u8; 8],
    /// Now, in units of 100 ns since 1601; the server's own time counts where it says one.
    pub(super) time: u64,
    /// What the server is called: `HTTP/host`.
    pub(super) service: &'a str,
    /// The hash of the server's certificate.
    pub(super) certificate: Option<&'a [u8]>,
    /// What this machine is called.
    pub(super) machine: &'a str,
}

/// The third message; `None`: the server's message is none, or wants something older than NTLM version 2.
pub(super) fn authenticate(user: &str, password: &str, proof: &Proof<'_>) -> Option<Vec<u8>> {
    let challenge = Challenge::read(proof.challenge)?;
    let (user, domain) = split(user);
    let key = owf(user, domain, password)?;
    let mut pairs = Pairs::read(&challenge.target_info)?;
    let time = pairs.time();
    if time.is_some() {
        // A MIC is in the message.
        pairs.set(Pairs::FLAGS, &2_u32.to_le_bytes());
    }
    pairs.set(Pairs::SERVICE, &utf16(proof.service));
    pairs.set(Pairs::BINDING, &proof.certificate.map_or([0; 16], binding));
    let mut claim = vec![1, 1, 0, 0, 0, 0, 0, 0];
    claim.extend(time.unwrap_or(proof.time).to_le_bytes());
    claim.extend(proof.nonce);
    claim.extend([0; 4]);
    claim.extend(pairs.bytes());
    claim.extend([0; 4]);
    let said = hmac(&key, &[&challenge.nonce, &claim])?;
    let session = Zeroizing::new(hmac(&key, &[&said])?);
    let lm = if time.is_some() {
        vec![0; 24]
    } else {
        [hmac(&key, &[&challenge.nonce, &proof.nonce])?.as_slice(), &proof.nonce].concat()
    };
    let nt = [said.as_slice(), &claim].concat();
    let names = [utf16(domain), utf16(user), utf16(proof.machine)];
    let (mut message, mic) = authenticate_message(&lm, &nt, &names);
    let sum = hmac(&session, &[proof.negotiate, proof.challenge, &message])?;
    message.get_mut(mic..mic + sum.len())?.copy_from_slice(&sum);
    Some(message)
}

/// `DOMAIN\name` in its parts; `name@domain` is a name as it is.
fn split(user: &str) -> (&str, &str) {
    user.split_once('\\').map_or((user, ""), |(domain, name)| (name, domain))
}

/// The key that stands for a password (`NTOWFv2`).
fn owf(user: &str, domain: &str, password: &str) -> Option<Zeroizing<[u8; 16]>> {
    let password = Zeroizing::new(utf16(password));
    let hash = Zeroizing::new(<[u8; 16]>::from(Md4::digest(&*password)));
    // Letters that become more than one in capitals stay as they are, as Windows has it.
    let capitals: String = user
        .chars()
        .map(|letter| {
            let mut capitals = letter.to_uppercase();
            match (capitals.next(), capitals.next()) {
                (Some(capital), None) => capital,
                _ => letter,
            }
        })
        .collect();
    hmac(&hash, &[&utf16(&capitals), &utf16(domain)]).map(Zeroizing::new)
}

fn hmac(key: &[u8; 16], parts: &[&[u8]]) -> Option<[u8; 16]> {
    let mut mac = Hmac::<Md5>::new_from_slice(key).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac.finalize().into_bytes().into())
}

/// The hash of `gss_channel_bindings_struct`: no addresses, and the certificate's hash.
fn binding(certificate: &[u8]) -> [u8; 16] {
    let data = [b"tls-server-end-point:".as_slice(), certificate].concat();
    let length = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
    Md5::digest([[0; 16].as_slice(), &length, &data].concat()).into()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
