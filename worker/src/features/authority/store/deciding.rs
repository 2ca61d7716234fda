//! Which statements change what decides about the use of a connection, as their text says it. Where one is not about a
//! single connection, which is its second value then, it is taken for a change of all of the tenant's.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge_domain::id::{ConnectionId, Id, TenantId};

use crate::ports::{Statement, Value};

/// What changes what decides about uses: how such statements begin, and the table that they write.
const DECIDING: [(&str, &str); 12] = [
    ("UPDATE", "connections"),
    ("DELETE FROM", "connections"),
    ("UPDATE", "connection_secrets"),
    ("DELETE FROM", "connection_secrets"),
    ("INSERT INTO", "connection_grants"),
    ("DELETE FROM", "connection_grants"),
    ("INSERT INTO", "group_members"),
    ("DELETE FROM", "group_members"),
    ("DELETE FROM", "groups"),
    ("UPDATE", "gateways"),
    ("DELETE FROM", "gateways"),
    ("DELETE FROM", "users"),
];
/// How those of them go on that change nothing of it: when a connection is checked next, what was told about a gateway,
/// and a look whether it is still there. Of a connection that is pending nothing is kept.
const HARMLESS: [(&str, &str, &str); 4] = [
    ("UPDATE", "connections", "SET check_at = "),
    ("DELETE FROM", "connections", "WHERE status = 'pending' "),
    ("UPDATE", "gateways", "SET offline_told = "),
    ("UPDATE", "gateways", "SET version = version "),
];
/// What makes a connection, of which nobody knows yet.
const MAKING: (&str, &str) = ("INSERT INTO", "connections");

/// Of which connections statements change what decides about uses, tenant by tenant; `None` stands for all of a tenant's.
pub(in crate::features::authority) fn concerned(
    statements: &[Statement],
) -> BTreeMap<TenantId, BTreeSet<Option<ConnectionId>>> {
    let mut concerned: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut made = BTreeSet::new();
    for statement in statements {
        if rest(statement.sql, MAKING).is_some() {
            made.extend(connection(statement));
        }
        if !is_deciding(statement.sql) {
            continue;
        }
        let connection = connection(statement);
        if connection.as_ref().is_some_and(|id| made.contains(id)) {
            continue;
        }
        if let Some(tenant) = text(statement, 0).and_then(|id| TenantId::parse(id).ok()) {
            concerned.entry(tenant).or_default().insert(connection);
        }
    }
    concerned
}

/// What follows in a statement that begins so and writes that table.
fn rest<'a>(sql: &'a str, (verb, table): (&str, &str)) -> Option<&'a str> {
    sql.strip_prefix(verb)?.strip_prefix(' ')?.strip_prefix(table)?.strip_prefix(' ')
}

fn is_deciding(sql: &str) -> bool {
    DECIDING.iter().any(|known| rest(sql, *known).is_some()) && !is_harmless(sql)
}

fn is_harmless(sql: &str) -> bool {
    HARMLESS.iter().any(|(verb, table, on)| rest(sql, (verb, table)).is_some_and(|rest| rest.starts_with(on)))
}

/// The connection that a statement is about.
fn connection(statement: &Statement) -> Option<ConnectionId> {
    text(statement, 1).and_then(|id| ConnectionId::parse(id).ok())
}

fn text(statement: &Statement, place: usize) -> Option<&str> {
    match statement.values.get(place)? {
        Value::Text(text) => Some(text),
        Value::Null | Value::Integer(_) => None,
    }
}

/// What of a statement would not be seen: that it writes a table that decides about uses, where its beginning does not say
/// so, or it does not say of which tenant.
#[cfg(test)]
pub(crate) fn misses(statement: &Statement) -> Option<String> {
    let words: Vec<&str> = statement.sql.split_whitespace().collect();
    let written = |(verb, table): &(&str, &str)| {
        let wanted: Vec<&str> = verb.split(' ').chain([*table]).collect();
        words.windows(wanted.len()).any(|at| at == wanted)
    };
    let tenant = text(statement, 0).is_some_and(|id| TenantId::parse(id).is_ok());
    let seen = is_harmless(statement.sql) || is_deciding(statement.sql) && tenant;
    (DECIDING.iter().any(written) && !seen).then(|| statement.sql.to_owned())
}
