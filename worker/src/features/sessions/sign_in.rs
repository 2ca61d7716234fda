//! Signing in with email and password: the same words and the same time whatever is wrong.

use std::rc::Rc;

use drawbridge_contract::endpoints::SignInWithPassword;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::account::{self, PASSWORD_MAX};
use drawbridge_domain::id::Id;
use serde_json::json;

use super::throttle::Throttle;
use super::{begin, who_am_i};
use crate::features::audit::{self, Actor, Context, Record};
use crate::features::people::password;
use crate::features::people::store::{Account, account_by_email};
use crate::http::failure::Faults;
use crate::http::{Call, Facts, Failure, Reply, authenticate};
use crate::services::Services;

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
    let tried = throttle.count(services).await?;
    let account = account_by_email(services, &email).await?;
    let known_hash = account.as_ref().map(|account| account.password_hash.as_str());
    let right = typed.chars().count() <= PASSWORD_MAX && password::verify(typed, known_hash)?;
    let refused = || Failure::new(ProblemCode::SignInFailed, "Check both and try again.");
    let Some(account) = account else { return Err(refused()) };
    if !right {
        record_refusal(services, &call.facts, account);
        return Err(refused());
    }

    let context = context(&account, &call.facts);
    let session = begin(services, &call.facts, &account.account_id, &account.tenant_id)?;
    let record = Record::done("session.created", "session", session.id.as_str(), &context.actor.name);
    let mut changes = tried.forgive();
    changes.push(session.statement);
    audit::commit(services, context, changes, &[record]).await?;
    let scope = authenticate::by_hash(services, &session.secret_hash, &call.facts).await?;
    Ok(Reply::new(who_am_i::who_am_i(&scope)?).with_cookie(session.cookie))
}

fn context<'a>(account: &'a Account, facts: &'a Facts) -> Context<'a> {
    let actor = Actor {
        kind: "user",
        id: account.user_id.as_str().to_owned(),
        name: format!("{} {}", account.first_name, account.last_name),
    };
    Context { tenant: &account.tenant_id, actor, facts: Some(facts), end: account.end.clone() }
}

/// Records a wrong password after the answer: where no account is, there is nothing to record, and the time of the
/// answer must not tell.
fn record_refusal(services: &Services, facts: &Facts, account: Account) {
    let (services, facts) = (services.clone(), facts.clone());
    let background = Rc::clone(&services.background);
    background.spawn(Box::pin(async move {
        let context = context(&account, &facts);
        let record = Record::done("session.refused", "user", account.user_id.as_str(), &context.actor.name).refused();
        if let Err(error) = audit::commit(&services, context, Vec::new(), &[record]).await {
            let line = json!({
                "event": "audit", "level": "error", "requestId": facts.id.as_str(), "cause": error.to_string(),
            });
            services.log.line(&line.to_string());
        }
    }));
}
