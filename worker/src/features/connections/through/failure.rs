//! What it says of a connection when its call did not come through the gateway.

use drawbridge_contract::link::FailureCode;
use drawbridge_domain::connection::Reason;

use super::Route;
use crate::features::connections::store::through as store;
use crate::http::Scope;
use crate::ports::{GatewayAway, GatewayFailure};
use crate::services::Services;

/// The reason, and what was said about it.
pub(in super::super) async fn understood(
    services: &Services,
    scope: &Scope,
    route: &Route,
    failure: &GatewayFailure,
) -> (Reason, Option<String>) {
    let GatewayFailure::Away(away @ (GatewayAway::NotLinked | GatewayAway::NoBox)) = failure else {
        return (reason(failure), words(failure));
    };
    // Nobody is there to say more: the database knows whether the gateway is the tenant's still, and its machines those
    // that the credentials are sealed to.
    let Ok(rows) = store::gateway(services, scope, &route.gateway).await else {
        return (Reason::GatewayOffline, None);
    };
    if rows.is_empty() {
        return (Reason::GatewayDisconnected, None);
    }
    let any = rows.iter().filter_map(|row| row.replica.as_ref()).any(|replica| route.has_box(replica));
    match away {
        GatewayAway::NoBox if !any => (Reason::PasswordNeeded, None),
        GatewayAway::NoBox => {
            let words = "The machines that can read the credentials are offline. Enter them again for those that joined since.";
            (Reason::GatewayOffline, Some(words.to_owned()))
        }
        _ => (Reason::GatewayOffline, None),
    }
}

fn reason(failure: &GatewayFailure) -> Reason {
    match failure {
        GatewayFailure::Away(GatewayAway::NotLinked | GatewayAway::NoBox) => Reason::GatewayOffline,
        GatewayFailure::Broke(_) => Reason::TimedOut,
        GatewayFailure::Away(GatewayAway::KindNotServed) => Reason::TargetNotAllowed,
        GatewayFailure::Away(GatewayAway::Busy) => Reason::RateLimited,
        GatewayFailure::Failed(failure) => match failure.code {
            FailureCode::TargetNotAllowed
            | FailureCode::PathNotAllowed
            | FailureCode::KindNotSupported
            | FailureCode::CredentialsMissing
            | FailureCode::CredentialsNeeded
            | FailureCode::CredentialsNotTaken => Reason::TargetNotAllowed,
            FailureCode::CredentialsUnreadable => Reason::PasswordNeeded,
            FailureCode::TargetNameUnknown | FailureCode::TargetUnreachable | FailureCode::TargetTls => {
                Reason::TargetUnreachable
            }
            FailureCode::TargetLogin => Reason::CredentialsRefused,
            FailureCode::Deadline => Reason::TimedOut,
            FailureCode::TooManyCalls | FailureCode::Draining => Reason::RateLimited,
            FailureCode::TargetBroke
            | FailureCode::AnswerTooLarge
            | FailureCode::NotUnderstood
            | FailureCode::Internal => Reason::Nonsense,
        },
    }
}

/// What the gateway said, for people.
fn words(failure: &GatewayFailure) -> Option<String> {
    match failure {
        GatewayFailure::Away(GatewayAway::KindNotServed) => {
            Some("No machine of the gateway takes calls of this kind. Update the agent there.".to_owned())
        }
        GatewayFailure::Failed(failure) if failure.detail.is_empty() => Some(failure.code.words().to_owned()),
        GatewayFailure::Failed(failure) => Some(format!("{}: {}", failure.code.words(), failure.detail)),
        GatewayFailure::Away(_) | GatewayFailure::Broke(_) => None,
    }
}

/// Whether a use that failed so says something of the connection, and not only of this one call.
pub(in super::super) fn is_of_connection(failure: &GatewayFailure) -> bool {
    match failure {
        GatewayFailure::Away(away) => *away != GatewayAway::Busy,
        GatewayFailure::Broke(_) => false,
        GatewayFailure::Failed(failure) => matches!(
            failure.code,
            FailureCode::TargetNotAllowed
                | FailureCode::KindNotSupported
                | FailureCode::CredentialsMissing
                | FailureCode::CredentialsNeeded
                | FailureCode::CredentialsNotTaken
                | FailureCode::CredentialsUnreadable
                | FailureCode::TargetNameUnknown
                | FailureCode::TargetUnreachable
                | FailureCode::TargetTls
                | FailureCode::TargetLogin
        ),
    }
}
