//! Another tenant, of which the caller becomes the Global administrator.

use drawbridge_contract::endpoints::MakeTenant;
use drawbridge_contract::types::tenants::TenantRef;
use drawbridge_domain::id::{Id, TenantId, UserId};
use drawbridge_domain::text;

use super::{new_slug, store};
use crate::features::audit::{self, ChainEnd, Context, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;

/// Makes it. The record stands in the new tenant's log.
pub(super) async fn handle(call: Call<MakeTenant, Scope>) -> Result<Reply<TenantRef>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    scope.needs_password()?;
    let mut faults = Faults::default();
    let name = faults.text("name", text::plain_name(&call.body.name).map(str::to_owned));
    faults.check()?;
    let now = services.now();
    let answer = TenantRef { id: new_id!(services, TenantId)?, slug: new_slug(services, &name)?, name };
    let user = new_id!(services, UserId)?;
    let mut changes = vec![
        store::add(&answer.id, &answer.slug, &answer.name, now),
        store::add_self(scope, &answer.id, user.as_str(), now),
    ];
    if let Some(key) = &call.idempotency {
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, None));
    }
    let mut actor = scope.actor();
    user.as_str().clone_into(&mut actor.id);
    let context = Context { tenant: &answer.id, actor, facts: Some(&call.facts), end: ChainEnd::default() };
    let record = Record::done("tenant.created", "tenant", answer.id.as_str(), &answer.name);
    audit::commit(services, context, changes, &[record]).await?;
    Ok(Reply::new(answer))
}
