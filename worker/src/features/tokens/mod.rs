//! Personal access tokens: what a user's programs use in the user's name, narrowed by scopes.

mod change;
mod delete;
mod list;
mod make;
mod revoke;
mod rotate;
mod show;
mod store;

use drawbridge_contract::endpoints as api;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::credential::{Bounds, ONLY_ITS_OWNER, TokenFacts, TokenStatus, may_change};
use drawbridge_domain::id::{Id, TokenId};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use serde_json::{Value as Json, json};

use crate::features::audit::Record;
use crate::features::credentials::{networks, within};
use crate::http::{Failure, Router, Scope};
use crate::services::Services;

/// The feature's routes.
pub fn routes(router: Router) -> Router {
    router
        .scoped::<api::ListTokens, _, _>(list::handle)
        .scoped::<api::MakeToken, _, _>(make::handle)
        .scoped::<api::ReadToken, _, _>(list::read)
        .scoped::<api::ChangeTokenSettings, _, _>(change::handle)
        .scoped::<api::DeleteToken, _, _>(delete::handle)
        .scoped::<api::ReadTokenSecret, _, _>(show::handle)
        .scoped::<api::RotateToken, _, _>(rotate::handle)
        .scoped::<api::RevokeToken, _, _>(revoke::handle)
}

/// A row in the words of the contract.
fn token(row: store::TokenRow, now: Timestamp) -> Result<Token, Failure> {
    Ok(Token {
        status: row.status(now),
        scopes: ApiScopes::from_stored(&row.scopes),
        addresses: networks(&row.addresses)?,
        secrets: row.uses.secrets(now),
        expires_at: Timestamp::from_millis(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_millis),
        last_used: row.uses.last_used(),
        created_by: Person { id: row.user_id, name: row.user_name },
        created_at: Timestamp::from_millis(row.created_at),
        id: row.id,
        name: row.name,
    })
}

impl store::TokenRow {
    fn status(&self, now: Timestamp) -> TokenStatus {
        let facts = TokenFacts {
            made_at: Timestamp::from_millis(self.made_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            revoked: self.revoked_at.is_some(),
            suspended: self.user_state != "active",
            max_days: self.max_token_days,
        };
        TokenStatus::of(&facts, now)
    }

    /// Refuses what nothing can be changed about any more.
    fn must_live(&self, now: Timestamp) -> Result<(), Failure> {
        may_change(self.status(now)).map_err(|why| Failure::new(ProblemCode::Conflict, why))
    }

    /// Refuses everybody but the user whose token it is.
    fn must_be_of(&self, scope: &Scope) -> Result<(), Failure> {
        if scope.person() == Some(&self.user_id) {
            return Ok(());
        }
        Err(Failure::new(ProblemCode::NotYours, ONLY_ITS_OWNER))
    }

    /// Refuses a token that would get hold of one that is more than itself.
    fn must_be_within(&self, bounds: &Bounds) -> Result<(), Failure> {
        within(bounds.may_give(ApiScopes::from_stored(&self.scopes)))?;
        within(bounds.may_open(&networks(&self.addresses)?))?;
        within(bounds.may_last(Timestamp::from_millis(self.expires_at)))
    }

    /// A record of what was done to it, which says whose it is.
    fn record(&self, action: &'static str, changes: Json) -> Record {
        let owner = json!({ "id": self.user_id.as_str(), "name": self.user_name });
        record(action, &self.id, &self.name, owner, changes)
    }
}

fn record(action: &'static str, id: &TokenId, name: &str, owner: Json, mut changes: Json) -> Record {
    if let Some(changes) = changes.as_object_mut() {
        changes.insert("owner".to_owned(), owner);
    }
    Record::done(action, "token", id.as_str(), name).with_changes(changes)
}

/// A token that the caller may know of: an administrator of every one, others of their own.
async fn find(services: &Services, scope: &Scope, id: &TokenId) -> Result<store::TokenRow, Failure> {
    let row = store::read(services, scope, id).await?;
    let known =
        |row: &store::TokenRow| scope.role().is_administrator() || scope.person() == Some(&row.user_id);
    row.filter(known).ok_or_else(unknown)
}

fn unknown() -> Failure {
    Failure::not_found("token")
}

#[cfg(test)]
mod tests;
