//! What was typed over a connection's settings, and the change that it makes.

use std::collections::BTreeMap;

use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_contract::types::life::ChangeConnection;
use drawbridge_domain::connector::{Field, Login};
use drawbridge_domain::gateway::target::TargetKind;
use drawbridge_domain::text;
use leptos::prelude::*;

use super::client::Chosen;
use crate::features::connections::{gateway, words};

/// One field with what stands in it.
#[derive(Clone)]
pub(super) struct Entry {
    /// The field.
    pub(super) field: Field,
    /// What stands in it; empty where a secret is kept.
    pub(super) value: RwSignal<String>,
    /// A secret is saved already.
    pub(super) keeps: bool,
    start: String,
}

impl Entry {
    /// The path that the server uses for it.
    pub(super) fn path(&self) -> String {
        [if self.field.secret { "credentials." } else { "settings." }, &self.field.id].concat()
    }

    fn fault(&self) -> Option<String> {
        let typed = self.value.get();
        if typed == self.start && (self.keeps || !self.field.secret) {
            return None;
        }
        self.field.check(&typed).err().map(|fault| fault.to_string())
    }
}

/// The form's values, and what they were.
#[derive(Clone)]
pub(super) struct Form {
    /// The connection's name.
    pub(super) name: RwSignal<String>,
    /// The connector's settings, then the way's fields.
    pub(super) entries: Vec<Entry>,
    /// The OAuth client, where it is a registered one.
    pub(super) client: Option<Chosen>,
    /// The login at a gateway's target, where it goes through one.
    pub(super) behind: Option<Behind>,
    was: String,
}

/// A login at a gateway's target; what is typed is sealed when it is saved.
#[derive(Clone, Copy)]
pub(super) struct Behind {
    /// What the target must be.
    pub(super) kind: TargetKind,
    /// Who has the credentials.
    pub(super) login: Option<Login>,
    /// What is typed; empty: what is saved is kept.
    pub(super) username: RwSignal<String>,
    /// See [`Self::username`].
    pub(super) password: RwSignal<String>,
    /// See [`Self::username`].
    pub(super) token: RwSignal<String>,
}

impl Behind {
    fn new(kind: TargetKind, login: Option<Login>) -> Self {
        let empty = || RwSignal::new(String::new());
        Self { kind, login, username: empty(), password: empty(), token: empty() }
    }

    fn value(self, path: &str) -> RwSignal<String> {
        match path {
            gateway::USERNAME => self.username,
            gateway::PASSWORD => self.password,
            _ => self.token,
        }
    }

    /// Whether any of it was typed.
    fn is_typed(self) -> bool {
        gateway::paths(self.login).iter().any(|path| !self.value(path).read().is_empty())
    }
}

impl Form {
    /// The form as it starts.
    pub(super) fn new(connection: &Connection, connector: &Connector, way: &ConnectorAuthWay) -> Self {
        let details = connection.details.as_ref();
        let entry = |field: &Field| {
            let keeps =
                details.is_some_and(|details| field.secret && details.secrets_set.contains(&field.id));
            let saved = details.and_then(|details| details.settings.get(&field.id)).cloned();
            let start = if field.secret { String::new() } else { saved.unwrap_or_default() };
            Entry { field: field.clone(), value: RwSignal::new(start.clone()), keeps, start }
        };
        let was = connection.summary.name.clone();
        let client = details.and_then(|details| details.oauth_client.clone());
        Self {
            name: RwSignal::new(was.clone()),
            entries: connector.settings.iter().chain(&way.fields).map(entry).collect(),
            client: client.map(|client| Chosen::new(client, connector.summary.id.clone())),
            behind: connector.target.map(|kind| Behind::new(kind, way.login)),
            was,
        }
    }

    /// What is wrong with what stands in it, by the server's paths.
    pub(super) fn faults(&self) -> BTreeMap<String, String> {
        let mut faults = BTreeMap::new();
        if let Err(fault) = text::connection_name(&self.name.read()) {
            faults.insert("name".to_owned(), fault.to_string());
        }
        faults.extend(self.entries.iter().filter_map(|entry| Some((entry.path(), entry.fault()?))));
        if let Some(behind) = self.behind.filter(|behind| behind.is_typed() || !self.keeps_login()) {
            for path in gateway::paths(behind.login) {
                if behind.value(path).read().is_empty() {
                    faults.insert((*path).to_owned(), words::FILL_IN.to_owned());
                }
            }
        }
        faults
    }

    /// The entry of a setting that the gateway's part of the form draws.
    pub(super) fn choice(&self, path: &str) -> RwSignal<String> {
        let entry = self.entries.iter().find(|entry| entry.path() == path);
        entry.map_or_else(|| RwSignal::new(String::new()), |entry| entry.value)
    }

    /// Whether what is saved of the login can stay: it opens for this gateway and target only.
    pub(super) fn keeps_login(&self) -> bool {
        self.entries
            .iter()
            .filter(|entry| gateway::is_ours(&entry.field))
            .all(|entry| *entry.value.read() == entry.start)
    }

    /// Whether a login is to be sealed.
    pub(super) fn seals(&self) -> bool {
        self.behind.is_some_and(Behind::is_typed)
    }

    /// What is to be changed; nothing where nothing was typed.
    pub(super) fn change(&self) -> Option<ChangeConnection> {
        let mut change = ChangeConnection::default();
        let name = self.name.get().trim().to_owned();
        change.name = (name != self.was).then_some(name);
        change.oauth_client = self.client.as_ref().and_then(Chosen::change);
        for entry in &self.entries {
            let typed = entry.value.get();
            if typed == entry.start {
                continue;
            }
            if entry.field.secret {
                change.credentials.insert(entry.field.id.clone(), SecretText::new(typed));
            } else {
                change.settings.insert(entry.field.id.clone(), typed);
            }
        }
        (change != ChangeConnection::default()).then_some(change)
    }
}
