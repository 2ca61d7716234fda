//! Inviting somebody: a user who has still to come, and the link by which they do. Of its secret only the hash is
//! kept, so that it is told once.

use drawbridge_contract::endpoints::{InviteToTenant, ResendInvitation};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::people::{Invited, User};
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::limits::Limited;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::user::{INVITATION_LIFE, UserAction, UserState, check_gives_role};
use drawbridge_domain::{account, text};
use serde_json::json;

use super::store::InvitedUser;
use super::{record, store, unknown, user};
use crate::encoding::hashed;
use crate::features::audit::{self, Record};
use crate::http::failure::Faults;
use crate::http::{Call, Facts, Failure, Reply, Scope};
use crate::new_id;
use crate::ports::DbError;

fn link(facts: &Facts, token: &str) -> String {
    format!("{}/invitations/{token}", facts.origin)
}

/// Adds the user and answers the link.
pub(super) async fn handle(call: Call<InviteToTenant, Scope>) -> Result<Reply<Invited>, Failure> {
    let (services, scope, body) = (&call.services, &call.scope, &call.body);
    let mut faults = Faults::default();
    let email = faults.text("email", account::email(&body.email));
    let first_name = faults.text("firstName", text::plain_name(&body.first_name).map(str::to_owned));
    let last_name = faults.text("lastName", text::plain_name(&body.last_name).map(str::to_owned));
    faults.check()?;
    check_gives_role(scope.role(), Role::Participant, body.role).map_err(record::refused)?;

    if store::has_email(services, scope, &email).await? {
        let words = "This email address belongs to a user of the tenant already.";
        return Err(Failure::field("email", "taken", words));
    }

    let now = services.now();
    let until = now.plus(INVITATION_LIFE);
    let (id, token) = (new_id!(services, UserId)?, services.new_secret()?);
    let new = InvitedUser {
        id: &id,
        email: &email,
        first_name: &first_name,
        last_name: &last_name,
        role: body.role,
    };
    let mut changes = store::add_invited(scope, &new, now);
    changes.push(store::put_invitation(scope, &id, &hashed(&token), now, until));
    let record = Record::done("user.invited", "user", id.as_str(), &format!("{first_name} {last_name}"))
        .with_changes(json!({ "email": { "after": email }, "role": { "after": body.role } }));
    let user = User {
        id,
        email,
        first_name,
        last_name,
        role: body.role,
        state: UserState::Invited,
        created_at: now,
        invited_until: Some(until),
    };
    let mut answer = Invited { user, link: None };
    if let Some(key) = &call.idempotency {
        // Without the link: it is kept nowhere.
        changes.push(key.remember(services, scope, serde_json::to_string(&answer)?, None));
    }
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Limit) => return Err(Failure::quota(Limited::Users)),
        result => result?,
    };
    answer.link = Some(link(&call.facts, &token));
    Ok(Reply::new(answer))
}

/// Makes a new link; the one before it ends.
pub(super) async fn again(call: Call<ResendInvitation, Scope>) -> Result<Reply<Invited>, Failure> {
    let (services, scope, id) = (&call.services, &call.scope, &call.params.user);
    let mut row = store::find(services, scope, id).await?.ok_or_else(unknown)?;
    row.check(scope, UserAction::Resend)?;
    let now = services.now();
    let until: Timestamp = now.plus(INVITATION_LIFE);
    let token = services.new_secret()?;
    let changes = vec![
        store::put_invitation(scope, id, &hashed(&token), now, until),
        crate::ports::Statement::must_change(),
    ];
    let record = Record::done("user.invited_again", "user", id.as_str(), &row.user.name());
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => {
            return Err(Failure::new(
                ProblemCode::Conflict,
                "The user accepted the invitation or was removed at the same moment.",
            ));
        }
        result => result?,
    };
    row.user.invited_until = Some(until.millis());
    Ok(Reply::new(Invited { user: user(&row.user)?, link: Some(link(&call.facts, &token)) }))
}
