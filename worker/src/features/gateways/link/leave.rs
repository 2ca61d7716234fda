//! An agent leaves on its own: its key is forgotten.

use drawbridge_contract::endpoints::LeaveGateway;
use drawbridge_contract::link::proof::{Leaving, unhex};
use drawbridge_contract::types::Nothing;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::MINUTE;
use serde_json::json;

use super::{signed, store};
use crate::features::audit::{self, Actor, ChainEnd, Context, Record};
use crate::http::{Call, Failure, Reply};
use crate::ports::{DbError, GatewayOrder};

/// How long what was signed is good, in milliseconds, and how far a clock may go wrong.
const LIFE: i64 = 5 * MINUTE;

pub(super) async fn handle(call: Call<LeaveGateway, ()>) -> Result<Reply<Nothing>, Failure> {
    let (services, body) = (&call.services, &call.body);
    let Some(signature) = unhex(&body.signature) else {
        return Err(Failure::field("signature", "bad_value", "This value is not possible here."));
    };
    let unknown = || Failure::not_found("gateway");
    let known = store::replica(services, &body.gateway, &body.replica).await?;
    let key = known.as_ref().and_then(|known| unhex(&known.public_key));
    let text =
        Leaving { server: &call.facts.origin, gateway: &body.gateway, replica: &body.replica, at: body.at }
            .text();
    let right = signed::verified(services, key, &text, &signature).await;
    let fresh = services.now().millis().abs_diff(body.at) <= LIFE.unsigned_abs();
    let known = known.filter(|_| right && fresh).ok_or_else(unknown)?;

    let context = Context {
        tenant: &known.tenant_id,
        actor: Actor::system(),
        facts: Some(&call.facts),
        end: ChainEnd::unread(),
    };
    let record = Record::done("gateway.replica_left", "gateway", body.gateway.as_str(), &known.gateway)
        .with_changes(json!({
            "replica": { "before": body.replica.as_str() },
            "machine": { "before": known.machine },
        }));
    let changes = store::leave(&known.tenant_id, &body.gateway, &body.replica, &known.public_key);
    match audit::commit(services, context, changes, &[record]).await {
        Err(DbError::Guard) => return Err(unknown()),
        result => result?,
    };
    // Should it still be linked: that ends too.
    let (services, gateway, replica) = (services.clone(), body.gateway.clone(), body.replica.clone());
    let background = std::rc::Rc::clone(&services.background);
    background.spawn(Box::pin(async move {
        if let Err(cause) = services.gateways.ask(&gateway, GatewayOrder::Dismiss(vec![replica])).await {
            services.log.line(&json!({ "gateway": "not told", "cause": cause }).to_string());
        }
    }));
    Ok(Reply::new(Nothing {}))
}
