//! Uses, added up and written to the database at most once a minute.

use drawbridge_domain::time::{MINUTE, Timestamp};

use super::{State, Work};
use crate::features::connections::store;

impl Work<'_> {
    pub(super) async fn count(&self, calls: i64, failures: i64, at: Timestamp) -> Result<(), String> {
        let mut state = self.state().await?;
        let tally = &mut state.tally;
        tally.calls += calls;
        tally.failures += failures;
        tally.last = tally.last.max(Some(at));
        let now = self.services.now();
        let free = tally.written_at.is_none_or(|written| now.since(written) >= MINUTE);
        if tally.write_at.is_none() && !free {
            tally.write_at = tally.written_at.map(|written| written.plus(MINUTE));
        }
        if free {
            return self.write(state).await;
        }
        self.keep(&state).await
    }

    /// Writes what is to be written by now.
    pub(super) async fn flush(&self) -> Result<(), String> {
        let state = self.state().await?;
        let due = state.tally.write_at.is_some_and(|at| at <= self.services.now());
        if due { self.write(state).await } else { Ok(()) }
    }

    async fn write(&self, mut state: State) -> Result<(), String> {
        let now = self.services.now();
        let tally = std::mem::take(&mut state.tally);
        state.tally.written_at = Some(now);
        // Crossed out first: a count that is lost in a crash is better than one that is counted twice.
        self.keep(&state).await?;
        let last = tally.last.unwrap_or(now);
        let count = store::count(&self.tenant, &self.id, last, tally.calls, tally.failures);
        self.services.db.batch(vec![count]).await.map(|_| ()).map_err(|error| error.to_string())
    }
}
