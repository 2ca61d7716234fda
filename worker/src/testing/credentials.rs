//! Apps and tokens as tests want them, put straight into the database.

use std::rc::Rc;

use drawbridge_domain::credential::{CLIENT_SECRET, PERSONAL_TOKEN, written};
use drawbridge_domain::id::{AccessTokenId, AppId, Id, TenantId, TokenId, UserId};
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::{DAY, HOUR};

use super::{Browser, Harness, ORIGIN};
use crate::features::authority::{Claims, keyed_hash};
use crate::features::oauth_server;
use crate::new_id;
use crate::ports::{Algorithm, Statement};
use crate::values;

/// A token that was made.
pub(crate) struct NewToken {
    pub(crate) id: TokenId,
    pub(crate) secret: String,
}

impl Harness {
    /// A program that calls with a token.
    pub(crate) fn program(self: &Rc<Self>, token: &str) -> Browser {
        let program = self.browser();
        *program.token.borrow_mut() = Some(token.to_owned());
        program
    }

    /// A token of a user, for 90 days.
    pub(crate) fn insert_token(&self, tenant: &TenantId, user: &UserId, scopes: ApiScopes) -> NewToken {
        let services = &self.services;
        let id = new_id!(services, TokenId).unwrap();
        let (secret, hint) = written(PERSONAL_TOKEN, &services.random_bytes::<64>().unwrap()).unwrap();
        let hash = pollster::block_on(keyed_hash(services, &secret)).unwrap();
        let now = services.now();
        let add = Statement::of(
            tenant,
            "INSERT INTO tokens (tenant_id, id, user_id, name, scopes, addresses, made_at, expires_at, secret_hash,
               secret_hint, created_at)
             VALUES (?1, ?2, ?3, 'CI', ?4, '[]', ?5, ?6, ?7, ?8, ?5)",
            values![id.as_str(), user.as_str(), scopes.stored(), now, now.plus(90 * DAY), hash, hint.as_str()],
        );
        pollster::block_on(services.db.batch(vec![add])).unwrap();
        NewToken { id, secret }
    }

    /// An app of a user, and its secret.
    pub(crate) fn insert_app(&self, tenant: &TenantId, user: &UserId, scopes: ApiScopes) -> (AppId, String) {
        let services = &self.services;
        let id = new_id!(services, AppId).unwrap();
        let (secret, hint) = written(CLIENT_SECRET, &services.random_bytes::<64>().unwrap()).unwrap();
        let hash = pollster::block_on(keyed_hash(services, &secret)).unwrap();
        let add = Statement::of(
            tenant,
            "INSERT INTO apps (tenant_id, id, name, description, scopes, addresses, token_algorithm, secret_hash,
               secret_hint, created_by, created_at)
             VALUES (?1, ?2, 'Robot', '', ?3, '[]', 'EdDSA', ?4, ?5, ?6, ?7)",
            values![id.as_str(), scopes.stored(), hash, hint.as_str(), user.as_str(), services.now()],
        );
        pollster::block_on(services.db.batch(vec![add])).unwrap();
        (id, secret)
    }

    /// What an access token of an app says, for an hour.
    pub(crate) fn claims(&self, tenant: &TenantId, app: &AppId, scopes: ApiScopes) -> Claims {
        Claims {
            app: app.clone(),
            tenant: tenant.clone(),
            id: new_id!(self.services, AccessTokenId).unwrap(),
            scopes,
            expires_at: self.services.now().plus(HOUR),
        }
    }

    /// An access token with these claims.
    pub(crate) fn access_token(&self, claims: &Claims) -> String {
        pollster::block_on(oauth_server::sign(&self.services, ORIGIN, Algorithm::EdDsa, claims)).unwrap()
    }
}
