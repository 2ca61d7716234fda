//! A user as the database has it, and as the contract tells it.

use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::people::User;
use drawbridge_domain::role::Role;
use drawbridge_domain::time::Timestamp;
use drawbridge_domain::user::{self, Subject, UserAction, UserRefusal, UserState};

use super::store::{UserRow, WholeRow};
use crate::http::{Failure, Scope};

impl UserRow {
    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    pub(crate) fn role(&self) -> Result<Role, Failure> {
        Role::from_code(&self.role).ok_or_else(|| Failure::internal("a role that is none"))
    }

    pub(crate) fn state(&self) -> Result<UserState, Failure> {
        UserState::from_code(&self.state).ok_or_else(|| Failure::internal("a state that is none"))
    }
}

impl WholeRow {
    fn is_global_administrator(&self) -> Result<bool, Failure> {
        Ok(self.user.role()? == Role::GlobalAdministrator && self.user.state()? == UserState::Active)
    }

    /// Whether no other active Global administrator is there.
    pub(crate) fn is_last(&self) -> Result<bool, Failure> {
        Ok(self.is_global_administrator()? && self.others == 0)
    }

    /// Whether no other active Global administrator has a password, while this one has.
    pub(crate) fn is_last_way_in(&self) -> Result<bool, Failure> {
        Ok(self.is_global_administrator()? && self.has_password > 0 && self.others_with_password == 0)
    }

    /// Refuses what the caller may not do with the user.
    pub(super) fn check(&self, scope: &Scope, action: UserAction) -> Result<(), Failure> {
        let subject = Subject {
            role: self.user.role()?,
            state: self.user.state()?,
            is_self: &self.user.id == scope.user(),
            is_last: self.others == 0,
            is_last_way_in: self.is_last_way_in()?,
        };
        user::check(action, scope.role(), subject).map_err(refused)
    }
}

/// A refusal as the answer to the request.
pub(super) fn refused(refusal: UserRefusal) -> Failure {
    let code = match refusal {
        UserRefusal::LastGlobalAdministrator | UserRefusal::LastWayIn => ProblemCode::LastGlobalAdministrator,
        UserRefusal::NeedsGlobalAdministrator => ProblemCode::NeedsRole,
        UserRefusal::Yourself
        | UserRefusal::StillInvited
        | UserRefusal::NotInvited
        | UserRefusal::AlreadySuspended
        | UserRefusal::NotSuspended => ProblemCode::Conflict,
    };
    Failure::new(code, refusal.words())
}

/// A row in the words of the contract.
pub(crate) fn user(row: &UserRow) -> Result<User, Failure> {
    Ok(User {
        id: row.id.clone(),
        email: row.email.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        role: row.role()?,
        state: row.state()?,
        created_at: Timestamp::from_millis(row.created_at),
        invited_until: row.invited_until.map(Timestamp::from_millis),
    })
}

/// The words for a user who is not there.
pub(crate) fn unknown() -> Failure {
    Failure::not_found("user")
}
