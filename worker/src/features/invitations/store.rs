//! The SQL of invitations.

use drawbridge_domain::id::{AccountId, TenantId, UserId};
use drawbridge_domain::role::Role;
use serde::Deserialize;

use crate::encoding::hashed;
use crate::features::audit::ChainEnd;
use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

/// An invitation that can be accepted.
#[derive(Deserialize)]
pub(super) struct InvitationRow {
    pub(super) tenant_id: TenantId,
    pub(super) tenant_name: String,
    pub(super) user_id: UserId,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) role: String,
    pub(super) expires_at: i64,
    /// The account with this email, where there is one.
    pub(super) account_id: Option<AccountId>,
    pub(super) password_hash: Option<String>,
    /// What stands on the tenant's single sign-on button, where it is on.
    pub(super) sso_label: Option<String>,
    #[serde(rename = "..")]
    pub(super) end: ChainEnd,
}

impl InvitationRow {
    /// First and last name.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The role that waits.
    pub(super) fn role(&self) -> Option<Role> {
        Role::from_code(&self.role)
    }
}

/// The invitation with this secret; `None` when there is none, or none any more.
pub(super) async fn find(services: &Services, token: &str) -> Result<Option<InvitationRow>, DbError> {
    let read = Statement::across(
        "the secret of an invitation is what tells the tenant",
        "SELECT i.tenant_id, t.name AS tenant_name, i.user_id, u.email, u.first_name, u.last_name, u.role,
                i.expires_at, a.id AS account_id, a.password_hash, s.label AS sso_label, t.audit_seq, t.audit_hash
         FROM invitations i
         JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.user_id AND u.state = 'invited'
         JOIN tenants t ON t.id = i.tenant_id
         LEFT JOIN accounts a ON a.email = u.email
         LEFT JOIN sso s ON s.tenant_id = i.tenant_id AND s.enabled = 1
         WHERE i.token_hash = ?1 AND i.expires_at > ?2",
        values![hashed(token), services.now()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}
