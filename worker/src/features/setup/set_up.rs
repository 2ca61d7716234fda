//! Set-up: the first tenant, its Global administrator, and a session.

use drawbridge_contract::endpoints::SetUpDeployment;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::sessions::WhoAmI;
use drawbridge_domain::id::{AccountId, Id, TenantId, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::{account, text};

use super::{done, store};
use crate::encoding::same;
use crate::features::audit::{self, Actor, ChainEnd, Context, Record};
use crate::features::people::password;
use crate::features::people::store::{NewUser, add_account, add_user};
use crate::features::sessions::throttle::Throttle;
use crate::features::sessions::{begin, who_am_i};
use crate::features::tenants;
use crate::http::failure::Faults;
use crate::http::{Call, Failure, Reply, authenticate};
use crate::new_id;
use crate::ports::DbError;

/// Sets the deployment up and signs in.
pub(super) async fn handle(call: Call<SetUpDeployment, ()>) -> Result<Reply<WhoAmI>, Failure> {
    let (services, body) = (&call.services, &call.body);
    let mut faults = Faults::default();
    let tenant_name = faults.text("tenantName", text::plain_name(&body.tenant_name).map(str::to_owned));
    let email = faults.text("email", account::email(&body.email));
    let first_name = faults.text("firstName", text::plain_name(&body.first_name).map(str::to_owned));
    let last_name = faults.text("lastName", text::plain_name(&body.last_name).map(str::to_owned));
    let about = [&tenant_name, &email, &first_name, &last_name, "drawbridge"].map(AsRef::as_ref);
    faults.text("password", password::check_new(body.password.expose(), &about));
    if body.setup_code.expose().trim().is_empty() {
        faults.add("setupCode", "missing", "Fill this in.");
    }
    faults.check()?;

    let throttle = Throttle::new("set-up code", &call.facts.address);
    let tried = throttle.count(services).await?;
    let expected = plain_code(&services.settings.setup_code);
    if expected.is_empty() || !same(&plain_code(body.setup_code.expose()), &expected) {
        return Err(Failure::new(
            ProblemCode::SetupCodeWrong,
            "Type the set-up code as the start command printed it. In production it is the secret SETUP_CODE.",
        ));
    }

    let now = services.now();
    let (tenant, account, user) =
        (new_id!(services, TenantId)?, new_id!(services, AccountId)?, new_id!(services, UserId)?);
    let new_user = NewUser {
        id: &user,
        account: &account,
        email: &email,
        first_name: &first_name,
        last_name: &last_name,
        role: Role::GlobalAdministrator,
    };
    let session = begin(services, &call.facts, &account, &tenant)?;
    let mut changes = tried.forgive();
    changes.extend([
        store::close(now),
        tenants::store::add(&tenant, &tenants::new_slug(services, &tenant_name)?, &tenant_name, now),
        add_account(&account, &email, &password::hash(services, body.password.expose())?, now),
        add_user(&tenant, &new_user, now),
        session.statement,
    ]);
    let actor =
        Actor { kind: "user", id: user.as_str().to_owned(), name: format!("{first_name} {last_name}") };
    let context = Context { tenant: &tenant, actor, facts: Some(&call.facts), end: ChainEnd::default() };
    let record = Record::done("tenant.created", "tenant", tenant.as_str(), &tenant_name);
    match audit::commit(services, context, changes, &[record]).await {
        // Somebody else set up at the same moment.
        Err(DbError::Unique) => return Err(done()),
        result => result?,
    };
    let scope = authenticate::by_hash(services, &session.secret_hash, &call.facts).await?;
    Ok(Reply::new(who_am_i::who_am_i(&scope)?).with_cookie(session.cookie))
}

/// A code as it is compared: without hyphens and spaces, in lower case.
fn plain_code(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}
