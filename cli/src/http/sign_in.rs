//! What stands in `Authorization`: a personal access token, or an access token that an app is given.

use std::time::{SystemTime, UNIX_EPOCH};

use drawbridge_contract::endpoint::encode;
use drawbridge_contract::plain::{Plain, REVOKE, TOKEN};
use drawbridge_contract::types::SecretText;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::{MINUTE, SECOND, Timestamp};
use serde::Deserialize;

use super::wire::{Reply, Request};
use super::{Client, read};
use crate::fault::Fault;
use crate::profile::{Access, Credential, File};

/// An answer of the token endpoint (RFC 6749 §5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: SecretText,
    expires_in: i64,
}

/// A refusal of it (RFC 6749 §5.2).
#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// The present moment.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Client {
    /// The token to send; a new one for an app whose last one is over, or where it is wanted.
    pub(super) fn bearer(&self, new: bool) -> Result<Option<SecretText>, Fault> {
        match &*self.credential.borrow() {
            Credential::Token { token } => return Ok(Some(token.clone())),
            Credential::App { access: Some(access), .. }
                if !new && access.expires_at.since(now()) > MINUTE =>
            {
                return Ok(Some(access.token.clone()));
            }
            Credential::App { .. } => {}
        }
        let granted = self.ask()?;
        let expires_at = now().plus(granted.expires_in.saturating_mul(SECOND));
        let token = granted.access_token.clone();
        if let Credential::App { access, .. } = &mut *self.credential.borrow_mut() {
            *access = Some(Access { token: granted.access_token, expires_at });
        }
        self.keep();
        Ok(Some(token))
    }

    /// Whether the token that was sent is one that can be had anew.
    pub(super) fn has_old_access(&self) -> bool {
        matches!(&*self.credential.borrow(), Credential::App { access: Some(_), .. })
    }

    /// The credential as it is now.
    pub(crate) fn credential(&self) -> Credential {
        self.credential.borrow().clone()
    }

    /// Ends an app's access token.
    pub(crate) fn end_access(&self) -> Result<(), Fault> {
        let Credential::App { access: Some(access), .. } = self.credential() else { return Ok(()) };
        let reply = self.form(REVOKE, &[("token", access.token.expose())])?;
        if reply.status == 200 { Ok(()) } else { Err(refused(reply)) }
    }

    fn ask(&self) -> Result<Granted, Fault> {
        let reply = self.form(TOKEN, &[("grant_type", "client_credentials")])?;
        if reply.status == 200 { read(&reply.text()?) } else { Err(refused(reply)) }
    }

    /// Sends a form to the authorization server, with what proves the app in it (RFC 6749 §2.3.1).
    fn form(&self, route: Plain, fields: &[(&str, &str)]) -> Result<Reply, Fault> {
        let Credential::App { client_id, client_secret, .. } = self.credential() else {
            return Err(Fault::Usage("This needs an app.".to_owned()));
        };
        let proof = [("client_id", client_id.as_str()), ("client_secret", client_secret.expose())];
        let mut form = String::new();
        for (name, value) in fields.iter().chain(&proof) {
            form.push_str(if form.is_empty() { "" } else { "&" });
            encode(name, &mut form);
            form.push('=');
            encode(value, &mut form);
        }
        self.wire.send(&Request {
            method: route.method,
            url: format!("{}{}", self.server, route.path),
            bearer: None,
            headers: vec![("accept", "application/json".to_owned())],
            body: Some(("application/x-www-form-urlencoded", form)),
            repeatable: true,
        })
    }

    /// Keeps an app's access token for the next command. Where that fails, the next one asks for its own.
    fn keep(&self) {
        let Some(name) = &self.profile else { return };
        let kept = File::find().and_then(|file| {
            let mut profiles = file.read()?;
            match profiles.profiles.get_mut(name) {
                Some(profile) if profile.server == self.server => profile.credential = self.credential(),
                _ => return Ok(()),
            }
            file.write(&profiles)
        });
        if let Err(fault) = kept {
            self.out.note(&format!("note: the access token is not kept. {}", fault.detail()));
        }
    }
}

fn refused(reply: Reply) -> Fault {
    let status = reply.status;
    match reply.text().and_then(|text| read::<Refused>(&text)) {
        Ok(refused) => Fault::OAuth { status, error: refused.error, words: refused.error_description },
        Err(fault) => fault,
    }
}
