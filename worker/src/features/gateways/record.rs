//! Gateways as the database has them, and as the contract tells them.

use std::collections::BTreeMap;

use drawbridge_contract::link::TargetState;
use drawbridge_contract::link::messages::TargetReport;
use drawbridge_contract::types::Person;
use drawbridge_contract::types::gateways::{
    Gateway, GatewayFigures, GatewayReplica, GatewaySummary, GatewayTarget, ReplicaTarget,
};
use drawbridge_domain::gateway::code::CodeState;
use drawbridge_domain::gateway::version::{Version, VersionState};
use drawbridge_domain::gateway::{GatewayFacts, GatewayStanding, GatewayStatus, TargetFinding, code};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use super::store::{GatewayRow, ReplicaRow, WholeRow};
use crate::http::Failure;
use crate::json;
use crate::ports::GatewayState;

/// An agent, as far as the list shows it.
#[derive(Deserialize)]
struct Agent {
    machine: String,
    version: String,
}

/// How a version stands to the newest; one that cannot be read is none of ours.
fn state_of(version: &str) -> VersionState {
    Version::parse(version).map_or(VersionState::Unsupported, Version::state)
}

/// The oldest of several versions.
fn oldest<'a>(versions: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    versions.min_by_key(|version| Version::parse(version))
}

/// A row of the list in the words of the contract.
pub(super) fn summary(row: &GatewayRow) -> Result<GatewaySummary, Failure> {
    let agents: Vec<Agent> = json::read(&row.agents)?;
    let version = oldest(agents.iter().map(|agent| agent.version.as_str())).map(str::to_owned);
    Ok(GatewaySummary {
        id: row.id.clone(),
        name: row.name.clone(),
        status: GatewayStatus::from_code(&row.status)
            .ok_or_else(|| Failure::internal("a gateway's status that is none"))?,
        last_seen_at: row.last_seen_at.map(Timestamp::from_millis),
        linked: row.linked,
        version_state: version.as_deref().map(state_of),
        version,
        machines: agents.into_iter().map(|agent| agent.machine).collect(),
        created_by: Person { id: row.created_by.clone(), name: row.created_by_name.clone() },
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// A gateway in the words of the contract: as its links are just now, where its hub said so, else as it was written
/// last.
pub(super) fn gateway(
    row: &WholeRow,
    replicas: Vec<ReplicaRow>,
    live: Option<&GatewayState>,
    now: Timestamp,
) -> Result<Gateway, Failure> {
    let replicas: Vec<GatewayReplica> =
        replicas.into_iter().map(|row| replica(row, live)).collect::<Result<_, _>>()?;
    let mut summary = summary(&row.gateway)?;
    let linked = || replicas.iter().filter(|replica| replica.linked_since.is_some());
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let failing = linked().flat_map(|replica| &replica.targets);
    summary.linked = count(linked().count());
    summary.status = GatewayStatus::of(&GatewayFacts {
        disabled: row.gateway.disabled == 1,
        replicas: count(replicas.len()),
        linked: summary.linked,
        failing_targets: count(failing.filter(|target| target.finding == TargetFinding::Failing).count()),
    });
    summary.last_seen_at = summary.last_seen_at.max(replicas.iter().filter_map(|one| one.last_seen_at).max());
    let code = row.code_made_at.map(Timestamp::from_millis);
    let code = code.filter(|made| CodeState::of(*made, false, now) == CodeState::Good);
    Ok(Gateway {
        summary,
        targets: targets(&replicas),
        replicas,
        connections: row.connections,
        code_until: code.map(|made| made.plus(code::LIFE)),
    })
}

/// An agent in the words of the contract.
fn replica(row: ReplicaRow, live: Option<&GatewayState>) -> Result<GatewayReplica, Failure> {
    let link = live.map(|live| live.links.iter().find(|link| link.replica == row.id));
    let (linked_since, draining, heard) = match link {
        Some(link) => {
            (link.map(|link| link.since), link.is_some_and(|link| link.draining), link.map(|link| link.heard))
        }
        None => (row.linked_since.map(Timestamp::from_millis), row.draining == 1, None),
    };
    let report = link.flatten().and_then(|link| link.report.as_ref());
    let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
    let reported: Vec<TargetReport> = match report {
        Some(report) => report.targets.clone(),
        None => json::read(&row.targets)?,
    };
    let finding = |state: TargetState| match state {
        _ if linked_since.is_none() => TargetFinding::GatewayAway,
        TargetState::Reachable => TargetFinding::Reachable,
        TargetState::Failing => TargetFinding::Failing,
        TargetState::Unknown => TargetFinding::NotLookedAt,
    };
    let last_seen_at = row.last_seen_at.map(Timestamp::from_millis).max(heard);
    let figures = match report {
        Some(report) => GatewayFigures {
            round_trip: report.round_trip,
            calls: report.calls,
            failed: report.failed,
            bytes_in: report.bytes_in,
            bytes_out: report.bytes_out,
        },
        None => GatewayFigures {
            round_trip: row.round_trip,
            calls: unsigned(row.calls),
            failed: unsigned(row.failed),
            bytes_in: unsigned(row.bytes_in),
            bytes_out: unsigned(row.bytes_out),
        },
    };
    Ok(GatewayReplica {
        id: row.id,
        machine: row.machine,
        platform: row.platform,
        version_state: state_of(&row.agent_version),
        version: row.agent_version,
        linked_since,
        draining,
        joined_at: Timestamp::from_millis(row.created_at),
        figures: last_seen_at.map(|_| figures),
        last_seen_at,
        targets: reported
            .into_iter()
            .map(|target| ReplicaTarget {
                name: target.name,
                kind: target.kind,
                finding: finding(target.state),
                reason: target.reason.filter(|_| linked_since.is_some()),
            })
            .collect(),
    })
}

/// What the agents of a gateway together say of their targets, by name.
fn targets(replicas: &[GatewayReplica]) -> Vec<GatewayTarget> {
    let mut by_name: BTreeMap<&str, GatewayTarget> = BTreeMap::new();
    for target in replicas.iter().flat_map(|replica| &replica.targets) {
        let known = by_name.entry(&target.name).or_insert_with(|| GatewayTarget {
            name: target.name.clone(),
            kind: target.kind,
            finding: target.finding,
            reason: None,
            replicas: 0,
        });
        known.finding = TargetFinding::together([known.finding, target.finding]);
        known.reason = known.reason.or(target.reason);
        known.replicas += 1;
    }
    by_name.into_values().collect()
}

/// What the rules want to know of a gateway.
pub(super) fn standing(row: &WholeRow, replicas: &[ReplicaRow]) -> GatewayStanding {
    GatewayStanding {
        disabled: row.gateway.disabled == 1,
        replicas: replicas.len(),
        linked: replicas.iter().filter(|replica| replica.linked_since.is_some()).count(),
        version: oldest(replicas.iter().map(|replica| replica.agent_version.as_str())).map(state_of),
    }
}
