//! Whether webhooks are told that the gateway is offline, and that it is back. The hub's storage has since when nobody is
//! there, so that the alarm finds it after a sleep; that each is told once, the database sees to.

use drawbridge_domain::gateway::{GatewayStatus, OFFLINE_TOLD_AFTER};
use drawbridge_domain::id::{GatewayId, Id, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::store;
use super::Hub;
use super::seat::Noted;
use crate::features::audit::{self, Actor, ChainEnd, Context, Record};
use crate::json;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// The note that nobody is there.
const AWAY: &str = "away";

/// The last link has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Away {
    tenant: TenantId,
    gateway: GatewayId,
    /// When it did.
    since: Timestamp,
    /// It was told, or there is nothing to tell: somebody has disabled the gateway.
    #[serde(default)]
    decided: bool,
}

impl Hub {
    /// A link has ended after which none is left: when nobody has come by then, that is told.
    pub(super) async fn note_away(&self, last: &Noted, now: Timestamp) -> Result<(), DbError> {
        let (tenant, gateway) = (last.tenant.clone(), last.gateway.clone());
        self.write_away(&Away { tenant, gateway, since: now, decided: false }).await?;
        self.set_alarm(now);
        self.wires.wake(now.plus(OFFLINE_TOLD_AFTER));
        Ok(())
    }

    /// Tells what is due of a gateway without links, and of one that has links again.
    pub(super) async fn tell_away(&self, services: &Services) {
        let away = match self.notes.get(AWAY).await {
            Ok(text) => text.and_then(|text| json::read::<Away>(&text).ok()),
            Err(cause) => return self.not_written(services, None, &DbError::Other(cause)),
        };
        let Some(away) = away else { return };
        let due = away.since.plus(OFFLINE_TOLD_AFTER);
        let waits = services.now() < due;
        let there = self.links.borrow().values().any(|link| link.seat.proved.is_some());
        let told = match (there, waits) {
            (true, true) => self.forget_away().await,
            (true, false) => self.is_back(services, &away).await,
            (false, true) => {
                self.wires.wake(due);
                Ok(())
            }
            (false, false) if away.decided => Ok(()),
            (false, false) => self.is_offline(services, away.clone()).await,
        };
        if let Err(error) = told {
            self.not_written(services, Some(&away.gateway), &error);
        }
    }

    async fn is_offline(&self, services: &Services, away: Away) -> Result<(), DbError> {
        let Some(standing) = store::standing(services, &away.tenant, &away.gateway).await? else {
            return self.forget_away().await;
        };
        if standing.offline_told.is_none() {
            let changes = json!({
                "status": { "after": GatewayStatus::Offline.code() },
                "offlineSince": { "after": away.since },
            });
            let noted = store::told_offline(&away.tenant, &away.gateway, away.since);
            self.tell_of(services, &away, &standing.name, "gateway.offline", changes, noted).await?;
        }
        self.write_away(&Away { decided: true, ..away }).await
    }

    async fn is_back(&self, services: &Services, away: &Away) -> Result<(), DbError> {
        let standing = store::standing(services, &away.tenant, &away.gateway).await?;
        let told = standing.and_then(|standing| Some((standing.offline_told?, standing)));
        if let Some((since, standing)) = told {
            let changes = json!({
                "status": { "before": GatewayStatus::Offline.code(), "after": standing.status },
                "offlineSince": { "before": Timestamp::from_millis(since) },
            });
            let noted = store::told_online(&away.tenant, &away.gateway);
            self.tell_of(services, away, &standing.name, "gateway.online", changes, noted).await?;
        }
        self.forget_away().await
    }

    /// Tells it, where it is so at this moment and was not told.
    async fn tell_of(
        &self,
        services: &Services,
        away: &Away,
        name: &str,
        what: &'static str,
        changes: serde_json::Value,
        noted: Vec<Statement>,
    ) -> Result<(), DbError> {
        let record = Record::done(what, "gateway", away.gateway.as_str(), name).with_changes(changes);
        let context =
            Context { tenant: &away.tenant, actor: Actor::system(), facts: None, end: ChainEnd::unread() };
        match audit::commit(services, context, noted, &[record]).await {
            Ok(_) | Err(DbError::Guard) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn write_away(&self, away: &Away) -> Result<(), DbError> {
        let text = serde_json::to_string(away).map_err(|error| DbError::Other(error.to_string()))?;
        self.notes.put(AWAY, text).await.map_err(DbError::Other)
    }

    async fn forget_away(&self) -> Result<(), DbError> {
        self.notes.remove(AWAY).await.map_err(DbError::Other)
    }
}
