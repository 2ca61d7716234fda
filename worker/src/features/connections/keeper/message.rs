//! What a keeper is asked and what it answers.

use drawbridge_domain::connection::Reason;
use drawbridge_domain::id::{ConnectionId, Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::tally::{GATHER, Tally};
use crate::http::Failure;
use crate::json;
use crate::services::Services;

/// A message to the keeper of a connection.
#[derive(Serialize, Deserialize)]
pub(super) struct Ask {
    pub(super) tenant: TenantId,
    pub(super) connection: ConnectionId,
    pub(super) what: What,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum What {
    /// New tokens for those of the version that was seen.
    Refresh { seen: i64, why: Why },
    /// So many uses.
    Count { calls: i64, failures: i64, at: Timestamp },
    /// The connection has new tokens, or its tokens are due: see to the alarm.
    Watch,
}

/// Why new tokens are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) enum Why {
    /// It is time.
    Due,
    /// The provider refused the token.
    Refused,
    /// The proof says that the token is not accepted, however new it is.
    Disproved,
    /// A person tests the connection: the cool-down is for machines.
    Asked,
}

/// What became of a refresh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) enum Refreshed {
    /// There are newer tokens than those that were seen.
    Fresh,
    /// The tokens are new already: that they are refused has another cause.
    Recent,
    /// Nothing can be refreshed.
    Impossible,
    /// The provider gave no tokens.
    Failed {
        reason: Reason,
        words: Option<String>,
        /// Before that nobody asks again.
        again: Option<Timestamp>,
    },
}

async fn ask(
    services: &Services,
    tenant: &TenantId,
    connection: &ConnectionId,
    what: What,
) -> Result<String, Failure> {
    let ask = Ask { tenant: tenant.clone(), connection: connection.clone(), what };
    let name = format!("{}/{}", tenant.as_str(), connection.as_str());
    let answer = services.keepers.ask(&name, serde_json::to_string(&ask)?).await;
    answer.map_err(|cause| Failure::internal(format!("the keeper of {connection}: {cause}")))
}

/// Asks for newer tokens than those of the version that was seen.
pub(in super::super) async fn refresh(
    services: &Services,
    tenant: &TenantId,
    connection: &ConnectionId,
    seen: i64,
    why: Why,
) -> Result<Refreshed, Failure> {
    let answer = ask(services, tenant, connection, What::Refresh { seen, why }).await?;
    Ok(json::read(&answer)?)
}

/// Counts a use, after the answer is sent: the first at once, what comes within a moment of it together.
pub(in super::super) fn count(services: &Services, tenant: &TenantId, id: &ConnectionId, failed: bool) {
    if !services.tallies.add(id, failed, services.now()) {
        return;
    }
    let told = |tally: Tally| What::Count { calls: tally.calls, failures: tally.failures, at: tally.at };
    if let Some(tally) = services.tallies.take(id) {
        later(services, tenant, id, told(tally));
    }
    let (all, tenant, id) = (services.clone(), tenant.clone(), id.clone());
    let rest = async move {
        if let Some(tally) = all.tallies.end(&id) {
            tell(&all, &tenant, &id, told(tally)).await;
        }
    };
    services.background.after(GATHER, Box::pin(rest));
}

/// Tells the keeper of new tokens, after the answer is sent.
pub(in super::super) fn watch(services: &Services, tenant: &TenantId, id: &ConnectionId) {
    later(services, tenant, id, What::Watch);
}

/// Tells the keeper that a token is due.
pub(super) async fn wake(services: &Services, tenant: &TenantId, id: &ConnectionId) -> Result<(), Failure> {
    ask(services, tenant, id, What::Watch).await.map(|_| ())
}

fn later(services: &Services, tenant: &TenantId, id: &ConnectionId, what: What) {
    let (all, tenant, id) = (services.clone(), tenant.clone(), id.clone());
    services.background.spawn(Box::pin(async move { tell(&all, &tenant, &id, what).await }));
}

/// Tells the keeper something; that it could not be told is for the log.
async fn tell(services: &Services, tenant: &TenantId, id: &ConnectionId, what: What) {
    if let Err(failure) = ask(services, tenant, id, what).await {
        let cause = failure.cause().unwrap_or_default();
        let line = serde_json::json!({ "event": "keeper", "level": "warn", "cause": cause });
        services.log.line(&line.to_string());
    }
}
