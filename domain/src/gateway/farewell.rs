//! What an agent says on the machine when its tenant does not want it any more, as operators know it from long ago.

/// Printed when a server refuses the agent's key, before anything else.
pub const TOKEN_STATUS_ERROR: [&str; 2] = [
    "Error occurred during the execution of method SetTokenStatusAsync",
    "Failed to set token status - Unauthorized: Unauthorized",
];
/// What it means and what to do.
pub const TOKEN_STATUS_REMEDY: &str = "The tenant does not know this gateway's key any more: the gateway was disconnected \
    there while this machine was off or cut off. It stops dialling. To use this machine again, add a gateway on the page \
    Settings → Gateways and run “drawbridge-gateway enroll” with the code that it shows; otherwise run \
    “drawbridge-gateway service uninstall”.";

/// Printed when the agent is started and has no key.
pub const NO_KEY_ERROR: [&str; 2] = [
    "Error occurred during execution of method OnGetTokenAsync",
    "Value cannot be null. (Parameter 'sharedAccessSignature')",
];
/// What it means and what to do.
pub const NO_KEY_REMEDY: &str = "This machine has no key of a gateway: it was never enrolled, or its gateway was \
    disconnected and the key is erased. Add a gateway on the page Settings → Gateways and run “drawbridge-gateway enroll” \
    with the code that it shows.";

/// Printed when the agent is told that its gateway was disconnected while the link stood.
pub const DISCONNECTED: &str = "This gateway was disconnected from its tenant by an administrator. Its key is erased and \
    the agent stops. To join again, add a gateway on the page Settings → Gateways and run “drawbridge-gateway enroll” with \
    the code that it shows.";

/// Why connections of a gateway that was disconnected are invalid.
pub const CONNECTION_REASON: &str = "Its gateway was disconnected.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_lines_stand_as_they_are_known() {
        assert_eq!(
            [TOKEN_STATUS_ERROR, NO_KEY_ERROR].concat().join("\n"),
            "Error occurred during the execution of method SetTokenStatusAsync\n\
             Failed to set token status - Unauthorized: Unauthorized\n\
             Error occurred during execution of method OnGetTokenAsync\n\
             Value cannot be null. (Parameter 'sharedAccessSignature')"
        );
        for remedy in [TOKEN_STATUS_REMEDY, NO_KEY_REMEDY, DISCONNECTED] {
            assert!(remedy.contains("drawbridge-gateway enroll"), "{remedy}");
        }
    }
}
