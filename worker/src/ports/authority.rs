//! The places that know what apps and tokens may do just now.

use super::Pending;

/// The way to the shards of the authority.
pub trait Authorities {
    /// Asks a shard, and waits for its answer; the error's words are for the log.
    fn ask(&self, shard: char, message: String) -> Pending<'_, Result<String, String>>;
}
