//! `drawbridge tokens`.

mod change;

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListTokens, ReadToken, ReadTokenSecret};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::tokens::{ListTokensQuery, Token, TokenPath};
use drawbridge_domain::credential::Grace;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;

use super::credentials::{GRACES, Scope, hints, networks, scope, shown, used};
use super::users;
use crate::args::{Limit, coded, moment};
use crate::fault::Fault;
use crate::out::{Cell, Column, when};
use crate::session::Session;

/// The commands. A token is called by its id or its name, never by itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List your own, newest first; administrators: everybody's
    List(List),
    /// Show one, without the token itself
    Show(One),
    /// Make one for yourself; it is told in the answer
    Add(Add),
    /// Change one's name, addresses, or take scopes away
    Edit(Edit),
    /// Tell one's token again, where the tenant keeps secrets; the audit log notes it
    Reveal(One),
    /// Give one a new secret; the present one works on for the grace
    Rotate(Rotate),
    /// Revoke one, at once and for good
    Revoke(One),
    /// Delete the record of one that is expired or revoked
    Delete(One),
}

/// Which to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those whose name holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those of this user, by id or email
    #[arg(long)]
    user: Option<String>,
    /// Only those that end before this
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    ends_before: Option<Timestamp>,
    #[command(flatten)]
    limit: Limit,
}

/// One token.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its id or its name
    token: String,
}

/// A token to make.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// When it ends; after the longest life that the tenant allows when absent
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    expires: Option<Timestamp>,
    /// What of your own reach it has; all when absent
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// From where it may be used: an address or a network in CIDR notation; from anywhere when absent
    #[arg(long = "address", value_name = "NETWORK")]
    addresses: Vec<String>,
}

/// A change of a token.
#[derive(Debug, clap::Args)]
#[group(id = "change", required = true, multiple = true)]
pub(crate) struct Change {
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    /// All that it keeps of its scopes
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// All places from where it may be used from now on
    #[arg(long = "address", value_name = "NETWORK")]
    addresses: Vec<String>,
    /// It may be used from anywhere
    #[arg(long, conflicts_with = "addresses")]
    anywhere: bool,
}

/// A change of one token.
#[derive(Debug, clap::Args)]
pub(crate) struct Edit {
    /// Its id or its name
    token: String,
    #[command(flatten)]
    change: Change,
}

/// A rotation.
#[derive(Debug, clap::Args)]
pub(crate) struct Rotate {
    /// Its id or its name
    token: String,
    /// How long the present token works on
    #[arg(long, default_value = "day", value_parser = coded::<Grace>(GRACES))]
    grace: Grace,
}

const COLUMNS: &[Column<Token>] = &[
    Column::whole("ID", |token| token.id.as_str().into()),
    Column::new("NAME", |token| token.name.as_str().into()),
    Column::new("TOKEN", |token| token.secrets.first().map_or("", |secret| secret.hint.as_str()).into()),
    Column::whole("STATUS", |token| Cell::status(token.status.code())),
    Column::new("CREATED BY", |token| token.created_by.name.as_str().into()),
    Column::new("ENDS", |token| when(token.expires_at).into()),
    Column::new("LAST USED", |token| used(token.last_used.as_ref()).into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(list) => {
            let List { search, user, ends_before, limit } = list;
            let user = user.map(|user| users::id(session, &user)).transpose()?;
            let query = ListTokensQuery { search, user, ends_before, ..ListTokensQuery::default() };
            session.list::<ListTokens>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show(one) => {
            session.show(&session.client.at::<ReadToken>(&at(session, &one.token)?)?, fields)
        }
        Command::Reveal(one) => reveal(&one, session),
        Command::Add(add) => change::add(add, session),
        Command::Edit(edit) => change::edit(edit, session),
        Command::Rotate(rotate) => change::rotate(&rotate, session),
        Command::Revoke(one) => change::revoke(&one, session),
        Command::Delete(one) => change::delete(&one, session),
    }
}

/// The place of a token that is called by id or name.
fn at(session: &Session, called: &str) -> Result<TokenPath, Fault> {
    let query = |name| ListTokensQuery { search: Some(name), ..ListTokensQuery::default() };
    let token = session.find::<ListTokens, _>(called, "token", query, |token| (token.id, token.name))?;
    Ok(TokenPath { token })
}

/// A token, for a person.
fn fields(token: &Token) -> Vec<(&'static str, Cell)> {
    vec![
        ("ID", token.id.as_str().into()),
        ("Name", token.name.as_str().into()),
        ("Status", Cell::status(token.status.code())),
        ("Scopes", shown(token.scopes).into()),
        ("Used from", networks(&token.addresses).into()),
        ("Token", hints(&token.secrets).into()),
        ("Ends", when(token.expires_at).into()),
        ("Revoked", Cell::when(token.revoked_at)),
        ("Last used", used(token.last_used.as_ref()).into()),
        ("Created by", token.created_by.name.as_str().into()),
        ("Created", when(token.created_at).into()),
    ]
}

fn reveal(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ReadTokenSecret>(&at(session, &one.token)?)?;
    if session.out.json {
        return session.out.line(&answered.text);
    }
    session.out.secrets("Token", &answered.value.secret, answered.value.previous.as_ref())
}
