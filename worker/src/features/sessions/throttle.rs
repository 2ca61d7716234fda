//! The throttle of secrets that can be guessed: growing delay per account and per address, never for ever.

use drawbridge_domain::account::throttle_delay;
use drawbridge_domain::time::{DAY, Timestamp};

use super::store;
use crate::encoding::hashed;
use crate::http::Failure;
use crate::ports::Statement;
use crate::services::Services;

/// After this long without a failure the count begins anew, in milliseconds.
const FORGIVEN_AFTER: i64 = DAY;

/// What is throttled: the guesses at one account's secret and those from one address.
pub struct Throttle {
    keys: Vec<String>,
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

    /// Refuses while the delay lasts, and otherwise counts a try as failed until [`Self::forgive`] says that it
    /// was not. Counting first makes tries at the same moment count too.
    pub async fn count(&self, services: &Services) -> Result<(), Failure> {
        let now = services.now();
        let known = store::throttles(services, &self.keys).await?;
        let wait = known.iter().map(|row| row.blocked_until - now.millis()).max().unwrap_or(0);
        if wait > 0 {
            return Err(Failure::too_many(wait));
        }
        let mut batch = Vec::new();
        for key in &self.keys {
            let failures = known
                .iter()
                .find(|row| &row.key == key && now.millis() - row.last_at < FORGIVEN_AFTER)
                .map_or(0, |row| row.failures)
                .saturating_add(1);
            let until = now.plus(throttle_delay(failures));
            batch.push(store::count_failure(key, failures, until, now));
        }
        services.db.batch(batch).await?;
        Ok(())
    }

    /// The statements that forget the failures of the account; those of the address age.
    pub fn forgive(&self) -> Vec<Statement> {
        self.keys.first().map(|key| store::forgive(key)).into_iter().collect()
    }
}

/// Forgets what is old enough.
pub fn forget_old(now: Timestamp) -> Statement {
    store::forget_throttles(now.plus(-FORGIVEN_AFTER))
}
