//! Who this machine is to its tenant: the key, which never leaves it, and what came with it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use drawbridge_contract::link::proof::{hex, unhex};
use drawbridge_contract::link::sealed::{self, Credentials, Purpose};
use drawbridge_domain::id::{GatewayId, ReplicaId};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::config::private;

/// An Ed25519 key. Nothing prints it, and it is overwritten when it goes.
#[derive(Clone)]
pub(crate) struct Key(SigningKey);

impl Key {
    /// A new one.
    pub(crate) fn make() -> Result<Self, String> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).map_err(|fault| format!("no randomness is to be had: {fault}"))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public half.
    pub(crate) fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// A signature.
    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }

    fn seed(&self) -> String {
        let mut seed = self.0.to_bytes();
        let text = hex(&seed);
        seed.zeroize();
        text
    }

    fn from_seed(text: &str) -> Option<Self> {
        let seed = Zeroizing::new(unhex(text)?);
        Some(Self(SigningKey::from_bytes(&seed)))
    }
}

/// Who this machine is.
#[derive(Clone)]
pub(crate) struct Identity {
    /// The server's origin.
    pub(crate) server: String,
    /// The gateway.
    pub(crate) gateway: GatewayId,
    /// Which of its agents this is.
    pub(crate) replica: ReplicaId,
    /// The gateway's name when it enrolled.
    pub(crate) name: String,
    /// The tenant's name when it enrolled.
    pub(crate) tenant: String,
    /// The key.
    pub(crate) key: Key,
    /// A key that was made in a rotation, of which is not known whether the server has it.
    pub(crate) next: Option<Key>,
    /// What opens the credentials that are sealed for this machine.
    pub(crate) opener: Opener,
}

impl Identity {
    /// What calls need to open credentials.
    pub(crate) fn unsealing(&self) -> Unsealing {
        let (server, gateway, replica) = (self.server.clone(), self.gateway.clone(), self.replica.clone());
        Unsealing { server, gateway, replica, opener: self.opener.clone() }
    }
}

/// Who this machine is, as far as credentials for it are concerned.
pub(crate) struct Unsealing {
    server: String,
    gateway: GatewayId,
    replica: ReplicaId,
    opener: Opener,
}

impl Unsealing {
    /// The credentials in a box for a target.
    pub(crate) fn open(&self, target: &str, text: &str) -> Option<Credentials> {
        let (server, gateway, replica) = (&self.server, &self.gateway, &self.replica);
        self.opener.open(&Purpose { server, gateway, replica, target }, text)
    }
}

/// An X25519 private key. Nothing prints it, and it is overwritten when it goes.
#[derive(Clone)]
pub(crate) struct Opener(Zeroizing<[u8; 32]>);

impl Opener {
    /// A new one.
    pub(crate) fn make() -> Result<Self, String> {
        let mut private = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *private).map_err(|fault| format!("no randomness is to be had: {fault}"))?;
        Ok(Self(private))
    }

    /// The public half, in hexadecimal digits.
    pub(crate) fn public(&self) -> Option<String> {
        sealed::public(&self.0).map(|key| hex(&key))
    }

    /// The credentials in a box; `None`: it is not for this key or purpose, or holds none.
    fn open(&self, purpose: &Purpose<'_>, text: &str) -> Option<Credentials> {
        let plain = Zeroizing::new(sealed::open(&self.0, purpose, text)?);
        serde_json::from_slice(&plain).ok()
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Kept {
    server: String,
    gateway: GatewayId,
    replica: ReplicaId,
    name: String,
    tenant: String,
    key: Zeroizing<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<Zeroizing<String>>,
    /// Absent in the files of agents that could open nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opener: Option<Zeroizing<String>>,
}

/// Why there is no identity to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// This machine never enrolled, or has erased its key.
    None,
    /// It is there and cannot be used.
    Unusable(String),
}

/// The file with the key in a state folder.
pub(crate) fn place(state: &Path) -> PathBuf {
    state.join("key.json")
}

/// Where a key is written before it takes the other one's place.
fn fresh(state: &Path) -> PathBuf {
    state.join("key.json.new")
}

/// Reads the identity; refused when others may read the key.
pub(crate) fn load(state: &Path) -> Result<Identity, Missing> {
    let file = place(state);
    let unusable = |why: String| Missing::Unusable(why);
    let text = match fs::read_to_string(&file) {
        Ok(text) => Zeroizing::new(text),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Err(Missing::None),
        Err(fault) => return Err(unusable(format!("{}: {fault}", file.display()))),
    };
    private(&file, 0o077).map_err(unusable)?;
    let damaged = || unusable(format!("{} is damaged: enrol this machine again", file.display()));
    let kept: Kept = serde_json::from_str(&text).map_err(|_| damaged())?;
    let key = Key::from_seed(&kept.key).ok_or_else(damaged)?;
    let next = match &kept.next {
        Some(seed) => Some(Key::from_seed(seed).ok_or_else(damaged)?),
        None => None,
    };
    let opener = match &kept.opener {
        Some(private) => Some(Opener(Zeroizing::new(unhex(private).ok_or_else(damaged)?))),
        None => None,
    };
    let fresh = opener.is_none();
    let opener = opener.map_or_else(Opener::make, Ok).map_err(unusable)?;
    let Kept { server, gateway, replica, name, tenant, .. } = kept;
    let identity = Identity { server, gateway, replica, name, tenant, key, next, opener };
    if fresh {
        save(state, &identity).map_err(unusable)?;
    }
    Ok(identity)
}

/// Writes the identity so that a crash at any point leaves the old file or the new one, never half of one.
pub(crate) fn save(state: &Path, identity: &Identity) -> Result<(), String> {
    let kept = Kept {
        server: identity.server.clone(),
        gateway: identity.gateway.clone(),
        replica: identity.replica.clone(),
        name: identity.name.clone(),
        tenant: identity.tenant.clone(),
        key: Zeroizing::new(identity.key.seed()),
        next: identity.next.as_ref().map(|key| Zeroizing::new(key.seed())),
        opener: Some(Zeroizing::new(hex(&*identity.opener.0))),
    };
    let text = Zeroizing::new(serde_json::to_string_pretty(&kept).map_err(|fault| fault.to_string())?);
    let file = place(state);
    write(state, &fresh(state), &file, text.as_bytes())
        .map_err(|fault| format!("{}: {fault}", file.display()))
}

fn write(state: &Path, fresh: &Path, file: &Path, text: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(state)?;
    match fs::remove_file(fresh) {
        Err(fault) if fault.kind() != ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(fresh)?;
    open.write_all(text)?;
    open.sync_all()?;
    fs::rename(fresh, file)?;
    // The rename itself has to be on the disk, too. Where folders cannot be opened, the system sees to it.
    if let Ok(folder) = File::open(state) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Erases the key: overwritten, then removed; what a crash has left of one that was being written, too.
pub(crate) fn erase(state: &Path) -> Result<(), String> {
    erase_file(&fresh(state))?;
    erase_file(&place(state))
}

fn erase_file(file: &Path) -> Result<(), String> {
    let said = |fault: std::io::Error| format!("{}: {fault}", file.display());
    let length = match fs::metadata(file) {
        Ok(found) => found.len(),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(said(fault)),
    };
    if let Ok(mut open) = OpenOptions::new().write(true).open(file) {
        let _ = open.write_all(&vec![0; usize::try_from(length).unwrap_or_default()]);
        let _ = open.sync_all();
    }
    match fs::remove_file(file) {
        // Whoever leaves and the agent that runs both erase it: the other was quicker.
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(said(fault)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("gateway-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn identity() -> Identity {
        Identity {
            server: "https://a".to_owned(),
            gateway: GatewayId::new(1, [0; 10]),
            replica: ReplicaId::new(2, [0; 10]),
            name: "Berlin".to_owned(),
            tenant: "Acme".to_owned(),
            key: Key::make().unwrap(),
            next: None,
            opener: Opener::make().unwrap(),
        }
    }

    #[test]
    fn a_file_without_an_opener_gets_one_that_stays() {
        let state = folder("opener");
        save(&state, &identity()).unwrap();
        let file = place(&state);
        let mut kept: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        kept.as_object_mut().unwrap().remove("opener").unwrap();
        fs::write(&file, kept.to_string()).unwrap();
        let made = load(&state).ok().and_then(|read| read.opener.public());
        assert!(made.is_some());
        assert_eq!(load(&state).ok().and_then(|read| read.opener.public()), made);
        fs::remove_dir_all(&state).unwrap();
    }

    #[test]
    fn an_identity_is_kept_and_erased() {
        let state = folder("kept");
        assert_eq!(load(&state).err(), Some(Missing::None));
        let mut one = identity();
        save(&state, &one).unwrap();
        assert_eq!(load(&state).ok().map(|read| read.key.public()), Some(one.key.public()));
        one.next = Some(Key::make().unwrap());
        save(&state, &one).unwrap();
        let read = load(&state).ok().unwrap();
        assert_eq!(read.next.map(|key| key.public()), one.next.map(|key| key.public()));
        fs::copy(place(&state), fresh(&state)).unwrap();
        erase(&state).unwrap();
        erase(&state).unwrap();
        assert_eq!(load(&state).err(), Some(Missing::None));
        assert_eq!(fs::read_dir(&state).unwrap().count(), 0, "not in a file that a crash has left, either");
        fs::remove_dir_all(&state).unwrap();
    }

    #[test]
    fn two_may_erase_it_at_the_same_moment() {
        let state = folder("both");
        for _ in 0..50 {
            save(&state, &identity()).unwrap();
            std::thread::scope(|scope| {
                let both = [(); 2].map(|()| scope.spawn(|| erase(&state)));
                for one in both {
                    one.join().unwrap().unwrap();
                }
            });
        }
        fs::remove_dir_all(&state).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;

        let state = folder("modes");
        save(&state, &identity()).unwrap();
        let file = place(&state);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let Err(Missing::Unusable(why)) = load(&state) else { panic!("mode {mode:o}") };
            assert!(why.contains("chmod 600"), "{why}");
        }
        fs::remove_dir_all(&state).unwrap();
    }

    #[test]
    fn a_damaged_file_says_so_and_shows_nothing() {
        let state = folder("damaged");
        save(&state, &identity()).unwrap();
        let file = place(&state);
        let seed = identity().key.seed();
        fs::write(&file, format!("{{\"key\":\"{seed}\"")).unwrap();
        let Err(Missing::Unusable(why)) = load(&state) else { panic!() };
        assert!(why.contains("enrol") && !why.contains(&seed), "{why}");
        fs::remove_dir_all(&state).unwrap();
    }
}
