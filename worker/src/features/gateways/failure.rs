//! What a caller is told of a call that did not come through a gateway.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_domain::gateway::GatewayStatus;

use crate::http::Failure;
use crate::ports::{GatewayAway, GatewayFailure};

/// The problem that a failed call is, with the gateway's name, how it is, and the target's name for people.
pub(crate) fn failed(
    failure: GatewayFailure,
    (gateway, status): (&str, Option<GatewayStatus>),
    target: &str,
) -> Failure {
    match failure {
        GatewayFailure::Away(away) => self::away(away, gateway, status),
        GatewayFailure::Failed(failure) => {
            let mut words = failure.code.about(target);
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

fn away(away: GatewayAway, gateway: &str, status: Option<GatewayStatus>) -> Failure {
    let words = match away {
        GatewayAway::NotLinked => {
            // That it was there a moment ago says nothing.
            let status = status.filter(|status| !status.takes_calls()).unwrap_or(GatewayStatus::Offline);
            let (is, remedy) = (status.words().to_lowercase(), status.remedy());
            format!("The gateway “{gateway}” is {is}, so nothing was sent. {remedy}")
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
