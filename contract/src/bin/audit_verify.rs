//! Verifies an export of the audit log (NDJSON): `audit-verify FILE`. Ends with 0 when it is whole, 1 when it is not, 2
//! when it cannot be read.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use drawbridge_domain::audit::{Chain, Recorded};

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
    let mut chain = Chain::start();
    for (number, line) in (1..).zip(lines) {
        let recorded = line.map_err(|error| error.to_string());
        let recorded = recorded.and_then(|line| {
            serde_json::from_str::<Recorded>(&line).map_err(|error| format!("not a record: {error}"))
        });
        let recorded = match recorded {
            Ok(recorded) => recorded,
            Err(words) => {
                println!("Line {number}: {words}");
                return ExitCode::from(2);
            }
        };
        if let Err(broken) = chain.follow(&recorded.link, &recorded.hash) {
            println!("Record {}: {}", chain.next, broken.words());
            println!("An export that was filtered is not whole: verify one of the whole log.");
            return ExitCode::FAILURE;
        }
    }
    println!("{} records, the chain holds. It ends with the hash {}.", chain.verified(), chain.hash);
    if chain.unsealed > 0 {
        println!(
            "{} newer records had no hash yet when the log was exported: export it again to have them verified.",
            chain.unsealed
        );
    }
    println!("Whether records after these are missing, the log itself says: Settings → Audit log → Verify.");
    ExitCode::SUCCESS
}
