//! A connection as the database has it, and as the contract tells it.

use std::collections::BTreeMap;
use std::rc::Rc;

use drawbridge_contract::types::Person;
use drawbridge_contract::types::connections::{
    ConnectedAs, Connection, ConnectionDetails, ConnectionState, ConnectionSummary, ConnectionUsage,
    ConnectorRef, Deletion, OAuthClientRef,
};
use drawbridge_domain::access::{Level, effective_level};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::connector::{AuthWay, Definition, Login, SANDBOX_ORIGIN, Values, fill};
use drawbridge_domain::id::{ConnectionId, Id, OAuthClientId, ReplicaId, UserId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::features::connectors::catalogue;
use crate::http::{Failure, Scope};
use crate::json;
use crate::services::Services;

/// What the list shows.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SummaryRow {
    pub(super) id: ConnectionId,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) connector: String,
    pub(super) auth: String,
    pub(super) status: String,
    pub(super) reason: String,
    pub(super) provider_words: Option<String>,
    pub(super) status_since: i64,
    pub(super) created_by: UserId,
    pub(super) owner_name: Option<String>,
    pub(super) created_at: i64,
    pub(super) last_verified_at: i64,
    pub(super) deleted_at: Option<i64>,
    pub(super) deleted_by: Option<UserId>,
    pub(super) deleter_name: Option<String>,
    pub(super) destroy_at: Option<i64>,
    /// 2: as owner, 1: as user, absent: not at all.
    pub(super) granted: Option<i64>,
}

/// All of a connection but its secrets.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Row {
    #[serde(rename = "..")]
    pub(super) summary: SummaryRow,
    pub(super) settings: String,
    pub(super) secrets_set: String,
    pub(super) oauth_client_id: Option<OAuthClientId>,
    pub(super) oauth_client_name: Option<String>,
    /// Absent: it goes through none, or that was disconnected.
    pub(super) gateway_name: Option<String>,
    /// How that gateway is; absent with its name.
    pub(super) gateway_status: Option<String>,
    pub(super) connected_as: Option<String>,
    pub(super) scopes: String,
    pub(super) token_expires_at: Option<i64>,
    pub(super) next_refresh_at: Option<i64>,
    pub(super) verified_by: Option<String>,
    pub(super) pending_until: Option<i64>,
    pub(super) refused_sign_in: Option<String>,
    pub(super) grants_version: i64,
    pub(super) doubts: u32,
    pub(super) version: i64,
    pub(super) sealed: Option<String>,
    pub(super) secrets_version: Option<i64>,
    pub(super) last_used_at: Option<i64>,
    pub(super) calls: Option<i64>,
    pub(super) failures: Option<i64>,
}

impl SummaryRow {
    pub(super) fn status(&self) -> Result<Status, Failure> {
        Status::from_code(&self.status).ok_or_else(|| Failure::internal("a status that is none"))
    }

    pub(super) fn reason(&self) -> Result<Reason, Failure> {
        Reason::from_code(&self.reason).ok_or_else(|| Failure::internal("a reason that is none"))
    }

    /// What the caller was given, whatever the role.
    pub(super) fn granted(&self) -> Option<Level> {
        match self.granted {
            Some(2) => Some(Level::Owner),
            Some(_) => Some(Level::User),
            None => None,
        }
    }

    /// The caller's level. A row that the caller may not see is not there.
    pub(super) fn level(&self, scope: &Scope) -> Result<Level, Failure> {
        effective_level(scope.role(), self.granted()).ok_or_else(not_found)
    }

    fn deletion(&self) -> Option<Deletion> {
        let by = self.deleted_by.clone()?;
        Some(Deletion {
            at: Timestamp::from_millis(self.deleted_at?),
            by: Person { id: by, name: self.deleter_name.clone().unwrap_or_else(removed_user) },
            destroyed_at: Timestamp::from_millis(self.destroy_at?),
        })
    }

    pub(super) fn summary(&self, scope: &Scope) -> Result<ConnectionSummary, Failure> {
        let definition = catalogue::find(&self.connector);
        let way = definition.as_ref().and_then(|definition| definition.auth_way(&self.auth));
        let interactive = way.is_some_and(AuthWay::is_interactive);
        let connector = match &definition {
            Some(definition) => ConnectorRef {
                id: self.connector.clone(),
                name: definition.name.clone(),
                icon: definition.icon.clone(),
            },
            // A connector that this build does not have any more, such as the sandbox's in production.
            None => ConnectorRef {
                id: self.connector.clone(),
                name: self.connector.clone(),
                icon: "http".to_owned(),
            },
        };
        Ok(ConnectionSummary {
            id: self.id.clone(),
            name: self.name.clone(),
            connector,
            state: ConnectionState {
                status: self.status()?,
                reason: self.reason()?,
                provider_words: self.provider_words.clone(),
                since: Timestamp::from_millis(self.status_since),
            },
            owner: Person {
                id: self.created_by.clone(),
                name: self.owner_name.clone().unwrap_or_else(removed_user),
            },
            created_at: Timestamp::from_millis(self.created_at),
            last_verified_at: (self.last_verified_at > 0)
                .then(|| Timestamp::from_millis(self.last_verified_at)),
            level: self.level(scope)?,
            interactive,
            deleted: self.deletion(),
        })
    }
}

impl Row {
    /// The connection's definition and way to authenticate.
    pub(super) fn definition(&self) -> Result<(Rc<Definition>, AuthWay), Failure> {
        let gone = || {
            Failure::new(
                drawbridge_contract::problem::ProblemCode::Conflict,
                "The connector of this connection is not part of this installation any more.",
            )
        };
        let definition = catalogue::find(&self.summary.connector).ok_or_else(gone)?;
        let way = definition.auth_way(&self.summary.auth).ok_or_else(gone)?.clone();
        Ok((definition, way))
    }

    /// The values for templates, secrets left out.
    pub(super) fn values(
        &self,
        services: &Services,
        definition: &Definition,
        way: &AuthWay,
    ) -> Result<Values, Failure> {
        Ok(values(services, definition, way, &json::read(&self.settings)?))
    }

    /// As whom it is signed in.
    pub(super) fn connected_as(&self) -> Result<Option<ConnectedAs>, Failure> {
        Ok(self.connected_as.as_deref().map(json::read).transpose()?)
    }

    /// The names of the secrets that are set, and the gateway's machines that its credentials are sealed to.
    fn secrets_set(&self) -> Result<(Vec<String>, Vec<ReplicaId>), Failure> {
        let all: Vec<String> = json::read(&self.secrets_set)?;
        Ok(split_set(&all, self.definition().ok().and_then(|(_, way)| way.login())))
    }

    /// The connection in the words of the contract, as far as the caller may know.
    pub(super) fn connection(&self, scope: &Scope) -> Result<Connection, Failure> {
        let summary = self.summary.summary(scope)?;
        let (secrets_set, sealed_to) = self.secrets_set()?;
        let details = match summary.level {
            Level::User => None,
            Level::Owner => Some(ConnectionDetails {
                settings: json::read(&self.settings)?,
                secrets_set,
                gateway_name: self.gateway_name.clone(),
                sealed_to,
                scopes: json::read(&self.scopes)?,
                token_expires_at: self.token_expires_at.map(Timestamp::from_millis),
                next_refresh_at: self.next_refresh_at.map(Timestamp::from_millis),
                oauth_client: self.oauth_client_id.clone().map(|id| OAuthClientRef {
                    id,
                    name: self.oauth_client_name.clone().unwrap_or_default(),
                }),
                refused_sign_in: self.refused_sign_in.as_deref().map(json::read).transpose()?,
            }),
        };
        Ok(Connection {
            summary,
            auth: self.summary.auth.clone(),
            connected_as: self.connected_as()?,
            verified_by: self.verified_by.clone(),
            pending_until: self.pending_until.map(Timestamp::from_millis),
            usage: ConnectionUsage {
                last_used_at: self.last_used_at.map(Timestamp::from_millis),
                calls: self.calls.and_then(|calls| u64::try_from(calls).ok()).unwrap_or_default(),
                failures: self.failures.and_then(|calls| u64::try_from(calls).ok()).unwrap_or_default(),
            },
            details,
        })
    }
}

/// What is kept as set, as the contract tells it: the names of secrets, and the machines that there are boxes for.
pub(super) fn split_set(all: &[String], login: Option<Login>) -> (Vec<String>, Vec<ReplicaId>) {
    let sealed_to: Vec<_> = all.iter().filter_map(|name| ReplicaId::parse(name).ok()).collect();
    let mut names: Vec<_> = all.iter().filter(|name| ReplicaId::parse(name).is_err()).cloned().collect();
    if !sealed_to.is_empty() {
        let parts = login.map_or(&[][..], Login::parts);
        names.extend(parts.iter().map(|part| (*part).to_owned()));
    }
    (names, sealed_to)
}

/// The values for templates from settings as they were stored or typed.
pub(super) fn values(
    services: &Services,
    definition: &Definition,
    way: &AuthWay,
    settings: &BTreeMap<String, String>,
) -> Values {
    let fields = definition.settings.iter().chain(&way.fields).filter(|field| !field.secret);
    let mut values = fill(fields, settings);
    if let Some(origin) = services.settings.sandbox_origin.as_ref().filter(|_| definition.sandbox) {
        values.insert(SANDBOX_ORIGIN.to_owned(), origin.clone());
    }
    values
}

fn removed_user() -> String {
    "Removed user".to_owned()
}

/// The words for a connection that is not there, or that the caller may not know of.
pub(super) fn not_found() -> Failure {
    Failure::not_found("connection")
}
