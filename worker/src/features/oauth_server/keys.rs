//! The keys that sign access tokens: in the database, sealed; read again every few seconds by each instance, so that
//! one that is taken away there is not accepted anywhere any more.

use std::cell::RefCell;
use std::rc::Rc;

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_domain::id::{Id, SigningKeyId};
use drawbridge_domain::time::{DAY, MINUTE, SECOND, Timestamp};

use super::{TOKEN_LIFE, store};
use crate::http::Failure;
use crate::new_id;
use crate::ports::{Algorithm, Signer};
use crate::services::Services;
use crate::vault::Place;

/// How long what was read of the keys counts, in milliseconds.
const READ_EVERY: i64 = 10 * SECOND;
/// How long a key that is not known is not looked for again, in milliseconds.
const LOOK_EVERY: i64 = SECOND;
/// How long a key signs, in milliseconds.
const SIGNS_FOR: i64 = 90 * DAY;
/// How long before its end the next one is made, in milliseconds: the daily run may fail some times.
const MADE_BEFORE: i64 = 7 * DAY;
/// How long a key is published before it signs, in milliseconds: longer than anybody keeps what is published.
const PUBLISHED_BEFORE: i64 = DAY;
/// How long a key is published after it signed, in milliseconds: until the last token is over, on anybody's clock.
const PUBLISHED_AFTER: i64 = TOKEN_LIFE + 5 * MINUTE;

/// The algorithm that an app's access tokens are signed with.
pub(super) const fn algorithm(wanted: TokenAlgorithm) -> Algorithm {
    match wanted {
        TokenAlgorithm::EdDsa => Algorithm::EdDsa,
        TokenAlgorithm::Rs256 => Algorithm::Rs256,
    }
}

/// The algorithm of a name; nothing else signs here.
pub(super) fn algorithm_of(name: &str) -> Option<Algorithm> {
    [Algorithm::EdDsa, Algorithm::Rs256].into_iter().find(|known| known.name() == name)
}

/// One key.
pub(super) struct Key {
    pub(super) id: SigningKeyId,
    pub(super) algorithm: Algorithm,
    /// The public half: a JSON Web Key with nothing but its kind and its numbers.
    pub(super) public: String,
    sealed: String,
    signs_from: Timestamp,
    signs_until: Timestamp,
    published_until: Timestamp,
    signer: RefCell<Option<Rc<dyn Signer>>>,
}

impl Key {
    fn of(row: store::KeyRow) -> Option<Self> {
        Some(Self {
            algorithm: algorithm_of(&row.algorithm)?,
            id: row.id,
            public: row.public_jwk,
            sealed: row.sealed_private,
            signs_from: Timestamp::from_millis(row.signs_from),
            signs_until: Timestamp::from_millis(row.signs_until),
            published_until: Timestamp::from_millis(row.published_until),
            signer: RefCell::default(),
        })
    }

    /// The key ready to sign; opened once per instance.
    pub(super) async fn signer(&self, services: &Services) -> Result<Rc<dyn Signer>, Failure> {
        if let Some(ready) = self.signer.borrow().clone() {
            return Ok(ready);
        }
        let broken = || Failure::internal(format!("{} does not open", self.id));
        let opened = services.vault.open(place(&self.id), &self.sealed).map_err(|_| broken())?;
        let private = opened.text().ok_or_else(broken)?;
        let ready = services.signatures.signer(self.algorithm, private).await.map_err(Failure::internal)?;
        *self.signer.borrow_mut() = Some(Rc::clone(&ready));
        Ok(ready)
    }

    fn signs_at(&self, now: Timestamp) -> bool {
        self.signs_from <= now && now < self.signs_until
    }
}

pub(super) fn place(id: &SigningKeyId) -> Place<'_> {
    Place { tenant: "deployment", record: id.as_str(), field: "private_key" }
}

/// The keys as they were read.
pub(super) struct KeySet {
    keys: Vec<Rc<Key>>,
    read_at: Timestamp,
}

impl KeySet {
    /// Those that are published now.
    pub(super) fn published(&self, now: Timestamp) -> impl Iterator<Item = &Rc<Key>> {
        self.keys.iter().filter(move |key| key.published_until > now)
    }

    fn find(&self, id: &SigningKeyId, now: Timestamp) -> Option<Rc<Key>> {
        self.published(now).find(|key| key.id == *id).cloned()
    }

    /// The one that signs now: of several the one that began last.
    fn signing(&self, algorithm: Algorithm, now: Timestamp) -> Option<Rc<Key>> {
        let fits = |key: &&Rc<Key>| key.algorithm == algorithm && key.signs_at(now);
        self.keys.iter().filter(fits).max_by_key(|key| key.signs_from).cloned()
    }
}

/// The keys as they are, at most some seconds ago.
pub(super) async fn current(services: &Services) -> Result<Rc<KeySet>, Failure> {
    let known = services.issuing.keys.borrow().clone();
    match known {
        Some(known) if services.now().since(known.read_at) < READ_EVERY => Ok(known),
        _ => read(services).await,
    }
}

async fn read(services: &Services) -> Result<Rc<KeySet>, Failure> {
    let read_at = services.now();
    let rows = store::keys(services).await?;
    let known = services.issuing.keys.borrow().clone();
    let known = known.as_ref().map(|set| set.keys.as_slice()).unwrap_or_default();
    // One that is known already stays ready to sign.
    let keep = |new: Key| match known.iter().find(|old| old.id == new.id && old.sealed == new.sealed) {
        Some(old) => Rc::clone(old),
        None => Rc::new(new),
    };
    let keys = rows.into_iter().filter_map(Key::of).map(keep).collect();
    let set = Rc::new(KeySet { keys, read_at });
    *services.issuing.keys.borrow_mut() = Some(Rc::clone(&set));
    Ok(set)
}

/// The key of that id, if it is published. One that another instance has just made is found too.
pub(super) async fn published(services: &Services, id: &SigningKeyId) -> Result<Option<Rc<Key>>, Failure> {
    let set = current(services).await?;
    if let Some(key) = set.find(id, services.now()) {
        return Ok(Some(key));
    }
    if services.now().since(set.read_at) < LOOK_EVERY {
        return Ok(None);
    }
    Ok(read(services).await?.find(id, services.now()))
}

/// The key that signs now; made, if there is none.
pub(super) async fn signing(services: &Services, algorithm: Algorithm) -> Result<Rc<Key>, Failure> {
    if let Some(key) = current(services).await?.signing(algorithm, services.now()) {
        return Ok(key);
    }
    if let Some(key) = read(services).await?.signing(algorithm, services.now()) {
        return Ok(key);
    }
    make(services, algorithm, services.now()).await?;
    let key = read(services).await?.signing(algorithm, services.now());
    key.ok_or_else(|| Failure::internal("no key signs, though one was made"))
}

/// Makes a key that signs from then on, unless one does: of several instances that make one at once, one does.
async fn make(services: &Services, algorithm: Algorithm, signs_from: Timestamp) -> Result<(), Failure> {
    let id = new_id!(services, SigningKeyId)?;
    let pair = services.signatures.make_key(algorithm).await.map_err(Failure::internal)?;
    let sealed = services.vault.seal(&*services.random, place(&id), pair.private.as_bytes())?;
    let signs_until = signs_from.plus(SIGNS_FOR);
    let row = store::KeyRow {
        id,
        algorithm: algorithm.name().to_owned(),
        public_jwk: pair.public,
        sealed_private: sealed,
        signs_from: signs_from.millis(),
        signs_until: signs_until.millis(),
        published_until: signs_until.plus(PUBLISHED_AFTER).millis(),
    };
    services.db.batch(vec![store::add_key(&row, services.now())]).await?;
    Ok(())
}

/// The daily part: of each algorithm whose last key ends soon, the next one is made.
pub async fn rotate(services: &Services) -> Result<(), Failure> {
    let set = read(services).await?;
    for algorithm in [Algorithm::EdDsa, Algorithm::Rs256] {
        let ends = set.keys.iter().filter(|key| key.algorithm == algorithm).map(|key| key.signs_until).max();
        let Some(ends) = ends else { continue };
        let earliest = services.now().plus(PUBLISHED_BEFORE);
        if ends.since(services.now()) < MADE_BEFORE {
            make(services, algorithm, ends.max(earliest)).await?;
        }
    }
    Ok(())
}
