//! What a tenant's own sign-in page offers.

use drawbridge_contract::endpoints::FindSignIn;
use drawbridge_contract::types::sso::SignInOffer;

use super::store;
use crate::http::{Call, Failure, Reply};

/// Finds it: a tenant without single sign-on answers as one that is not there.
pub(super) async fn handle(call: Call<FindSignIn, ()>) -> Result<Reply<SignInOffer>, Failure> {
    let row = store::find_by_slug(&call.services, &call.params.slug).await?;
    let row = row.ok_or_else(|| Failure::not_found("sign-in address"))?;
    Ok(Reply::new(SignInOffer { tenant_name: row.tenant_name, label: row.label }))
}
