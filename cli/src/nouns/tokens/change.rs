//! Changing tokens.

use drawbridge_contract::endpoints::{
    ChangeTokenSettings, DeleteToken, MakeToken, ReadToken, RevokeToken, RotateToken,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::apps::RotateSecret;
use drawbridge_contract::types::tokens::{ChangeToken, CreateToken, TokenWithSecret};

use super::super::credentials::{confirm_rotation, scopes, told_once};
use super::{Add, Change, Edit, One, Rotate, at};
use crate::fault::Fault;
use crate::http::{Answered, Extra};
use crate::session::Session;

pub(super) fn add(add: Add, session: &Session) -> Result<(), Fault> {
    let body = CreateToken {
        name: add.name,
        expires_at: add.expires,
        scopes: scopes(&add.scopes),
        addresses: add.addresses,
    };
    let answered = session.client.call::<MakeToken>(&Nothing {}, &Nothing {}, &body)?;
    told(session, &answered)
}

/// Tells a new token.
fn told(session: &Session, answered: &Answered<TokenWithSecret>) -> Result<(), Fault> {
    if session.out.json {
        return session.out.line(&answered.text);
    }
    let id = &answered.value.token.id;
    if !session.out.quiet {
        session.out.line(&format!("ID: {id}"))?;
    }
    let again = format!("drawbridge tokens reveal {id}, or rotate it");
    told_once(session, "Token", answered.value.secret.as_ref(), &again)
}

pub(super) fn rotate(rotate: &Rotate, session: &Session) -> Result<(), Fault> {
    let path = at(session, &rotate.token)?;
    confirm_rotation(session, &format!("the token {}", rotate.token), rotate.grace)?;
    let body = RotateSecret { grace: rotate.grace };
    let answered = session.client.call::<RotateToken>(&path, &Nothing {}, &body)?;
    told(session, &answered)
}

pub(super) fn edit(edit: Edit, session: &Session) -> Result<(), Fault> {
    let path = at(session, &edit.token)?;
    let etag = session.client.at::<ReadToken>(&path)?.etag;
    let Change { name, addresses, anywhere, .. } = edit.change;
    let body = ChangeToken {
        name,
        scopes: scopes(&edit.change.scopes),
        addresses: (anywhere || !addresses.is_empty()).then_some(addresses),
    };
    let extra = Extra { if_match: etag.as_deref() };
    let answered = session.client.call_with::<ChangeTokenSettings>(&path, &Nothing {}, &body, extra)?;
    session.done(&answered, &format!("{} is changed.", answered.value.name))
}

pub(super) fn revoke(one: &One, session: &Session) -> Result<(), Fault> {
    let path = at(session, &one.token)?;
    session.confirm(&format!("Revoke the token {}, at once and for good?", one.token))?;
    let answered = session.client.at::<RevokeToken>(&path)?;
    session.done(&answered, &format!("{} is revoked.", answered.value.name))
}

pub(super) fn delete(one: &One, session: &Session) -> Result<(), Fault> {
    let path = at(session, &one.token)?;
    session.confirm(&format!("Delete the record of the token {}?", one.token))?;
    let answered = session.client.at::<DeleteToken>(&path)?;
    session.done(&answered, &format!("{} is deleted.", one.token))
}
