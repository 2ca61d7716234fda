//! `drawbridge connectors`.

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListConnectors, ReadConnector};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{Connector, ConnectorPath, ConnectorSummary};

use crate::args::Limit;
use crate::fault::Fault;
use crate::out::{Cell, Column, word};
use crate::session::Session;

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them
    List(Limit),
    /// Show one: its ways to sign in, settings and operations
    Show {
        /// Its id
        connector: String,
    },
}

const COLUMNS: &[Column<ConnectorSummary>] = &[
    Column::whole("ID", |item| item.id.as_str().into()),
    Column::new("NAME", |item| item.name.as_str().into()),
    Column::new("CATEGORY", |item| word(item.category).into()),
    Column::whole("OPERATIONS", |item| item.operation_count.to_string().into()),
    Column::new("WAYS TO SIGN IN", |item| item.ways.join(", ").into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(limit) => session.list::<ListConnectors>(&Nothing {}, Nothing {}, limit.limit, COLUMNS),
        Command::Show { connector } => {
            let answered = session.client.at::<ReadConnector>(&ConnectorPath { connector })?;
            session.show(&answered, fields)?;
            if session.out.json { Ok(()) } else { operations(&answered.value, session) }
        }
    }
}

fn fields(connector: &Connector) -> Vec<(&'static str, Cell)> {
    let ways = connector.auth.iter().map(|way| {
        let fields: Vec<&str> = way.fields.iter().map(|field| field.id.as_str()).collect();
        format!("{} ({})", way.id, if fields.is_empty() { "no fields".to_owned() } else { fields.join(", ") })
    });
    let settings: Vec<&str> = connector.settings.iter().map(|field| field.id.as_str()).collect();
    let quirks = connector.quirks.join(" ");
    vec![
        ("ID", connector.summary.id.as_str().into()),
        ("Name", connector.summary.name.as_str().into()),
        ("Description", connector.summary.description.as_str().into()),
        ("Category", word(connector.summary.category).into()),
        ("Ways to sign in", ways.collect::<Vec<_>>().join("; ").into()),
        ("Settings", settings.join(", ").into()),
        ("To know", quirks.into()),
    ]
}

fn operations(connector: &Connector, session: &Session) -> Result<(), Fault> {
    if connector.operations.is_empty() || session.out.quiet {
        return Ok(());
    }
    session.out.line("")?;
    session.out.table(
        &connector.operations,
        &[
            Column::whole("OPERATION", |item| item.id.as_str().into()),
            Column::whole("TYPE", |item| word(item.r#type).into()),
            Column::new("PARAMETERS", |item| {
                let names = item.parameters.iter().map(|parameter| {
                    if parameter.required { parameter.id.clone() } else { format!("[{}]", parameter.id) }
                });
                names.collect::<Vec<_>>().join(" ").into()
            }),
            Column::new("WHAT IT DOES", |item| item.name.as_str().into()),
        ],
    )
}
