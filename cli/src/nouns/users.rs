//! `drawbridge users`.

mod change;

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListUsers, ReadUser};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{ListUsersQuery, User, UserDetails, UserPath, UserSort};
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::user::UserState;

use crate::args::{Limit, coded};
use crate::fault::Fault;
use crate::out::{Cell, Column, when};
use crate::session::Session;

const ROLES: &[&str] =
    &["participant", "designer", "developer", "automationAdministrator", "globalAdministrator"];
const STATES: &[&str] = &["invited", "active", "suspended"];
const SORTS: &[&str] = &["name", "-name", "created", "-created"];

/// The commands. A user is called by id or email.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them
    List(List),
    /// Show one
    Show(One),
    /// Invite somebody; the link to accept with is told once
    Invite(Invite),
    /// Make a new invitation link, which ends the one before
    Reinvite(One),
    /// Give one a role
    Role(GiveRole),
    /// Switch one off; sessions and tokens end working at once
    Suspend(One),
    /// Switch one on again
    Reactivate(One),
    /// Take one out of the tenant
    Remove(Remove),
}

/// Which to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those whose name or email holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those with this role
    #[arg(long, value_parser = coded::<Role>(ROLES))]
    role: Option<Role>,
    /// Only those in this state
    #[arg(long, value_parser = coded::<UserState>(STATES))]
    state: Option<UserState>,
    /// The order; a hyphen before it: descending
    #[arg(long, value_parser = coded::<UserSort>(SORTS), allow_hyphen_values = true)]
    sort: Option<UserSort>,
    #[command(flatten)]
    limit: Limit,
}

/// One user.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Their id or email
    user: String,
}

/// Somebody to invite.
#[derive(Debug, clap::Args)]
pub(crate) struct Invite {
    /// Their email
    email: String,
    /// First name
    #[arg(long, value_name = "NAME")]
    first_name: String,
    /// Last name
    #[arg(long, value_name = "NAME")]
    last_name: String,
    /// Their role
    #[arg(long, value_parser = coded::<Role>(ROLES))]
    role: Role,
}

/// A role to give.
#[derive(Debug, clap::Args)]
pub(crate) struct GiveRole {
    /// Their id or email
    user: String,
    /// The role
    #[arg(value_parser = coded::<Role>(ROLES))]
    role: Role,
}

/// Somebody to remove.
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Their id or email
    user: String,
    /// Who owns what nobody else does, by id or email; administrators when absent
    #[arg(long, value_name = "USER", conflicts_with = "to_group")]
    to_user: Option<String>,
    /// The group that owns it
    #[arg(long, value_name = "GROUP")]
    to_group: Option<String>,
}

/// What is told of a user in lists; groups list their members so too.
pub(super) const COLUMNS: &[Column<User>] = &[
    Column::whole("ID", |user| user.id.as_str().into()),
    Column::new("NAME", |user| format!("{} {}", user.first_name, user.last_name).into()),
    Column::new("EMAIL", |user| user.email.as_str().into()),
    Column::new("ROLE", |user| user.role.name().into()),
    Column::whole("STATE", |user| Cell::status(user.state.code())),
    Column::new("ADDED", |user| when(user.created_at).into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(list) => {
            let List { search, role, state, sort, limit } = list;
            let query = ListUsersQuery { search, role, state, sort, ..ListUsersQuery::default() };
            session.list::<ListUsers>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show(one) => session.show(&session.client.at::<ReadUser>(&at(session, &one.user)?)?, fields),
        Command::Invite(invite) => change::invite(invite, session),
        Command::Reinvite(one) => change::reinvite(&one, session),
        Command::Role(give) => change::role(&give, session),
        Command::Suspend(one) => change::suspend(&one, session),
        Command::Reactivate(one) => change::reactivate(&one, session),
        Command::Remove(remove) => change::remove(&remove, session),
    }
}

/// The id of a user who is called by id or email.
pub(super) fn id(session: &Session, called: &str) -> Result<UserId, Fault> {
    let query = |email| ListUsersQuery { search: Some(email), ..ListUsersQuery::default() };
    session.find::<ListUsers, _>(called, "user", query, |user| (user.id, user.email))
}

/// The place of a user who is called by id or email.
pub(super) fn at(session: &Session, called: &str) -> Result<UserPath, Fault> {
    Ok(UserPath { user: id(session, called)? })
}

fn fields(details: &UserDetails) -> Vec<(&'static str, Cell)> {
    let user = &details.user;
    let groups: Vec<&str> = details.groups.iter().map(|group| group.name.as_str()).collect();
    vec![
        ("ID", user.id.as_str().into()),
        ("Name", format!("{} {}", user.first_name, user.last_name).into()),
        ("Email", user.email.as_str().into()),
        ("Role", user.role.name().into()),
        ("State", Cell::status(user.state.code())),
        ("Invited until", Cell::when(user.invited_until)),
        ("Groups", groups.join(", ").into()),
        ("Sessions", details.sessions.to_string().into()),
        ("Added", when(user.created_at).into()),
    ]
}
