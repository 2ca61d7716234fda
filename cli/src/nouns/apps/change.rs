//! Changing apps.

use drawbridge_contract::endpoints::{
    ActivateApp, ChangeAppSettings, DeleteApp, DisableApp, MakeApp, ReadApp, RotateAppSecret,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::apps::{AppWithSecret, ChangeApp, CreateApp, RotateSecret};

use super::super::credentials::{confirm_rotation, scopes, told_once};
use super::{Add, Change, Edit, One, Rotate, at};
use crate::fault::Fault;
use crate::http::{Answered, Extra};
use crate::session::Session;

pub(super) fn add(add: Add, session: &Session) -> Result<(), Fault> {
    let body = CreateApp {
        name: add.name,
        description: add.description,
        scopes: scopes(&add.scopes),
        addresses: add.addresses,
        expires_at: add.expires,
        token_algorithm: add.token_algorithm.unwrap_or_default(),
    };
    let answered = session.client.call::<MakeApp>(&Nothing {}, &Nothing {}, &body)?;
    told(session, &answered)
}

/// Tells an app's new secret.
fn told(session: &Session, answered: &Answered<AppWithSecret>) -> Result<(), Fault> {
    if session.out.json {
        return session.out.line(&answered.text);
    }
    let id = &answered.value.app.id;
    session.out.line(&if session.out.quiet { id.to_string() } else { format!("Client ID: {id}") })?;
    let again = format!("drawbridge apps secret {id}, or rotate it");
    told_once(session, "Client secret", answered.value.secret.as_ref(), &again)
}

pub(super) fn rotate(rotate: &Rotate, session: &Session) -> Result<(), Fault> {
    let path = at(session, &rotate.app)?;
    confirm_rotation(session, &format!("the secret of the app {}", rotate.app), rotate.grace)?;
    let body = RotateSecret { grace: rotate.grace };
    let answered = session.client.call::<RotateAppSecret>(&path, &Nothing {}, &body)?;
    told(session, &answered)
}

pub(super) fn edit(edit: Edit, session: &Session) -> Result<(), Fault> {
    let path = at(session, &edit.app)?;
    let etag = session.client.at::<ReadApp>(&path)?.etag;
    let Change { name, description, addresses, anywhere, expires, never_expires, token_algorithm, .. } =
        edit.change;
    let body = ChangeApp {
        name,
        description,
        scopes: scopes(&edit.change.scopes),
        addresses: (anywhere || !addresses.is_empty()).then_some(addresses),
        expires_at: expires,
        never_expires: never_expires.then_some(true),
        token_algorithm,
    };
    let extra = Extra { if_match: etag.as_deref() };
    let answered = session.client.call_with::<ChangeAppSettings>(&path, &Nothing {}, &body, extra)?;
    session.done(&answered, &format!("{} is changed.", answered.value.name))
}

pub(super) fn disable(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<DisableApp>(&at(session, &one.app)?)?;
    session.done(&answered, &format!("{} is disabled. Its calls fail from now on.", answered.value.name))
}

pub(super) fn activate(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ActivateApp>(&at(session, &one.app)?)?;
    session.done(&answered, &format!("{} is {}.", answered.value.name, answered.value.status.code()))
}

pub(super) fn delete(one: &One, session: &Session) -> Result<(), Fault> {
    let path = at(session, &one.app)?;
    session.confirm(&format!("Delete the app {} for good?", one.app))?;
    let answered = session.client.at::<DeleteApp>(&path)?;
    session.done(&answered, &format!("{} is deleted.", one.app))
}
