//! What a handler works with: the ports, the vault, the deployment's settings.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use drawbridge_domain::time::Timestamp;

use crate::features::authority::{Good, HashKey, Heard};
use crate::features::connections::KnownUses;
use crate::features::connections::keeper::Tallies;
use crate::features::oauth_server::Issuing;
use crate::ports::{
    Authorities, Background, Clock, Database, Feeds, Gateways, Keepers, Log, Outward, Random, RandomFailed,
    Signatures,
};
use crate::vault::Vault;

/// The deployment's settings.
#[derive(Default)]
pub struct Settings {
    /// The address that browsers use, without a slash at the end. Where it is not set, that of the request.
    pub public_origin: Option<String>,
    /// The set-up code; empty: set-up is not possible.
    pub setup_code: String,
    /// The address of whoever calls where no network before the Worker says it: Cloudflare always does.
    pub client_address: String,
    /// How many calls an app or a token may make in a minute; 0: as many as it likes.
    pub api_rate_per_minute: u32,
    /// The sandbox provider's address; development and tests only.
    pub sandbox_origin: Option<String>,
}

/// The ports and settings, shared by all that a request does.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Rc<dyn Database>,
    /// The time.
    pub clock: Rc<dyn Clock>,
    /// Unpredictable bytes.
    pub random: Rc<dyn Random>,
    /// Calls to servers outside.
    pub outward: Rc<dyn Outward>,
    /// The checking and making of signatures.
    pub signatures: Rc<dyn Signatures>,
    /// The keepers of connections.
    pub keepers: Rc<dyn Keepers>,
    /// The places that know what apps and tokens may do.
    pub authorities: Rc<dyn Authorities>,
    /// The sockets of each tenant.
    pub feeds: Rc<dyn Feeds>,
    /// The links of gateways, and the calls through them.
    pub gateways: Rc<dyn Gateways>,
    /// Work after the answer.
    pub background: Rc<dyn Background>,
    /// The log.
    pub log: Rc<dyn Log>,
    /// The sealing of secrets.
    pub vault: Rc<Vault>,
    /// The deployment's settings.
    pub settings: Rc<Settings>,
    /// What signing and checking access tokens keeps between requests; once per instance of the Worker.
    pub issuing: Rc<Issuing>,
    /// Whether the master keys were checked and are right; once per instance of the Worker.
    pub ready: Rc<Cell<bool>>,
    /// The key of the hashes of credentials, once it was read.
    pub hash_key: Rc<OnceCell<HashKey>>,
    /// What the authority's answers mean, read once each.
    pub heard: Rc<Heard<Good>>,
    /// What it said of connections that are used.
    pub known_uses: Rc<KnownUses>,
    /// Uses of connections that are not told to their keepers yet.
    pub tallies: Rc<Tallies>,
}

impl Services {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// That many random bytes.
    pub fn random_bytes<const N: usize>(&self) -> Result<[u8; N], RandomFailed> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A new secret of 256 random bits for a cookie or an address, in base64url.
    pub fn new_secret(&self) -> Result<String, RandomFailed> {
        Ok(crate::encoding::base64url(&self.random_bytes::<32>()?))
    }
}

/// A new identifier of the kind that is wanted.
#[macro_export]
macro_rules! new_id {
    ($services:expr, $kind:ty) => {
        $services.random_bytes().map(|random| <$kind>::new($services.now().millis(), random))
    };
}
