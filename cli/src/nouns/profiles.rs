//! `drawbridge profiles`: the sign-ins on this machine.

use clap::Subcommand;
use drawbridge_domain::id::Id;
use serde_json::json;

use crate::fault::Fault;
use crate::out::{Column, Out};
use crate::profile::{Credential, File, Profiles};

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List them, never what is secret in them
    List,
    /// Use this one where none is named
    Use {
        /// Its name
        name: String,
    },
    /// Say where they are kept
    Path,
}

struct Row {
    name: String,
    server: String,
    with: String,
    current: bool,
}

/// Carries one out.
pub(crate) fn run(command: Command, out: Out) -> Result<(), Fault> {
    let file = File::find()?;
    match command {
        Command::Path => out.line(&file.path().display().to_string()),
        Command::List => list(&file.read()?, out),
        Command::Use { name } => {
            let mut profiles = file.read()?;
            if !profiles.profiles.contains_key(&name) {
                return Err(Fault::NotFound(format!("There is no profile “{name}”.")));
            }
            profiles.current = Some(name.clone());
            file.write(&profiles)?;
            out.done(&format!("“{name}” is used from now on."))
        }
    }
}

fn list(profiles: &Profiles, out: Out) -> Result<(), Fault> {
    let rows = profiles.profiles.iter().map(|(name, profile)| Row {
        name: name.clone(),
        server: profile.server.to_string(),
        with: match &profile.credential {
            Credential::Token { .. } => "token".to_owned(),
            Credential::App { client_id, .. } => client_id.as_str().to_owned(),
        },
        current: profiles.current.as_ref() == Some(name),
    });
    let rows: Vec<Row> = rows.collect();
    if out.json || out.quiet {
        for row in &rows {
            let Row { name, server, with, current } = row;
            let json = json!({ "name": name, "server": server, "with": with, "current": current });
            out.line(&if out.json { json.to_string() } else { name.clone() })?;
        }
        return Ok(());
    }
    if rows.is_empty() {
        out.note("No sign-ins yet: drawbridge login --server URL");
        return Ok(());
    }
    out.table(
        &rows,
        &[
            Column::whole("NAME", |row| row.name.as_str().into()),
            Column::new("SERVER", |row| row.server.as_str().into()),
            Column::new("WITH", |row| row.with.as_str().into()),
            Column::whole("CURRENT", |row| if row.current { "yes" } else { "" }.into()),
        ],
    )
}
