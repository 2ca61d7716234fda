//! The commands, one file each.

pub(crate) mod diagnose;
pub(crate) mod disconnect;
pub(crate) mod doctor;
pub(crate) mod enroll;
pub(crate) mod run;
pub(crate) mod service;
pub(crate) mod status;
pub(crate) mod targets;
mod web;

use std::io::Write as _;
use std::process::ExitCode;

/// It did what it should.
pub(crate) const FINE: u8 = 0;
/// It did not.
pub(crate) const FAILED: u8 = 1;
/// It was asked for something that there is not.
pub(crate) const USAGE: u8 = 2;
/// Somebody has to enrol this machine first: to start again is of no use.
pub(crate) const NEEDS_OPERATOR: u8 = 3;

/// A line for whoever typed the command.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// What went wrong, for whoever typed the command.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "drawbridge-gateway: {text}");
}

/// The exit for an outcome.
pub(crate) fn exit(outcome: Result<u8, String>) -> ExitCode {
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            complain(&why);
            ExitCode::from(FAILED)
        }
    }
}
