//! A connection that is about to be made: what is written, and what is answered.

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::types::Person;
use drawbridge_contract::types::connections::{
    Connection, ConnectionDetails, ConnectionState, ConnectionSummary, ConnectionUsage, ConnectorRef,
    CreateConnection, OAuthClientRef,
};
use drawbridge_domain::access::Level;
use drawbridge_domain::connection::{PENDING_LIFE, Reason, Status};
use drawbridge_domain::connector::{AuthWay, Definition};
use drawbridge_domain::id::{ConnectionEventId, ConnectionId, Id};
use drawbridge_domain::time::Timestamp;

use super::prove::Proved;
use super::record::split_set;
use super::secrets::Bundle;
use super::store;
use super::through::boxes::Found;
use super::token::Tokens;
use crate::http::{Failure, Scope};
use crate::new_id;
use crate::ports::Statement;
use crate::services::Services;

/// All that a new connection is made of.
pub(super) struct Plan<'a> {
    pub(super) id: ConnectionId,
    pub(super) body: &'a CreateConnection,
    /// The registered OAuth client that it is made through, where it is.
    pub(super) client: Option<OAuthClientRef>,
    /// The gateway that it goes through, where it does.
    pub(super) gateway: Option<Found>,
    pub(super) name: String,
    pub(super) definition: Rc<Definition>,
    pub(super) way: AuthWay,
    pub(super) bundle: Bundle,
    /// By client credentials, where that is the way.
    pub(super) tokens: Option<Tokens>,
    /// When it is made.
    pub(super) now: Timestamp,
    /// The proof; `None` where a person has yet to sign in at the provider.
    pub(super) proved: Option<Proved>,
}

impl Plan<'_> {
    fn state(&self) -> (Status, Reason) {
        match self.proved {
            Some(_) => (Status::Active, Reason::Proved),
            None => (Status::Pending, Reason::AwaitingSignIn),
        }
    }

    /// The version of the connection once all is written.
    pub(super) fn version(&self) -> i64 {
        if self.proved.is_some() { 2 } else { 1 }
    }

    fn settings(&self) -> BTreeMap<String, String> {
        let plain = self.definition.settings.iter().chain(&self.way.fields).filter(|field| !field.secret);
        plain
            .filter_map(|field| {
                let typed = self.body.settings.get(&field.id).map(|value| field.clean(value));
                let value = typed.filter(|value| !value.is_empty()).or_else(|| field.default.clone())?;
                Some((field.id.clone(), value))
            })
            .collect()
    }

    fn pending_until(&self, now: Timestamp) -> Option<Timestamp> {
        (self.state().0 == Status::Pending).then(|| now.plus(PENDING_LIFE))
    }

    /// What is written, in one batch.
    pub(super) fn statements(&self, services: &Services, scope: &Scope) -> Result<Vec<Statement>, Failure> {
        let now = self.now;
        let (status, reason) = self.state();
        let sealed = self.bundle.seal(services, scope.tenant(), &self.id)?;
        let new = store::NewConnection {
            id: &self.id,
            name: &self.name,
            connector: &self.definition.id,
            auth: &self.way.id,
            settings: serde_json::to_string(&self.settings())?,
            secrets_set: serde_json::to_string(&self.bundle.set())?,
            oauth_client: self.client.as_ref().map(|client| client.id.as_str()),
            status,
            reason,
            pending_until: self.pending_until(now),
            sealed: &sealed,
        };
        let mut statements = match &self.client {
            Some(client) => store::client_is_there(scope, &client.id),
            None => Vec::new(),
        };
        if let Some(gateway) = &self.gateway {
            statements.extend(store::through::gateway_is_there(scope, &gateway.id));
        }
        statements.extend(store::add(scope, &new, &new_id!(services, ConnectionEventId)?, now));
        if let Some(found) = &self.proved {
            let settled = store::Settled {
                status,
                reason,
                words: None,
                since: now,
                connected_as: found.identity.as_ref().map(serde_json::to_string).transpose()?,
                verified_at: now.millis(),
                verified_by: Some(&found.by),
                pending_until: None,
            };
            statements.extend(store::settle(scope.tenant(), &self.id, 1, &settled));
        }
        if let Some(tokens) = &self.tokens {
            let new = store::NewTokens {
                sealed: &sealed,
                replaces: 1,
                scopes: tokens.scopes.as_ref().map(serde_json::to_string).transpose()?,
                expires: tokens.expires,
                refresh: tokens.refresh,
            };
            statements.extend(store::replace_tokens(scope.tenant(), &self.id, &new));
        }
        Ok(statements)
    }

    /// What is answered, once all is written.
    pub(super) fn answer(&self, scope: &Scope) -> Connection {
        let now = self.now;
        let (status, reason) = self.state();
        let (secrets_set, sealed_to) = split_set(&self.bundle.set(), self.way.login());
        Connection {
            summary: ConnectionSummary {
                id: self.id.clone(),
                name: self.name.clone(),
                connector: ConnectorRef {
                    id: self.definition.id.clone(),
                    name: self.definition.name.clone(),
                    icon: self.definition.icon.clone(),
                },
                state: ConnectionState { status, reason, provider_words: None, since: now },
                owner: Person { id: scope.user().clone(), name: scope.user_name() },
                created_at: now,
                last_verified_at: self.proved.as_ref().map(|_| now),
                level: Level::Owner,
                interactive: self.way.is_interactive(),
                deleted: None,
            },
            auth: self.way.id.clone(),
            connected_as: self.proved.as_ref().and_then(|found| found.identity.clone()),
            verified_by: self.proved.as_ref().map(|found| found.by.clone()),
            pending_until: self.pending_until(now),
            usage: ConnectionUsage::default(),
            details: Some(ConnectionDetails {
                settings: self.settings(),
                secrets_set,
                gateway_name: self.gateway.as_ref().map(|gateway| gateway.name.clone()),
                sealed_to,
                scopes: self.tokens.as_ref().and_then(|tokens| tokens.scopes.clone()).unwrap_or_default(),
                token_expires_at: self.tokens.as_ref().and_then(|tokens| tokens.expires),
                next_refresh_at: self.tokens.as_ref().and_then(|tokens| tokens.refresh),
                oauth_client: self.client.clone(),
                refused_sign_in: None,
            }),
        }
    }
}
