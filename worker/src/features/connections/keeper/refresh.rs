//! The refresh of a connection's token. Its steps, and what a crash after each of them leaves behind:
//!
//! 1. The provider is asked. Before that nothing has happened.
//! 2. Its answer is written down, sealed, in the keeper's notes. From here on nothing is lost.
//! 3. The tokens are written to the database, where everybody reads them. The next message, or the alarm, finds the
//!    note and does it again; the version of the secrets tells whether it was done.
//! 4. The note is crossed out.

use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::refresh::Course;
use drawbridge_domain::time::{MINUTE, SECOND, Timestamp};

use super::message::{Refreshed, Why};
use super::state::Written;
use super::{State, Work};
use crate::features::connections::record::Row;
use crate::features::connections::secrets::Bundle;
use crate::features::connections::settle::{self, Finding};
use crate::features::connections::token::{TokenFailure, Tokens};
use crate::features::connections::{prove, refresh, store};
use crate::http::Failure;
use crate::ports::DbError;

/// When the alarm rings for a note whose tokens did not reach the database.
const AGAIN: i64 = 5 * SECOND;

impl Work<'_> {
    /// New tokens for those of the version `seen`; answers the newest version too.
    pub(super) async fn refresh(&self, seen: i64, why: Why) -> Result<(Refreshed, i64), Failure> {
        self.finish_what_was_begun().await?;
        let Some(row) = self.row().await? else { return Ok((Refreshed::Impossible, seen)) };
        let version = row.secrets_version.unwrap_or_default();
        if version != seen {
            return Ok((Refreshed::Fresh, version));
        }
        let state = self.state_of(&row).await?;
        let now = self.services.now();
        if why == Why::Refused && state.course.is_fresh(now) {
            return Ok((Refreshed::Recent, version));
        }
        if why != Why::Asked
            && let Some((reason, until)) = state.course.cools(now)
        {
            let words = state.course.words;
            return Ok((Refreshed::Failed { reason, words, again: Some(until) }, version));
        }
        let refreshed = self.renew(row, why).await?;
        let newest = if refreshed == Refreshed::Fresh { version + 1 } else { version };
        Ok((refreshed, newest))
    }

    /// New tokens when their time has come.
    pub(super) async fn by_the_clock(&self) -> Result<(), Failure> {
        self.finish_what_was_begun().await?;
        self.look(true).await
    }

    /// Sees to the alarm; what is due is done when it rings, so that nobody waits for it.
    pub(super) async fn watch(&self) -> Result<(), Failure> {
        self.look(false).await
    }

    async fn look(&self, renew: bool) -> Result<(), Failure> {
        let Some(row) = self.row().await? else {
            // Deleted: nothing to look after, and nothing to keep once it cannot come back.
            let deleted = store::find_as(self.services, &self.tenant, "", &self.id, true).await?;
            let end = if deleted.is_some() { self.notes.wake(None).await } else { self.forget().await };
            return end.map_err(Failure::internal);
        };
        let mut state = self.state_of(&row).await?;
        let now = self.services.now();
        let works = matches!(row.summary.status()?, Status::Active | Status::Degraded);
        let due = row.next_refresh_at.map(Timestamp::from_millis).filter(|_| works);
        if renew && due.is_some_and(|due| due <= now) && state.course.cools(now).is_none() {
            // Should the provider, or this very machine, not come back, the alarm rings again.
            state.refresh_at = Some(now.plus(MINUTE));
            self.keep(&state).await.map_err(Failure::internal)?;
            return self.renew(row, Why::Due).await.map(|_| ());
        }
        state.refresh_at = due.map(|due| due.max(state.course.not_before.unwrap_or(due)));
        self.keep(&state).await.map_err(Failure::internal)
    }

    async fn row(&self) -> Result<Option<Row>, Failure> {
        Ok(store::find_as(self.services, &self.tenant, "", &self.id, false).await?)
    }

    /// The state of a connection's course as it is now. It is read anew after every call outward: uses are counted
    /// meanwhile, and stand in it too.
    async fn state_of(&self, row: &Row) -> Result<State, Failure> {
        let state = self.state().await.map_err(Failure::internal)?;
        Ok(state.about(row.secrets_version.unwrap_or_default()))
    }

    async fn renew(&self, row: Row, why: Why) -> Result<Refreshed, Failure> {
        let (definition, way) = row.definition()?;
        let values = row.values(self.services, &definition, &way)?;
        let Some(sealed) = row.sealed.as_deref() else { return Ok(Refreshed::Impossible) };
        let mut bundle = Bundle::open(self.services, &self.tenant, &self.id, sealed)?;
        if !refresh::is_possible(&way, &bundle) {
            let mut state = self.state_of(&row).await?;
            state.refresh_at = None;
            self.keep(&state).await.map_err(Failure::internal)?;
            return Ok(Refreshed::Impossible);
        }
        let registered = row.oauth_client_id.as_ref();
        let asked =
            refresh::ask(self.services, &self.tenant, &definition, &way, &values, &bundle, registered);
        match asked.await? {
            Ok(tokens) => {
                tokens.store(&mut bundle);
                let refreshed = self.arrived(&row, &bundle, tokens).await?;
                // A person's test is a proof by itself.
                if row.summary.status()? == Status::Degraded && why != Why::Asked {
                    let found = prove::prove(self.services, &definition, &way, &values, &bundle, None).await;
                    settle::by_system(self.services, &self.tenant, &self.id, &Finding::of(found)).await?;
                }
                Ok(refreshed)
            }
            Err(failure) => self.failed(&row, &bundle, failure, why).await,
        }
    }

    /// The provider's tokens are here: first of all they are written down.
    async fn arrived(&self, row: &Row, bundle: &Bundle, tokens: Tokens) -> Result<Refreshed, Failure> {
        let now = self.services.now();
        let written = Written {
            sealed: bundle.seal(self.services, &self.tenant, &self.id)?,
            replaces: row.secrets_version.unwrap_or_default(),
            scopes: tokens.scopes.as_ref().map(serde_json::to_string).transpose()?,
            expires: tokens.expires,
            refresh: tokens.refresh,
            at: now,
        };
        self.write_down(&written).await.map_err(Failure::internal)?;
        self.finish(written).await?;
        Ok(Refreshed::Fresh)
    }

    /// A note that is still there is of tokens that may not be in the database.
    async fn finish_what_was_begun(&self) -> Result<(), Failure> {
        match self.written().await.map_err(Failure::internal)? {
            Some(written) => self.finish(written).await,
            None => Ok(()),
        }
    }

    async fn finish(&self, written: Written) -> Result<(), Failure> {
        let new = store::NewTokens {
            sealed: &written.sealed,
            replaces: written.replaces,
            scopes: written.scopes.clone(),
            expires: written.expires,
            refresh: written.refresh,
        };
        let result = self.services.db.batch(store::replace_tokens(&self.tenant, &self.id, &new)).await;
        let mut state = self.state().await.map_err(Failure::internal)?;
        match result {
            // They are there already, or a sign-in brought others meanwhile.
            Ok(_) | Err(DbError::Guard) => {}
            Err(error) => {
                state.refresh_at = Some(self.services.now().plus(AGAIN));
                self.keep(&state).await.map_err(Failure::internal)?;
                return Err(error.into());
            }
        }
        state.course = Course::succeeded(written.at);
        state.version = written.replaces + 1;
        state.refresh_at = written.refresh;
        self.keep(&state).await.map_err(Failure::internal)?;
        self.cross_out().await.map_err(Failure::internal)
    }

    /// No tokens: when to ask again, and what it says about the connection.
    async fn failed(
        &self,
        row: &Row,
        bundle: &Bundle,
        failure: TokenFailure,
        why: Why,
    ) -> Result<Refreshed, Failure> {
        let now = self.services.now();
        let words = failure.words.and_then(|words| bundle.clean(&words));
        let chance = u32::from_le_bytes(self.services.random_bytes()?);
        let mut state = self.state_of(row).await?;
        state.course = state.course.failed(now, failure.reason, words.clone(), chance);
        let reason = if state.course.is_exhausted(now) { Reason::Expired } else { failure.reason };
        let again = state.course.not_before.filter(|_| !reason.disproves());
        state.refresh_at = again;
        self.keep(&state).await.map_err(Failure::internal)?;
        // A person's test writes down itself what it found. While the old token is good, nothing is wrong yet.
        if why != Why::Asked && (reason.disproves() || refresh::is_over(row, now) || why != Why::Due) {
            let finding = Finding::without_tokens(reason, words.clone());
            settle::by_system(self.services, &self.tenant, &self.id, &finding).await?;
        }
        Ok(Refreshed::Failed { reason, words, again })
    }
}
