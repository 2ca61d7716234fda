//! The command-line client of a deployment: everything it does, it does through the public API, by the contract's table
//! of endpoints.

mod args;
mod fault;
mod http;
mod nouns;
mod out;
mod profile;
mod server;
mod session;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::{Arguments, Command, Globals};
use crate::fault::{Exit, Fault};
use crate::http::{Client, Manner};
use crate::out::Out;
use crate::profile::{File, Wish, pick};
use crate::session::Session;

/// Runs the command that this process was started with.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told(&error),
    };
    let out = Out::new(arguments.globals.json, arguments.globals.quiet);
    let Err(fault) = run(arguments, out) else { return ExitCode::SUCCESS };
    let Some(exit) = fault.exit() else { return ExitCode::SUCCESS };
    let text = if out.json { fault.json().to_string() } else { format!("error: {}", fault.text()) };
    out.warn(&args::without_secrets(&text));
    ExitCode::from(exit as u8)
}

/// Help, the version, or what is wrong with the command line.
fn told(error: &clap::Error) -> ExitCode {
    let text = args::without_secrets(&error.render().to_string());
    let out = Out::new(false, false);
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = out.line(text.trim_end());
        return ExitCode::SUCCESS;
    }
    out.warn(text.trim_end());
    ExitCode::from(Exit::Usage as u8)
}

fn run(arguments: Arguments, out: Out) -> Result<(), Fault> {
    let Arguments { globals, command } = arguments;
    let Globals { profile, server, yes, max_wait, idempotency_key, .. } = globals;
    let wish = Wish::new(profile, server);
    let manner = Manner { max_wait, key: idempotency_key };
    let command = match command {
        Command::Completion(command) => return nouns::completion::run(&command, out),
        Command::Login(command) => return nouns::login::sign_in(command, &wish, manner, out),
        Command::Logout => return nouns::login::sign_out(&wish, manner, out),
        Command::Profiles(command) => return nouns::profiles::run(command, out),
        Command::Audit(nouns::audit::Command::Verify { file: Some(file) }) => {
            return nouns::audit::verify_file(&file, out);
        }
        other => other,
    };
    let picked = pick(&wish, &File::find()?.read()?)?;
    let session = Session { client: Client::new(picked, manner, out)?, out, yes };
    nouns::run(command, &session)
}
