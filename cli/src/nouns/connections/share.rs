//! Giving connections, and taking them back.

use drawbridge_contract::endpoints::{FindPrincipals, ReadConnectionPermissions, SaveConnectionPermissions};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::permissions::{FindPrincipalsQuery, NewGrant, NewPermissions, Principal};
use drawbridge_domain::grants::PrincipalKind;
use drawbridge_domain::id::{GroupId, Id, UserId};

use super::{Share, Unshare, Whom, at};
use crate::fault::Fault;
use crate::http::Extra;
use crate::session::{Session, named};

pub(super) fn share(share: &Share, session: &Session) -> Result<(), Fault> {
    let path = at(session, &share.connection)?;
    let (kind, id) = principal(session, &path, &share.whom)?;
    let given = format!("{} is given to {}: {}.", share.connection, words(&share.whom), share.level.code());
    save(session, &path, &given, |grants| {
        grants.retain(|grant| (grant.kind, &grant.id) != (kind, &id));
        grants.push(NewGrant { kind, id, level: share.level });
        Ok(())
    })
}

pub(super) fn unshare(unshare: &Unshare, session: &Session) -> Result<(), Fault> {
    let path = at(session, &unshare.connection)?;
    let (kind, id) = principal(session, &path, &unshare.whom)?;
    let taken = format!("{} is taken from {}.", unshare.connection, words(&unshare.whom));
    save(session, &path, &taken, |grants| {
        let before = grants.len();
        grants.retain(|grant| (grant.kind, &grant.id) != (kind, &id));
        if grants.len() == before {
            return Err(Fault::NotFound(format!(
                "{} was not given to {}.",
                unshare.connection,
                words(&unshare.whom)
            )));
        }
        Ok(())
    })
}

/// Changes what was given as it is now.
fn save(
    session: &Session,
    path: &ConnectionPath,
    done: &str,
    change: impl FnOnce(&mut Vec<NewGrant>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let read = session.client.at::<ReadConnectionPermissions>(path)?;
    let grants = read.value.grants.into_iter();
    let mut grants: Vec<NewGrant> =
        grants.map(|grant| NewGrant { kind: grant.to.kind, id: grant.to.id, level: grant.level }).collect();
    change(&mut grants)?;
    let body = NewPermissions { grants };
    let extra = Extra { if_match: read.etag.as_deref() };
    let answered = session.client.call_with::<SaveConnectionPermissions>(path, &Nothing {}, &body, extra)?;
    session.done(&answered, done)
}

/// Who is meant, by id, or by what they are called.
fn principal(
    session: &Session,
    path: &ConnectionPath,
    whom: &Whom,
) -> Result<(PrincipalKind, String), Fault> {
    let found = |called: &str, kind: PrincipalKind| {
        let query = FindPrincipalsQuery { search: Some(called.to_owned()) };
        let found = session.client.call::<FindPrincipals>(path, &query, &Nothing {})?;
        Ok::<_, Fault>(found.value.items.into_iter().filter(move |found| found.kind == kind))
    };
    if let Some(user) = &whom.user {
        let id: UserId = named(user, "user", |email| {
            let users = found(email, PrincipalKind::User)?;
            Ok(users
                .filter_map(|Principal { id, detail, .. }| Some((UserId::parse(&id).ok()?, detail)))
                .collect())
        })?;
        return Ok((PrincipalKind::User, id.to_string()));
    }
    if let Some(group) = &whom.group {
        let id: GroupId = named(group, "group", |name| {
            let groups = found(name, PrincipalKind::Group)?;
            Ok(groups
                .filter_map(|Principal { id, name, .. }| Some((GroupId::parse(&id).ok()?, name)))
                .collect())
        })?;
        return Ok((PrincipalKind::Group, id.to_string()));
    }
    Ok((PrincipalKind::Everyone, String::new()))
}

fn words(whom: &Whom) -> &str {
    whom.user.as_deref().or(whom.group.as_deref()).unwrap_or("Everyone")
}
