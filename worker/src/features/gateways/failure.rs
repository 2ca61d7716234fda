//! What a caller is told of a call that did not come through a gateway.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::gateway::GatewayStatus;

use crate::http::Failure;
use crate::ports::{GatewayAway, GatewayFailure};

/// The problem that a failed call is, with the gateway's and the target's names for people.
pub(crate) fn failed(failure: GatewayFailure, gateway: &str, target: &str) -> Failure {
    match failure {
        GatewayFailure::Away(away) => self::away(away, gateway),
        GatewayFailure::Failed(failure) => {
            let mut words = format!("{}: {}.", of_target(failure.code, target), failure.code.words());
            if !failure.detail.is_empty() {
                words.extend([" It says: ", &failure.detail]);
            }
            Failure::new(ProblemCode::GatewayFailed, words).because(failure.code.code())
        }
        GatewayFailure::Broke(cause) => Failure::new(
            ProblemCode::GatewayFailed,
            format!(
                "The gateway “{gateway}” was lost before {target} had answered. It may have been done: look there before \
                 you try again."
            ),
        )
        .because(cause),
    }
}

/// Which part of the way the words are about.
fn of_target(code: FailureCode, target: &str) -> String {
    match code {
        FailureCode::TooManyCalls | FailureCode::Draining | FailureCode::Internal => "The gateway".to_owned(),
        _ => format!("The gateway is fine, {target} is not"),
    }
}

fn away(away: GatewayAway, gateway: &str) -> Failure {
    let words = match away {
        GatewayAway::NotLinked => {
            let remedy = GatewayStatus::Offline.remedy();
            format!("The gateway “{gateway}” is offline, so nothing was sent. {remedy}")
        }
        GatewayAway::KindNotServed => {
            format!("No machine of the gateway “{gateway}” takes calls of this kind. Update the agent there.")
        }
        GatewayAway::NoBox => format!(
            "The machines of the gateway “{gateway}” that are online joined after this connection was made and cannot open \
             its credentials. Enter them again."
        ),
        GatewayAway::Busy => {
            format!("The gateway “{gateway}” has as many calls under way as it can take. Try again soon.")
        }
    };
    Failure::new(ProblemCode::GatewayOffline, words)
}
