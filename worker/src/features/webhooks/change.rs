//! A change of an endpoint: its name, address, events, and whether it is told anything.

use drawbridge_contract::endpoints::ChangeWebhookSettings;
use drawbridge_contract::types::webhooks::Webhook;
use drawbridge_domain::id::Id;
use drawbridge_domain::webhook::WebhookOff;
use serde_json::{Map, json};

use super::{check, store, unknown, webhook};
use crate::features::audit::{self, Record};
use crate::http::call::lost_race;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::json;
use crate::ports::DbError;

/// Changes what was sent; what is absent stays.
pub(super) async fn handle(call: Call<ChangeWebhookSettings, Scope>) -> Result<Reply<Webhook>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.webhook);
    let body = &call.body;
    let mut faults = Faults::default();
    let name = body.name.as_deref().map(|name| check::name(&mut faults, name));
    let url = body.url.as_deref().map(|url| check::url(services, &mut faults, url));
    let events = body.events.as_deref().map(|events| check::events(&mut faults, events));
    faults.check()?;

    let mut row = store::read(services, scope, id).await?.ok_or_else(unknown)?;
    if row.version != call.if_match {
        return Err(lost_race());
    }
    let mut changes = Map::new();
    if let Some(name) = name.filter(|name| *name != row.name) {
        changes.insert("name".to_owned(), json!({ "before": row.name, "after": name }));
        row.name = name;
    }
    if let Some(url) = url.filter(|url| *url != row.url) {
        changes.insert("url".to_owned(), json!({ "changed": true }));
        let hosts = json!({ "before": check::host(&row.url), "after": check::host(&url) });
        changes.insert("host".to_owned(), hosts);
        row.url = url;
    }
    let events = events.map(|events| serde_json::to_string(&events)).transpose()?;
    if let Some(events) = events.filter(|events| *events != row.events) {
        let told = json!({
            "before": json::parse(row.events.as_bytes())?,
            "after": json::parse(events.as_bytes())?,
        });
        changes.insert("events".to_owned(), told);
        row.events = events;
    }
    if let Some(enabled) = body.enabled.filter(|enabled| *enabled != (row.enabled == 1)) {
        changes.insert("enabled".to_owned(), json!({ "before": !enabled, "after": enabled }));
        row.enabled = i64::from(enabled);
        let because = if enabled { "" } else { WebhookOff::SwitchedOff.code() };
        because.clone_into(&mut row.disabled_because);
        row.failing_since = None;
    }
    if changes.is_empty() {
        return Ok(Reply::versioned(webhook(row, services.now())?, call.if_match));
    }
    let record =
        Record::done("webhook.changed", "webhook", id.as_str(), &row.name).with_changes(changes.into());
    match audit::commit(services, scope, store::change(scope, &row), &[record]).await {
        Err(DbError::Guard) => Err(lost_race()),
        result => {
            result?;
            Ok(Reply::versioned(webhook(row, services.now())?, call.if_match + 1))
        }
    }
}
