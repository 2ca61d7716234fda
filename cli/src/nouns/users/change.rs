//! Changing users.

use drawbridge_contract::endpoints::{
    ChangeUserSettings, InviteToTenant, ReactivateUser, ReadUser, ReadUserHoldings, RemoveUser,
    ResendInvitation, SuspendUser,
};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{ChangeUser, InviteUser, Invited, RemoveUserQuery};

use super::super::groups;
use super::{GiveRole, Invite, One, Remove, at, id};
use crate::fault::Fault;
use crate::http::{Answered, Extra};
use crate::session::Session;

pub(super) fn invite(invite: Invite, session: &Session) -> Result<(), Fault> {
    let Invite { email, first_name, last_name, role } = invite;
    let body = InviteUser { email, first_name, last_name, role };
    let answered = session.client.call::<InviteToTenant>(&Nothing {}, &Nothing {}, &body)?;
    told(session, &answered)
}

pub(super) fn reinvite(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ResendInvitation>(&at(session, &one.user)?)?;
    told(session, &answered)
}

/// Tells an invitation's link.
fn told(session: &Session, answered: &Answered<Invited>) -> Result<(), Fault> {
    if session.out.json {
        return session.out.line(&answered.text);
    }
    let Invited { user, link } = &answered.value;
    let Some(link) = link else {
        return Err(Fault::Negative(format!(
            "{} was invited by an earlier call with the same key, and that answer had the link. To have one: \
             drawbridge users reinvite {}",
            user.email, user.id
        )));
    };
    session.out.line(link)?;
    session.out.note(&format!("For {} alone. It is not told again.", user.email));
    Ok(())
}

pub(super) fn role(give: &GiveRole, session: &Session) -> Result<(), Fault> {
    let path = at(session, &give.user)?;
    let etag = session.client.at::<ReadUser>(&path)?.etag;
    let body = ChangeUser { role: Some(give.role), ..ChangeUser::default() };
    let extra = Extra { if_match: etag.as_deref() };
    let answered = session.client.call_with::<ChangeUserSettings>(&path, &Nothing {}, &body, extra)?;
    session
        .done(&answered, &format!("{} is {} from now on.", answered.value.email, answered.value.role.name()))
}

pub(super) fn suspend(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<SuspendUser>(&at(session, &one.user)?)?;
    session.done(&answered, &format!("{} is suspended.", answered.value.email))
}

pub(super) fn reactivate(one: &One, session: &Session) -> Result<(), Fault> {
    let answered = session.client.at::<ReactivateUser>(&at(session, &one.user)?)?;
    session.done(&answered, &format!("{} is active again.", answered.value.email))
}

pub(super) fn remove(remove: &Remove, session: &Session) -> Result<(), Fault> {
    let path = at(session, &remove.user)?;
    let query = RemoveUserQuery {
        to_user: remove.to_user.as_ref().map(|user| id(session, user)).transpose()?,
        to_group: remove.to_group.as_ref().map(|group| groups::id(session, group)).transpose()?,
    };
    let held = if session.yes { 0 } else { session.client.at::<ReadUserHoldings>(&path)?.value.total };
    let to =
        remove.to_user.as_ref().or(remove.to_group.as_ref()).map_or("the administrators", String::as_str);
    let left = if held == 0 {
        String::new()
    } else {
        format!(" {held} connections that nobody else owns go to {to}.")
    };
    session.confirm(&format!("Remove {} from the tenant?{left}", remove.user))?;
    let answered = session.client.call::<RemoveUser>(&path, &query, &Nothing {})?;
    session.done(&answered, &format!("{} is removed.", remove.user))
}
