//! What the database says of an app or a token, and whether it is good.

use std::rc::Rc;

use drawbridge_contract::types::apps::TokenAlgorithm;
use drawbridge_contract::types::sessions::Me;
use drawbridge_contract::types::tenants::TenantRef;
use drawbridge_domain::credential::{AppStatus, TokenFacts, TokenStatus};
use drawbridge_domain::id::{AccessTokenId, AppId, Id, TenantId, TokenId, UserId};
use drawbridge_domain::network::{Network, admits};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::user::UserState;
use serde::Deserialize;

use super::super::message::{Good, Key};
use super::memory::Named;
use crate::encoding::same;
use crate::json;

/// A token with its user and tenant, as the database has them.
#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct TokenRow {
    id: TokenId,
    name: String,
    tenant_id: TenantId,
    tenant_slug: String,
    tenant_name: String,
    max_token_days: u16,
    user_id: UserId,
    email: String,
    first_name: String,
    last_name: String,
    role: String,
    state: String,
    scopes: String,
    addresses: String,
    made_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    secret_hash: String,
    previous_hash: Option<String>,
    previous_until: Option<i64>,
}

/// An app with its tenant, as the database has them.
#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct AppRow {
    id: AppId,
    name: String,
    tenant_id: TenantId,
    tenant_slug: String,
    tenant_name: String,
    scopes: String,
    addresses: String,
    expires_at: Option<i64>,
    disabled: i64,
    token_algorithm: String,
    secret_hash: String,
    previous_hash: Option<String>,
    previous_until: Option<i64>,
    created_by: UserId,
    maker_name: String,
    /// A JSON list.
    revoked: String,
}

/// What is known of an app or a token.
#[derive(Debug)]
pub(super) struct State {
    /// What is answered when it is good.
    good: Rc<Good>,
    networks: Option<Vec<Network>>,
    secret: String,
    previous: Option<(String, Timestamp)>,
    standing: Standing,
}

/// What decides how it stands.
#[derive(Debug)]
enum Standing {
    Token(TokenFacts),
    App {
        disabled: bool,
        revoked: Vec<String>,
    },
    /// The database has what no version of ours wrote.
    Nonsense,
}

fn networks(text: &str) -> Option<Vec<Network>> {
    json::read(text).ok()
}

fn previous(hash: Option<String>, until: Option<i64>) -> Option<(String, Timestamp)> {
    hash.zip(until.map(Timestamp::from_millis))
}

impl From<TokenRow> for State {
    fn from(row: TokenRow) -> Self {
        let role = Role::from_code(&row.role);
        let facts = TokenFacts {
            made_at: Timestamp::from_millis(row.made_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            revoked: row.revoked_at.is_some(),
            suspended: row.state != UserState::Active.code(),
            max_days: row.max_token_days,
        };
        Self {
            networks: networks(&row.addresses),
            secret: row.secret_hash,
            previous: previous(row.previous_hash, row.previous_until),
            standing: if role.is_some() { Standing::Token(facts) } else { Standing::Nonsense },
            good: Rc::new(Good {
                id: row.id.to_string(),
                name: row.name,
                tenant: TenantRef { id: row.tenant_id, slug: row.tenant_slug, name: row.tenant_name },
                role: role.unwrap_or(Role::Participant),
                scopes: ApiScopes::from_stored(&row.scopes),
                ends: Some(facts.expires_at),
                maker: row.user_id.clone(),
                maker_name: format!("{} {}", row.first_name, row.last_name),
                me: Some(Me {
                    id: row.user_id,
                    email: row.email,
                    first_name: row.first_name,
                    last_name: row.last_name,
                }),
                algorithm: None,
            }),
        }
    }
}

impl From<AppRow> for State {
    fn from(row: AppRow) -> Self {
        let algorithm: Option<TokenAlgorithm> = json::from_tree(&row.token_algorithm.into()).ok();
        let revoked: Option<Vec<String>> = json::read(&row.revoked).ok();
        Self {
            networks: networks(&row.addresses),
            secret: row.secret_hash,
            previous: previous(row.previous_hash, row.previous_until),
            standing: match (algorithm, revoked) {
                (Some(_), Some(revoked)) => Standing::App { disabled: row.disabled != 0, revoked },
                _ => Standing::Nonsense,
            },
            good: Rc::new(Good {
                id: row.id.to_string(),
                name: row.name,
                tenant: TenantRef { id: row.tenant_id, slug: row.tenant_slug, name: row.tenant_name },
                role: Role::AutomationAdministrator,
                scopes: ApiScopes::from_stored(&row.scopes),
                ends: row.expires_at.map(Timestamp::from_millis),
                me: None,
                maker: row.created_by,
                maker_name: row.maker_name,
                algorithm,
            }),
        }
    }
}

impl State {
    /// The identifier of the app or token.
    pub(super) fn id(&self) -> &str {
        &self.good.id
    }

    pub(super) fn tenant(&self) -> &TenantId {
        &self.good.tenant.id
    }

    pub(super) fn is_token(&self) -> bool {
        self.good.me.is_some()
    }

    /// What is answered when it is good.
    pub(super) fn good(&self) -> Rc<Good> {
        Rc::clone(&self.good)
    }

    /// Whether it is good now: with the secret that has this hash, with that access token, from that address, as far as
    /// they are given.
    pub(super) fn admits(
        &self,
        secret: Option<&str>,
        token: Option<&AccessTokenId>,
        address: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let stands = match &self.standing {
            Standing::Token(facts) => TokenStatus::of(facts, now) == TokenStatus::Active,
            Standing::App { disabled, revoked } => {
                AppStatus::of(*disabled, self.good.ends, now) == AppStatus::Active
                    && token.is_none_or(|token| !revoked.iter().any(|known| known == token.as_str()))
            }
            Standing::Nonsense => false,
        };
        stands
            && secret.is_none_or(|hash| self.has(hash, now))
            && address.is_none_or(|address| {
                self.networks.as_ref().is_some_and(|networks| admits(networks, address))
            })
    }

    /// Whether a secret with this hash is the present one, or the one before it while that works.
    fn has(&self, hash: &str, now: Timestamp) -> bool {
        let present = same(&self.secret, hash);
        let previous = self.previous.as_ref().is_some_and(|(known, until)| *until > now && same(known, hash));
        present | previous
    }
}

impl Named for State {
    fn is_named_by(&self, key: &Key) -> bool {
        key.names(self.tenant(), self.id(), self.good.me.as_ref().map(|me| me.id.as_str()))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A good token for ever.
    pub(in super::super) fn token() -> State {
        State::from(TokenRow {
            id: TokenId::new(1, [0; 10]),
            name: "Token".to_owned(),
            tenant_id: TenantId::new(1, [0; 10]),
            tenant_slug: "acme".to_owned(),
            tenant_name: "Acme".to_owned(),
            max_token_days: 366,
            user_id: UserId::new(1, [0; 10]),
            email: "ada@example.com".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Lovelace".to_owned(),
            role: "designer".to_owned(),
            state: "active".to_owned(),
            scopes: "full".to_owned(),
            addresses: "[]".to_owned(),
            made_at: 0,
            expires_at: 1000,
            revoked_at: None,
            secret_hash: "present".to_owned(),
            previous_hash: Some("previous".to_owned()),
            previous_until: Some(500),
        })
    }

    #[test]
    fn ends_are_kept_to_the_millisecond() {
        let (token, at) = (token(), Timestamp::from_millis);
        assert!(token.admits(Some("present"), None, None, at(999)));
        assert!(!token.admits(Some("present"), None, None, at(1000)));
        assert!(token.admits(Some("previous"), None, None, at(499)));
        assert!(!token.admits(Some("previous"), None, None, at(500)));
        assert!(!token.admits(Some("another"), None, None, at(1)));
    }

    #[test]
    fn what_cannot_be_read_admits_nobody() {
        let mut token = token();
        token.networks = networks("[\"10.0.0.1/8\"]");
        assert!(token.networks.is_none());
        assert!(!token.admits(Some("present"), None, Some("10.0.0.1"), Timestamp::from_millis(1)));
    }
}
