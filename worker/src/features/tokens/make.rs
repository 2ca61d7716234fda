//! A new token, for oneself.

use drawbridge_contract::endpoints::MakeToken;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::apps::SecretInfo;
use drawbridge_contract::types::tokens::{Token, TokenWithSecret};
use drawbridge_domain::credential::{self, PERSONAL_TOKEN, TOKEN_DAYS_MAX, TokenStatus};
use drawbridge_domain::id::{Id, TokenId};
use drawbridge_domain::limits::{Limited, TOKENS_PER_USER};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::DAY;
use serde_json::json;

use super::{record, store};
use crate::features::authority::{self, Affected};
use crate::features::credentials::{FIRST, NewSecret, addresses, bounds, rules, told_scopes, within};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

/// Makes it.
pub(super) async fn handle(call: Call<MakeToken, Scope>) -> Result<Reply<TokenWithSecret>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let owner = scope.person().cloned().ok_or_else(|| {
        Failure::new(
            ProblemCode::NeedsSession,
            "A personal access token is a person's; an app cannot have one.",
        )
    })?;
    let now = services.now();
    let rules = rules(services, scope, &owner).await?;
    let mut faults = Faults::default();
    let name = faults.text("name", credential::name(&body.name).map(str::to_owned));
    let scopes = body.scopes.unwrap_or(ApiScopes::FULL);
    let scopes = faults.text("scopes", credential::asked_scopes(scopes));
    let addresses = addresses(&mut faults, &body.addresses);
    let longest = credential::token_end_at_most(i64::from(TOKEN_DAYS_MAX) * DAY, rules.max_token_days, now);
    let end = body.expires_at.map(|end| credential::token_end(end, rules.max_token_days, now));
    let end = end.and_then(|end| faults.text("expiresAt", end.map(Some)));
    faults.check()?;
    let bounds = bounds(services, scope).await?;
    let expires_at = end.unwrap_or_else(|| bounds.at_most(longest));
    within(bounds.may_give(scopes).and_then(|()| bounds.may_open(&addresses)))?;
    within(bounds.may_last(expires_at))?;
    if rules.tokens >= TOKENS_PER_USER {
        return Err(too_many());
    }

    let id = new_id!(services, TokenId)?;
    let secret = NewSecret::make(services, PERSONAL_TOKEN, scope.tenant(), id.as_str()).await?;
    let viewable = rules.keeps_secrets();
    let present = SecretInfo { hint: secret.hint.clone(), viewable, until: None, last_used_at: None };
    let token = Token {
        id,
        name,
        status: TokenStatus::Active,
        scopes,
        addresses,
        secrets: vec![present],
        expires_at,
        revoked_at: None,
        last_used: None,
        created_by: Person { id: owner, name: scope.user_name() },
        created_at: now,
    };
    let mut changes = store::add(scope, &token, &serde_json::to_string(&token.addresses)?, &secret);
    let about = json!({
        "name": { "after": token.name },
        "scopes": { "after": told_scopes(token.scopes) },
        "addresses": { "after": token.addresses },
        "expiresAt": { "after": token.expires_at },
        "secret": { "changed": true },
    });
    let record = record("token.created", &token.id, &token.name, json!(token.created_by), about);
    let affected = [Affected::Token(token.id.clone())];
    let mut answer = TokenWithSecret { token, secret: None };
    if let Some(key) = &call.idempotency {
        // Without the token itself: it is told once.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, Some(FIRST)));
    }
    match authority::commit(services, scope, &affected, changes, &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Tokens)),
        result => result?,
    };
    answer.secret = Some(secret.text);
    Ok(Reply::versioned(answer, FIRST))
}

fn too_many() -> Failure {
    Failure::new(
        ProblemCode::QuotaExceeded,
        format!(
            "You have {TOKENS_PER_USER} tokens, the most that one user may have. Delete some that are over first."
        ),
    )
}
