//! What apps and tokens have in common.

use drawbridge_contract::types::Person;
use drawbridge_contract::types::apps::{App, LastUse, SecretInfo};
use drawbridge_contract::types::tokens::Token;
use drawbridge_domain::credential::TokenStatus;
use drawbridge_domain::id::{AppId, Id};
use drawbridge_domain::network::Network;
use drawbridge_domain::scopes::ApiScopes;
use drawbridge_domain::time::Timestamp;

use super::words;
use crate::client::paged::Row;
use crate::ui::{Icon, Tone};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An app.
    App,
    /// A personal access token.
    Token,
}

impl Kind {
    /// What an id is one of.
    pub(super) fn of(id: &str) -> Self {
        if AppId::parse(id).is_ok() { Self::App } else { Self::Token }
    }
}

/// An app or a token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Credential {
    /// An app.
    App(App),
    /// A personal access token.
    Token(Token),
}

impl Row for Credential {
    type Counts = ();

    fn key(&self) -> &str {
        self.id()
    }
}

impl Credential {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::App(_) => Kind::App,
            Self::Token(_) => Kind::Token,
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::App(app) => app.id.as_str(),
            Self::Token(token) => token.id.as_str(),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::App(app) => &app.name,
            Self::Token(token) => &token.name,
        }
    }

    /// What an app is for; nothing for a token.
    pub(super) fn description(&self) -> &str {
        match self {
            Self::App(app) => &app.description,
            Self::Token(_) => "",
        }
    }

    pub(super) fn scopes(&self) -> ApiScopes {
        match self {
            Self::App(app) => app.scopes,
            Self::Token(token) => token.scopes,
        }
    }

    pub(super) fn addresses(&self) -> &[Network] {
        match self {
            Self::App(app) => &app.addresses,
            Self::Token(token) => &token.addresses,
        }
    }

    /// The present secret, then the one before it while it works.
    pub(super) fn secrets(&self) -> &[SecretInfo] {
        match self {
            Self::App(app) => &app.secrets,
            Self::Token(token) => &token.secrets,
        }
    }

    /// Whether its secret is kept so that it can be shown again.
    pub(super) fn is_viewable(&self) -> bool {
        self.secrets().first().is_some_and(|secret| secret.viewable)
    }

    /// How the present secret begins and ends.
    pub(super) fn hint(&self) -> String {
        self.secrets().first().map(|secret| secret.hint.clone()).unwrap_or_default()
    }

    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::App(app) => app.expires_at,
            Self::Token(token) => Some(token.expires_at),
        }
    }

    pub(super) fn last_used(&self) -> Option<&LastUse> {
        match self {
            Self::App(app) => app.last_used.as_ref(),
            Self::Token(token) => token.last_used.as_ref(),
        }
    }

    pub(super) fn created_by(&self) -> &Person {
        match self {
            Self::App(app) => &app.created_by,
            Self::Token(token) => &token.created_by,
        }
    }

    pub(super) fn created_at(&self) -> Timestamp {
        match self {
            Self::App(app) => app.created_at,
            Self::Token(token) => token.created_at,
        }
    }

    /// Its status in a word, the tone and the icon, and why.
    pub(super) fn status(&self) -> ((&'static str, Tone, Icon), Option<&'static str>) {
        match self {
            Self::App(app) => (words::app_status(app.status), None),
            Self::Token(token) => {
                let why = match token.status {
                    TokenStatus::Blocked => Some(words::BLOCKED),
                    TokenStatus::Suspended => Some(words::RESTS),
                    TokenStatus::Active | TokenStatus::Expired | TokenStatus::Revoked => None,
                };
                (words::token_status(token.status), why)
            }
        }
    }
}
