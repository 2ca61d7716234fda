//! The keeper of a connection: the one place where its token is refreshed and its uses are added up, one after the
//! other whatever the load. What it must not forget stands in its notes, which outlive it.

mod count;
mod lock;
mod message;
mod refresh;
mod state;
mod tally;

pub(super) use message::{Refreshed, Why, count, refresh, watch};
pub use tally::Tallies;

use std::cell::Cell;

use drawbridge_domain::id::{ConnectionId, TenantId};

use self::lock::Lock;
use self::message::Ask;
use self::state::State;
use super::store;
use crate::http::Failure;
use crate::json;
use crate::ports::{DbError, Notes};
use crate::services::Services;

/// What a keeper has in memory; nothing of it is missed when it ends.
#[derive(Default)]
pub struct Keeper {
    lock: Lock,
    /// The newest version of the secrets that it knows of.
    newest: Cell<i64>,
}

/// One keeper at work.
struct Work<'a> {
    services: &'a Services,
    notes: &'a dyn Notes,
    tenant: TenantId,
    id: ConnectionId,
}

impl Keeper {
    /// Answers a message.
    pub async fn answer(
        &self,
        services: &Services,
        notes: &dyn Notes,
        message: &str,
    ) -> Result<String, String> {
        let ask: Ask = json::read(message).map_err(|_| "a message that is none".to_owned())?;
        let work = Work { services, notes, tenant: ask.tenant, id: ask.connection };
        let answer = match ask.what {
            message::What::Refresh { seen, why } => {
                let _turn = self.lock.take().await;
                // Those who waited while another refreshed find what they came for.
                let refreshed = if self.newest.get() > seen {
                    Refreshed::Fresh
                } else {
                    let (refreshed, newest) = work.refresh(seen, why).await.map_err(words)?;
                    self.newest.set(newest);
                    refreshed
                };
                serde_json::to_string(&refreshed)
            }
            message::What::Count { calls, failures, at } => {
                work.count(calls, failures, at).await?;
                Ok(String::new())
            }
            message::What::Watch => {
                let _turn = self.lock.take().await;
                work.watch().await.map_err(words)?;
                Ok(String::new())
            }
        };
        answer.map_err(|_| "an answer that is none".to_owned())
    }

    /// Does what is due when the alarm rings.
    pub async fn wake(&self, services: &Services, notes: &dyn Notes) -> Result<(), String> {
        let Some(of) = state::Of::read(notes).await? else { return Ok(()) };
        let work = Work { services, notes, tenant: of.tenant, id: of.connection };
        let _turn = self.lock.take().await;
        let counted = work.flush().await;
        let refreshed = work.by_the_clock().await.map_err(words);
        // The alarm rings again whatever went wrong: what is due stays due.
        counted.and(refreshed)
    }
}

/// Asks the keepers of all connections whose tokens are due; they set their own alarms from then on.
pub async fn wake_due(services: &Services) -> Result<u32, DbError> {
    let due = store::due(services, services.now()).await?;
    let mut woken = 0;
    for one in due {
        if message::wake(services, &one.tenant_id, &one.id).await.is_ok() {
            woken += 1;
        }
    }
    Ok(woken)
}

/// A failure in words for the log.
fn words(failure: Failure) -> String {
    failure.cause().unwrap_or(failure.detail()).to_owned()
}
