//! What can be done with a gateway, and why not just now.

use super::REPLICAS_MOST;
use super::version::VersionState;

/// Something that can be done with a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayAction {
    /// Change its name.
    Rename,
    /// Make a code by which one more agent joins.
    AddMachine,
    /// Let no call through.
    Disable,
    /// Let calls through again.
    Enable,
    /// Have its agents make new keys.
    RotateKey,
    /// Put a newer agent in the place of one that is there.
    Update,
    /// Remove it from the tenant.
    Disconnect,
}

impl GatewayAction {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Rename,
        Self::AddMachine,
        Self::Disable,
        Self::Enable,
        Self::RotateKey,
        Self::Update,
        Self::Disconnect,
    ];
}

/// What decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayStanding {
    /// An administrator has switched it off.
    pub disabled: bool,
    /// Agents that have joined.
    pub replicas: usize,
    /// Of these, those that are online.
    pub linked: usize,
    /// How the oldest of their versions stands to the newest; `None`: none has joined.
    pub version: Option<VersionState>,
}

/// Whether it can be done just now; why not, in words.
pub fn check(action: GatewayAction, standing: GatewayStanding) -> Result<(), &'static str> {
    let refused = match action {
        GatewayAction::AddMachine if standing.replicas >= REPLICAS_MOST => {
            "A gateway has at most 16 machines. Remove one that is gone first."
        }
        GatewayAction::Disable if standing.disabled => "This gateway is disabled already.",
        GatewayAction::Enable if !standing.disabled => "This gateway is enabled already.",
        GatewayAction::RotateKey if standing.linked == 0 => {
            "None of its machines is online; keys are changed over the link."
        }
        GatewayAction::Update if standing.version.is_none() => "No machine has joined this gateway yet.",
        GatewayAction::Update if standing.version == Some(VersionState::Current) => {
            "All of its machines run the newest version."
        }
        _ => return Ok(()),
    };
    Err(refused)
}

/// Why a machine cannot be drained just now, in words.
pub const fn may_drain(linked: bool, draining: bool) -> Result<(), &'static str> {
    match (linked, draining) {
        (false, _) => Err("This machine is not online, so it takes no calls."),
        (true, true) => Err("This machine takes no new calls already."),
        (true, false) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: GatewayStanding =
        GatewayStanding { disabled: false, replicas: 2, linked: 1, version: Some(VersionState::Outdated) };

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        let refused = |standing: GatewayStanding| {
            GatewayAction::ALL
                .into_iter()
                .filter(|action| check(*action, standing).is_err())
                .collect::<Vec<_>>()
        };
        assert_eq!(refused(FINE), [GatewayAction::Enable]);
        let off = GatewayStanding { disabled: true, linked: 0, ..FINE };
        assert_eq!(refused(off), [GatewayAction::Disable, GatewayAction::RotateKey]);
        let fresh = GatewayStanding { replicas: 0, linked: 0, version: None, ..FINE };
        assert_eq!(refused(fresh), [GatewayAction::Enable, GatewayAction::RotateKey, GatewayAction::Update]);
        let full = GatewayStanding { replicas: REPLICAS_MOST, version: Some(VersionState::Current), ..FINE };
        assert_eq!(refused(full), [GatewayAction::AddMachine, GatewayAction::Enable, GatewayAction::Update]);
    }

    #[test]
    fn the_words_name_the_limit() {
        let full = GatewayStanding { replicas: REPLICAS_MOST, ..FINE };
        let words = check(GatewayAction::AddMachine, full).unwrap_err();
        assert!(words.contains(&REPLICAS_MOST.to_string()), "{words}");
    }

    #[test]
    fn only_what_takes_calls_is_drained() {
        assert_eq!(may_drain(true, false), Ok(()));
        assert!(may_drain(true, true).is_err() && may_drain(false, false).is_err());
    }
}
