//! `enroll`: makes a key on this machine and joins a gateway with a one-time code.

use std::fs;
use std::path::Path;

use drawbridge_contract::link::enrolment::{ENROL_PATH, Enrol, Enrolled};
use drawbridge_contract::link::proof::{Enrolling, hex};
use drawbridge_domain::gateway::code::normalise;
use http::StatusCode;

use super::web::Way;
use super::{FINE, say};
use crate::agent::Loaded;
use crate::config::first_file;
use crate::identity::{self, Identity, Key, Missing, Opener};
use crate::machine;
use crate::net::Address;

/// Joins. Writes a first configuration where there is none.
pub(crate) async fn enroll(file: &Path, url: &str, code: &str) -> Result<u8, String> {
    let code = normalise(code).ok_or("this is no code: it looks like 7K2M-9QXA-04TR")?;
    let server = Address::parse(url).map_err(|words| format!("--url: {words}"))?;
    let origin = server.origin();
    let fresh = !file.exists();
    if fresh {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        }
        fs::write(file, first_file(&origin)).map_err(|fault| format!("{}: {fault}", file.display()))?;
    }
    let enrolled = join(file, &origin, &code).await;
    if enrolled.is_err() && fresh {
        // Nothing came of it: leave nothing behind.
        let _ = fs::remove_file(file);
    }
    let enrolled = enrolled?;
    say(&format!("Joined the gateway “{}” of “{}”.", enrolled.name, enrolled.tenant));
    if fresh {
        say(&format!("Say what may be reached in {}; it has examples.", file.display()));
    }
    say(
        "Start it: drawbridge-gateway run, or at every start of this machine: drawbridge-gateway service install",
    );
    Ok(FINE)
}

async fn join(file: &Path, origin: &str, code: &str) -> Result<Enrolled, String> {
    let loaded = Loaded::read(file)?;
    let server = &loaded.config.server;
    if server.origin() != origin {
        return Err(format!(
            "{} says server = \"{}\", not {origin}: make them the same",
            file.display(),
            server.origin()
        ));
    }
    let state = &loaded.config.state;
    match identity::load(state) {
        Err(Missing::None) => {}
        Ok(old) => {
            let words = "run “drawbridge-gateway disconnect” first";
            return Err(format!(
                "this machine is the gateway “{}” of “{}” already: {words}",
                old.name, old.tenant
            ));
        }
        Err(Missing::Unusable(why)) => return Err(why),
    }
    // A code is good once: whatever could fail here has to fail before it is used up.
    fs::create_dir_all(state).map_err(|fault| format!("{}: {fault}", state.display()))?;
    private_folder(state)?;
    let key = Key::make()?;
    let public = key.public();
    let text = Enrolling { server: origin, code, key: &public }.text();
    let asked = Enrol {
        code: code.to_owned(),
        key: hex(&public),
        signature: hex(&key.sign(&text)),
        version: machine::VERSION.to_owned(),
        machine: machine::name(),
        platform: machine::platform(),
    };
    let way = Way { address: server, proxy: loaded.proxy.as_ref(), tls: &loaded.tls };
    let answer = way.post(ENROL_PATH, &asked).await.map_err(|fault| fault.to_string())?;
    if answer.status != StatusCode::OK {
        return Err(answer.problem());
    }
    let enrolled: Enrolled =
        serde_json::from_slice(&answer.body).map_err(|_| "the server's answer cannot be read".to_owned())?;
    let made = Identity {
        server: origin.to_owned(),
        gateway: enrolled.gateway.clone(),
        replica: enrolled.replica.clone(),
        name: enrolled.name.clone(),
        tenant: enrolled.tenant.clone(),
        key,
        next: None,
        opener: Opener::make()?,
    };
    identity::save(state, &made)?;
    Ok(enrolled)
}

/// Nobody else looks into the folder with the key, and it can be written to.
fn private_folder(state: &Path) -> Result<(), String> {
    let said = |fault: std::io::Error| format!("{}: {fault}", state.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(state, fs::Permissions::from_mode(0o700)).map_err(said)?;
    }
    #[cfg(windows)]
    super::service::make_private(state)?;
    let trial = state.join("trial");
    fs::write(&trial, b"").and_then(|()| fs::remove_file(&trial)).map_err(said)
}
