//! The proof that somebody is signed in to a tenant. Only authentication makes one.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{AccountId, Id, SessionId, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::sso::NEEDS_PASSWORD;
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::{Facts, Failure};
use crate::features::audit::{Actor, ChainEnd};
use crate::ports::{Statement, Value};

/// Tenant and caller, as the database had them when this request began.
#[derive(Debug, Clone)]
pub struct Scope {
    session: SessionRow,
    role: Role,
    facts: Facts,
    /// Who acts instead of a person.
    system: Option<Actor>,
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

impl Scope {
    /// Made by the session check, from its row. `None` when the row's role is none that we know.
    pub(in crate::http) fn from_session(session: SessionRow, facts: Facts) -> Option<Self> {
        Role::from_code(&session.role).map(|role| Self { session, role, facts, system: None })
    }

    /// For the system's own work in a tenant: the daily run, and the holder of a reconnect link. There is no
    /// session, and the user is nobody.
    pub(crate) fn of_system(tenant: TenantRow, actor: Actor, facts: Facts) -> Self {
        let nobody = [0; 10];
        let session = SessionRow {
            session_id: SessionId::new(0, nobody),
            secret_hash: String::new(),
            account_id: AccountId::new(0, nobody),
            expires_at: 0,
            last_used_at: 0,
            tenant_id: tenant.tenant_id,
            tenant_slug: tenant.tenant_slug,
            tenant_name: tenant.tenant_name,
            audit_seq: tenant.audit_seq,
            audit_hash: tenant.audit_hash,
            user_id: UserId::new(0, nobody),
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            role: Role::GlobalAdministrator.code().to_owned(),
            tenants: String::new(),
            sso_tenant_id: None,
        };
        Self { session, role: Role::GlobalAdministrator, facts, system: Some(actor) }
    }

    /// The person who acts; `None` where the system does.
    pub fn person(&self) -> Option<&UserId> {
        if self.system.is_some() { None } else { Some(&self.session.user_id) }
    }

    /// The tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.session.tenant_id
    }

    /// The user in the tenant.
    pub fn user(&self) -> &UserId {
        &self.session.user_id
    }

    /// The account that is signed in.
    pub fn account(&self) -> &AccountId {
        &self.session.account_id
    }

    /// The session.
    pub fn session(&self) -> &SessionId {
        &self.session.session_id
    }

    /// The user's role in the tenant.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What the caller may give: who is signed in as a person has all scopes.
    pub fn scopes(&self) -> ApiScopes {
        ApiScopes::FULL
    }

    /// The user's first and last name.
    pub fn user_name(&self) -> String {
        format!("{} {}", self.session.first_name, self.session.last_name)
    }

    /// Whether a tenant's single sign-on began the session.
    pub fn is_by_sso(&self) -> bool {
        self.session.sso_tenant_id.is_some()
    }

    /// Refuses a session that single sign-on began: what concerns the account, or its other tenants, is not the
    /// word of one tenant's provider.
    pub fn needs_password(&self) -> Result<(), Failure> {
        if self.is_by_sso() { Err(Failure::new(ProblemCode::NeedsPassword, NEEDS_PASSWORD)) } else { Ok(()) }
    }

    /// When the session ends whatever happens.
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.session.expires_at)
    }

    /// The row of the session check.
    pub(crate) fn row(&self) -> &SessionRow {
        &self.session
    }

    /// The facts of the request.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// A statement on records of this tenant, which is bound as `?1`.
    pub fn statement(&self, sql: &'static str, values: Vec<Value>) -> Statement {
        Statement::of(self.tenant(), sql, values)
    }

    /// Who acts, for the audit log.
    pub fn actor(&self) -> Actor {
        if let Some(actor) = &self.system {
            return actor.clone();
        }
        Actor { kind: "user", id: self.user().as_str().to_owned(), name: self.user_name() }
    }

    /// The end of the tenant's audit chain, as it was when the request began.
    pub fn chain_end(&self) -> ChainEnd {
        ChainEnd { seq: self.session.audit_seq, hash: self.session.audit_hash.clone() }
    }
}
