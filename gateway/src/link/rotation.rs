//! A new key without losing the link: both are on disk until the server has said which one counts.

use std::path::Path;

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Rotate, Rotated, RotationDone};
use drawbridge_contract::link::proof::{NewKey, hex, unhex};

use super::handshake::json;
use crate::identity::{self, Identity, Key};

/// Makes a new key, keeps it beside the old one, and answers with the frame that tells the server. Asked once more before
/// the server has said which one counts, it is the same new key: the server may have it already, and another one in its
/// place would leave this machine with two that nobody knows.
pub(super) fn begin(identity: &mut Identity, state: &Path, rotate: &Rotate) -> Result<Vec<u8>, String> {
    let nonce = unhex(&rotate.nonce).ok_or("the server's nonce is none")?;
    let next = match identity.next.take() {
        Some(next) => next,
        None => Key::make()?,
    };
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

#[cfg(test)]
mod tests {
    use drawbridge_contract::link::frame::Side;
    use drawbridge_domain::id::{GatewayId, ReplicaId};

    use super::*;
    use crate::identity::Opener;

    fn rotated(identity: &mut Identity, state: &Path, nonce: u8) -> Rotated {
        let bytes = begin(identity, state, &Rotate { nonce: hex(&[nonce; 32]) }).unwrap();
        let Ok(Frame::Rotated(text)) = Frame::decode(&bytes, Side::Agent) else { panic!("{bytes:?}") };
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn asked_twice_there_is_one_new_key() {
        let state = std::env::temp_dir().join(format!("gateway-rotation-{}", std::process::id()));
        let mut identity = Identity {
            server: "https://a".to_owned(),
            gateway: GatewayId::new(1, [0; 10]),
            replica: ReplicaId::new(2, [0; 10]),
            name: "Berlin".to_owned(),
            tenant: "Acme".to_owned(),
            key: Key::make().unwrap(),
            next: None,
            opener: Opener::make().unwrap(),
        };
        let old = hex(&identity.key.public());
        let first = rotated(&mut identity, &state, 1);
        let second = rotated(&mut identity, &state, 2);
        assert_ne!(first.key, old);
        assert_eq!(first.key, second.key, "the server may have the first one already");
        assert_ne!(first.by_new, second.by_new, "each question has its own proof");
        let done = RotationDone { key: first.key.clone() };
        finish(&mut identity, &state, &done).unwrap();
        let kept = identity::load(&state).ok().unwrap();
        assert_eq!((hex(&kept.key.public()), kept.next.is_none()), (first.key, true));
        std::fs::remove_dir_all(&state).unwrap();
    }
}
