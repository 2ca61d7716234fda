//! What a server said, kept whole, and searched for secrets.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;
use serde_json::Value;

/// The log of one server, over all its restarts.
#[derive(Debug, Default)]
pub struct Log {
    lines: Mutex<Vec<String>>,
    secrets: Mutex<BTreeSet<String>>,
}

impl Log {
    pub(crate) fn add(&self, line: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lines that are JSON.
    pub fn entries(&self) -> Vec<Value> {
        self.lines().iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The lines about one request.
    pub fn about(&self, request: &str) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.contains(request)).collect()
    }

    /// Notes a secret that must never stand in the log.
    pub fn keep_out(&self, secret: &str) {
        assert!(secret.len() >= 8, "{secret} is too short to be looked for");
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.to_owned());
    }

    /// Notes secrets of a request or an answer.
    pub(crate) fn keep_all_out(&self, secrets: BTreeSet<String>) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).extend(secrets);
    }

    /// How many secrets are looked for.
    pub fn secrets(&self) -> usize {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Ends the test when any of the secrets stands in the log.
    pub fn holds_no_secret(&self) {
        let secrets: Vec<String> =
            self.secrets.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        let all = AhoCorasick::new(&secrets).expect("texts to look for");
        for line in self.lines() {
            if let Some(found) = all.find(&line) {
                panic!("the secret {} stands in the log: {line}", secrets[found.pattern().as_usize()]);
            }
        }
    }
}
