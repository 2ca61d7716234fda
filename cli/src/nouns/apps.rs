//! `drawbridge apps`.

mod change;

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListApps, ReadApp, ReadAppSecret};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::apps::{App, AppPath, ListAppsQuery, TokenAlgorithm};
use drawbridge_domain::credential::Grace;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::Timestamp;

use super::credentials::{GRACES, Scope, hints, networks, scope, shown, used};
use crate::args::{Limit, coded, moment};
use crate::fault::Fault;
use crate::out::{Cell, Column, when, word};
use crate::session::Session;

const ALGORITHMS: &[&str] = &["EdDSA", "RS256"];

/// The commands. An app is called by its id, which is its `client_id`, or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them, newest first
    List(List),
    /// Show one, without its secret
    Show(One),
    /// Make one; its secret is told in the answer
    Add(Add),
    /// Change one; what is not named stays
    Edit(Edit),
    /// Tell one's secret again, where the tenant keeps secrets; the audit log notes it
    Secret(One),
    /// Give one a new secret; the present one works on for the grace
    Rotate(Rotate),
    /// Disable one: its calls fail from now on
    Disable(One),
    /// Undo that
    Activate(One),
    /// Delete one for good
    Delete(One),
}

/// Which to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those whose name or description holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those that end before this
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    ends_before: Option<Timestamp>,
    #[command(flatten)]
    limit: Limit,
}

/// One app.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its id or its name
    app: String,
}

/// An app to make.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its name
    name: String,
    /// What it is for
    #[arg(long, default_value = "", hide_default_value = true)]
    description: String,
    /// What it may do; full access when absent
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// From where it may be used: an address or a network in CIDR notation; from anywhere when absent
    #[arg(long = "address", value_name = "NETWORK")]
    addresses: Vec<String>,
    /// When it ends; never when absent
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    expires: Option<Timestamp>,
    /// How its access tokens are signed
    #[arg(long, value_parser = coded::<TokenAlgorithm>(ALGORITHMS))]
    token_algorithm: Option<TokenAlgorithm>,
}

/// A change of an app.
#[derive(Debug, clap::Args)]
#[group(id = "change", required = true, multiple = true)]
pub(crate) struct Change {
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
    /// All that it may do from now on
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<Scope>,
    /// All places from where it may be used from now on
    #[arg(long = "address", value_name = "NETWORK")]
    addresses: Vec<String>,
    /// It may be used from anywhere
    #[arg(long, conflicts_with = "addresses")]
    anywhere: bool,
    /// When it ends
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    expires: Option<Timestamp>,
    /// It has no end
    #[arg(long, conflicts_with = "expires")]
    never_expires: bool,
    /// How its access tokens are signed
    #[arg(long, value_parser = coded::<TokenAlgorithm>(ALGORITHMS))]
    token_algorithm: Option<TokenAlgorithm>,
}

/// A change of one app.
#[derive(Debug, clap::Args)]
pub(crate) struct Edit {
    /// Its id or its name
    app: String,
    #[command(flatten)]
    change: Change,
}

/// A rotation.
#[derive(Debug, clap::Args)]
pub(crate) struct Rotate {
    /// Its id or its name
    app: String,
    /// How long the present secret works on
    #[arg(long, default_value = "day", value_parser = coded::<Grace>(GRACES))]
    grace: Grace,
}

const COLUMNS: &[Column<App>] = &[
    Column::whole("CLIENT ID", |app| app.id.as_str().into()),
    Column::new("NAME", |app| app.name.as_str().into()),
    Column::whole("STATUS", |app| Cell::status(app.status.code())),
    Column::new("CREATED BY", |app| app.created_by.name.as_str().into()),
    Column::new("CREATED", |app| when(app.created_at).into()),
    Column::new("LAST USED", |app| used(app.last_used.as_ref()).into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(list) => {
            let List { search, ends_before, limit } = list;
            let query = ListAppsQuery { search, ends_before, ..ListAppsQuery::default() };
            session.list::<ListApps>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show(one) => session.show(&session.client.at::<ReadApp>(&at(session, &one.app)?)?, fields),
        Command::Secret(one) => secret(&one, session),
        Command::Add(add) => change::add(add, session),
        Command::Edit(edit) => change::edit(edit, session),
        Command::Rotate(rotate) => change::rotate(&rotate, session),
        Command::Disable(one) => change::disable(&one, session),
        Command::Activate(one) => change::activate(&one, session),
        Command::Delete(one) => change::delete(&one, session),
    }
}

/// The place of an app that is called by id or name.
fn at(session: &Session, called: &str) -> Result<AppPath, Fault> {
    let query = |name| ListAppsQuery { search: Some(name), ..ListAppsQuery::default() };
    let app = session.find::<ListApps, _>(called, "app", query, |app| (app.id, app.name))?;
    Ok(AppPath { app })
}

/// An app, for a person.
fn fields(app: &App) -> Vec<(&'static str, Cell)> {
    vec![
        ("Client ID", app.id.as_str().into()),
        ("Name", app.name.as_str().into()),
        ("Description", app.description.as_str().into()),
        ("Status", Cell::status(app.status.code())),
        ("Scopes", shown(app.scopes).into()),
        ("Used from", networks(&app.addresses).into()),
        ("Ends", app.expires_at.map_or_else(|| "never".to_owned(), when).into()),
        ("Signed with", word(app.token_algorithm).into()),
        ("Secret", hints(&app.secrets).into()),
        ("Last used", used(app.last_used.as_ref()).into()),
        ("Created by", app.created_by.name.as_str().into()),
        ("Created", when(app.created_at).into()),
    ]
}

fn secret(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ReadAppSecret>(&at(session, &one.app)?)?;
    if session.out.json {
        return session.out.line(&answered.text);
    }
    let secrets = answered.value;
    if !session.out.quiet {
        session.out.line(&format!("Client ID: {}", secrets.client_id))?;
    }
    session.out.secrets("Client secret", &secrets.client_secret, secrets.previous.as_ref())
}
