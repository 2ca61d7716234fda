//! Gateways: agents in an organisation's own network, through which connections reach what stands there.

pub mod action;
pub mod code;
pub mod commands;
pub mod event;
pub mod farewell;
pub mod status;
pub mod target;
pub mod version;

use crate::text::{TextFault, plain_name_within};

pub use action::{GatewayAction, GatewayStanding};
pub use event::GatewayEvent;
pub use status::{GatewayFacts, GatewayStatus, OFFLINE_TOLD_AFTER, TargetFinding};
pub use version::{Version, VersionState};

/// The longest name of a gateway, in characters.
pub const NAME_MAX: usize = 60;
/// The most agents of one gateway.
pub const REPLICAS_MOST: usize = 16;
/// The longest name of a machine that is kept, in characters.
pub const MACHINE_MAX: usize = 253;

/// A gateway's name, trimmed, or what is wrong with it.
pub fn name(text: &str) -> Result<&str, TextFault> {
    plain_name_within(text, NAME_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name("  Berlin data centre "), Ok("Berlin data centre"));
        assert_eq!(name(""), Err(TextFault::Empty));
        assert_eq!(name("<b>"), Err(TextFault::Forbidden('<')));
        assert_eq!(name(&"é".repeat(61)), Err(TextFault::TooLong(60)));
        assert_eq!(name("a\u{202e}b"), Err(TextFault::Control));
    }
}
