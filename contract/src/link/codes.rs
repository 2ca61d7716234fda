//! The closed lists of reasons, each with the words for people.

use drawbridge_domain::closed_list;

closed_list! {
    feature "openapi",
    /// Why a server refuses a link.
    Refusal {
        /// No such gateway, no such key, or a wrong signature; which one is not said.
        Unauthorized = "unauthorized", "the tenant does not know this gateway's key";
        /// The key is right, and the gateway is switched off.
        Disabled = "disabled", "an administrator has disabled this gateway";
        /// The agent is older than what is supported.
        TooOld = "too_old", "this version of the agent is no longer supported";
        /// The two have no version of the protocol in common.
        NoCommonProtocol = "no_common_protocol", "agent and server have no version of the protocol in common";
        /// What the agent said could not be read.
        NotUnderstood = "not_understood", "the server did not understand the agent";
        /// The server cannot take it just now.
        Busy = "busy", "the server cannot take the link just now";
    }
}

closed_list! {
    feature "openapi",
    /// Why a link that stood is ended.
    Goodbye {
        /// The gateway was removed from the tenant: the agent erases its key and stops.
        Disconnected = "disconnected", "the gateway was disconnected from its tenant";
        /// The gateway was switched off; it may be switched on again.
        Disabled = "disabled", "an administrator has disabled this gateway";
        /// Another key counts now than the one that this link was proved with.
        KeyRotated = "key_rotated", "the gateway's key was changed";
        /// The same replica has opened another link since.
        Replaced = "replaced", "this replica has opened a newer link";
        /// The agent is older than what is supported.
        TooOld = "too_old", "this version of the agent is no longer supported";
        /// The one that says it stops or is started anew.
        ShuttingDown = "shutting_down", "the other side is shutting down";
        /// The other side broke the protocol.
        ProtocolError = "protocol_error", "the other side did not keep to the protocol";
    }
}

impl Goodbye {
    /// Whether the agent's key is worth nothing from now on, so that it is to be erased.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Disconnected)
    }
}

closed_list! {
    feature "openapi",
    /// Why a call failed at the agent.
    FailureCode {
        /// The target is not on the agent's allow-list.
        TargetNotAllowed = "target_not_allowed", "the gateway's configuration has no such target";
        /// The target is, its path is not.
        PathNotAllowed = "path_not_allowed", "the gateway's configuration does not allow this path of the target";
        /// The agent does not serve calls of this kind, or the target is of another one.
        KindNotSupported = "kind_not_supported", "this target does not take calls of this kind at this gateway";
        /// The call's head could not be read or holds what must not be sent.
        NotUnderstood = "not_understood", "the gateway could not read the call";
        /// Too many calls are under way.
        TooManyCalls = "too_many_calls", "too many calls are under way at this gateway";
        /// The agent is about to stop.
        Draining = "draining", "the gateway is about to stop and takes no new calls";
        /// The target's name has no address.
        TargetNameUnknown = "target_name_unknown", "the target's name cannot be resolved in the gateway's network";
        /// No connection to the target came about.
        TargetUnreachable = "target_unreachable", "the gateway cannot reach the target";
        /// The target's certificate or TLS is not acceptable.
        TargetTls = "target_tls", "the gateway does not accept the target's TLS certificate";
        /// The target refuses the login that the gateway has.
        TargetLogin = "target_login", "the target refuses the login";
        /// The target takes the connection's login, and the call brings none.
        CredentialsNeeded = "credentials_needed", "the target takes the connection's login, and the connection has none for this gateway";
        /// What the call brings was not sealed for this replica, target and server.
        CredentialsUnreadable = "credentials_unreadable", "the connection's login was sealed for another gateway, key or target; enter it again";
        /// The target takes the login of the gateway's machine, or another kind of login.
        CredentialsNotTaken = "credentials_not_taken", "the target does not take this login from a connection";
        /// A secret that the configuration names cannot be read.
        CredentialsMissing = "credentials_missing", "a secret of the target cannot be read on the gateway's machine";
        /// The target broke off or answered nonsense.
        TargetBroke = "target_broke", "the target broke off its answer";
        /// The call's time was over.
        Deadline = "deadline", "the target did not answer in time";
        /// The answer is larger than what is let through.
        AnswerTooLarge = "answer_too_large", "the target's answer is too large";
        /// A fault of the agent.
        Internal = "internal", "something went wrong in the gateway";
    }
}

impl FailureCode {
    /// The same in a sentence that tells the gateway's health and the target's apart, such as “The gateway is fine, SQL01
    /// refuses the login.”
    pub fn about(self, target: &str) -> String {
        match self {
            Self::TooManyCalls | Self::Draining | Self::Internal => {
                ["The gateway: ", self.words(), "."].concat()
            }
            Self::TargetLogin => ["The gateway is fine, ", target, " refuses the login."].concat(),
            Self::TargetNameUnknown | Self::TargetUnreachable | Self::TargetTls => {
                ["The gateway is fine, ", target, " cannot be reached. Reason: ", self.words(), "."].concat()
            }
            _ => ["The gateway is fine, ", target, " is not: ", self.words(), "."].concat(),
        }
    }
}

closed_list! {
    feature "openapi",
    /// How a target was found when it was last looked at.
    TargetState {
        /// It was not looked at yet.
        Unknown = "unknown", "not looked at yet";
        /// It can be reached.
        Reachable = "reachable", "can be reached";
        /// It cannot.
        Failing = "failing", "cannot be reached";
    }
}

/// Why the server does not wait for a call any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// Whoever called has gone away.
    CallerGone,
    /// The call's time is over.
    Deadline,
    /// The body cannot be had whole.
    BodyBroken,
}

impl Cancelled {
    /// The byte that stands for it.
    pub const fn byte(self) -> u8 {
        match self {
            Self::CallerGone => 1,
            Self::Deadline => 2,
            Self::BodyBroken => 3,
        }
    }

    /// What a byte stands for.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::CallerGone),
            2 => Some(Self::Deadline),
            3 => Some(Self::BodyBroken),
            _ => None,
        }
    }

    /// A word for logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CallerGone => "caller_gone",
            Self::Deadline => "deadline",
            Self::BodyBroken => "body_broken",
        }
    }
}
