//! What the tenant uses of its limits.

use drawbridge_contract::endpoints::ReadUsage;
use drawbridge_contract::types::tenants::{LimitUse, Usage};
use drawbridge_domain::limits::Limited;

use super::store;
use crate::http::{Call, Failure, Reply, Scope};

/// Counts.
pub(super) async fn handle(call: Call<ReadUsage, Scope>) -> Result<Reply<Usage>, Failure> {
    let counts = store::counts(&call.services, &call.scope).await?;
    let limits = Limited::ALL
        .into_iter()
        .map(|limited| LimitUse {
            limited,
            used: match limited {
                Limited::Connections => counts.connections,
                Limited::Users => counts.users,
                Limited::OauthClients => counts.oauth_clients,
                Limited::Groups => counts.groups,
                Limited::Webhooks => counts.webhooks,
                Limited::Apps => counts.apps,
                Limited::Tokens => counts.tokens,
                Limited::Gateways => counts.gateways,
            },
            most: limited.most(),
        })
        .collect();
    Ok(Reply::new(Usage { limits }))
}
