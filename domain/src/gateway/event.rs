//! What happens to a gateway's links and targets.

use crate::closed_list;

closed_list! {
    feature "schema",
    /// What happened.
    GatewayEvent {
        /// An agent has joined.
        Joined = "joined", "A machine joined";
        /// An agent has left on its own.
        Left = "left", "A machine left";
        /// An agent's link stands.
        Linked = "linked", "The link was opened";
        /// An agent's link ended; the reason is that of the goodbye, or `lost` or `silent`.
        Unlinked = "unlinked", "The link ended";
        /// An agent was refused; the reason is that of the refusal.
        Refused = "refused", "A machine was refused";
        /// An agent has a new key.
        KeyChanged = "keyChanged", "A key was changed";
        /// An agent does not reach a target any more, or is refused there; the reason says why.
        TargetFails = "targetFails", "A target fails";
        /// An agent reaches a target again.
        TargetReached = "targetReached", "A target can be reached";
    }
}

/// Why a link ended without a goodbye: it broke.
pub const LOST: &str = "lost";
/// Why a link ended without a goodbye: nothing was heard for too long.
pub const SILENT: &str = "silent";
/// The most events of a gateway that are kept.
pub const KEPT: u32 = 100;
