//! The SQL of the gateways' links.

mod away;

pub(super) use away::{erased, standing, told_offline, told_online};

use drawbridge_contract::link::messages::Report;
use drawbridge_domain::gateway::REPLICAS_MOST;
use drawbridge_domain::gateway::event::{GatewayEvent, KEPT};
use drawbridge_domain::id::{GatewayEventId, GatewayId, Id, ReplicaId, TenantId};
use drawbridge_domain::time::Timestamp;
use serde::Deserialize;

use crate::ports::{DbError, Statement};
use crate::services::Services;
use crate::values;

const WHY: &str = "an agent proves who it is before anybody knows its tenant";

/// A one-time code, and the gateway that it is for.
#[derive(Deserialize)]
pub(super) struct CodeRow {
    pub(super) tenant_id: TenantId,
    pub(super) tenant: String,
    pub(super) gateway_id: GatewayId,
    pub(super) gateway: String,
    pub(super) made_at: i64,
    pub(super) used_at: Option<i64>,
    pub(super) replicas: u32,
}

/// The code with this hash.
pub(super) async fn code(services: &Services, hash: &str) -> Result<Option<CodeRow>, DbError> {
    let read = Statement::across(
        WHY,
        "SELECT c.tenant_id, t.name AS tenant, c.gateway_id, g.name AS gateway, c.made_at, c.used_at, g.replicas
         FROM gateway_codes c
         JOIN gateways g ON g.tenant_id = c.tenant_id AND g.id = c.gateway_id
         JOIN tenants t ON t.id = c.tenant_id
         WHERE c.hash = ?1",
        values![hash],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// An agent that joins.
pub(super) struct Joining<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) gateway: &'a GatewayId,
    pub(super) replica: &'a ReplicaId,
    pub(super) hash: &'a str,
    pub(super) key: &'a str,
    pub(super) machine: &'a str,
    pub(super) platform: &'a str,
    pub(super) version: &'a str,
}

/// Uses the code up and adds the agent, if the code is not used yet and there is room.
pub(super) fn join(new: &Joining<'_>, event: &GatewayEventId, now: Timestamp) -> Vec<Statement> {
    vec![
        Statement::of(
            new.tenant,
            "UPDATE gateway_codes SET used_at = ?3
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND hash = ?4 AND used_at IS NULL",
            values![new.gateway.as_str(), now, new.hash],
        ),
        Statement::must_change(),
        Statement::of(
            new.tenant,
            "INSERT INTO gateway_replicas
               (tenant_id, gateway_id, id, public_key, machine, platform, agent_version, created_at)
             SELECT tenant_id, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM gateways
             WHERE tenant_id = ?1 AND id = ?2 AND replicas < ?9",
            values![
                new.gateway.as_str(),
                new.replica.as_str(),
                new.key,
                new.machine,
                new.platform,
                new.version,
                now,
                u32::try_from(REPLICAS_MOST).unwrap_or(u32::MAX),
            ],
        ),
        Statement::must_change(),
        happened(&Happened::of(new.tenant, new.gateway, new.replica, GatewayEvent::Joined, now), event),
    ]
}

/// Something that happened, to be kept.
pub(super) struct Happened<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) gateway: &'a GatewayId,
    pub(super) replica: &'a ReplicaId,
    pub(super) kind: GatewayEvent,
    pub(super) target: &'a str,
    pub(super) reason: &'a str,
    pub(super) at: Timestamp,
}

impl<'a> Happened<'a> {
    pub(super) const fn of(
        tenant: &'a TenantId,
        gateway: &'a GatewayId,
        replica: &'a ReplicaId,
        kind: GatewayEvent,
        at: Timestamp,
    ) -> Self {
        Self { tenant, gateway, replica, kind, target: "", reason: "", at }
    }
}

/// Keeps an event of an agent that is there, unless the last one said the same; and of all the newest only.
pub(super) fn happened(event: &Happened<'_>, id: &GatewayEventId) -> Statement {
    Statement::of(
        event.tenant,
        "INSERT INTO gateway_events (tenant_id, gateway_id, id, at, kind, replica_id, machine, target, reason)
         SELECT r.tenant_id, r.gateway_id, ?4, ?5, ?6, r.id, r.machine, ?7, ?8 FROM gateway_replicas r
         WHERE r.tenant_id = ?1 AND r.gateway_id = ?2 AND r.id = ?3 AND NOT EXISTS (
           SELECT 1 FROM gateway_events e
           WHERE e.tenant_id = ?1 AND e.gateway_id = ?2 AND e.kind = ?6 AND e.replica_id = ?3 AND e.target = ?7
             AND e.reason = ?8 AND e.kind = 'refused' AND e.id = (
               SELECT MAX(id) FROM gateway_events WHERE tenant_id = ?1 AND gateway_id = ?2))",
        values![
            event.gateway.as_str(),
            event.replica.as_str(),
            id.as_str(),
            event.at,
            event.kind.code(),
            event.target,
            event.reason,
        ],
    )
}

/// Forgets all events of a gateway but the newest.
pub(super) fn forget_events(tenant: &TenantId, gateway: &GatewayId) -> Statement {
    Statement::of(
        tenant,
        "DELETE FROM gateway_events WHERE tenant_id = ?1 AND gateway_id = ?2 AND id <= (
           SELECT id FROM gateway_events WHERE tenant_id = ?1 AND gateway_id = ?2
           ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        values![gateway.as_str(), KEPT],
    )
}

/// What is known of an agent that wants to prove who it is.
#[derive(Deserialize)]
pub(super) struct ReplicaRow {
    pub(super) tenant_id: TenantId,
    pub(super) tenant: String,
    pub(super) gateway: String,
    pub(super) disabled: i64,
    pub(super) public_key: String,
    pub(super) machine: String,
}

/// The agent of that gateway.
pub(super) async fn replica(
    services: &Services,
    gateway: &GatewayId,
    replica: &ReplicaId,
) -> Result<Option<ReplicaRow>, DbError> {
    let read = Statement::across(
        WHY,
        "SELECT r.tenant_id, t.name AS tenant, g.name AS gateway, g.disabled, r.public_key, r.machine
         FROM gateway_replicas r
         JOIN gateways g ON g.tenant_id = r.tenant_id AND g.id = r.gateway_id
         JOIN tenants t ON t.id = r.tenant_id
         WHERE r.id = ?1 AND r.gateway_id = ?2",
        values![replica.as_str(), gateway.as_str()],
    );
    services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()
}

/// Removes an agent that leaves; only with the key that it has proved to have.
pub(super) fn leave(
    tenant: &TenantId,
    gateway: &GatewayId,
    replica: &ReplicaId,
    key: &str,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "DELETE FROM gateway_replicas WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3 AND public_key = ?4",
            values![gateway.as_str(), replica.as_str(), key],
        ),
        Statement::must_change(),
    ]
}

/// An agent whose link stands.
pub(super) struct Linking<'a> {
    pub(super) tenant: &'a TenantId,
    pub(super) gateway: &'a GatewayId,
    pub(super) replica: &'a ReplicaId,
    pub(super) key: &'a str,
    pub(super) sealing: Option<&'a str>,
    pub(super) machine: &'a str,
    pub(super) platform: &'a str,
    pub(super) version: &'a str,
    pub(super) since: Timestamp,
}

/// The link of an agent stands: only while its key is the one that was proved and its gateway is not disabled.
pub(super) fn linked(link: &Linking<'_>, event: &GatewayEventId) -> Vec<Statement> {
    vec![
        Statement::of(
            link.tenant,
            "UPDATE gateway_replicas SET linked_since = ?4, last_seen_at = ?4, draining = 0, machine = ?6,
               platform = ?7, agent_version = ?8, sealing_key = COALESCE(?9, sealing_key)
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3 AND public_key = ?5
               AND (SELECT disabled FROM gateways WHERE tenant_id = ?1 AND id = ?2) = 0",
            values![
                link.gateway.as_str(),
                link.replica.as_str(),
                link.since,
                link.key,
                link.machine,
                link.platform,
                link.version,
                link.sealing,
            ],
        ),
        Statement::must_change(),
        happened(
            &Happened::of(link.tenant, link.gateway, link.replica, GatewayEvent::Linked, link.since),
            event,
        ),
        forget_events(link.tenant, link.gateway),
    ]
}

/// The link of an agent has ended, if it is still the one that stands in the database.
pub(super) fn unlinked(event: &Happened<'_>, since: Timestamp, id: &GatewayEventId) -> Vec<Statement> {
    vec![
        Statement::of(
            event.tenant,
            "INSERT INTO gateway_events (tenant_id, gateway_id, id, at, kind, replica_id, machine, reason)
             SELECT r.tenant_id, r.gateway_id, ?4, ?5, ?6, r.id, r.machine, ?7 FROM gateway_replicas r
             WHERE r.tenant_id = ?1 AND r.gateway_id = ?2 AND r.id = ?3 AND r.linked_since = ?8",
            values![
                event.gateway.as_str(),
                event.replica.as_str(),
                id.as_str(),
                event.at,
                event.kind.code(),
                event.reason,
                since,
            ],
        ),
        Statement::of(
            event.tenant,
            "UPDATE gateway_replicas SET linked_since = NULL, draining = 0, last_seen_at = ?4
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3 AND linked_since = ?5",
            values![event.gateway.as_str(), event.replica.as_str(), event.at, since],
        ),
        forget_events(event.tenant, event.gateway),
    ]
}

/// An agent that is refused says which version it is, so that the page can say why.
pub(super) fn refused(
    tenant: &TenantId,
    gateway: &GatewayId,
    replica: &ReplicaId,
    version: &str,
) -> Statement {
    Statement::of(
        tenant,
        "UPDATE gateway_replicas SET agent_version = ?4 WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3",
        values![gateway.as_str(), replica.as_str(), version],
    )
}

/// An agent takes no new calls.
pub(super) fn draining(tenant: &TenantId, gateway: &GatewayId, replica: &ReplicaId) -> Statement {
    Statement::of(
        tenant,
        "UPDATE gateway_replicas SET draining = 1
         WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3 AND linked_since IS NOT NULL",
        values![gateway.as_str(), replica.as_str()],
    )
}

/// Puts a new key in the place of the old one.
pub(super) fn rotate(
    tenant: &TenantId,
    gateway: &GatewayId,
    replica: &ReplicaId,
    old: &str,
    new: &str,
) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE gateway_replicas SET public_key = ?5
             WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3 AND public_key = ?4",
            values![gateway.as_str(), replica.as_str(), old, new],
        ),
        Statement::must_change(),
    ]
}

#[derive(Deserialize)]
struct TargetsRow {
    targets: String,
}

/// What an agent reported of its targets before, as JSON; `None`: there is no such agent.
pub(super) async fn targets(
    services: &Services,
    tenant: &TenantId,
    gateway: &GatewayId,
    replica: &ReplicaId,
) -> Result<Option<String>, DbError> {
    let read = Statement::of(
        tenant,
        "SELECT targets FROM gateway_replicas WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3",
        values![gateway.as_str(), replica.as_str()],
    );
    let row: Option<TargetsRow> =
        services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default().first()?;
    Ok(row.map(|row| row.targets))
}

/// Keeps what an agent reported.
pub(super) fn reported(
    tenant: &TenantId,
    gateway: &GatewayId,
    replica: &ReplicaId,
    report: &Report,
    targets: &str,
    failing: u32,
    now: Timestamp,
) -> Statement {
    let number = |count: u64| i64::try_from(count.min(1 << 53)).unwrap_or_default();
    Statement::of(
        tenant,
        "UPDATE gateway_replicas SET targets = ?4, failing = ?5, round_trip = ?6, calls = ?7, failed = ?8,
           bytes_in = ?9, bytes_out = ?10, last_seen_at = ?11
         WHERE tenant_id = ?1 AND gateway_id = ?2 AND id = ?3",
        values![
            gateway.as_str(),
            replica.as_str(),
            targets,
            failing,
            report.round_trip,
            number(report.calls),
            number(report.failed),
            number(report.bytes_in),
            number(report.bytes_out),
            now,
        ],
    )
}
