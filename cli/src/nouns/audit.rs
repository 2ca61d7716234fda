//! `drawbridge audit`.

mod export;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use drawbridge_contract::endpoints::{ListAudit, VerifyAudit};
use drawbridge_contract::export::{Unsound, holds, verify};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::audit::{
    AuditFormat, AuditOutcome, AuditRecord, ListAuditQuery, VerifyAuditQuery,
};
use drawbridge_domain::time::Timestamp;
use serde_json::json;

use crate::args::{Limit, coded, moment};
use crate::fault::Fault;
use crate::out::{Cell, Column, Out, when};
use crate::session::Session;

const OUTCOMES: &[&str] = &["done", "refused"];
const FORMATS: &[&str] = &["ndjson", "csv"];

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List what was done, newest first
    List(List),
    /// Write the log, oldest first, however long it is
    Export(Export),
    /// Walk along the chain of hashes: on the server, or of an export
    Verify {
        /// An export as NDJSON of the whole log; asks no server
        file: Option<PathBuf>,
    },
}

/// Which records.
#[derive(Debug, clap::Args)]
pub(crate) struct Filters {
    /// Only what this user or app did, by id; `system` for the system's own work
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// Only this action, such as connection.created
    #[arg(long)]
    action: Option<String>,
    /// Only what was done to this, by its id
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Only with this outcome
    #[arg(long, value_parser = coded::<AuditOutcome>(OUTCOMES))]
    outcome: Option<AuditOutcome>,
    /// Only from this on
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    from: Option<Timestamp>,
    /// Only before this
    #[arg(long, value_name = "WHEN", value_parser = moment)]
    until: Option<Timestamp>,
}

/// What to list.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    limit: Limit,
}

/// What to export.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The form; only NDJSON can be verified
    #[arg(long, default_value = "ndjson", value_parser = coded::<AuditFormat>(FORMATS))]
    format: AuditFormat,
    /// Where to; standard output when absent. The file is there when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    filters: Filters,
}

const COLUMNS: &[Column<AuditRecord>] = &[
    Column::whole("SEQ", |record| record.seq.to_string().into()),
    Column::whole("AT", |record| when(record.at).into()),
    Column::new("WHO", |record| match record.actor.name.as_str() {
        "" => record.actor.kind.as_str().into(),
        name => name.into(),
    }),
    Column::new("ACTION", |record| record.action.as_str().into()),
    Column::new("OBJECT", |record| match record.object.name.as_str() {
        "" => record.object.id.as_str().into(),
        name => name.into(),
    }),
    Column::whole("OUTCOME", |record| Cell::status(record.outcome.code())),
    Column::new("ADDRESS", |record| record.address.as_str().into()),
];

/// Carries one out.
pub(crate) fn run(command: Command, session: &Session) -> Result<(), Fault> {
    match command {
        Command::List(List { filters, limit }) => {
            let Filters { actor, action, object, outcome, from, until } = filters;
            let query =
                ListAuditQuery { actor, action, object, outcome, from, until, ..ListAuditQuery::default() };
            session.list::<ListAudit>(&Nothing {}, query, limit.limit, COLUMNS)
        }
        Command::Export(export) => export::run(export, session),
        Command::Verify { file: Some(file) } => verify_file(&file, session.out),
        Command::Verify { file: None } => verify_server(session),
    }
}

/// Has the server walk along its chain.
fn verify_server(session: &Session) -> Result<(), Fault> {
    let mut query = VerifyAuditQuery::default();
    loop {
        let answered = session.client.call::<VerifyAudit>(&Nothing {}, &query, &Nothing {})?;
        let found = answered.value;
        if let Some(cursor) = found.next_cursor {
            session.out.note(&format!("{} of {} records hold so far.", found.verified, found.records));
            query.cursor = Some(cursor);
            continue;
        }
        if session.out.json {
            session.out.line(&answered.text)?;
        }
        if let Some(broken) = found.broken {
            return Err(Fault::Negative(format!("Record {}: {}", broken.seq, broken.kind.words())));
        }
        let unsealed = match found.unsealed {
            0 => String::new(),
            some => format!(" {some} newer ones get their hashes in a moment."),
        };
        return session.out.done(&format!("{} records, the chain holds.{unsealed}", found.verified));
    }
}

/// Verifies an export.
pub(crate) fn verify_file(file: &Path, out: Out) -> Result<(), Fault> {
    let open = File::open(file)
        .map_err(|error| Fault::Local(format!("{} cannot be read: {error}.", file.display())))?;
    match verify(BufReader::new(open).lines()) {
        Ok(chain) if out.json => {
            let found =
                json!({ "verified": chain.verified(), "unsealed": chain.unsealed, "hash": chain.hash });
            out.line(&found.to_string())
        }
        Ok(chain) => out.done(&holds(&chain)),
        Err(unsound @ Unsound::Broken { .. }) => Err(Fault::Negative(unsound.words())),
        Err(unsound @ Unsound::Unreadable { .. }) => Err(Fault::Local(unsound.words())),
    }
}
