//! `drawbridge groups`.

use clap::Subcommand;
use drawbridge_contract::endpoints::{
    AddMember, ChangeGroupSettings, DeleteGroup, ListGroups, ListMembers, MakeGroup, ReadGroup, RemoveMember,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::groups::{
    ByNameQuery, ChangeGroup, CreateGroup, Group, GroupPath, MemberPath,
};
use drawbridge_domain::id::{GroupId, Id};

use super::users;
use crate::args::Limit;
use crate::fault::Fault;
use crate::http::Extra;
use crate::out::{Cell, Column, when};
use crate::session::Session;

/// The commands. A group is called by its id or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them
    List {
        /// Only those whose name holds this text
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        limit: Limit,
    },
    /// Show one
    Show {
        /// Its id or its name
        group: String,
    },
    /// Make one
    Add {
        /// Its name
        name: String,
        /// What it is for
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Change one
    #[command(group = clap::ArgGroup::new("change").required(true).multiple(true).args(["name", "description"]))]
    Edit {
        /// Its id or its name
        group: String,
        /// Its new name
        #[arg(long)]
        name: Option<String>,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
    },
    /// Delete one, and what it was given
    Delete {
        /// Its id or its name
        group: String,
    },
    /// List the members of one
    Members {
        /// Its id or its name
        group: String,
        #[command(flatten)]
        limit: Limit,
    },
    /// Make a user a member
    AddMember {
        /// The group's id or name
        group: String,
        /// The user's id or email
        user: String,
    },
    /// Take a user out
    RemoveMember {
        /// The group's id or name
        group: String,
        /// The user's id or email
        user: String,
    },
}

const COLUMNS: &[Column<Group>] = &[
    Column::whole("ID", |group| group.id.as_str().into()),
    Column::new("NAME", |group| group.name.as_str().into()),
    Column::whole("MEMBERS", |group| group.members.to_string().into()),
    Column::new("DESCRIPTION", |group| group.description.as_str().into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List { search, limit } => {
            let query = ByNameQuery { search, ..ByNameQuery::default() };
            session.list::<ListGroups>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show { group } => {
            session.show(&session.client.at::<ReadGroup>(&at(session, &group)?)?, fields)
        }
        Command::Add { name, description } => {
            let body = CreateGroup { name, description };
            let answered = session.client.call::<MakeGroup>(&Nothing {}, &Nothing {}, &body)?;
            if session.out.quiet && !session.out.json {
                return session.out.line(answered.value.id.as_str());
            }
            session.show(&answered, fields)
        }
        Command::Edit { group, name, description } => {
            let path = at(session, &group)?;
            let etag = session.client.at::<ReadGroup>(&path)?.etag;
            let extra = Extra { if_match: etag.as_deref() };
            let body = ChangeGroup { name, description };
            let answered =
                session.client.call_with::<ChangeGroupSettings>(&path, &Nothing {}, &body, extra)?;
            session.done(&answered, &format!("{} is changed.", answered.value.name))
        }
        Command::Delete { group } => {
            let path = at(session, &group)?;
            session.confirm(&format!("Delete the group {group}, and what it was given?"))?;
            let answered = session.client.at::<DeleteGroup>(&path)?;
            session.done(&answered, &format!("{group} is deleted."))
        }
        Command::Members { group, limit } => {
            let path = at(session, &group)?;
            session.list::<ListMembers>(&path, ByNameQuery::default(), limit.limit, users::COLUMNS)
        }
        Command::AddMember { group, user } => {
            let answered = session.client.at::<AddMember>(&member(session, &group, &user)?)?;
            session.done(&answered, &format!("{user} is a member of {group}."))
        }
        Command::RemoveMember { group, user } => {
            let answered = session.client.at::<RemoveMember>(&member(session, &group, &user)?)?;
            session.done(&answered, &format!("{user} is no member of {group} any more."))
        }
    }
}

/// The id of a group that is called by id or name.
pub(super) fn id(session: &Session, called: &str) -> Result<GroupId, Fault> {
    let query = |name| ByNameQuery { search: Some(name), ..ByNameQuery::default() };
    session.find::<ListGroups, _>(called, "group", query, |group| (group.id, group.name))
}

fn at(session: &Session, called: &str) -> Result<GroupPath, Fault> {
    Ok(GroupPath { group: id(session, called)? })
}

fn member(session: &Session, group: &str, user: &str) -> Result<MemberPath, Fault> {
    Ok(MemberPath { group: id(session, group)?, user: users::id(session, user)? })
}

fn fields(group: &Group) -> Vec<(&'static str, Cell)> {
    vec![
        ("ID", group.id.as_str().into()),
        ("Name", group.name.as_str().into()),
        ("Description", group.description.as_str().into()),
        ("Members", group.members.to_string().into()),
        ("Made", when(group.created_at).into()),
    ]
}
