//! A new password for one's own account; the other sessions end.

use drawbridge_contract::endpoints::ChangeOwnPassword;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::account::PASSWORD_MAX;
use drawbridge_domain::id::Id;

use super::store;
use super::throttle::Throttle;
use crate::features::audit::{self, Record};
use crate::features::people::{password, store as people};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, Scope};

/// Changes it, when the present one is right.
pub(super) async fn handle(call: Call<ChangeOwnPassword, Scope>) -> Result<Reply<Nothing>, Failure> {
    let (services, scope) = (&call.services, &call.scope);
    scope.needs_password()?;
    let (current, new) = (call.body.current_password.expose(), call.body.new_password.expose());
    let row = scope.session()?;
    let about =
        [&row.email, &row.first_name, &row.last_name, &row.tenant_name, "drawbridge"].map(AsRef::as_ref);
    let mut faults = Faults::default();
    if current.is_empty() {
        faults.add("currentPassword", "missing", "Fill this in.");
    }
    faults.text("newPassword", password::check_new(new, &about));
    faults.check()?;

    let throttle = Throttle::new(&format!("password of {}", row.email), &call.facts.address);
    let tried = throttle.count(services).await?;
    let known = people::password_hash(services, &row.account_id).await?;
    if current.chars().count() > PASSWORD_MAX || !password::verify(current, known.as_deref())? {
        return Err(Failure::field("currentPassword", "wrong", "This is not your present password."));
    }
    let hash = password::hash(services, new)?;
    let mut changes =
        people::change_password(&row.account_id, known.as_deref().unwrap_or_default(), &hash, services.now());
    changes.push(store::end_others(&row.account_id, &row.session_id));
    changes.extend(tried.forgive());
    let record = Record::done("password.changed", "user", scope.user().as_str(), &scope.user_name());
    audit::commit(services, scope, changes, &[record]).await?;
    Ok(Reply::new(Nothing {}))
}
