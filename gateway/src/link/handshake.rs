//! Proves to the server who this machine is.

use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{CallKind, Challenge, Hello, Refused, Welcome};
use drawbridge_contract::link::proof::{NONCE, Proof, hex, unhex};
use drawbridge_contract::link::{PROTOCOL, Refusal};
use serde::de::DeserializeOwned;

use super::socket::{Socket, hear, read, say};
use crate::identity::{Identity, Key};
use crate::machine;

/// How the handshake ended.
pub(super) enum Shaken {
    /// The link stands.
    Welcome(Welcome),
    /// The server said no.
    Refused(Refused),
}

/// The whole handshake. An error: it broke off.
pub(super) async fn shake(socket: &mut Socket, identity: &Identity, key: &Key) -> Result<Shaken, String> {
    let mut agent_nonce = [0; NONCE];
    getrandom::fill(&mut agent_nonce).map_err(|fault| fault.to_string())?;
    let hello = Hello {
        protocols: vec![PROTOCOL],
        gateway: identity.gateway.clone(),
        replica: identity.replica.clone(),
        key: hex(&key.public()),
        nonce: hex(&agent_nonce),
        version: machine::VERSION.to_owned(),
        machine: machine::name(),
        platform: machine::platform(),
        kinds: CallKind::ALL.to_vec(),
        sealing: identity.opener.public(),
    };
    say(socket, Frame::Hello(&json(&hello)?)).await?;
    let bytes = hear(socket).await?;
    let challenge: Challenge = match read(&bytes)? {
        Frame::Challenge(text) => from(text)?,
        Frame::Refused(text) => return Ok(Shaken::Refused(from(text)?)),
        _ => return Err("the server did not answer with a challenge".to_owned()),
    };
    let server_nonce = unhex(&challenge.nonce).ok_or("the server's challenge is none")?;
    let proof = Proof {
        server: &identity.server,
        gateway: &identity.gateway,
        replica: &identity.replica,
        server_nonce: &server_nonce,
        agent_nonce: &agent_nonce,
    };
    say(socket, Frame::Proof(key.sign(&proof.text()))).await?;
    let bytes = hear(socket).await?;
    match read(&bytes)? {
        Frame::Welcome(text) => {
            let welcome: Welcome = from(text)?;
            if welcome.protocol == PROTOCOL {
                return Ok(Shaken::Welcome(welcome));
            }
            Ok(Shaken::Refused(Refused { code: Refusal::NoCommonProtocol, least: None }))
        }
        Frame::Refused(text) => Ok(Shaken::Refused(from(text)?)),
        _ => Err("the server did not answer the proof".to_owned()),
    }
}

/// A message as JSON.
pub(super) fn json(message: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string(message).map_err(|fault| fault.to_string())
}

/// A message from JSON. What is wrong is said without what it says.
pub(super) fn from<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text)
        .map_err(|fault| format!("a message of the server cannot be read: {:?}", fault.classify()))
}
