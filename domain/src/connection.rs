//! The states of a connection and what moves it from one to another.

use crate::gateway::{GatewayStatus, farewell};
use crate::time::{MINUTE, Timestamp};

/// How long a connection whose making was broken off is kept, in milliseconds.
pub const PENDING_LIFE: i64 = 30 * MINUTE;

/// Whether a connection works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum Status {
    /// Its making is not finished; never usable.
    Pending,
    /// Proved, with the time of the last proof.
    Active,
    /// The provider or the path to it fails; the credentials are not disproved.
    Degraded,
    /// The credentials are disproved.
    Invalid,
    /// Switched off by an owner.
    Disabled,
}

crate::coded!(Status);

impl Status {
    /// All statuses.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Active, Self::Degraded, Self::Invalid, Self::Disabled];

    /// The status in a word for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Active => "Active",
            Self::Degraded => "Degraded",
            Self::Invalid => "Invalid",
            Self::Disabled => "Disabled",
        }
    }

    /// The word that stands for the status in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Degraded => "degraded",
            Self::Invalid => "invalid",
            Self::Disabled => "disabled",
        }
    }

    /// The status that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Why a connection has its status; a closed list, each with what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "snake_case"))]
pub enum Reason {
    /// The connector's validation operation succeeded.
    Proved,
    /// The sign-in at the provider is not finished.
    AwaitingSignIn,
    /// The person said no at the provider.
    DeniedByUser,
    /// The provider refused the sign-in for another reason.
    SignInRefused,
    /// The provider does not accept the credentials.
    CredentialsRefused,
    /// The grant was revoked or ended at the provider, with no way to refresh it.
    GrantRevoked,
    /// The access token ended and there is no refresh token.
    Expired,
    /// A consent or a scope is missing at the provider.
    ConsentNeeded,
    /// Signed in as somebody else than before.
    WrongIdentity,
    /// The OAuth client is not accepted by the provider.
    ClientRefused,
    /// The provider answered with an error of its own.
    ProviderError,
    /// The provider limits the rate of calls.
    RateLimited,
    /// The provider did not answer in time.
    TimedOut,
    /// The provider could not be reached.
    Unreachable,
    /// The provider's answer made no sense.
    Nonsense,
    /// An owner switched the connection off.
    SwitchedOff,
    /// The gateway that it goes through is offline or disabled.
    GatewayOffline,
    /// The gateway that it goes through was disconnected from the tenant.
    GatewayDisconnected,
    /// The gateway's configuration does not let it reach its target.
    TargetNotAllowed,
    /// The gateway is there and does not reach the target.
    TargetUnreachable,
    /// Its password is sealed to machines that the gateway has no more.
    PasswordNeeded,
}

crate::coded!(Reason);

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 21] = [
        Self::Proved,
        Self::AwaitingSignIn,
        Self::DeniedByUser,
        Self::SignInRefused,
        Self::CredentialsRefused,
        Self::GrantRevoked,
        Self::Expired,
        Self::ConsentNeeded,
        Self::WrongIdentity,
        Self::ClientRefused,
        Self::ProviderError,
        Self::RateLimited,
        Self::TimedOut,
        Self::Unreachable,
        Self::Nonsense,
        Self::SwitchedOff,
        Self::GatewayOffline,
        Self::GatewayDisconnected,
        Self::TargetNotAllowed,
        Self::TargetUnreachable,
        Self::PasswordNeeded,
    ];

    /// The word that stands for the reason in JSON and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::AwaitingSignIn => "awaiting_sign_in",
            Self::DeniedByUser => "denied_by_user",
            Self::SignInRefused => "sign_in_refused",
            Self::CredentialsRefused => "credentials_refused",
            Self::GrantRevoked => "grant_revoked",
            Self::Expired => "expired",
            Self::ConsentNeeded => "consent_needed",
            Self::WrongIdentity => "wrong_identity",
            Self::ClientRefused => "client_refused",
            Self::ProviderError => "provider_error",
            Self::RateLimited => "rate_limited",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::Nonsense => "nonsense",
            Self::SwitchedOff => "switched_off",
            Self::GatewayOffline => "gateway_offline",
            Self::GatewayDisconnected => "gateway_disconnected",
            Self::TargetNotAllowed => "target_not_allowed",
            Self::TargetUnreachable => "target_unreachable",
            Self::PasswordNeeded => "password_needed",
        }
    }

    /// The reason that a code stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether this says that the credentials are bad, not only that the provider is out of reach.
    pub const fn disproves(self) -> bool {
        matches!(
            self,
            Self::CredentialsRefused
                | Self::GrantRevoked
                | Self::Expired
                | Self::ConsentNeeded
                | Self::WrongIdentity
                | Self::ClientRefused
                | Self::DeniedByUser
                | Self::SignInRefused
                | Self::GatewayDisconnected
                | Self::TargetNotAllowed
                | Self::PasswordNeeded
        )
    }

    /// Whether it is about the gateway that a connection goes through, or about what that reaches.
    pub const fn is_of_gateway(self) -> bool {
        matches!(
            self,
            Self::GatewayOffline
                | Self::GatewayDisconnected
                | Self::TargetNotAllowed
                | Self::TargetUnreachable
                | Self::PasswordNeeded
        )
    }

    /// What happened, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Proved => "The last check succeeded.",
            Self::AwaitingSignIn => "Waiting for the sign-in at the provider.",
            Self::DeniedByUser => "Access was denied at the provider.",
            Self::SignInRefused => "The provider refused the sign-in.",
            Self::CredentialsRefused => "The provider does not accept the credentials.",
            Self::GrantRevoked => "The access was revoked or has ended at the provider.",
            Self::Expired => "The access token has expired and cannot be renewed.",
            Self::ConsentNeeded => "The provider asks for a consent or a permission that is missing.",
            Self::WrongIdentity => "The sign-in was for another person than before.",
            Self::ClientRefused => "The provider does not accept the OAuth client.",
            Self::ProviderError => "The provider answered with an error.",
            Self::RateLimited => "The provider limits how often it can be called.",
            Self::TimedOut => "The provider did not answer in time.",
            Self::Unreachable => "The provider could not be reached.",
            Self::Nonsense => "The provider's answer could not be understood.",
            Self::SwitchedOff => "An owner disabled this connection.",
            Self::GatewayOffline => "The gateway is offline.",
            Self::GatewayDisconnected => farewell::CONNECTION_REASON,
            Self::TargetNotAllowed => "The gateway does not allow the target.",
            Self::TargetUnreachable => "The gateway cannot reach the target.",
            Self::PasswordNeeded => "The gateway has new machines.",
        }
    }

    /// What to do about it, in words.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Proved => "Nothing to do.",
            Self::AwaitingSignIn | Self::DeniedByUser | Self::SignInRefused => {
                "Sign in again and allow the access."
            }
            Self::GrantRevoked | Self::Expired | Self::ConsentNeeded => {
                "Sign in at the provider again. An owner of the connection can do this."
            }
            Self::CredentialsRefused => "Check the credentials at the provider, then connect again.",
            Self::WrongIdentity => "Sign in as the person that this connection belongs to.",
            Self::ClientRefused => "Check the OAuth client's id and secret. Developers can change them.",
            Self::ProviderError | Self::Unreachable | Self::TimedOut | Self::Nonsense => {
                "Test again in a while. If it goes on, look at the provider's status page."
            }
            Self::RateLimited => "Wait a little, then test again.",
            Self::SwitchedOff => "An owner can enable it again.",
            Self::GatewayOffline => GatewayStatus::Offline.remedy(),
            Self::GatewayDisconnected => "Edit the connection and select another gateway.",
            Self::TargetNotAllowed => "Add the target to the gateway's configuration, then test again.",
            Self::TargetUnreachable => "See whether the target is up, then test again.",
            Self::PasswordNeeded => "Enter the password again: the gateway has new machines.",
        }
    }
}

/// What a proof (the connector's validation operation) found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The credentials work.
    Proved,
    /// The credentials are disproved, for this reason.
    Disproved(Reason),
    /// Nothing was learned about the credentials, for this reason.
    Unknown(Reason),
}

/// The status and reason after a proof; `None` when the proof changes neither. A disabled connection stays
/// disabled and a pending one only ever becomes active or degraded by a proof.
pub fn after_proof(status: Status, reason: Reason, proof: Proof) -> Option<(Status, Reason)> {
    let next = match (status, proof) {
        // Switched off is switched off; and what was disproved stays so until a proof says otherwise.
        (Status::Disabled, _) | (Status::Invalid, Proof::Unknown(_)) => return None,
        (_, Proof::Proved) => (Status::Active, Reason::Proved),
        (Status::Pending, Proof::Disproved(why)) => (Status::Pending, why),
        (_, Proof::Disproved(why)) => (Status::Invalid, why),
        (_, Proof::Unknown(why)) => (Status::Degraded, why),
    };
    (next != (status, reason)).then_some(next)
}

/// When an access token is to be refreshed: 15 minutes before its end, or at three quarters of a shorter life.
pub fn refresh_at(issued: Timestamp, expires: Timestamp) -> Timestamp {
    let life = expires.since(issued).max(0);
    let by_clock = life - 15 * MINUTE;
    // Three quarters of the life come later than "15 minutes before" only for lives under an hour.
    issued.plus(if life < 60 * MINUTE { life / 4 * 3 } else { by_clock })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{HOUR, SECOND};

    #[test]
    fn codes_are_their_json() {
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.code());
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }

    #[test]
    fn a_proof_moves_the_status_as_documented() {
        use Proof::{Disproved, Proved, Unknown};
        use Reason as Why;
        let after = |status, reason, proof| after_proof(status, reason, proof);
        assert_eq!(after(Status::Pending, Why::AwaitingSignIn, Proved), Some((Status::Active, Why::Proved)));
        assert_eq!(
            after(Status::Pending, Why::AwaitingSignIn, Disproved(Why::CredentialsRefused)),
            Some((Status::Pending, Why::CredentialsRefused))
        );
        assert_eq!(
            after(Status::Active, Why::Proved, Unknown(Why::TimedOut)),
            Some((Status::Degraded, Why::TimedOut))
        );
        assert_eq!(
            after(Status::Active, Why::Proved, Disproved(Why::GrantRevoked)),
            Some((Status::Invalid, Why::GrantRevoked))
        );
        assert_eq!(after(Status::Invalid, Why::GrantRevoked, Unknown(Why::TimedOut)), None);
        assert_eq!(after(Status::Invalid, Why::GrantRevoked, Proved), Some((Status::Active, Why::Proved)));
        assert_eq!(after(Status::Active, Why::Proved, Proved), None);
        for proof in [Proved, Disproved(Why::Expired), Unknown(Why::TimedOut)] {
            assert_eq!(after(Status::Disabled, Why::SwitchedOff, proof), None);
        }
    }

    #[test]
    fn refresh_comes_in_time() {
        let start = Timestamp::from_millis(0);
        assert_eq!(refresh_at(start, start.plus(HOUR)).millis(), 45 * MINUTE);
        assert_eq!(refresh_at(start, start.plus(8 * HOUR)).millis(), 8 * HOUR - 15 * MINUTE);
        assert_eq!(refresh_at(start, start.plus(40 * SECOND)).millis(), 30 * SECOND);
        assert_eq!(refresh_at(start, start.plus(-5)).millis(), 0);
    }
}
