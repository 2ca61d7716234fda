//! The SQL of the audit log.

use drawbridge_contract::types::audit::{AuditOutcome, ListAuditQuery};
use drawbridge_domain::audit::{Link, Recorded};
use drawbridge_domain::id::TenantId;
use drawbridge_domain::time::Timestamp;

use super::ChainEnd;
use crate::http::Scope;
use crate::ports::{DbError, Rows, Statement, Value};
use crate::services::Services;
use crate::values;

pub(super) async fn chain_end(services: &Services, tenant: &TenantId) -> Result<ChainEnd, DbError> {
    let read = Statement::of(tenant, "SELECT audit_seq, audit_hash FROM tenants WHERE id = ?1", values![]);
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(rows.first()?.unwrap_or_default())
}

pub(super) fn append(tenant: &TenantId, link: &Link, hash: &str) -> Statement {
    let mut values = facts(link);
    values.extend(values![link.seq, link.previous_hash.as_str(), hash]);
    Statement::of(
        tenant,
        "INSERT INTO audit (tenant_id, at, actor_type, actor_id, actor_name, action, object_type, object_id,
           object_name, outcome, address, country, user_agent, request_id, changes, seq, previous_hash, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        values,
    )
}

/// What a record says, in the order of the columns from `at` to `changes`.
fn facts(link: &Link) -> Vec<Value> {
    values![
        link.at,
        link.actor_type.as_str(),
        link.actor_id.as_str(),
        link.actor_name.as_str(),
        link.action.as_str(),
        link.object_type.as_str(),
        link.object_id.as_str(),
        link.object_name.as_str(),
        link.outcome.as_str(),
        link.address.as_str(),
        link.country.as_str(),
        link.user_agent.as_str(),
        link.request_id.as_str(),
        link.changes.as_str()
    ]
}

/// Moves the chain's end, which must still be where it was.
pub(super) fn move_end(tenant: &TenantId, from: &ChainEnd, to: &ChainEnd) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE tenants SET audit_seq = ?2, audit_hash = ?3
             WHERE id = ?1 AND audit_seq = ?4 AND audit_hash = ?5",
            values![to.seq, to.hash.as_str(), from.seq, from.hash.as_str()],
        ),
        Statement::across(
            "a guard belongs to no tenant",
            "INSERT INTO must_chain (changed) VALUES (changes())",
            values![],
        ),
    ]
}

/// Appends a record after whatever stands last, without its place in the chain.
pub(super) fn append_unsealed(tenant: &TenantId, link: &Link) -> Vec<Statement> {
    vec![
        Statement::of(
            tenant,
            "UPDATE tenants SET audit_seq = audit_seq + 1, audit_hash = '' WHERE id = ?1",
            values![],
        ),
        Statement::must_change(),
        Statement::of(
            tenant,
            "INSERT INTO audit (tenant_id, seq, at, actor_type, actor_id, actor_name, action, object_type, object_id,
               object_name, outcome, address, country, user_agent, request_id, changes, previous_hash, hash)
             SELECT t.id, t.audit_seq, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, '', ''
             FROM tenants t WHERE t.id = ?1",
            facts(link),
        ),
    ]
}

/// A record as it is stored.
pub(super) type Row = Recorded;

/// Its columns.
#[derive(serde::Deserialize)]
struct Columns {
    #[serde(rename = "..")]
    link: Link,
    hash: String,
}

fn records(rows: Option<Rows>) -> Result<Vec<Row>, DbError> {
    let rows = rows.unwrap_or_default().all::<Columns>()?.into_iter();
    Ok(rows.map(|Columns { link, hash }| Row { link, hash }).collect())
}

macro_rules! columns {
    () => {
        "a.tenant_id AS tenant, a.seq, a.at, a.actor_type, a.actor_id, a.actor_name, a.action, a.object_type,
         a.object_id, a.object_name, a.outcome, a.address, a.country, a.user_agent, a.request_id, a.changes,
         a.previous_hash, a.hash"
    };
}

/// Times are not quite in the order of the numbers, because each machine has its own clock: the numbers are looked up
/// with ten minutes to spare, and then every record's time is looked at. Each end of the range is one number, since the
/// database finds its way by one and looks at every record for another.
macro_rules! page {
    (newest $narrow:literal) => {
        page!($narrow, first_number!(), concat!("MIN(?2 - 1, ", last_number!(), ")"), "DESC")
    };
    (oldest $narrow:literal) => {
        page!($narrow, concat!("MAX(?2 + 1, ", first_number!(), ")"), last_number!(), "ASC")
    };
    ($narrow:literal, $first:expr, $last:expr, $order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit a
             WHERE a.tenant_id = ?1 AND ",
            $narrow,
            " AND a.seq >= ",
            $first,
            " AND a.seq <= ",
            $last,
            "  AND (?3 IS NULL OR a.actor_id = ?3)
               AND (?4 IS NULL OR a.action = ?4)
               AND (?5 IS NULL OR a.object_id = ?5)
               AND (?6 IS NULL OR a.outcome = ?6)
               AND a.at >= ?7 AND a.at < ?8
             ORDER BY a.seq ",
            $order,
            " LIMIT ?9"
        )
    };
}

/// The number of the first record that may be of the time wanted.
macro_rules! first_number {
    () => {
        "COALESCE((SELECT b.seq FROM audit b WHERE b.tenant_id = ?1 AND b.at >= ?7 - 600000
                   ORDER BY b.at, b.seq LIMIT 1), 9007199254740991)"
    };
}

/// The number of the last one.
macro_rules! last_number {
    () => {
        "COALESCE((SELECT b.seq FROM audit b WHERE b.tenant_id = ?1 AND b.at < ?8 + 600000
                   ORDER BY b.at DESC, b.seq DESC LIMIT 1), 0)"
    };
}

/// Records from a number on, in order, and where the chain ends: one round trip.
pub(super) async fn slice(
    services: &Services,
    scope: &Scope,
    from: i64,
    limit: u32,
) -> Result<(Vec<Row>, ChainEnd), DbError> {
    let rows = scope.statement(
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit a WHERE a.tenant_id = ?1 AND a.seq >= ?2 ORDER BY a.seq LIMIT ?3"
        ),
        values![from, limit],
    );
    let end = scope.statement("SELECT audit_seq, audit_hash FROM tenants WHERE id = ?1", values![]);
    let mut results = services.db.batch(vec![rows, end]).await?.into_iter();
    let rows = records(results.next())?;
    let end = results.next().unwrap_or_default().first()?.unwrap_or_default();
    Ok((rows, end))
}

/// The last sealed record's number and hash, and the records after it, in order: one round trip.
pub(super) async fn unsealed(
    services: &Services,
    tenant: &TenantId,
    limit: usize,
) -> Result<(ChainEnd, Vec<Row>), DbError> {
    let sealed = Statement::of(
        tenant,
        "SELECT seq AS audit_seq, hash AS audit_hash FROM audit
         WHERE tenant_id = ?1 AND hash <> '' ORDER BY seq DESC LIMIT 1",
        values![],
    );
    let rows = Statement::of(
        tenant,
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit a
             WHERE a.tenant_id = ?1 AND a.seq > COALESCE((
               SELECT b.seq FROM audit b WHERE b.tenant_id = ?1 AND b.hash <> '' ORDER BY b.seq DESC LIMIT 1), 0)
             ORDER BY a.seq LIMIT ?2"
        ),
        values![i64::try_from(limit).unwrap_or(i64::MAX)],
    );
    let mut results = services.db.batch(vec![sealed, rows]).await?.into_iter();
    let sealed = results.next().unwrap_or_default().first()?.unwrap_or_default();
    Ok((sealed, records(results.next())?))
}

/// Gives records their hashes. Who seals the same records at the same moment writes the same.
pub(super) async fn seal(services: &Services, tenant: &TenantId, rows: &[Row]) -> Result<(), DbError> {
    let Some(last) = rows.last() else { return Ok(()) };
    let seals = rows.iter().map(|row| (row.link.seq, &row.link.previous_hash, &row.hash)).collect::<Vec<_>>();
    let seals = serde_json::to_string(&seals).map_err(|error| DbError::Other(error.to_string()))?;
    let batch = vec![
        Statement::of(
            tenant,
            "UPDATE audit SET previous_hash = json_each.value ->> 1, hash = json_each.value ->> 2
             FROM json_each(?2)
             WHERE audit.tenant_id = ?1 AND audit.seq = json_each.value ->> 0 AND audit.hash = ''",
            values![seals],
        ),
        Statement::of(
            tenant,
            "UPDATE tenants SET audit_hash = ?3 WHERE id = ?1 AND audit_seq = ?2 AND audit_hash = ''",
            values![last.link.seq, last.hash.as_str()],
        ),
    ];
    services.db.batch(batch).await.map(|_| ())
}

#[derive(serde::Deserialize)]
struct Unsealed {
    id: TenantId,
}

/// Some of the tenants whose logs end with records that are not sealed.
pub(super) async fn open_ends(services: &Services) -> Result<Vec<TenantId>, DbError> {
    let read = Statement::across(
        "the system's own work",
        "SELECT id FROM tenants WHERE audit_hash = '' AND audit_seq > 0 LIMIT 50",
        values![],
    );
    let rows = services.db.batch(vec![read]).await?.into_iter().next().unwrap_or_default();
    Ok(rows.all::<Unsealed>()?.into_iter().map(|row| row.id).collect())
}

/// Which records are wanted.
pub(super) struct Filter {
    actor: Option<String>,
    action: Option<String>,
    object: Option<String>,
    outcome: Option<&'static str>,
    from: i64,
    until: i64,
}

impl Filter {
    pub(super) fn of(query: &ListAuditQuery) -> Self {
        // The system has no id.
        let actor = query.actor.as_deref().map(|actor| if actor == "system" { "" } else { actor });
        Self {
            actor: actor.map(str::to_owned),
            action: query.action.clone(),
            object: query.object.clone(),
            outcome: query.outcome.map(AuditOutcome::code),
            from: query.from.map_or(i64::MIN >> 11, Timestamp::millis),
            until: query.until.map_or(i64::MAX >> 11, Timestamp::millis),
        }
    }

    /// The statement whose index is the narrowest for it: newest first, or oldest first.
    fn page(&self, newest_first: bool) -> &'static str {
        match (self, newest_first) {
            (Self { object: Some(_), .. }, true) => page!(newest "a.object_id = ?5"),
            (Self { actor: Some(_), .. }, true) => page!(newest "a.actor_id = ?3"),
            (Self { action: Some(_), .. }, true) => page!(newest "a.action = ?4"),
            // The index knows only these.
            (Self { outcome: Some("refused"), .. }, true) => page!(newest "a.outcome = 'refused'"),
            (_, true) => page!(newest "TRUE"),
            (Self { object: Some(_), .. }, false) => page!(oldest "a.object_id = ?5"),
            (Self { actor: Some(_), .. }, false) => page!(oldest "a.actor_id = ?3"),
            (Self { action: Some(_), .. }, false) => page!(oldest "a.action = ?4"),
            (Self { outcome: Some("refused"), .. }, false) => page!(oldest "a.outcome = 'refused'"),
            (_, false) => page!(oldest "TRUE"),
        }
    }
}

/// Records before a number, newest first; or after a number, oldest first.
pub(super) async fn page(
    services: &Services,
    scope: &Scope,
    filter: &Filter,
    from: i64,
    newest_first: bool,
    limit: u32,
) -> Result<Vec<Row>, DbError> {
    let page = scope.statement(
        filter.page(newest_first),
        values![
            from,
            filter.actor.as_deref(),
            filter.action.as_deref(),
            filter.object.as_deref(),
            filter.outcome,
            filter.from,
            filter.until,
            limit
        ],
    );
    records(services.db.batch(vec![page]).await?.into_iter().next())
}
