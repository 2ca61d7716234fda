//! The command-line client as it is, built beside the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    drawbridge_cli::main()
}
