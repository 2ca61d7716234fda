//! `disconnect`: leaves the tenant and erases the key.

use std::path::Path;

use drawbridge_contract::link::enrolment::{LEAVE_PATH, Leave};
use drawbridge_contract::link::proof::{Leaving, hex};

use super::web::{Answer, Way};
use super::{FINE, say};
use crate::agent::Loaded;
use crate::identity::{self, Identity, Key, Missing};
use crate::log;

/// Leaves. The key is erased only when the server has heard of it, or by force.
pub(crate) async fn disconnect(file: &Path, force: bool) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    let state = &loaded.config.state;
    let identity = match identity::load(state) {
        Ok(identity) => identity,
        Err(Missing::None) => {
            say("This machine is not enrolled: there is nothing to leave.");
            return Ok(FINE);
        }
        Err(Missing::Unusable(_)) if force => {
            identity::erase(state)?;
            say("The key is erased. Disconnect the gateway on the page Settings → Gateways as well.");
            return Ok(FINE);
        }
        Err(Missing::Unusable(why)) => return Err(why),
    };
    match leave(&loaded, &identity).await {
        Ok(()) => {
            identity::erase(state)?;
            say(&format!(
                "Left the gateway “{}” of “{}”; the key is erased.",
                identity.name, identity.tenant
            ));
        }
        Err(why) if force => {
            identity::erase(state)?;
            say(&format!("The server did not hear of it: {why}"));
            say(
                "The key is erased all the same. Disconnect the gateway on the page Settings → Gateways as well.",
            );
        }
        Err(why) => return Err(format!("{why}. Nothing was changed; --force erases the key all the same")),
    }
    Ok(FINE)
}

async fn leave(loaded: &Loaded, identity: &Identity) -> Result<(), String> {
    let mut refused = String::new();
    // After a rotation that broke off, one of two keys is right.
    for key in std::iter::once(&identity.key).chain(&identity.next) {
        let answer = leave_with(loaded, identity, key).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        refused = answer.problem();
    }
    Err(refused)
}

async fn leave_with(loaded: &Loaded, identity: &Identity, key: &Key) -> Result<Answer, String> {
    let at = log::now();
    let text =
        Leaving { server: &identity.server, gateway: &identity.gateway, replica: &identity.replica, at }
            .text();
    let asked = Leave {
        gateway: identity.gateway.clone(),
        replica: identity.replica.clone(),
        at,
        signature: hex(&key.sign(&text)),
    };
    let way = Way { address: &loaded.config.server, proxy: loaded.proxy.as_ref(), tls: &loaded.tls };
    way.post(LEAVE_PATH, &asked).await.map_err(|fault| fault.to_string())
}
