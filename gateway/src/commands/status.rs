//! `status`: whether this machine is enrolled, and the agent runs and has its link.

use std::path::Path;

use super::web::Way;
use super::{FAILED, FINE, NEEDS_OPERATOR, say};
use crate::agent::Loaded;
use crate::identity::{self, Missing};
use crate::machine;
use crate::net::Address;

/// Says it. Fails when the link does not stand.
pub(crate) async fn status(file: &Path) -> Result<u8, String> {
    let loaded = Loaded::read(file)?;
    say(&format!("version   {}", machine::VERSION));
    match identity::load(&loaded.config.state) {
        Ok(identity) => {
            say(&format!("gateway   {} of {}", identity.name, identity.tenant));
            say(&format!("server    {}", identity.server));
            say(&format!("id        {}, {}", identity.gateway, identity.replica));
        }
        Err(Missing::None) => {
            say("gateway   none: this machine is not enrolled");
            return Ok(NEEDS_OPERATOR);
        }
        Err(Missing::Unusable(why)) => return Err(why),
    }
    let Some(listen) = loaded.config.listen else {
        say("agent     not known: listen is off in the configuration");
        return Ok(FINE);
    };
    let address =
        Address { tls: false, host: listen.ip().to_string(), port: listen.port(), path: String::new() };
    let way = Way { address: &address, proxy: None, tls: &loaded.tls };
    match way.get("/readyz").await {
        Ok(answer) if answer.status.is_success() => {
            say("agent     runs, and its link stands");
            Ok(FINE)
        }
        Ok(answer) => {
            say(&format!("agent     runs without a link: {}", String::from_utf8_lossy(&answer.body).trim()));
            Ok(FAILED)
        }
        Err(_) => {
            say("agent     does not run on this machine");
            Ok(FAILED)
        }
    }
}
