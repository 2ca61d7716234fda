//! The throttle of secrets that can be guessed: growing delay per account and per address, never for ever.

use drawbridge_domain::account::throttle_delay;
use drawbridge_domain::time::{DAY, SECOND, Timestamp};

use super::store::{self, ThrottleRow};
use crate::encoding::hashed;
use crate::http::Failure;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// After this long without a failure the count begins anew, in milliseconds.
const FORGIVEN_AFTER: i64 = DAY;
/// So many failures more than an account has an address before it must wait: a whole office can share one.
const ADDRESS_SLACK: u32 = 25;
/// How often a try is counted anew when others are counted at the same moment.
const TRIES: u32 = 8;

/// What is throttled: the guesses at one account's secret and those from one address.
pub struct Throttle {
    keys: Vec<String>,
}

/// A try that is counted as failed, until [`Self::forgive`] says that it was not.
pub struct Counted {
    subject: String,
    address: Option<(String, u32)>,
}

impl Throttle {
    /// Guesses at what `subject` names, from `address`. Neither is stored in the clear.
    pub fn new(subject: &str, address: &str) -> Self {
        let mut keys = vec![hashed(&format!("subject:{subject}"))];
        if !address.is_empty() {
            keys.push(hashed(&format!("address:{address}")));
        }
        Self { keys }
    }

    /// Refuses while the delay lasts, and otherwise counts a try as failed. Counting comes first, and each try at
    /// a subject is counted on the number that it saw: of many at the same moment, each but the first few waits.
    pub async fn count(&self, services: &Services) -> Result<Counted, Failure> {
        let Some((subject, address)) = self.keys.split_first() else {
            return Err(Failure::internal("a throttle of nothing"));
        };
        for _ in 0..TRIES {
            let now = services.now();
            let known = store::throttles(services, &self.keys).await?;
            let wait = known.iter().map(|row| row.blocked_until - now.millis()).max().unwrap_or(0);
            if wait > 0 {
                return Err(Failure::too_many(wait));
            }
            let row = known.iter().find(|row| &row.key == subject);
            let failures = next(row, now);
            let until = now.plus(throttle_delay(failures));
            let mut batch = store::claim_try(subject, failures, until, now, row.map(|row| row.failures));
            let mut counted = Counted { subject: subject.clone(), address: None };
            if let Some(key) = address.first() {
                let failures = next(known.iter().find(|row| &row.key == key), now);
                let until = now.plus(throttle_delay(failures.saturating_sub(ADDRESS_SLACK)));
                batch.push(store::count_failure(key, failures, until, now));
                counted.address = Some((key.clone(), failures));
            }
            match services.db.batch(batch).await {
                Err(DbError::Guard) => {}
                result => return result.map(|_| counted).map_err(Failure::from),
            }
        }
        Err(Failure::too_many(SECOND))
    }
}

fn next(row: Option<&ThrottleRow>, now: Timestamp) -> u32 {
    row.filter(|row| now.millis() - row.last_at < FORGIVEN_AFTER)
        .map_or(0, |row| row.failures)
        .saturating_add(1)
}

impl Counted {
    /// The statements that forget all failures of the account, and this one of the address: its others age.
    pub fn forgive(self) -> Vec<Statement> {
        let mut statements = vec![store::forgive(&self.subject)];
        statements.extend(self.address.map(|(key, failures)| store::take_back(&key, failures)));
        statements
    }
}

/// Forgets what is old enough.
pub fn forget_old(now: Timestamp) -> Statement {
    store::forget_throttles(now.plus(-FORGIVEN_AFTER))
}
