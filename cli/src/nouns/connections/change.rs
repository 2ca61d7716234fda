//! Changing connections.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::{
    ChangeConnectionSettings, DeleteConnection, DisableConnection, EnableConnection, ListConnectionUses,
    MakeConnection, MakeReconnectLink, ReadConnection, ReadConnector, RestoreConnection, TestConnection,
};
use drawbridge_contract::types::connections::{Connection, ConnectionView, CreateConnection};
use drawbridge_contract::types::connectors::ConnectorPath;
use drawbridge_contract::types::life::{ChangeConnection, ChangeEffect, DeleteConnectionQuery};
use drawbridge_contract::types::{Nothing, SecretText};
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::{Id, OAuthClientId};

use super::read::{fields, said};
use super::{Add, Edit, One, at, find};
use crate::fault::Fault;
use crate::http::{Answered, Extra};
use crate::out::when;
use crate::session::{Session, input};

/// Secret fields, as a JSON object in standard input.
fn credentials() -> Result<BTreeMap<String, SecretText>, Fault> {
    let text = input()?;
    if text.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    // Not what serde_json says of it: that may quote a secret.
    serde_json::from_str(&text).map_err(|_| {
        Fault::Usage("Standard input is no JSON object of texts, such as {\"apiKey\": \"…\"}.".to_owned())
    })
}

pub(super) fn add(add: Add, session: &Session) -> Result<(), Fault> {
    let connector =
        session.client.at::<ReadConnector>(&ConnectorPath { connector: add.connector.clone() })?.value;
    let way = match &add.auth {
        Some(id) => connector.auth.iter().find(|way| way.id == *id),
        None => connector.auth.first(),
    };
    let way = way.ok_or_else(|| {
        let ways: Vec<&str> = connector.auth.iter().map(|way| way.id.as_str()).collect();
        Fault::Usage(format!("The ways to sign in there are {}: say --auth.", ways.join(", ")))
    })?;
    let oauth_client = add.oauth_client.map(|id| {
        OAuthClientId::parse(&id).map_err(|_| Fault::Usage(format!("{id} is no OAuth client's id.")))
    });
    let body = CreateConnection {
        connector: add.connector,
        name: add.name,
        auth: way.id.clone(),
        settings: add.settings.into_iter().collect(),
        credentials: if way.fields.iter().any(|field| field.secret) {
            credentials()?
        } else {
            BTreeMap::new()
        },
        oauth_client: oauth_client.transpose()?,
        sealed: Vec::new(),
    };
    let answered = session.client.call::<MakeConnection>(&Nothing {}, &Nothing {}, &body)?;
    if session.out.quiet && !session.out.json {
        return session.out.line(answered.value.summary.id.as_str());
    }
    session.show(&answered, fields)?;
    if answered.value.summary.state.status == Status::Pending {
        let server = session.client.server();
        session
            .out
            .note(&format!("It waits for its first sign-in at the provider, in the console: {server}"));
    }
    Ok(())
}

pub(super) fn edit(edit: Edit, session: &Session) -> Result<(), Fault> {
    let path = at(session, &edit.connection)?;
    let etag = session.client.at::<ReadConnection>(&path)?.etag;
    let body = ChangeConnection {
        name: edit.name,
        settings: edit.settings.into_iter().collect(),
        credentials: if edit.credentials { credentials()? } else { BTreeMap::new() },
        oauth_client: None,
        accept_other_identity: edit.accept_other_identity,
        sealed: Vec::new(),
    };
    let extra = Extra { if_match: etag.as_deref() };
    let answered = session.client.call_with::<ChangeConnectionSettings>(&path, &Nothing {}, &body, extra)?;
    session.done(
        &answered,
        match answered.value.effect {
            ChangeEffect::Saved => "Saved.",
            ChangeEffect::Proved => "Proved with it, and saved.",
            ChangeEffect::SignInNeeded => {
                "The name is saved. The rest waits 30 minutes for a sign-in at the provider, in the console."
            }
        },
    )
}

pub(super) fn test(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<TestConnection>(&at(session, &one.connection)?)?;
    let state = &answered.value.summary.state;
    // The state stands in the JSON; for a person it is told by what comes of it.
    if session.out.json {
        session.out.line(&answered.text)?;
    }
    let reason = state.reason.words();
    let words = state.provider_words.as_deref().map(|words| format!(" The provider says: {words}"));
    match state.status {
        Status::Active => session.out.done(&format!("{} works.", answered.value.summary.name)),
        _ => Err(Fault::Negative(format!(
            "{} is {}: {reason}{}",
            answered.value.summary.name,
            state.status.code(),
            words.unwrap_or_default()
        ))),
    }
}

pub(super) fn disable(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<DisableConnection>(&at(session, &one.connection)?)?;
    told(session, &answered, "is disabled")
}

pub(super) fn enable(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<EnableConnection>(&at(session, &one.connection)?)?;
    told(session, &answered, "is enabled")
}

pub(super) fn restore(one: &One, session: &Session) -> Result<(), Fault> {
    let path = find(session, &one.connection, ConnectionView::Deleted)?;
    let answered = session.client.at::<RestoreConnection>(&path)?;
    told(session, &answered, "is restored")
}

fn told(session: &Session, answered: &Answered<Connection>, what: &str) -> Result<(), Fault> {
    let summary = &answered.value.summary;
    session
        .done(answered, &format!("{} {what}; its status is {}.", summary.name, summary.state.status.code()))
}

pub(super) fn delete(one: &One, session: &Session) -> Result<(), Fault> {
    let path = at(session, &one.connection)?;
    if !session.yes {
        let uses = session.client.at::<ListConnectionUses>(&path)?.value;
        session.out.note(&said(&uses));
    }
    session.confirm(&format!("Delete the connection {}?", one.connection))?;
    let answered =
        session.client.call::<DeleteConnection>(&path, &DeleteConnectionQuery::default(), &Nothing {})?;
    session.done(&answered, &format!("{} is deleted. It can be restored for 30 days.", one.connection))
}

pub(super) fn reconnect_link(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<MakeReconnectLink>(&at(session, &one.connection)?)?;
    if session.out.json {
        return session.out.line(&answered.text);
    }
    session.out.line(&answered.value.url)?;
    session.out.note(&format!("Good once, until {}. It is not told again.", when(answered.value.expires_at)));
    Ok(())
}
