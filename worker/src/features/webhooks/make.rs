//! A new endpoint.

use drawbridge_contract::endpoints::MakeWebhook;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::webhooks::{Webhook, WebhookWithSecret};
use drawbridge_domain::id::{Id, WebhookId};
use drawbridge_domain::limits::Limited;
use serde_json::json;

use super::{check, secret_place, sign, store};
use crate::features::audit::{self, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

/// The version of what was just made.
const FIRST: i64 = 1;

/// Makes it, with a secret of its own.
pub(super) async fn handle(call: Call<MakeWebhook, Scope>) -> Result<Reply<WebhookWithSecret>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    let mut faults = Faults::default();
    let name = check::name(&mut faults, &call.body.name);
    let url = check::url(services, &mut faults, &call.body.url);
    let events = check::events(&mut faults, &call.body.events);
    faults.check()?;

    let id = new_id!(services, WebhookId)?;
    let secret = sign::new_secret(services)?;
    let place = secret_place(scope.tenant(), id.as_str());
    let sealed = services.vault.seal(&*services.random, place, secret.as_bytes())?;
    let webhook = Webhook {
        id,
        name,
        url,
        events,
        enabled: true,
        disabled_because: None,
        failing_since: None,
        previous_secret_until: None,
        created_by: Person { id: scope.user().clone(), name: scope.user_name() },
        created_at: services.now(),
    };
    let mut changes = store::add(scope, &webhook, &serde_json::to_string(&webhook.events)?, &sealed);
    let record =
        Record::done("webhook.created", "webhook", webhook.id.as_str(), &webhook.name).with_changes(json!({
            "name": { "after": webhook.name },
            "host": { "after": check::host(&webhook.url) },
            "events": { "after": webhook.events },
            "secret": { "changed": true },
        }));
    let mut answer = WebhookWithSecret { webhook, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the secret: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(FIRST)));
    }
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Webhooks)),
        result => result?,
    };
    answer.secret = Some(secret);
    Ok(Reply::versioned(answer, FIRST))
}
