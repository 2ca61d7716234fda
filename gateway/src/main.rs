//! The agent that an organisation runs in its own network. It dials out to its tenant and carries calls to what its
//! configuration lets them reach, and to nothing else.

mod agent;
mod args;
mod commands;
mod config;
mod identity;
mod link;
mod local;
mod log;
mod machine;
mod net;
mod targets;
mod telemetry;

use std::path::Path;
use std::process::ExitCode;

use args::Command;
use commands::{complain, exit, say};

/// Enough for many calls at a time, and small.
const THREADS: usize = 2;

fn main() -> ExitCode {
    let (command, file) = match args::parse(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(why) => {
            complain(&why);
            complain("see drawbridge-gateway --help");
            return ExitCode::from(commands::USAGE);
        }
    };
    if command == Command::Serve {
        return commands::service::serve(&file);
    }
    match runtime() {
        Ok(runtime) => {
            let code = exit(runtime.block_on(perform(command, &file)));
            // A name that is being looked up is no reason to wait.
            runtime.shutdown_background();
            code
        }
        Err(fault) => exit(Err(fault.to_string())),
    }
}

/// What everything runs on.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()
}

async fn perform(command: Command, file: &Path) -> Result<u8, String> {
    match command {
        Command::Enroll { url, code } => commands::enroll::enroll(file, &url, &code).await,
        Command::Run | Command::Serve => commands::run::run(file, std::future::pending()).await,
        Command::Status => commands::status::status(file).await,
        Command::Doctor => commands::doctor::doctor(file).await,
        Command::TargetsList => commands::targets::list(file),
        Command::TargetsTest(name) => commands::targets::test(file, name.as_deref()).await,
        Command::Diagnose => commands::diagnose::diagnose(file).await,
        Command::Disconnect { force } => commands::disconnect::disconnect(file, force).await,
        Command::Install => commands::service::install(file),
        Command::Uninstall => commands::service::uninstall(),
        Command::Version => {
            say(&format!("drawbridge-gateway {}", machine::VERSION));
            Ok(commands::FINE)
        }
        Command::Help => {
            say(&args::usage());
            Ok(commands::FINE)
        }
    }
}
