//! A sign-in that signs nobody in: it shows whether the settings work before anybody depends on them.

use drawbridge_contract::endpoints::TestSso;
use drawbridge_contract::types::sso::SsoStart;

use super::begin::{Purpose, Start, begin, too_many, unavailable};
use super::{may_change, not_set_up, store};
use crate::features::audit::{self, Record};
use crate::http::{Call, Failure, Reply, Scope};

/// Starts it.
pub(super) async fn handle(call: Call<TestSso, Scope>) -> Result<Reply<SsoStart>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    may_change(scope)?;
    let row = store::find(services, scope.tenant()).await?.ok_or_else(not_set_up)?;
    let start = Start {
        purpose: Purpose::Test,
        session: Some(&scope.session()?.session_id),
        invitation: None,
        return_path: "/",
        login_hint: None,
        browser: None,
    };
    let beginning = begin(services, &call.facts, &row, start).await?.map_err(unavailable)?;
    let record = Record::done("sso.testing", "sso", "", &row.label);
    audit::commit(services, scope, beginning.statements, &[record]).await.map_err(too_many)?;
    Ok(Reply::new(SsoStart { url: beginning.url }).with_cookie(beginning.cookie))
}
