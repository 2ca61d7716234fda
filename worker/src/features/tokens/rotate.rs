//! A new secret for one's own token, which lives as long again as it was made for.

use drawbridge_contract::endpoints::RotateToken;
use drawbridge_contract::types::tokens::TokenWithSecret;
use drawbridge_domain::credential::{Grace, PERSONAL_TOKEN, token_end_at_most};
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use super::{find, store, token};
use crate::features::authority::{self, Affected};
use crate::features::credentials::{NewSecret, bounds, rules};
use crate::http::{Call, Failure, Reply, Scope};

/// Makes it. The secret until now works too for the grace; one that is older ends.
pub(super) async fn handle(call: Call<RotateToken, Scope>) -> Result<Reply<TokenWithSecret>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.token);
    let now = services.now();
    let mut row = find(services, scope, id).await?;
    row.must_be_of(scope)?;
    row.must_live(now)?;
    let bounds = bounds(services, scope).await?;
    row.must_be_within(&bounds)?;
    let rules = rules(services, scope, scope.user()).await?;
    let version = row.version;
    let before = Timestamp::from_millis(row.expires_at);
    // One that renews itself, or another, does not live longer for it: that is for people.
    let expires_at =
        bounds.at_most(token_end_at_most(row.expires_at - row.made_at, rules.max_token_days, now));
    // The token until now does not work longer than it would have.
    let grace = call.body.grace;
    let until = (grace != Grace::Now).then(|| now.plus(grace.millis()).min(before));
    let secret = NewSecret::make(services, PERSONAL_TOKEN, scope.tenant(), id.as_str()).await?;
    let mut changes = store::rotate(scope, &row, &secret, until, now, expires_at);
    let record = row.record(
        "token.secret_rotated",
        json!({
            "secret": { "changed": true },
            "previousSecretUntil": { "after": until },
            "expiresAt": { "before": before, "after": expires_at },
        }),
    );
    row.uses.rotate(&secret.hint, rules.keeps_secrets(), until);
    row.made_at = now.millis();
    row.expires_at = expires_at.millis();
    let mut answer = TokenWithSecret { token: token(row, now)?, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the token itself: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(version + 1)));
    }
    authority::commit(services, scope, &[Affected::Token(id.clone())], changes, &[record]).await?;
    answer.secret = Some(secret.text);
    Ok(Reply::versioned(answer, version + 1))
}
