//! What may be reached. What is not here, is not reached, whatever the server says.

pub(crate) mod health;
pub(crate) mod http;
pub(crate) mod known;
mod ntlm;
pub(crate) mod path;
mod pool;
pub(crate) mod question;
mod sender;
pub(crate) mod sql;

use std::collections::BTreeMap;
use std::sync::Arc;

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::sealed::CredentialsWanted;
use drawbridge_domain::gateway::target::TargetKind;

use crate::config::{Config, Encryption, Settings};
use crate::net::dial::dial_seen;
use crate::net::{Address, NetFault, Tls};

pub(crate) use http::HttpTarget;
pub(crate) use sql::SqlTarget;

/// Why a call failed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Why.
    pub(crate) code: FailureCode,
    /// Whether any of it may have reached the target.
    pub(crate) reached: bool,
    /// More about it, for people.
    pub(crate) detail: String,
}

impl Fault {
    /// It failed before anything went out.
    pub(crate) fn before(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { code, reached: false, detail: detail.into() }
    }

    /// It failed when something may have gone out.
    pub(crate) fn after(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { code, reached: true, detail: detail.into() }
    }
}

impl From<NetFault> for Fault {
    fn from(fault: NetFault) -> Self {
        Self::before(fault.code(), fault.to_string())
    }
}

/// Something that may be reached.
pub(crate) enum Target {
    /// Over HTTP.
    Http(Arc<HttpTarget>),
    /// A database.
    Sql(Arc<SqlTarget>),
}

/// All of them, by name.
pub(crate) struct Targets {
    by_name: BTreeMap<String, Target>,
    /// In the order of the configuration.
    names: Vec<String>,
}

impl Targets {
    /// The targets of a configuration. A certificate authority that cannot be read is a mistake in it.
    pub(crate) fn new(config: &Config, tls: &Tls) -> Result<Self, String> {
        let mut by_name = BTreeMap::new();
        for target in &config.targets {
            let made = match &target.settings {
                Settings::Http(http) => {
                    let tls =
                        own(http.ca_file.as_deref(), tls).map_err(|why| format!("{}: {why}", target.name))?;
                    Target::Http(Arc::new(HttpTarget::new(http.clone(), tls)))
                }
                Settings::Sql(sql) => {
                    let tls =
                        own(sql.ca_file.as_deref(), tls).map_err(|why| format!("{}: {why}", target.name))?;
                    Target::Sql(Arc::new(SqlTarget::new(sql.clone(), tls)))
                }
            };
            by_name.insert(target.name.clone(), made);
        }
        let names = config.targets.iter().map(|target| target.name.clone()).collect();
        Ok(Self { by_name, names })
    }

    /// A target by its name, exactly as it is written.
    pub(crate) fn get(&self, name: &str) -> Option<&Target> {
        self.by_name.get(name)
    }

    /// All, in the order of the configuration.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Target)> {
        self.names.iter().filter_map(|name| Some((name.as_str(), self.by_name.get(name)?)))
    }
}

fn own(file: Option<&std::path::Path>, tls: &Tls) -> Result<Tls, String> {
    file.map_or_else(|| Ok(tls.clone()), |file| Tls::new(Some(file)))
}

impl Target {
    /// What it is.
    pub(crate) fn kind(&self) -> TargetKind {
        match self {
            Self::Http(_) => TargetKind::Http,
            Self::Sql(sql) => sql.settings.kind,
        }
    }

    /// Where it is, for people.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Http(http) => format!("{}{}", http.address().origin(), http.address().path),
            Self::Sql(target) => {
                let sql = &target.settings;
                let encryption = match sql.encryption {
                    Encryption::Required | Encryption::Strict => "encrypted",
                    Encryption::Off => "not encrypted",
                };
                let login = sql.login.as_ref().map_or_else(
                    || "login of the connection".to_owned(),
                    |login| format!("login {} of this machine", login.user),
                );
                format!("{}:{}, database {}, {encryption}, {login}", sql.host, sql.port, sql.database)
            }
        }
    }

    /// Whether a connection to it comes about: name, socket and, where it begins with it, TLS. Nobody signs in, so that
    /// a wrong password here does not lock an account out.
    pub(crate) async fn probe(&self) -> Result<(), Fault> {
        match self {
            Self::Http(http) => http.probe().await,
            Self::Sql(sql) => sql.probe().await,
        }
    }

    /// Whether the secrets that it needs can be read.
    pub(crate) fn secrets(&self) -> Result<(), String> {
        let login = match self {
            Self::Http(http) => http.login(),
            Self::Sql(sql) => sql.login(),
        };
        login.map(drop).map_err(|fault| fault.detail)
    }

    /// What a connection has to bring.
    pub(crate) fn wants(&self) -> Option<CredentialsWanted> {
        match self {
            Self::Http(http) => http.wants(),
            Self::Sql(sql) => sql.settings.login.is_none().then_some(CredentialsWanted::Password),
        }
    }

    /// Whether the agent signs in to it by itself.
    pub(crate) fn signs_in(&self) -> bool {
        match self {
            Self::Http(http) => http.signs_in() && http.wants().is_none(),
            Self::Sql(sql) => sql.settings.login.is_some(),
        }
    }
}

/// A connection without a proxy: targets are in the same network. Beside it: the hash of the target's certificate.
pub(crate) async fn reach(
    address: &Address,
    tls: &Tls,
) -> Result<(crate::net::Stream, Option<Vec<u8>>), NetFault> {
    dial_seen(address, None, tls).await
}
