//! What an invitation says of itself to who has its link.

use drawbridge_contract::endpoints::ReadInvitation;
use drawbridge_contract::types::people::Invitation;
use drawbridge_domain::time::Timestamp;

use super::{gone, store};
use crate::http::{Call, Failure, Reply};

/// Reads it.
pub(super) async fn handle(call: Call<ReadInvitation, ()>) -> Result<Reply<Invitation>, Failure> {
    let row = store::find(&call.services, &call.params.token).await?.ok_or_else(gone)?;
    Ok(Reply::new(Invitation {
        role: row.role().ok_or_else(|| Failure::internal("a role that is none"))?,
        tenant_name: row.tenant_name,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        expires_at: Timestamp::from_millis(row.expires_at),
        has_account: row.account_id.is_some(),
        single_sign_on: row.sso_label,
    }))
}
