//! How a gateway is, and what to do about it.

use super::version::{NOT_REPORTED_REMEDY, Version};
use crate::time::SECOND;

/// How long no machine of a gateway must be there before webhooks are told that it is offline, in milliseconds: as long
/// as it may take to notice that a link is dead. Who only dials anew is back sooner.
pub const OFFLINE_TOLD_AFTER: i64 = 30 * SECOND;

/// How a gateway is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum GatewayStatus {
    /// A code was made; no agent was seen.
    AwaitingSetup,
    /// Its agents are there and reach their targets.
    Online,
    /// Some agent is not there, or does not reach a target.
    Degraded,
    /// No agent is there.
    Offline,
    /// An administrator has switched it off.
    Disabled,
}

crate::coded!(GatewayStatus);

impl GatewayStatus {
    /// All, in the order of the filter.
    pub const ALL: [Self; 5] =
        [Self::AwaitingSetup, Self::Online, Self::Degraded, Self::Offline, Self::Disabled];

    /// The word that stands for it in JSON, in the database and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AwaitingSetup => "awaitingSetup",
            Self::Online => "online",
            Self::Degraded => "degraded",
            Self::Offline => "offline",
            Self::Disabled => "disabled",
        }
    }

    /// The status that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AwaitingSetup => "Awaiting setup",
            Self::Online => "Online",
            Self::Degraded => "Degraded",
            Self::Offline => "Offline",
            Self::Disabled => "Disabled",
        }
    }

    /// What to do about it; empty when nothing is to be done.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::AwaitingSetup => {
                "Install the gateway on a machine in your network and enrol it with its code. If the code is more than \
                 10 minutes old, make a new one."
            }
            Self::Online => "",
            Self::Degraded => {
                "Open the gateway to see which of its machines or targets fails; calls go on through the others."
            }
            Self::Offline => {
                "See whether its machine is on and reaches the internet, and run “drawbridge-gateway doctor” on it."
            }
            Self::Disabled => "Enable the gateway to let calls through again.",
        }
    }

    /// Whether calls go through.
    pub const fn takes_calls(self) -> bool {
        matches!(self, Self::Online | Self::Degraded)
    }

    /// How a gateway is by what is known of it.
    pub const fn of(facts: &GatewayFacts) -> Self {
        if facts.disabled {
            Self::Disabled
        } else if facts.replicas == 0 {
            Self::AwaitingSetup
        } else if facts.linked == 0 {
            Self::Offline
        } else if facts.linked < facts.replicas || facts.failing_targets > 0 {
            Self::Degraded
        } else {
            Self::Online
        }
    }

    /// What the list shows in the place of a status: an agent that is too old to report one says nothing about itself.
    /// What an administrator did, and that nobody is there, is known all the same.
    pub fn shown(self, version: Option<Version>) -> Result<Self, &'static str> {
        let unsaid = matches!(self, Self::Online | Self::Degraded)
            && version.is_some_and(|version| !version.reports());
        if unsaid { Err(NOT_REPORTED_REMEDY) } else { Ok(self) }
    }
}

/// What is known of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayFacts {
    /// An administrator has switched it off.
    pub disabled: bool,
    /// Agents that have joined.
    pub replicas: u32,
    /// Of these, those whose link stands.
    pub linked: u32,
    /// Targets that some linked agent does not reach.
    pub failing_targets: u32,
}

/// How a target is, seen from the page: the link's state stands apart from the target's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum TargetFinding {
    /// The gateway is there and reaches it.
    Reachable,
    /// The gateway is there and does not reach it.
    Failing,
    /// Nobody looked yet.
    NotLookedAt,
    /// The gateway is not there, so nobody knows.
    GatewayAway,
}

crate::coded!(TargetFinding);

impl TargetFinding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reachable, Self::Failing, Self::NotLookedAt, Self::GatewayAway];

    /// The word that stands for it in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Failing => "failing",
            Self::NotLookedAt => "notLookedAt",
            Self::GatewayAway => "gatewayAway",
        }
    }

    /// What a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// What several agents found together: one that is there and does not reach it is what counts; what is found by
    /// nobody that is there is not known.
    pub fn together(found: impl IntoIterator<Item = Self>) -> Self {
        let rank = |finding: &Self| match finding {
            Self::Failing => 3,
            Self::Reachable => 2,
            Self::NotLookedAt => 1,
            Self::GatewayAway => 0,
        };
        found.into_iter().max_by_key(rank).unwrap_or(Self::GatewayAway)
    }

    /// For people, such as “The gateway is fine, SQL01 cannot be reached.”
    pub fn words(self, target: &str) -> String {
        match self {
            Self::Reachable => format!("{target} can be reached."),
            Self::Failing => format!("The gateway is fine, {target} cannot be reached."),
            Self::NotLookedAt => format!("The gateway has not looked at {target} yet."),
            Self::GatewayAway => format!("The gateway is not online, so nobody knows how {target} is."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::version::REPORTS_FROM;

    const FINE: GatewayFacts = GatewayFacts { disabled: false, replicas: 2, linked: 2, failing_targets: 0 };

    #[test]
    fn a_status_follows_from_the_facts() {
        let of = |facts| GatewayStatus::of(&facts);
        assert_eq!(of(FINE), GatewayStatus::Online);
        assert_eq!(of(GatewayFacts { linked: 1, ..FINE }), GatewayStatus::Degraded);
        assert_eq!(of(GatewayFacts { failing_targets: 1, ..FINE }), GatewayStatus::Degraded);
        assert_eq!(of(GatewayFacts { linked: 0, failing_targets: 3, ..FINE }), GatewayStatus::Offline);
        assert_eq!(of(GatewayFacts { replicas: 0, linked: 0, ..FINE }), GatewayStatus::AwaitingSetup);
        assert_eq!(of(GatewayFacts { disabled: true, ..FINE }), GatewayStatus::Disabled);
        let fresh = GatewayFacts { disabled: true, replicas: 0, linked: 0, failing_targets: 0 };
        assert_eq!(of(fresh), GatewayStatus::Disabled);
    }

    #[test]
    fn what_agents_found_together_is_what_the_worst_of_those_that_are_there_found() {
        use TargetFinding as Found;
        let of = |found: &[Found]| Found::together(found.iter().copied());
        assert_eq!(of(&[Found::Reachable, Found::Failing, Found::GatewayAway]), Found::Failing);
        assert_eq!(of(&[Found::GatewayAway, Found::Reachable, Found::NotLookedAt]), Found::Reachable);
        assert_eq!(of(&[Found::NotLookedAt, Found::GatewayAway]), Found::NotLookedAt);
        assert_eq!(of(&[]), Found::GatewayAway);
        for finding in Found::ALL {
            assert_eq!(Found::from_code(finding.code()), Some(finding));
        }
    }

    #[test]
    fn every_status_but_the_good_one_says_what_to_do() {
        for status in GatewayStatus::ALL {
            assert_eq!(GatewayStatus::from_code(status.code()), Some(status));
            assert_eq!(status.remedy().is_empty(), status == GatewayStatus::Online, "{status:?}");
        }
    }

    #[test]
    fn an_old_agent_shows_no_status() {
        let old = Some(Version::new(2, 2, 84));
        assert_eq!(GatewayStatus::Online.shown(old), Err(NOT_REPORTED_REMEDY));
        assert_eq!(GatewayStatus::Degraded.shown(old), Err(NOT_REPORTED_REMEDY));
        assert_eq!(GatewayStatus::Disabled.shown(old), Ok(GatewayStatus::Disabled));
        assert_eq!(GatewayStatus::Offline.shown(old), Ok(GatewayStatus::Offline));
        assert_eq!(GatewayStatus::Online.shown(Some(REPORTS_FROM)), Ok(GatewayStatus::Online));
        assert_eq!(GatewayStatus::AwaitingSetup.shown(None), Ok(GatewayStatus::AwaitingSetup));
    }
}
