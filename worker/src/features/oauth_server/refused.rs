//! Apps that were refused: recorded in their tenant's audit log at most once a minute, by each instance of the Worker.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_domain::id::{AppId, Id};
use drawbridge_domain::time::{MINUTE, Timestamp};
use serde_json::json;

use super::store;
use crate::features::audit::{self, Record};
use crate::http::{Facts, Failure};
use crate::services::Services;

/// How many apps are remembered; of more, none is recorded until the minute is over.
const MOST: usize = 1000;

/// When which app was last refused and recorded.
#[derive(Default)]
pub(super) struct Refusals(RefCell<BTreeMap<AppId, Timestamp>>);

impl Refusals {
    fn is_due(&self, app: &AppId, now: Timestamp) -> bool {
        let mut last = self.0.borrow_mut();
        if last.get(app).is_some_and(|at| now.since(*at) < MINUTE) {
            return false;
        }
        last.retain(|_, at| now.since(*at) < MINUTE);
        last.len() < MOST && last.insert(app.clone(), now).is_none()
    }
}

/// Records that somebody tried to be this app, if there is one. Nobody waits for it.
pub(super) fn note(services: &Services, facts: &Facts, app: &AppId) {
    if !services.issuing.refusals.is_due(app, services.now()) {
        return;
    }
    let (services, facts, app) = (services.clone(), facts.clone(), app.clone());
    let background = Rc::clone(&services.background);
    background.spawn(Box::pin(async move {
        if let Err(failure) = record(&services, facts, &app).await {
            let line = json!({ "event": "oauth", "level": "error", "cause": failure.cause() });
            services.log.line(&line.to_string());
        }
    }));
}

async fn record(services: &Services, facts: Facts, app: &AppId) -> Result<(), Failure> {
    let Some(acting) = store::acting(services, app).await? else { return Ok(()) };
    let record = Record::done("app.refused", "app", app.as_str(), &acting.name).refused();
    audit::commit(services, &acting.scope(app, facts), Vec::new(), &[record]).await?;
    Ok(())
}
