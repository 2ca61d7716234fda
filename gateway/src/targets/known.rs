//! Logins as a call uses them: this machine's, or what the connection brought.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::Call;
use drawbridge_contract::link::sealed::{Credentials, CredentialsWanted};
use zeroize::{Zeroize as _, Zeroizing};

use super::Fault;
use crate::config::{Login, Secret};
use crate::identity::Unsealing;

/// A login. Nothing prints it, and it is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// The user name; empty with a token.
    pub(crate) user: String,
    /// The password, or the token.
    pub(crate) secret: Zeroizing<String>,
}

impl Known {
    /// The login that stays on this machine, read anew each time, so that a changed password needs no restart.
    pub(crate) fn here(login: &Login) -> Result<Self, Fault> {
        Ok(Self { user: login.user.clone(), secret: read(&login.password)? })
    }

    /// The token that stays on this machine.
    pub(crate) fn token(token: &Secret) -> Result<Self, Fault> {
        Ok(Self { user: String::new(), secret: read(token)? })
    }

    /// What a call brings for a target that wants it; `None`: it wants nothing, and nothing was brought.
    pub(crate) fn brought(
        call: &Call,
        wanted: Option<CredentialsWanted>,
        unsealing: &Unsealing,
    ) -> Result<Option<Self>, Fault> {
        let (wanted, text) = match (wanted, &call.credentials) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(Fault::before(FailureCode::CredentialsNotTaken, "")),
            (Some(_), None) => return Err(Fault::before(FailureCode::CredentialsNeeded, "")),
            (Some(wanted), Some(text)) => (wanted, text),
        };
        let unreadable = || Fault::before(FailureCode::CredentialsUnreadable, "");
        let mut opened = unsealing.open(&call.target, text).ok_or_else(unreadable)?;
        let kind = opened.kind();
        let Credentials { username, password, token } = &mut opened;
        let known = Self {
            user: username.take().unwrap_or_default(),
            secret: Zeroizing::new(password.take().or_else(|| token.take()).unwrap_or_default()),
        };
        for left in [password, token].into_iter().flatten() {
            left.zeroize();
        }
        match kind {
            Some(kind) if kind == wanted => Ok(Some(known)),
            Some(_) => Err(Fault::before(FailureCode::CredentialsNotTaken, "")),
            None => Err(unreadable()),
        }
    }
}

fn read(secret: &Secret) -> Result<Zeroizing<String>, Fault> {
    secret.read().map_err(|why| Fault::before(FailureCode::CredentialsMissing, why))
}
