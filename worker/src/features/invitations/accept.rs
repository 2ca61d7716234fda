//! Accepting an invitation without being signed in: with a new password, or with that of the account that has the
//! email already. It ends signed in, in the tenant.

use drawbridge_contract::endpoints::AcceptTheInvitation;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::account::PASSWORD_MAX;
use drawbridge_domain::id::{AccountId, Id};

use super::store::InvitationRow;
use super::{gone, store};
use crate::encoding::hashed;
use crate::features::audit::{self, Actor, Context, Record};
use crate::features::people::{password, store as people};
use crate::features::sessions::throttle::Throttle;
use crate::features::sessions::{begin, who_am_i};
use crate::http::failure::Faults;
use crate::http::{Call, Facts, Failure, Reply, authenticate};
use crate::new_id;
use crate::ports::{DbError, Statement};
use crate::services::Services;

/// Accepts it and signs in.
pub(super) async fn handle(call: Call<AcceptTheInvitation, ()>) -> Result<Reply<WhoAmI>, Failure> {
    let services = &call.services;
    let (token, typed) = (call.body.token.expose(), call.body.password.expose());
    let row = store::find(services, token).await?;
    // Guesses at a password count with those at sign-in; links that lead nowhere count for the address.
    let subject = match &row {
        Some(row) => format!("password of {}", row.email),
        None => format!("invitation {}", hashed(token)),
    };
    let tried = Throttle::new(&subject, &call.facts.address).count(services).await?;
    let row = row.ok_or_else(gone)?;
    let (account, new) = if let (Some(account), Some(hash)) = (&row.account_id, &row.password_hash) {
        proved(typed, hash)?;
        (account.clone(), None)
    } else {
        let account = new_id!(services, AccountId)?;
        let new = new_account(services, &row, &account, typed)?;
        (account, Some(new))
    };

    let session = begin(services, &call.facts, &account, &row.tenant_id)?;
    let mut changes = tried.forgive();
    let is_new = new.is_some();
    changes.extend(new);
    changes.extend(people::accept(&row.tenant_id, &row.user_id, &account, &hashed(token), services.now()));
    changes.push(session.statement);
    let name = row.name();
    let records = [
        Record::done("invitation.accepted", "user", row.user_id.as_str(), &name),
        Record::done("session.created", "session", session.id.as_str(), &name),
    ];
    match audit::commit(services, context(&row, &call.facts), changes, &records).await {
        Err(DbError::Guard) => return Err(gone()),
        Err(DbError::Unique) if is_new => {
            let words = "An account with this email address was made at the same moment. Reload the page.";
            return Err(Failure::new(ProblemCode::Conflict, words));
        }
        result => result?,
    };
    let scope = authenticate::by_hash(services, &session.secret_hash, &call.facts).await?;
    Ok(Reply::new(who_am_i::who_am_i(&scope)?).with_cookie(session.cookie))
}

/// The invited themselves act, in the tenant that invited them.
pub(super) fn context<'a>(row: &'a InvitationRow, facts: &'a Facts) -> Context<'a> {
    let actor = Actor { kind: "user", id: row.user_id.as_str().to_owned(), name: row.name() };
    Context { tenant: &row.tenant_id, actor, facts: Some(facts), end: row.end.clone() }
}

/// Refuses whoever does not know the account's password.
fn proved(typed: &str, hash: &str) -> Result<(), Failure> {
    if typed.is_empty() {
        return Err(Failure::field("password", "missing", "Fill this in."));
    }
    if typed.chars().count() > PASSWORD_MAX || !password::verify(typed, Some(hash))? {
        let words = "This is not the password of the account with this email address.";
        return Err(Failure::field("password", "wrong", words));
    }
    Ok(())
}

fn new_account(
    services: &Services,
    row: &InvitationRow,
    account: &AccountId,
    typed: &str,
) -> Result<Statement, Failure> {
    let about = [row.email.as_str(), &row.first_name, &row.last_name, &row.tenant_name, "drawbridge"];
    let mut faults = Faults::default();
    faults.text("password", password::check_new(typed, &about));
    faults.check()?;
    let hash = password::hash(services, typed)?;
    Ok(people::add_account(account, &row.email, &hash, services.now()))
}
