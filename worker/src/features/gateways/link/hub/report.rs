//! What agents report of themselves and their targets.

use drawbridge_contract::link::messages::{Report, TargetReport};
use drawbridge_contract::link::{FailureCode, TargetState};
use drawbridge_domain::gateway::event::GatewayEvent;
use drawbridge_domain::gateway::target::{TARGETS_MOST, is_name};
use drawbridge_domain::id::GatewayEventId;
use drawbridge_domain::time::{MINUTE, SECOND};

use super::super::store;
use super::Hub;
use super::record::{store_failed, tell};
use crate::json;
use crate::new_id;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// Counts are written down at most so often, in milliseconds.
const COUNTS_EVERY: i64 = MINUTE;
/// A change of targets is written down at once, but not more often than this.
const CHANGES_EVERY: i64 = 2 * SECOND;

impl Hub {
    /// A report came. What changed of the targets is written down at once, the rest at most once a minute.
    pub(super) async fn report(
        &self,
        services: &Services,
        link: u32,
        text: &str,
    ) -> Result<(), &'static str> {
        let report: Report = json::read(text).map_err(|_| "text")?;
        let named = report.targets.iter().all(|target| is_name(&target.name));
        if report.targets.len() > TARGETS_MOST || !named {
            return Err("report");
        }
        let now = services.now();
        let wait = self.with_mut(link, |link| {
            let same = link.report.as_ref().is_some_and(|before| before.targets == report.targets);
            let every = if same { COUNTS_EVERY } else { CHANGES_EVERY };
            let due = link.written.map_or(0, |written| written.plus(every).since(now).max(0));
            link.report = Some(report);
            if link.waits || (same && due > 0) {
                return None;
            }
            link.waits = true;
            Some(due)
        });
        // Counts that are not written down are told by the hub itself, while it is awake.
        if let Some(millis) = wait.flatten() {
            if millis > 0 {
                services.clock.wait(u32::try_from(millis).unwrap_or_default()).await;
            }
            self.write_report(services, link).await;
        }
        Ok(())
    }

    /// Writes down what an agent reported last, and what that changes.
    async fn write_report(&self, services: &Services, link: u32) {
        let now = services.now();
        let about = self.with_mut(link, |link| {
            if !std::mem::take(&mut link.waits) {
                return None;
            }
            link.written = Some(now);
            Some((link.seat.clone(), link.report.clone()?))
        });
        let Some((seat, report)) = about.flatten() else { return };
        let Some(proved) = &seat.proved else { return };
        let (tenant, gateway, replica) = (&proved.tenant, &seat.gateway, &proved.replica);
        let written = async {
            let Some(before) = store::targets(services, tenant, gateway, replica).await? else {
                return Ok(());
            };
            let before: Vec<TargetReport> = json::read(&before).unwrap_or_default();
            let targets =
                serde_json::to_string(&report.targets).map_err(|error| DbError::Other(error.to_string()))?;
            let failing = report.targets.iter().filter(|target| target.state == TargetState::Failing).count();
            let failing = u32::try_from(failing).unwrap_or_default();
            let mut batch = vec![store::reported(tenant, gateway, replica, &report, &targets, failing, now)];
            for (kind, target) in changes(&before, &report.targets) {
                let event = store::Happened {
                    target: &target.name,
                    reason: target.reason.map(FailureCode::code).unwrap_or_default(),
                    ..store::Happened::of(tenant, gateway, replica, kind, now)
                };
                batch.push(happened(services, &event)?);
            }
            batch.push(store::forget_events(tenant, gateway));
            services.db.batch(batch).await?;
            tell(services, tenant, gateway);
            Ok(())
        };
        if let Err(error) = written.await {
            store_failed(services, gateway, &error);
        }
    }
}

fn happened(services: &Services, event: &store::Happened<'_>) -> Result<Statement, DbError> {
    let id = new_id!(services, GatewayEventId).map_err(|_| DbError::Other("no random bytes".to_owned()))?;
    Ok(store::happened(event, &id))
}

/// What is to be told of targets: those that fail now, for another reason than before or not before, and those that are
/// reached after they failed.
fn changes<'a>(
    before: &[TargetReport],
    now: &'a [TargetReport],
) -> impl Iterator<Item = (GatewayEvent, &'a TargetReport)> {
    let known = |target: &TargetReport| {
        let found = before.iter().find(|before| before.name == target.name);
        found.map(|before| (before.state, before.reason))
    };
    let what: Vec<_> = now
        .iter()
        .filter_map(|target| {
            let was = known(target);
            match target.state {
                TargetState::Failing if was != Some((target.state, target.reason)) => {
                    Some((GatewayEvent::TargetFails, target))
                }
                TargetState::Reachable if was.is_some_and(|(was, _)| was == TargetState::Failing) => {
                    Some((GatewayEvent::TargetReached, target))
                }
                _ => None,
            }
        })
        .collect();
    what.into_iter()
}
