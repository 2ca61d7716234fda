//! `drawbridge gateways`.

mod change;

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListGatewayConnections, ListGatewayEvents, ListGateways, ReadGateway};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_contract::types::gateways::{
    Gateway, GatewayHappening, GatewayPath, GatewayReplica, GatewaySummary, GatewayTarget,
    ListGatewayConnectionsQuery, ListGatewayEventsQuery, ListGatewaysQuery,
};
use drawbridge_domain::gateway::version::{NOT_REPORTED, Version};
use drawbridge_domain::gateway::{GatewayStatus, TargetFinding};
use drawbridge_domain::id::Id;

use crate::args::{Limit, coded};
use crate::fault::Fault;
use crate::out::{Cell, Column, when, word};
use crate::session::Session;

const STATUSES: &[&str] = &["awaitingSetup", "online", "degraded", "offline", "disabled"];

/// The commands. A gateway is called by its id or its name.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them
    List(List),
    /// Show one, with its machines and targets
    Show(One),
    /// Add one; the answer has the one-time code and the command to join with it
    Add {
        /// Its name
        name: String,
    },
    /// Make a new one-time code, for the first machine or for one more
    Code(One),
    /// Rename one
    Rename {
        /// Its id or its name
        gateway: String,
        /// Its new name
        name: String,
    },
    /// Disable one: no call goes through it
    Disable(One),
    /// Undo that
    Enable(One),
    /// Have its machines make new keys
    RotateKey(One),
    /// Have a machine take no new calls, so that it can be updated
    Drain(Machine),
    /// Remove one machine
    RemoveMachine(Machine),
    /// Disconnect one for good: connections through it become invalid
    Disconnect(One),
    /// List the connections that go through it
    Connections {
        /// Its id or its name
        gateway: String,
        #[command(flatten)]
        limit: Limit,
    },
    /// List what happened to its links and targets, newest first
    Events {
        /// Its id or its name
        gateway: String,
        #[command(flatten)]
        limit: Limit,
    },
}

/// Which to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those whose name holds this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those with this status
    #[arg(long, value_parser = coded::<GatewayStatus>(STATUSES))]
    status: Option<GatewayStatus>,
    #[command(flatten)]
    limit: Limit,
}

/// One gateway.
#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its id or its name
    gateway: String,
}

/// One machine of a gateway.
#[derive(Debug, clap::Args)]
pub(crate) struct Machine {
    /// The gateway's id or name
    gateway: String,
    /// The machine's name, or its agent's id
    machine: String,
}

const COLUMNS: &[Column<GatewaySummary>] = &[
    Column::whole("ID", |gateway| gateway.id.as_str().into()),
    Column::new("NAME", |gateway| gateway.name.as_str().into()),
    Column::whole("STATUS", status),
    Column::whole("VERSION", |gateway| version(gateway.version.as_deref()).into()),
    Column::new("MACHINES", |gateway| gateway.machines.join(", ").into()),
    Column::new("CREATED BY", |gateway| gateway.created_by.name.as_str().into()),
    Column::new("CREATED", |gateway| when(gateway.created_at).into()),
];

const THROUGH: &[Column<ConnectionSummary>] = &[
    Column::whole("ID", |one| one.id.as_str().into()),
    Column::new("NAME", |one| one.name.as_str().into()),
    Column::new("CONNECTOR", |one| one.connector.name.as_str().into()),
    Column::whole("STATUS", |one| Cell::status(one.state.status.code())),
    Column::new("OWNER", |one| one.owner.name.as_str().into()),
];

const HAPPENINGS: &[Column<GatewayHappening>] = &[
    Column::whole("WHEN", |one| when(one.at).into()),
    Column::new("MACHINE", |one| one.machine.as_str().into()),
    Column::new("EVENT", |one| one.kind.words().into()),
    Column::new("TARGET", |one| one.target.as_deref().unwrap_or_default().into()),
    Column::new("REASON", |one| one.reason.as_deref().unwrap_or_default().into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(List { search, status, limit }) => {
            let query = ListGatewaysQuery { search, status, ..ListGatewaysQuery::default() };
            session.list::<ListGateways>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Show(one) => {
            session.show(&session.client.at::<ReadGateway>(&at(session, &one.gateway)?)?, fields)
        }
        Command::Connections { gateway, limit } => {
            let query = ListGatewayConnectionsQuery::default();
            session.list::<ListGatewayConnections>(&at(session, &gateway)?, query, limit.limit, THROUGH)
        }
        Command::Events { gateway, limit } => {
            let query = ListGatewayEventsQuery::default();
            session.list::<ListGatewayEvents>(&at(session, &gateway)?, query, limit.limit, HAPPENINGS)
        }
        Command::Add { name } => change::add(name, session),
        Command::Code(one) => change::code(&one, session),
        Command::Rename { gateway, name } => change::rename(&gateway, name, session),
        Command::Disable(one) => change::disable(&one, session),
        Command::Enable(one) => change::enable(&one, session),
        Command::RotateKey(one) => change::rotate(&one, session),
        Command::Drain(machine) => change::drain(&machine, session),
        Command::RemoveMachine(machine) => change::remove(&machine, session),
        Command::Disconnect(one) => change::disconnect(&one, session),
    }
}

/// The place of a gateway that is called by id or name.
fn at(session: &Session, called: &str) -> Result<GatewayPath, Fault> {
    let query = |name| ListGatewaysQuery { search: Some(name), ..ListGatewaysQuery::default() };
    let gateway = session.find::<ListGateways, _>(called, "gateway", query, |one| (one.id, one.name))?;
    Ok(GatewayPath { gateway })
}

/// A version, unless the agent is too old to report one.
fn version(version: Option<&str>) -> &str {
    let reports = version.and_then(Version::parse).is_some_and(Version::reports);
    version.filter(|_| reports).unwrap_or(NOT_REPORTED)
}

fn status(gateway: &GatewaySummary) -> Cell {
    let version = gateway.version.as_deref().and_then(Version::parse);
    gateway.status.shown(version).map_or_else(|_| NOT_REPORTED.into(), |status| Cell::status(status.code()))
}

/// A gateway, for a person.
fn fields(gateway: &Gateway) -> Vec<(&'static str, Cell)> {
    let summary = &gateway.summary;
    let lines = |lines: Vec<String>| lines.join("; ");
    vec![
        ("ID", summary.id.as_str().into()),
        ("Name", summary.name.as_str().into()),
        ("Status", status(summary)),
        ("What to do", summary.status.remedy().into()),
        ("Version", version(summary.version.as_deref()).into()),
        ("Machines", lines(gateway.replicas.iter().map(machine).collect()).into()),
        ("Targets", lines(gateway.targets.iter().map(target).collect()).into()),
        ("Connections", gateway.connections.to_string().into()),
        ("Code good until", gateway.code_until.map(when).unwrap_or_default().into()),
        ("Last seen", summary.last_seen_at.map_or_else(|| "never".to_owned(), when).into()),
        ("Created by", summary.created_by.name.as_str().into()),
        ("Created", when(summary.created_at).into()),
    ]
}

fn machine(replica: &GatewayReplica) -> String {
    let stands = match (replica.linked_since, replica.draining) {
        (Some(_), false) => "online",
        (Some(_), true) => "draining",
        (None, _) => "offline",
    };
    format!("{} ({stands}, {}, {})", replica.machine, version(Some(&replica.version)), replica.platform)
}

fn target(target: &GatewayTarget) -> String {
    let why = target.reason.filter(|_| target.finding == TargetFinding::Failing);
    let why = why.map(|why| format!(": {}", why.words())).unwrap_or_default();
    format!("{} ({}, {}{why})", target.name, word(target.kind), word(target.finding))
}
