//! A new key without losing the link: both are on disk until the server has said which one counts.

use std::path::Path;

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Rotate, Rotated, RotationDone};
use drawbridge_contract::link::proof::{NewKey, hex, unhex};

use super::handshake::json;
use crate::identity::{self, Identity, Key};

/// Makes a new key, keeps it beside the old one, and answers with the frame that tells the server.
pub(super) fn begin(identity: &mut Identity, state: &Path, rotate: &Rotate) -> Result<Vec<u8>, String> {
    let nonce = unhex(&rotate.nonce).ok_or("the server's nonce is none")?;
    let next = Key::make()?;
    let public = next.public();
    let text = NewKey {
        server: &identity.server,
        gateway: &identity.gateway,
        replica: &identity.replica,
        nonce: &nonce,
        key: &public,
    }
    .text();
    let rotated =
        Rotated { key: hex(&public), by_old: hex(&identity.key.sign(&text)), by_new: hex(&next.sign(&text)) };
    identity.next = Some(next);
    identity::save(state, identity)?;
    Frame::Rotated(&json(&rotated)?).encode().map_err(|fault| fault.code().to_owned())
}

/// The server has the new key: the old one is forgotten.
pub(super) fn finish(identity: &mut Identity, state: &Path, done: &RotationDone) -> Result<(), String> {
    let right = identity.next.as_ref().is_some_and(|next| hex(&next.public()) == done.key);
    if !right {
        return Err("the server has another key than the one that was made here".to_owned());
    }
    settle(identity, state, true)
}

/// One of two keys was accepted: it is the only one from now on.
pub(super) fn settle(identity: &mut Identity, state: &Path, next: bool) -> Result<(), String> {
    let Some(made) = identity.next.take() else { return Ok(()) };
    if next {
        identity.key = made;
    }
    identity::save(state, identity)
}
