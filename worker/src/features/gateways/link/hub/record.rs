//! What the database and those who look at the page hear of links. The hub's storage has it first, so that nothing that
//! was written stays wrong when a process breaks.

use drawbridge_contract::link::Goodbye;
use drawbridge_domain::gateway::event::GatewayEvent;
use drawbridge_domain::id::{GatewayEventId, GatewayId, ReplicaId, TenantId};
use drawbridge_domain::time::{SECOND, Timestamp};
use serde_json::json;

use super::super::store;
use super::Hub;
use super::seat::{Noted, Proved, Seat};
use crate::features::live;
use crate::json;
use crate::new_id;
use crate::ports::DbError;
use crate::services::Services;

/// The note with the links that the database knows.
const LINKS: &str = "links";
/// When it is tried again what the database did not take, in milliseconds.
const AGAIN: i64 = 5 * SECOND;

impl Hub {
    /// The links that the database knows.
    pub(super) async fn noted(&self) -> Result<Vec<Noted>, DbError> {
        if let Some(noted) = &*self.noted.borrow() {
            return Ok(noted.clone());
        }
        let text = self.notes.get(LINKS).await.map_err(DbError::Other)?;
        let noted: Vec<Noted> = text.and_then(|text| json::read(&text).ok()).unwrap_or_default();
        // Somebody else may have read it meanwhile, and changed it.
        Ok(self.noted.borrow_mut().get_or_insert(noted).clone())
    }

    async fn write_noted(&self, change: impl FnOnce(&mut Vec<Noted>)) -> Result<(), DbError> {
        self.noted().await?;
        let text = {
            let mut noted = self.noted.borrow_mut();
            let noted = noted.get_or_insert_default();
            change(noted);
            (!noted.is_empty()).then(|| serde_json::to_string(noted).unwrap_or_default())
        };
        match text {
            Some(text) => self.notes.put(LINKS, text).await,
            None => self.notes.remove(LINKS).await,
        }
        .map_err(DbError::Other)
    }

    /// The database is about to hear that a link stands.
    pub(super) async fn note_link(
        &self,
        seat: &Seat,
        proved: &Proved,
        since: Timestamp,
    ) -> Result<(), DbError> {
        let noted = Noted {
            tenant: proved.tenant.clone(),
            gateway: seat.gateway.clone(),
            replica: proved.replica.clone(),
            since,
        };
        self.write_noted(|all| all.push(noted)).await
    }

    /// A link has ended.
    pub(super) async fn record_end(
        &self,
        services: &Services,
        seat: &Seat,
        replica: &ReplicaId,
        reason: &str,
    ) {
        let noted = self.noted().await.unwrap_or_default();
        for link in noted.iter().filter(|link| link.replica == *replica && link.since == seat.since) {
            self.unlink(services, link, reason).await;
        }
    }

    /// What is noted and does not stand is put right.
    pub(super) async fn put_right(&self, services: &Services) {
        let noted = match self.noted().await {
            Ok(noted) => noted,
            Err(error) => return self.not_written(services, None, &error),
        };
        for link in noted {
            let stands = self.links.borrow().values().any(|there| there.is(&link.replica, link.since));
            if !stands {
                self.unlink(services, &link, drawbridge_domain::gateway::event::LOST).await;
            }
        }
    }

    async fn unlink(&self, services: &Services, link: &Noted, reason: &str) {
        let Ok(id) = new_id!(services, GatewayEventId) else { return };
        let event = store::Happened {
            reason,
            ..store::Happened::of(
                &link.tenant,
                &link.gateway,
                &link.replica,
                GatewayEvent::Unlinked,
                services.now(),
            )
        };
        if let Err(error) = services.db.batch(store::unlinked(&event, link.since, &id)).await {
            return self.not_written(services, Some(&link.gateway), &error);
        }
        let last = self.noted.borrow().iter().flatten().all(|noted| noted == link);
        // Who disables a gateway knows that it is gone.
        if last && reason != Goodbye::Disabled.code() {
            let noted = self.note_away(link, services.now()).await;
            if let Err(error) = noted {
                return self.not_written(services, Some(&link.gateway), &error);
            }
        }
        let written = self.write_noted(|all| all.retain(|noted| noted != link)).await;
        if let Err(error) = written {
            return self.not_written(services, Some(&link.gateway), &error);
        }
        tell(services, &link.tenant, &link.gateway);
        let said = json!({
            "gateway": link.gateway.to_string(), "replica": link.replica.to_string(), "link": "ended", "why": reason,
        });
        services.log.line(&said.to_string());
    }

    pub(super) fn not_written(&self, services: &Services, gateway: Option<&GatewayId>, error: &DbError) {
        let gateway = gateway.map(ToString::to_string).unwrap_or_default();
        services.log.line(&json!({ "gateway": gateway, "error": error.to_string() }).to_string());
        self.wires.wake(services.now().plus(AGAIN));
    }

    /// An agent takes no new calls.
    pub(super) async fn record_draining(&self, services: &Services, link: u32) {
        let about = self.with(link, |link| {
            link.seat
                .proved
                .as_ref()
                .map(|proved| (proved.tenant.clone(), link.seat.gateway.clone(), proved.replica.clone()))
        });
        let Some((tenant, gateway, replica)) = about.flatten() else { return };
        match services.db.batch(vec![store::draining(&tenant, &gateway, &replica)]).await {
            Ok(_) => tell(services, &tenant, &gateway),
            Err(error) => store_failed(services, &gateway, &error),
        }
    }
}

/// Those who look at the page hear that something changed.
pub(super) fn tell(services: &Services, tenant: &TenantId, gateway: &GatewayId) {
    live::gateway_changed(services, tenant, gateway);
}

/// What the database did not do is in the log.
pub(super) fn store_failed(services: &Services, gateway: &GatewayId, error: &DbError) {
    services.log.line(&json!({ "gateway": gateway.to_string(), "error": error.to_string() }).to_string());
}
