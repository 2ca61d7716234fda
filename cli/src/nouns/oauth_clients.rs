//! `drawbridge oauth-clients`: what connections with a sign-in are made through.

use clap::Subcommand;
use drawbridge_contract::endpoints::{
    DeleteOAuthClient, ListOAuthClients, ReadOAuthClient, RegisterOAuthClient,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::oauth_clients::{
    CreateOAuthClient, ListOAuthClientsQuery, OAuthClient, OAuthClientPath,
};
use drawbridge_domain::id::Id;

use crate::args::Limit;
use crate::fault::Fault;
use crate::out::{Cell, Column, when};
use crate::session::{Session, secret_input};

/// The commands. A client is called by its id or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them
    List {
        /// Only those of this connector
        #[arg(long, value_name = "ID")]
        connector: Option<String>,
        #[command(flatten)]
        limit: Limit,
    },
    /// Show one, without its secret
    Show {
        /// Its id or its name
        client: String,
    },
    /// Record one that was registered at a provider; its secret is read from standard input
    Add {
        /// A name to tell several apart
        name: String,
        /// The connector that it is for
        #[arg(long, value_name = "ID")]
        connector: String,
        /// The client id that the provider gave
        #[arg(long)]
        client_id: String,
    },
    /// Delete one that no connection uses
    Delete {
        /// Its id or its name
        client: String,
    },
}

const COLUMNS: &[Column<OAuthClient>] = &[
    Column::whole("ID", |client| client.id.as_str().into()),
    Column::new("NAME", |client| client.name.as_str().into()),
    Column::new("CONNECTOR", |client| client.connector.as_str().into()),
    Column::new("CLIENT ID", |client| client.client_id.as_str().into()),
    Column::whole("CONNECTIONS", |client| client.connections.to_string().into()),
    Column::new("MADE BY", |client| client.created_by.name.as_str().into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List { connector, limit } => {
            let query = ListOAuthClientsQuery { connector, ..ListOAuthClientsQuery::default() };
            session.list::<ListOAuthClients>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show { client } => {
            session.show(&session.client.at::<ReadOAuthClient>(&at(session, &client)?)?, fields)
        }
        Command::Add { name, connector, client_id } => {
            let client_secret = secret_input("Client secret")?;
            let body = CreateOAuthClient { connector, name, client_id, client_secret };
            let answered = session.client.call::<RegisterOAuthClient>(&Nothing {}, &Nothing {}, &body)?;
            if session.out.quiet && !session.out.json {
                return session.out.line(answered.value.id.as_str());
            }
            session.show(&answered, fields)
        }
        Command::Delete { client } => {
            let path = at(session, &client)?;
            session.confirm(&format!("Delete the OAuth client {client}?"))?;
            let answered = session.client.at::<DeleteOAuthClient>(&path)?;
            session.done(&answered, &format!("{client} is deleted."))
        }
    }
}

fn at(session: &Session, called: &str) -> Result<OAuthClientPath, Fault> {
    // That list is not searched, but read whole.
    let query = |_| ListOAuthClientsQuery::default();
    let pair = |client: OAuthClient| (client.id, client.name);
    let client = session.find::<ListOAuthClients, _>(called, "OAuth client", query, pair)?;
    Ok(OAuthClientPath { client })
}

fn fields(client: &OAuthClient) -> Vec<(&'static str, Cell)> {
    vec![
        ("ID", client.id.as_str().into()),
        ("Name", client.name.as_str().into()),
        ("Connector", client.connector.as_str().into()),
        ("Client ID", client.client_id.as_str().into()),
        ("Redirect URL", client.redirect_url.as_str().into()),
        ("Connections", client.connections.to_string().into()),
        ("Made by", client.created_by.name.as_str().into()),
        ("Made", when(client.created_at).into()),
    ]
}
