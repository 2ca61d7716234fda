//! Signing in with email and password: the same words and the same time whatever is wrong.

use drawbridge_contract::endpoints::SignInWithPassword;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::account::{self, PASSWORD_MAX};
use drawbridge_domain::id::Id;

use super::throttle::Throttle;
use super::{begin, who_am_i};
use crate::features::audit::{self, Actor, Context, Record};
use crate::features::people::{password, store};
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, authenticate};

/// Signs in.
pub(super) async fn handle(call: Call<SignInWithPassword, ()>) -> Result<Reply<WhoAmI>, Failure> {
    let services = &call.services;
    let mut faults = Faults::default();
    let email = faults.text("email", account::email(&call.body.email));
    let typed = call.body.password.expose();
    if typed.is_empty() {
        faults.add("password", "missing", "Fill this in.");
    }
    faults.check()?;

    let throttle = Throttle::new(&format!("password of {email}"), &call.facts.address);
    throttle.count(services).await?;
    let account = store::account_by_email(services, &email).await?;
    let known_hash = account.as_ref().map(|account| account.password_hash.as_str());
    let right = typed.chars().count() <= PASSWORD_MAX && password::verify(typed, known_hash)?;
    let refused = || Failure::new(ProblemCode::SignInFailed, "Check both and try again.");
    let Some(account) = account else { return Err(refused()) };

    let context = Context {
        tenant: &account.tenant_id,
        actor: Actor {
            kind: "user",
            id: account.user_id.as_str().to_owned(),
            name: format!("{} {}", account.first_name, account.last_name),
        },
        facts: Some(&call.facts),
        end: account.end.clone(),
    };
    if !right {
        let record = Record::done("session.refused", "user", account.user_id.as_str(), &context.actor.name).refused();
        audit::commit(services, context, Vec::new(), &[record]).await?;
        return Err(refused());
    }
    let session = begin(services, &call.facts, &account.account_id, &account.tenant_id)?;
    let record = Record::done("session.created", "session", session.id.as_str(), &context.actor.name);
    let mut changes = throttle.forgive();
    changes.push(session.statement);
    audit::commit(services, context, changes, &[record]).await?;
    let scope = authenticate::by_hash(services, &session.secret_hash, &call.facts).await?;
    Ok(Reply::new(who_am_i::who_am_i(&scope)?).with_cookie(session.cookie))
}
