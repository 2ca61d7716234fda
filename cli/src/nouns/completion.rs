//! `drawbridge completion`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Arguments;
use crate::fault::Fault;
use crate::out::Out;

/// A shell.
#[derive(Debug, Args)]
pub(crate) struct Command {
    /// The shell
    #[arg(value_parser = clap::builder::EnumValueParser::<Shell>::new())]
    shell: Shell,
}

/// Writes the script.
pub(crate) fn run(command: &Command, out: Out) -> Result<(), Fault> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "drawbridge", &mut script);
    out.line(String::from_utf8_lossy(&script).trim_end())
}
