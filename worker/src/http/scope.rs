//! The proof of who calls, and in which tenant. Only authentication makes one.

use std::rc::Rc;

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::{CallerCredential, CredentialKind, Me};
use drawbridge_contract::types::tenants::TenantRef;
use drawbridge_domain::id::{AccountId, Id, SessionId, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use drawbridge_domain::sso::NEEDS_PASSWORD;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::{Facts, Failure};
use crate::features::audit::{Actor, ChainEnd};
use crate::ports::{Statement, Value};

/// Tenant and caller, as they were when this request began.
#[derive(Debug, Clone)]
pub struct Scope {
    tenant: TenantRef,
    /// The person who calls; for an app, who made it.
    user: UserId,
    user_name: String,
    role: Role,
    scopes: ApiScopes,
    caller: Caller,
    facts: Facts,
    end: ChainEnd,
    /// What was told, together with the caller, of the connection that this request uses.
    told: Option<Rc<str>>,
}

/// By what the caller is known.
#[derive(Debug, Clone)]
enum Caller {
    Session(Box<SessionRow>),
    Credential(Box<Credential>),
    /// Nobody from outside: the system, or the holder of a link.
    System(Actor),
}

/// A personal access token or an access token of an app that was found good.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    /// What the caller is told of it.
    pub(crate) known: CallerCredential,
    /// The token's user; an app has none.
    pub(crate) me: Option<Me>,
    /// Whose is what it makes: the token's user, or who made the app.
    pub(crate) maker: UserId,
    /// The name of the maker; empty where who made the app has left.
    pub(crate) maker_name: String,
    pub(crate) tenant: TenantRef,
    pub(crate) role: Role,
    /// When the token or the app itself ends.
    pub(crate) ends: Option<Timestamp>,
}

/// A tenant for which the system acts.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TenantRow {
    pub(crate) tenant_id: TenantId,
    pub(crate) tenant_slug: String,
    pub(crate) tenant_name: String,
    pub(crate) audit_seq: i64,
    pub(crate) audit_hash: String,
}

/// What the one statement of the session check answers.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SessionRow {
    pub(crate) session_id: SessionId,
    pub(crate) secret_hash: String,
    pub(crate) account_id: AccountId,
    pub(crate) expires_at: i64,
    pub(crate) last_used_at: i64,
    pub(crate) tenant_id: TenantId,
    pub(crate) tenant_slug: String,
    pub(crate) tenant_name: String,
    pub(crate) audit_seq: i64,
    pub(crate) audit_hash: String,
    pub(crate) user_id: UserId,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) role: String,
    pub(crate) tenants: String,
    /// The tenant whose single sign-on began the session; then it is good for that one only.
    pub(crate) sso_tenant_id: Option<TenantId>,
}

impl SessionRow {
    /// When it ends whatever happens.
    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at)
    }
}

impl Scope {
    /// Made by the session check, from its row. `None` when the row's role is none that we know.
    pub(in crate::http) fn from_session(row: SessionRow, facts: Facts) -> Option<Self> {
        let role = Role::from_code(&row.role)?;
        Some(Self {
            tenant: TenantRef {
                id: row.tenant_id.clone(),
                slug: row.tenant_slug.clone(),
                name: row.tenant_name.clone(),
            },
            user: row.user_id.clone(),
            user_name: format!("{} {}", row.first_name, row.last_name),
            role,
            scopes: ApiScopes::FULL,
            end: ChainEnd { seq: row.audit_seq, hash: row.audit_hash.clone() },
            caller: Caller::Session(Box::new(row)),
            facts,
            told: None,
        })
    }

    /// Made by the check of apps and tokens.
    pub(in crate::http) fn from_credential(
        credential: Credential,
        told: Option<String>,
        facts: Facts,
    ) -> Self {
        Self {
            told: told.map(Rc::from),
            tenant: credential.tenant.clone(),
            user: credential.maker.clone(),
            user_name: credential.maker_name.clone(),
            role: credential.role,
            scopes: credential.known.scopes,
            caller: Caller::Credential(Box::new(credential)),
            facts,
            end: ChainEnd::unread(),
        }
    }

    /// For the system's own work in a tenant: the daily run, and the holder of a reconnect link. There is no
    /// session, and the user is nobody.
    pub(crate) fn of_system(tenant: TenantRow, actor: Actor, facts: Facts) -> Self {
        Self {
            tenant: TenantRef { id: tenant.tenant_id, slug: tenant.tenant_slug, name: tenant.tenant_name },
            user: UserId::new(0, [0; 10]),
            user_name: String::new(),
            role: Role::GlobalAdministrator,
            scopes: ApiScopes::FULL,
            caller: Caller::System(actor),
            facts,
            told: None,
            end: ChainEnd { seq: tenant.audit_seq, hash: tenant.audit_hash },
        }
    }

    /// The person who acts, in a session or by a token; `None` where an app or the system does.
    pub fn person(&self) -> Option<&UserId> {
        match &self.caller {
            Caller::Session(_) => Some(&self.user),
            Caller::Credential(credential) => credential.me.as_ref().map(|me| &me.id),
            Caller::System(_) => None,
        }
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant.id
    }

    /// The tenant with its names.
    pub fn tenant_ref(&self) -> &TenantRef {
        &self.tenant
    }

    /// The user to whom what is made here belongs: the person who acts, or who made the app that does. The latter
    /// may have left; what is made then belongs to nobody, and administrators look after it.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The first and last name of that user.
    pub fn user_name(&self) -> String {
        self.user_name.clone()
    }

    /// The identifier of who calls: of the user, or of the app or token.
    pub fn caller(&self) -> &str {
        self.credential().map_or(self.user.as_str(), |credential| &credential.known.id)
    }

    /// The role: of the user as it is now, or that of apps.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What the caller may do here within that role; a session has all.
    pub fn scopes(&self) -> ApiScopes {
        self.scopes
    }

    /// Whether the caller may see what a scope names.
    pub fn sees(&self, scope: ApiScope) -> bool {
        self.scopes.holds(scope)
    }

    /// The session; who calls with an app or a token has none and is refused.
    pub(crate) fn session(&self) -> Result<&SessionRow, Failure> {
        match &self.caller {
            Caller::Session(row) => Ok(row),
            Caller::Credential(_) => Err(Failure::needs_session()),
            Caller::System(_) => Err(Failure::internal("the system has no session")),
        }
    }

    /// The account that is signed in; who calls with an app or a token has none and is refused.
    pub fn account(&self) -> Result<&AccountId, Failure> {
        self.session().map(|row| &row.account_id)
    }

    /// The app or token that calls.
    pub(crate) fn credential(&self) -> Option<&Credential> {
        match &self.caller {
            Caller::Credential(credential) => Some(credential),
            _ => None,
        }
    }

    /// What the database says of the connection that this request uses, where that was told together with the caller.
    pub(crate) fn told_of_use(&self) -> Option<&str> {
        self.told.as_deref()
    }

    /// Whether a tenant's single sign-on began the session.
    pub fn is_by_sso(&self) -> bool {
        self.session().is_ok_and(|row| row.sso_tenant_id.is_some())
    }

    /// Refuses a session that single sign-on began: what concerns the account, or its other tenants, is not the
    /// word of one tenant's provider.
    pub fn needs_password(&self) -> Result<(), Failure> {
        if self.is_by_sso() { Err(Failure::new(ProblemCode::NeedsPassword, NEEDS_PASSWORD)) } else { Ok(()) }
    }

    /// The facts of the request.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// A statement on records of this tenant, which is bound as `?1`.
    pub fn statement(&self, sql: &'static str, values: Vec<Value>) -> Statement {
        Statement::of(self.tenant(), sql, values)
    }

    /// Who acts, for the audit log. With a token it is its user, and the token is named.
    pub fn actor(&self) -> Actor {
        match &self.caller {
            Caller::Session(_) => {
                Actor { kind: "user", id: self.user.as_str().to_owned(), name: self.user_name() }
            }
            Caller::Credential(credential) => {
                let known = &credential.known;
                match known.kind {
                    CredentialKind::App => {
                        Actor { kind: "app", id: known.id.clone(), name: known.name.clone() }
                    }
                    CredentialKind::Token => Actor {
                        kind: "user",
                        id: self.user.as_str().to_owned(),
                        name: format!("{} (token {})", self.user_name, known.name),
                    },
                }
            }
            Caller::System(actor) => actor.clone(),
        }
    }

    /// The end of the tenant's audit chain, as far as it was read when the request began.
    pub fn chain_end(&self) -> ChainEnd {
        self.end.clone()
    }
}
