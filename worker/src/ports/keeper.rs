//! One place per connection, where things are done one after the other whatever the load.

use drawbridge_domain::time::Timestamp;

use super::Pending;

/// The way to the keepers of connections.
pub trait Keepers {
    /// Asks the keeper with that name, and waits for its answer; the error's words are for the log.
    fn ask(&self, name: &str, message: String) -> Pending<'_, Result<String, String>>;
}

/// What a keeper knows even after its end: notes that are durable before anything else leaves it, and an alarm.
pub trait Notes {
    /// A note.
    fn get(&self, name: &'static str) -> Pending<'_, Result<Option<String>, String>>;
    /// Writes a note.
    fn put(&self, name: &'static str, text: String) -> Pending<'_, Result<(), String>>;
    /// Removes a note.
    fn remove(&self, name: &'static str) -> Pending<'_, Result<(), String>>;
    /// Sets the one alarm to this moment, or takes it away.
    fn wake(&self, at: Option<Timestamp>) -> Pending<'_, Result<(), String>>;
}
