//! Verifying an export of the audit log (NDJSON), without the server that made it.

use std::io::{BufRead, Lines};

use drawbridge_domain::audit::{Break, Chain, Recorded};

/// Why an export is not whole, or cannot be told to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsound {
    /// A line is no record.
    Unreadable {
        /// The line's number, from 1.
        line: u64,
        /// What is wrong with it.
        words: String,
    },
    /// The chain of hashes is broken.
    Broken {
        /// The number of the record that is missing or does not hold.
        seq: i64,
        /// How.
        kind: Break,
    },
}

impl Unsound {
    /// What is wrong, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Unreadable { line, words } => format!("Line {line}: {words}"),
            Self::Broken { seq, kind } => format!(
                "Record {seq}: {}\nAn export that was filtered is not whole: verify one of the whole log.",
                kind.words()
            ),
        }
    }
}

/// Goes along an export, which is the whole log, oldest first; answers the chain at its end.
pub fn verify(lines: Lines<impl BufRead>) -> Result<Chain, Unsound> {
    let mut chain = Chain::start();
    for (line, text) in (1..).zip(lines) {
        let unreadable = |words: String| Unsound::Unreadable { line, words };
        let text = text.map_err(|error| unreadable(error.to_string()))?;
        let recorded: Recorded =
            serde_json::from_str(&text).map_err(|error| unreadable(format!("not a record: {error}")))?;
        if let Err(kind) = chain.follow(&recorded.link, &recorded.hash) {
            return Err(Unsound::Broken { seq: chain.next, kind });
        }
    }
    Ok(chain)
}

/// What was found, in words.
pub fn holds(chain: &Chain) -> String {
    let unsealed = match chain.unsealed {
        0 => String::new(),
        some => format!(
            "{some} newer records had no hash yet when the log was exported: export it again to have them verified.\n"
        ),
    };
    format!(
        "{} records, the chain holds. It ends with the hash {}.\n{unsealed}Whether records after these are missing, the \
         log itself says: Settings → Audit log → Verify.",
        chain.verified(),
        chain.hash
    )
}
