//! Verifies an export of the audit log (NDJSON): `audit-verify FILE`. Ends with 0 when it is whole, 1 when it is not, 2
//! when it cannot be read.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use drawbridge_contract::export::{Unsound, holds, verify};

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        println!("Say which file: an export of the audit log as NDJSON, all of it, oldest first.");
        return ExitCode::from(2);
    };
    let lines = match File::open(&file) {
        Ok(open) => BufReader::new(open).lines(),
        Err(error) => {
            println!("{file} cannot be read: {error}");
            return ExitCode::from(2);
        }
    };
    match verify(lines) {
        Ok(chain) => {
            println!("{}", holds(&chain));
            ExitCode::SUCCESS
        }
        Err(unsound) => {
            println!("{}", unsound.words());
            match unsound {
                Unsound::Unreadable { .. } => ExitCode::from(2),
                Unsound::Broken { .. } => ExitCode::FAILURE,
            }
        }
    }
}
