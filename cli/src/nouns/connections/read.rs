//! Looking at connections.

use drawbridge_contract::endpoints::{
    ListConnectionAccess, ListConnectionEvents, ListConnectionUses, ListConnections, ReadConnection,
    ReadConnectionPermissions,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::{
    Connection, ConnectionEvent, ConnectionSummary, ConnectionView, ListConnectionsQuery,
};
use drawbridge_contract::types::life::ConnectionUses;
use drawbridge_contract::types::permissions::{ConnectionAccess, Grant, ListAccessQuery};
use drawbridge_domain::id::Id;

use super::{List, One, Part, at};
use crate::fault::Fault;
use crate::out::{Cell, Column, when, word};
use crate::session::Session;

const COLUMNS: &[Column<ConnectionSummary>] = &[
    Column::whole("ID", |item| item.id.as_str().into()),
    Column::new("NAME", |item| item.name.as_str().into()),
    Column::new("CONNECTOR", |item| item.connector.id.as_str().into()),
    Column::whole("STATUS", |item| Cell::status(item.state.status.code())),
    Column::new("OWNER", |item| item.owner.name.as_str().into()),
    Column::new("VERIFIED", |item| Cell::when(item.last_verified_at)),
];

const DELETED: &[Column<ConnectionSummary>] = &[
    Column::whole("ID", |item| item.id.as_str().into()),
    Column::new("NAME", |item| item.name.as_str().into()),
    Column::new("CONNECTOR", |item| item.connector.id.as_str().into()),
    Column::new("DELETED", |item| Cell::when(item.deleted.as_ref().map(|deleted| deleted.at))),
    Column::new("RESTORABLE UNTIL", |item| {
        Cell::when(item.deleted.as_ref().map(|deleted| deleted.destroyed_at))
    }),
];

const EVENTS: &[Column<ConnectionEvent>] = &[
    Column::whole("AT", |item| when(item.at).into()),
    Column::whole("STATUS", |item| Cell::status(item.state.status.code())),
    Column::new("REASON", |item| item.state.reason.words().into()),
    Column::new("BY", |item| item.by.as_ref().map_or("", |by| by.name.as_str()).into()),
];

const ACCESS: &[Column<ConnectionAccess>] = &[
    Column::whole("USER", |item| item.user.id.as_str().into()),
    Column::new("NAME", |item| item.user.name.as_str().into()),
    Column::new("EMAIL", |item| item.email.as_str().into()),
    Column::whole("LEVEL", |item| item.level.code().into()),
    Column::new("WHY", |item| {
        let reasons = item.reasons.iter().map(|reason| match &reason.group {
            Some(group) => format!("group {group} ({})", reason.level.code()),
            None => format!("{} ({})", word(reason.ground), reason.level.code()),
        });
        reasons.collect::<Vec<_>>().join(", ").into()
    }),
];

const GRANTS: &[Column<Grant>] = &[
    Column::whole("TO", |item| word(item.to.kind).into()),
    Column::whole("ID", |item| item.to.id.as_str().into()),
    Column::new("NAME", |item| item.to.name.as_str().into()),
    Column::new("DETAIL", |item| item.to.detail.as_str().into()),
    Column::whole("LEVEL", |item| item.level.code().into()),
];

pub(super) fn list(list: List, session: &Session) -> Result<(), Fault> {
    let query = ListConnectionsQuery {
        search: list.search,
        connector: list.connector,
        status: list.status,
        view: list.deleted.then_some(ConnectionView::Deleted),
        sort: list.sort,
        ..ListConnectionsQuery::default()
    };
    let columns = if list.deleted { DELETED } else { COLUMNS };
    session.list::<ListConnections>(&Nothing {}, query, list.limit.limit, columns)
}

pub(super) fn show(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ReadConnection>(&at(session, &one.connection)?)?;
    session.show(&answered, fields)
}

/// A connection whole.
pub(super) fn fields(connection: &Connection) -> Vec<(&'static str, Cell)> {
    let Connection { summary, connected_as, details, usage, .. } = connection;
    let connected_as = connected_as.as_ref().map(|who| match (&who.name, &who.email) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (Some(name), None) => name.clone(),
        (None, Some(email)) => email.clone(),
        (None, None) => who.id.clone(),
    });
    let used = if usage.calls == 0 {
        "never".to_owned()
    } else {
        let last = usage.last_used_at.map(when).unwrap_or_default();
        format!("{} calls, {} failed, last {last}", usage.calls, usage.failures)
    };
    let settings = details.as_ref().map(|details| {
        details.settings.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ")
    });
    vec![
        ("ID", summary.id.as_str().into()),
        ("Name", summary.name.as_str().into()),
        ("Connector", format!("{} ({})", summary.connector.name, summary.connector.id).into()),
        ("Status", Cell::status(summary.state.status.code())),
        ("Reason", summary.state.reason.words().into()),
        ("Provider says", summary.state.provider_words.clone().unwrap_or_default().into()),
        ("Since", when(summary.state.since).into()),
        ("Signs in by", connection.auth.as_str().into()),
        ("Connected as", connected_as.unwrap_or_default().into()),
        ("Owner", summary.owner.name.as_str().into()),
        ("Your level", summary.level.code().into()),
        ("Made", when(summary.created_at).into()),
        ("Verified", Cell::when(summary.last_verified_at)),
        ("Pending until", Cell::when(connection.pending_until)),
        ("Used", used.into()),
        ("Settings", settings.unwrap_or_default().into()),
        ("Scopes", details.as_ref().map(|details| details.scopes.join(" ")).unwrap_or_default().into()),
        ("Token ends", Cell::when(details.as_ref().and_then(|details| details.token_expires_at))),
        ("Next refresh", Cell::when(details.as_ref().and_then(|details| details.next_refresh_at))),
        ("Deleted", Cell::when(summary.deleted.as_ref().map(|deleted| deleted.at))),
    ]
}

pub(super) fn permissions(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ReadConnectionPermissions>(&at(session, &one.connection)?)?;
    if session.out.json {
        return session.out.line(&answered.text);
    }
    session.out.table(&answered.value.grants, GRANTS)
}

pub(super) fn access(part: &Part, session: &Session) -> Result<(), Fault> {
    let path = at(session, &part.connection)?;
    session.list::<ListConnectionAccess>(&path, ListAccessQuery::default(), part.limit.limit, ACCESS)
}

pub(super) fn events(part: &Part, session: &Session) -> Result<(), Fault> {
    let path = at(session, &part.connection)?;
    session.list::<ListConnectionEvents>(&path, Nothing {}, part.limit.limit, EVENTS)
}

pub(super) fn uses(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ListConnectionUses>(&at(session, &one.connection)?)?;
    if session.out.json {
        return session.out.line(&answered.text);
    }
    session.out.done(&said(&answered.value))
}

/// What uses a connection, in words.
pub(super) fn said(uses: &ConnectionUses) -> String {
    let mut lines: Vec<String> =
        uses.items.iter().map(|item| format!("{} “{}” ({})", item.kind, item.name, item.id)).collect();
    if uses.hidden > 0 {
        lines.push(format!("and {} more that you may not see", uses.hidden));
    }
    if lines.is_empty() { "Nothing uses it.".to_owned() } else { lines.join("\n") }
}
