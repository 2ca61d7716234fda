//! `drawbridge connections`.

mod call;
mod change;
mod read;
mod share;

use clap::Subcommand;
use drawbridge_contract::endpoints::ListConnections;
use drawbridge_contract::types::connections::{
    ConnectionPath, ConnectionSort, ConnectionView, ListConnectionsQuery,
};
use drawbridge_domain::access::Level;
use drawbridge_domain::connection::Status;

use crate::args::{Limit, coded, pair};
use crate::fault::Fault;
use crate::session::Session;

const STATUSES: &[&str] = &["pending", "active", "degraded", "invalid", "disabled"];
const LEVELS: &[&str] = &["user", "owner"];
const SORTS: &[&str] = &["name", "-name", "created", "-created", "lastVerified", "-lastVerified"];

/// The commands. A connection is called by its id or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List those that you can see
    List(List),
    /// Show one whole
    Show(One),
    /// Make one; credentials are read from standard input, a JSON object by their fields' ids
    Add(Add),
    /// Change one's name or settings; with --credentials, its credentials from standard input
    Edit(Edit),
    /// Prove one now; ends with 1 where it does not work
    Test(One),
    /// Switch one off; its credentials are kept
    Disable(One),
    /// Switch one on again
    Enable(One),
    /// Delete one; it can be restored for 30 days
    Delete(One),
    /// Take back one that was deleted
    Restore(One),
    /// Show what was given on one, and to whom
    Permissions(One),
    /// Give one to somebody, at a level in place of the one they had
    Share(Share),
    /// Take one from somebody
    Unshare(Unshare),
    /// List who can use one, and why
    Access(Part),
    /// List the changes of one's status, newest first
    Events(Part),
    /// List what uses one
    Uses(One),
    /// Make a link by which somebody signs one in again at its provider; it is told once
    ReconnectLink(One),
    /// Call an operation of one; `drawbridge connectors show` lists them
    Call(Call),
}

/// Which to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those whose name holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those of this connector
    #[arg(long, value_name = "ID")]
    connector: Option<String>,
    /// Only those with this status
    #[arg(long, value_parser = coded::<Status>(STATUSES))]
    status: Option<Status>,
    /// Those that were deleted and can be restored
    #[arg(long)]
    deleted: bool,
    /// The order; a hyphen before it: descending
    #[arg(long, value_parser = coded::<ConnectionSort>(SORTS), allow_hyphen_values = true)]
    sort: Option<ConnectionSort>,
    #[command(flatten)]
    limit: Limit,
}

/// One connection.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its id or its name
    connection: String,
}

/// A list of one connection's.
#[derive(Debug, clap::Args)]
pub(crate) struct Part {
    /// Its id or its name
    connection: String,
    #[command(flatten)]
    limit: Limit,
}

/// Somebody to whom a connection is given.
#[derive(Debug, clap::Args)]
#[group(id = "whom", required = true, multiple = false)]
pub(crate) struct Whom {
    /// A user, by id or email
    #[arg(long)]
    user: Option<String>,
    /// A group, by id or name
    #[arg(long)]
    group: Option<String>,
    /// All users of the tenant
    #[arg(long)]
    everyone: bool,
}

/// What to give.
#[derive(Debug, clap::Args)]
pub(crate) struct Share {
    /// The connection's id or its name
    connection: String,
    #[command(flatten)]
    whom: Whom,
    /// What they may: use it, or own it
    #[arg(long, default_value = "user", value_parser = coded::<Level>(LEVELS))]
    level: Level,
}

/// What to take.
#[derive(Debug, clap::Args)]
pub(crate) struct Unshare {
    /// The connection's id or its name
    connection: String,
    #[command(flatten)]
    whom: Whom,
}

/// A connection to make.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// What it is made to, by the connector's id
    #[arg(long, value_name = "ID")]
    connector: String,
    /// The way to sign in, by its id in the connector; its first one when absent
    #[arg(long, value_name = "ID")]
    auth: Option<String>,
    /// A setting that is no secret
    #[arg(long = "setting", value_name = "ID=VALUE", value_parser = pair)]
    settings: Vec<(String, String)>,
    /// The OAuth client to sign in through
    #[arg(long, value_name = "ID")]
    oauth_client: Option<String>,
}

/// A change of a connection.
#[derive(Debug, clap::Args)]
#[group(id = "change", required = true, multiple = true, args = ["name", "settings", "credentials"])]
pub(crate) struct Edit {
    /// Its id or its name
    connection: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    /// A setting that is no secret
    #[arg(long = "setting", value_name = "ID=VALUE", value_parser = pair)]
    settings: Vec<(String, String)>,
    /// Read new credentials from standard input: a JSON object by their fields' ids
    #[arg(long)]
    credentials: bool,
    /// Accept credentials of somebody else than before
    #[arg(long)]
    accept_other_identity: bool,
}

/// A call of an operation.
#[derive(Debug, clap::Args)]
pub(crate) struct Call {
    /// The connection's id or its name
    connection: String,
    /// The operation's id
    operation: String,
    /// A parameter: JSON where it reads as JSON, else text
    #[arg(long = "param", value_name = "ID=VALUE", value_parser = pair, conflicts_with = "input")]
    parameters: Vec<(String, String)>,
    /// Read the parameters from standard input: a JSON object by their ids
    #[arg(long)]
    input: bool,
    /// Follow the pages of a list and answer with its entries, a line of JSON for each
    #[arg(long)]
    all: bool,
}

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(list) => read::list(list, session),
        Command::Show(one) => read::show(&one, session),
        Command::Add(add) => change::add(add, session),
        Command::Edit(edit) => change::edit(edit, session),
        Command::Test(one) => change::test(&one, session),
        Command::Disable(one) => change::disable(&one, session),
        Command::Enable(one) => change::enable(&one, session),
        Command::Delete(one) => change::delete(&one, session),
        Command::Restore(one) => change::restore(&one, session),
        Command::Permissions(one) => read::permissions(&one, session),
        Command::Share(share) => share::share(&share, session),
        Command::Unshare(unshare) => share::unshare(&unshare, session),
        Command::Access(part) => read::access(&part, session),
        Command::Events(part) => read::events(&part, session),
        Command::Uses(one) => read::uses(&one, session),
        Command::ReconnectLink(one) => change::reconnect_link(&one, session),
        Command::Call(call) => call::run(call, session),
    }
}

/// The place of a connection that is called by id or name.
fn at(session: &Session, called: &str) -> Result<ConnectionPath, Fault> {
    find(session, called, ConnectionView::Present)
}

fn find(session: &Session, called: &str, view: ConnectionView) -> Result<ConnectionPath, Fault> {
    let query = |name| ListConnectionsQuery {
        search: Some(name),
        view: Some(view),
        ..ListConnectionsQuery::default()
    };
    let connection =
        session.find::<ListConnections, _>(called, "connection", query, |item| (item.id, item.name))?;
    Ok(ConnectionPath { connection })
}
