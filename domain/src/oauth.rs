//! Rules of the authorization code flow that need no network: RFC 6749, 7636, 9207 and 9700.

use crate::connection::Reason;
use crate::time::{MINUTE, Timestamp};

/// How long a person has to come back from the provider, in milliseconds.
pub const FLOW_LIFE: i64 = 10 * MINUTE;

/// What is known of a flow when a callback names its `state`.
#[derive(Debug, Clone, Copy)]
pub struct FlowFacts {
    /// When the flow ends by itself.
    pub expires: Timestamp,
    /// Whether a callback already used it.
    pub used: bool,
    /// Whether the browser that brings the callback is the one that started the flow.
    pub same_browser: bool,
}

/// Why a callback is refused before anything is asked of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackRefusal {
    /// No flow has this `state`: forged, foreign or long gone.
    Unknown,
    /// A callback used this flow before.
    Used,
    /// The person took longer than the flow lives.
    Expired,
    /// Another browser, or another sign-in, started the flow.
    OtherBrowser,
    /// The answer came from another issuer than the one asked (RFC 9207).
    WrongIssuer,
    /// Neither a code nor an error came back, or parameters were repeated.
    Malformed,
}

impl CallbackRefusal {
    /// The refusal's code in addresses and problems.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "flow_unknown",
            Self::Used => "flow_used",
            Self::Expired => "flow_expired",
            Self::OtherBrowser => "flow_other_browser",
            Self::WrongIssuer => "flow_wrong_issuer",
            Self::Malformed => "flow_malformed",
        }
    }

    /// What happened and what to do, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unknown => {
                "This sign-in is not known here. It may have been started elsewhere or long ago. Start again from the connection."
            }
            Self::Used => {
                "This sign-in was already used. If the connection does not work, start again from the connection."
            }
            Self::Expired => "The sign-in took longer than 10 minutes. Start again from the connection.",
            Self::OtherBrowser => {
                "This sign-in was started in another browser or by another user. Start again in the browser where you are signed in to Drawbridge."
            }
            Self::WrongIssuer => {
                "The answer came from another server than the one that was asked. Nothing was connected. Start again, and tell your administrator if it happens again."
            }
            Self::Malformed => {
                "The provider's answer could not be understood. Start again from the connection."
            }
        }
    }
}

/// Decides whether a callback may use the flow. An unknown browser is told nothing of the flow's state.
pub fn check_callback(flow: Option<FlowFacts>, now: Timestamp) -> Result<(), CallbackRefusal> {
    let Some(flow) = flow else { return Err(CallbackRefusal::Unknown) };
    if !flow.same_browser {
        Err(CallbackRefusal::OtherBrowser)
    } else if flow.used {
        Err(CallbackRefusal::Used)
    } else if now >= flow.expires {
        Err(CallbackRefusal::Expired)
    } else {
        Ok(())
    }
}

/// The reason that an `error` of the authorization endpoint stands for (RFC 6749 §4.1.2.1, OpenID Connect).
pub fn authorization_error(error: &str) -> Reason {
    match error {
        "access_denied" => Reason::DeniedByUser,
        "unauthorized_client" | "invalid_client" => Reason::ClientRefused,
        "invalid_scope" | "consent_required" | "interaction_required" => Reason::ConsentNeeded,
        "server_error" | "temporarily_unavailable" => Reason::ProviderError,
        _ => Reason::SignInRefused,
    }
}

/// The reason that an `error` of the token endpoint stands for (RFC 6749 §5.2).
pub fn token_error(error: &str) -> Reason {
    match error {
        "invalid_grant" => Reason::GrantRevoked,
        "invalid_client" | "unauthorized_client" => Reason::ClientRefused,
        "invalid_scope" | "consent_required" | "interaction_required" => Reason::ConsentNeeded,
        "server_error" | "temporarily_unavailable" | "slow_down" => Reason::ProviderError,
        _ => Reason::SignInRefused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_checked_in_the_order_that_tells_a_stranger_least() {
        let now = Timestamp::from_millis(1000);
        let fine = FlowFacts { expires: now.plus(1), used: false, same_browser: true };
        assert_eq!(check_callback(Some(fine), now), Ok(()));
        assert_eq!(check_callback(None, now), Err(CallbackRefusal::Unknown));
        assert_eq!(
            check_callback(Some(FlowFacts { used: true, same_browser: false, ..fine }), now),
            Err(CallbackRefusal::OtherBrowser)
        );
        assert_eq!(check_callback(Some(FlowFacts { used: true, ..fine }), now), Err(CallbackRefusal::Used));
        assert_eq!(
            check_callback(Some(FlowFacts { expires: now, ..fine }), now),
            Err(CallbackRefusal::Expired)
        );
    }

    #[test]
    fn a_definite_invalid_grant_disproves() {
        assert!(token_error("invalid_grant").disproves());
        assert!(!token_error("server_error").disproves());
        assert_eq!(authorization_error("access_denied"), Reason::DeniedByUser);
    }
}
