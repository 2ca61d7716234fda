//! What becomes of somebody whom the provider has named: in, connected, tested, or refused with words.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::id::{AccountId, Id, UserId};
use drawbridge_domain::sso::{Admission, Arrival, SsoRefusal, admit, domain_of};
use drawbridge_domain::user::UserState;
use serde_json::json;

use super::begin::Purpose;
use super::callback::{Coming, Refused};
use super::page;
use super::store::{self, ArrivedUser};
use super::token::Person;
use crate::features::audit::{self, Actor, Context, Record};
use crate::features::people::store::{NewUser, add_user};
use crate::features::sessions::begin_by_sso;
use crate::features::sessions::throttle::Throttle;
use crate::http::{Answer, Failure, Scope};
use crate::new_id;
use crate::ports::{DbError, Statement};

/// Does what the sign-in was for.
pub(super) async fn arrive(coming: &Coming<'_>, person: &Person) -> Result<Answer, Failure> {
    let done = match coming.purpose {
        Purpose::SignIn => sign_in(coming, person).await?,
        Purpose::Invitation => accept(coming, person).await?,
        Purpose::Test => test(coming, person).await?,
        Purpose::Connect => connect(coming, person).await?,
    };
    match done {
        Ok(answer) => Ok(answer),
        Err(refused) => refuse(coming, refused, Some(person)).await,
    }
}

/// Records that a sign-in came to nothing, and says so.
pub(super) async fn refuse(
    coming: &Coming<'_>,
    refused: Refused,
    person: Option<&Person>,
) -> Result<Answer, Failure> {
    let Coming { services, row, .. } = coming;
    let action = match coming.purpose {
        Purpose::SignIn | Purpose::Invitation => "session.refused",
        Purpose::Test => "sso.tested",
        Purpose::Connect => "identity.connected",
    };
    let (id, name) = match (&refused.user, person) {
        (Some((id, name)), _) => (id.as_str(), name.as_str()),
        (None, Some(person)) => ("", person.known_as()),
        (None, None) => ("", row.label.as_str()),
    };
    let kind = if refused.user.is_some() { "user" } else { "sso" };
    let mut changes = json!({ "reason": { "after": refused.refusal.code() } });
    if let (false, Some(changes)) = (refused.detail.is_empty(), changes.as_object_mut()) {
        changes.insert("detail".to_owned(), json!({ "after": refused.detail }));
    }
    let record = Record::done(action, kind, id, name).with_changes(changes).refused();
    let actor = coming.scope.as_ref().map_or_else(Actor::system, Scope::actor);
    if may_record(coming).await? {
        audit::commit(services, context(coming, actor), Vec::new(), &[record]).await?;
    }
    let slug = &row.tenant_slug;
    Ok(match coming.purpose {
        Purpose::SignIn | Purpose::Invitation => page::refused(refused.refusal, Some(slug)),
        Purpose::Test => {
            page::failed(refused.refusal, &refused.detail, &format!("/t/{slug}/settings/single-sign-on"))
        }
        Purpose::Connect => page::failed(refused.refusal, "", &format!("/t/{slug}/account")),
    })
}

/// Whether a refusal goes on record. Anybody can start a sign-in and be refused: from one address it counts as a wrong
/// password does, and while the address must wait nothing is written, so that no stranger fills the log.
async fn may_record(coming: &Coming<'_>) -> Result<bool, Failure> {
    if coming.scope.is_some() {
        return Ok(true);
    }
    let subject = format!("single sign-on {}", coming.flow.id.as_str());
    match Throttle::new(&subject, &coming.facts.address).count(coming.services).await {
        Ok(_) => Ok(true),
        Err(failure) if failure.code == ProblemCode::TooManyRequests => Ok(false),
        Err(failure) => Err(failure),
    }
}

fn context<'a>(coming: &'a Coming<'_>, actor: Actor) -> Context<'a> {
    let row = &coming.row;
    Context { tenant: &row.tenant_id, actor, facts: Some(coming.facts), end: row.end() }
}

fn as_user(id: &UserId, name: &str) -> Actor {
    Actor { kind: "user", id: id.as_str().to_owned(), name: name.to_owned() }
}

/// What is written when somebody comes in, besides the session.
struct Entrance {
    user: UserId,
    name: String,
    account: AccountId,
    changes: Vec<Statement>,
    records: Vec<Record>,
}

impl Entrance {
    fn of(user: &ArrivedUser, account: AccountId) -> Self {
        let (id, name) = (user.id.clone(), user.name());
        Self { user: id, name, account, changes: Vec::new(), records: Vec::new() }
    }

    fn record(&mut self, action: &'static str, changes: serde_json::Value) {
        let record = Record::done(action, "user", self.user.as_str(), &self.name).with_changes(changes);
        self.records.push(record);
    }
}

async fn sign_in(coming: &Coming<'_>, person: &Person) -> Result<Result<Answer, Refused>, Failure> {
    let Coming { services, row, .. } = coming;
    let email = person.email.as_deref().unwrap_or_default();
    let (known, same, domain_proved) =
        store::look_up(services, row, &person.subject, email, domain_of(email)).await?;
    let state = |user: &ArrivedUser| UserState::from_code(&user.state);
    let arrival = Arrival {
        known: known.as_ref().and_then(state),
        same_email: same.as_ref().filter(|user| user.is_connected == 0).and_then(state),
        email_taken: same.is_some(),
        has_email: person.email.is_some(),
        email_verified: person.email_verified,
        domain_proved,
        auto_join: row.auto_join != 0,
    };
    let about = known.as_ref().or(same.as_ref().filter(|_| domain_proved && person.email_verified));
    let admission = match admit(arrival) {
        Ok(admission) => admission,
        Err(refusal) => {
            let user = about.map(|user| (user.id.as_str().to_owned(), user.name()));
            return Ok(Err(Refused { user, ..Refused::from(refusal) }));
        }
    };
    let now = services.now();
    let entrance = match (admission, known, same) {
        (Admission::Known, Some(user), _) => {
            let account =
                user.account_id.clone().ok_or_else(|| Failure::internal("an active user without account"))?;
            Entrance::of(&user, account)
        }
        (Admission::Linked, _, Some(user)) => {
            let (account, new) = match &user.account_id {
                Some(account) => (account.clone(), false),
                None => (new_id!(services, AccountId)?, true),
            };
            let mut entrance = Entrance::of(&user, account);
            if new {
                entrance.changes.push(store::add_account(&entrance.account, now));
                entrance.changes.extend(store::activate(&row.tenant_id, &user.id, &entrance.account));
                entrance.record("invitation.accepted", json!({}));
            }
            entrance.changes.push(store::connect(row, &person.subject, &user.id, person.known_as(), now));
            entrance.record("identity.connected", identity(coming, person));
            entrance
        }
        (Admission::Joined, _, _) => joined(coming, person, email)?,
        _ => return Err(Failure::internal("an admission of nobody")),
    };
    enter(coming, entrance).await
}

fn joined(coming: &Coming<'_>, person: &Person, email: &str) -> Result<Entrance, Failure> {
    let Coming { services, row, .. } = coming;
    let (user, account) = (new_id!(services, UserId)?, new_id!(services, AccountId)?);
    let (first_name, last_name) = person.names();
    let (role, now) = (row.default_role(), services.now());
    let new =
        NewUser { id: &user, account: &account, email, first_name: &first_name, last_name: &last_name, role };
    let changes = vec![
        store::room_for_one(&row.tenant_id),
        store::add_account(&account, now),
        add_user(&row.tenant_id, &new, now),
        store::connect(row, &person.subject, &user, person.known_as(), now),
    ];
    let name = format!("{first_name} {last_name}");
    let mut entrance = Entrance { user, name, account, changes, records: Vec::new() };
    entrance.record("user.joined", json!({ "email": { "after": email }, "role": { "after": role } }));
    entrance.record("identity.connected", identity(coming, person));
    Ok(entrance)
}

/// The invitation's link is the proof: whoever opened it takes the place, as the account at the provider.
async fn accept(coming: &Coming<'_>, person: &Person) -> Result<Result<Answer, Refused>, Failure> {
    let Coming { services, row, .. } = coming;
    let hash = coming.flow.invitation_hash.as_deref().unwrap_or_default();
    let Some(invited) = store::find_invited(services, &row.tenant_id, hash).await? else {
        return Ok(Err(SsoRefusal::InvitationGone.into()));
    };
    let (account, now) = (new_id!(services, AccountId)?, services.now());
    let mut changes = vec![store::add_account(&account, now)];
    changes.extend(store::activate(&row.tenant_id, &invited.id, &account));
    changes.push(store::connect(row, &person.subject, &invited.id, person.known_as(), now));
    let name = format!("{} {}", invited.first_name, invited.last_name);
    let mut entrance = Entrance { user: invited.id, name, account, changes, records: Vec::new() };
    entrance.record("invitation.accepted", json!({}));
    entrance.record("identity.connected", identity(coming, person));
    enter(coming, entrance).await
}

fn identity(coming: &Coming<'_>, person: &Person) -> serde_json::Value {
    json!({ "issuer": { "after": coming.row.issuer }, "knownAs": { "after": person.known_as() } })
}

/// Begins the session and sends the browser on.
async fn enter(coming: &Coming<'_>, entrance: Entrance) -> Result<Result<Answer, Refused>, Failure> {
    let Coming { services, row, .. } = coming;
    let session = begin_by_sso(services, coming.facts, &entrance.account, &row.tenant_id)?;
    let mut changes = store::note_use(row, services.now());
    changes.extend(entrance.changes);
    changes.push(session.statement);
    let mut records = entrance.records;
    records.push(
        Record::done("session.created", "session", session.id.as_str(), &entrance.name)
            .with_changes(json!({ "by": { "after": "single sign-on" } })),
    );
    let actor = as_user(&entrance.user, &entrance.name);
    match audit::commit(services, context(coming, actor), changes, &records).await {
        Err(DbError::Guard) => return Ok(Err(SsoRefusal::Changed.into())),
        Err(DbError::Unique) => return Ok(Err(SsoRefusal::Taken.into())),
        Err(DbError::Limit) => return Ok(Err(SsoRefusal::Full.into())),
        result => result?,
    };
    Ok(Ok(Answer::redirect(&coming.flow.return_path).with("set-cookie", &session.cookie)))
}

async fn test(coming: &Coming<'_>, person: &Person) -> Result<Result<Answer, Refused>, Failure> {
    let Coming { services, row, .. } = coming;
    let Some(scope) = &coming.scope else { return Err(Failure::internal("a test by nobody")) };
    let record = Record::done("sso.tested", "sso", "", &row.label)
        .with_changes(json!({ "knownAs": { "after": person.known_as() } }));
    let changes = store::note_test(scope, coming.flow.settings_version, person.known_as(), services.now());
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Guard) => return Ok(Err(SsoRefusal::Changed.into())),
        result => result?,
    };
    Ok(Ok(Answer::redirect(&format!("/t/{}/settings/single-sign-on?tested=1", row.tenant_slug))))
}

async fn connect(coming: &Coming<'_>, person: &Person) -> Result<Result<Answer, Refused>, Failure> {
    let Coming { services, row, .. } = coming;
    let Some(scope) = &coming.scope else { return Err(Failure::internal("a connection of nobody")) };
    let record = Record::done("identity.connected", "user", scope.user().as_str(), &scope.user_name())
        .with_changes(identity(coming, person));
    let mut changes = store::note_use(row, services.now());
    changes.push(store::connect(row, &person.subject, scope.user(), person.known_as(), services.now()));
    match audit::commit(services, scope, changes, &[record]).await {
        Err(DbError::Unique) => return Ok(Err(SsoRefusal::Taken.into())),
        Err(DbError::Guard) => return Ok(Err(SsoRefusal::Changed.into())),
        result => result?,
    };
    Ok(Ok(Answer::redirect(&format!("/t/{}/account?connected=1", row.tenant_slug))))
}
