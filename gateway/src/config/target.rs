//! Targets: each kind has its own settings, and takes no others.

use std::path::PathBuf;

use drawbridge_domain::gateway::target::{TargetKind, is_name};
use toml::Spanned;

use super::file::{Target, Text};
use super::load::{Fault, path, secret};
use super::secret::Secret;
use crate::net::Address;
use crate::targets::path::Pattern;

/// A user name, and where its password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    /// The user name.
    pub(crate) user: String,
    /// Where the password is.
    pub(crate) password: Secret,
}

/// How the agent signs in to an HTTP target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Auth {
    /// Not at all: what the call brings goes through.
    None,
    /// With user name and password (RFC 7617).
    Basic(Login),
    /// With a token (RFC 6750).
    Bearer(Secret),
}

/// Something that may be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetConfig {
    /// What calls name it by.
    pub(crate) name: String,
    /// What it is.
    pub(crate) settings: Settings,
}

/// The settings of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settings {
    /// Of an `http` target.
    Http(HttpSettings),
    /// Of a database.
    Sql(SqlSettings),
}

/// An `http` target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpSettings {
    /// The base URL.
    pub(crate) address: Address,
    /// How the agent signs in.
    pub(crate) auth: Auth,
    /// One more certificate authority.
    pub(crate) ca_file: Option<PathBuf>,
    /// The paths that may be called; `None`: all under the base URL.
    pub(crate) paths: Option<Vec<Pattern>>,
}

/// Whether a database is spoken to over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Always, with a certificate that is checked.
    Required,
    /// Never; for databases on this machine or on a wire of their own.
    Off,
}

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqlSettings {
    /// Which.
    pub(crate) kind: TargetKind,
    /// The host.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
    /// The database's name.
    pub(crate) database: String,
    /// Whether it is spoken to over TLS.
    pub(crate) encryption: Encryption,
    /// The login that stays here; `None`: the connection brings it.
    pub(crate) login: Option<Login>,
    /// One more certificate authority.
    pub(crate) ca_file: Option<PathBuf>,
}

/// Checks a target.
pub(super) fn target(raw: &Spanned<Target>) -> Result<TargetConfig, Fault> {
    let target = raw.get_ref();
    let name = target.name.get_ref();
    if !is_name(name) {
        let words = "a target's name is made of letters, digits, “.”, “_” and “-”, at most 64";
        return Err(Fault::at(&target.name, words));
    }
    let kind = TargetKind::from_code(target.kind.get_ref())
        .ok_or_else(|| Fault::at(&target.kind, "a target's kind is http, sqlserver, postgres or mysql"))?;
    let settings = match kind {
        TargetKind::Http => Settings::Http(http(raw)?),
        kind => Settings::Sql(sql(raw, kind)?),
    };
    Ok(TargetConfig { name: name.clone(), settings })
}

fn http(raw: &Spanned<Target>) -> Result<HttpSettings, Fault> {
    let target = raw.get_ref();
    none(&[&target.host, &target.database, &target.encryption, &target.login], "is for databases only")?;
    if let Some(port) = &target.port {
        return Err(Fault::new(port.span(), "the port of an http target stands in its url"));
    }
    let url = needed(target.url.as_ref(), raw, "url")?;
    let address = Address::parse(url.get_ref()).map_err(|words| Fault::at(url, words))?;
    let auth = match target.auth.as_ref().map(|auth| (auth, auth.get_ref().as_str())) {
        None | Some((_, "none")) => {
            let given = [&target.user, &target.password_file, &target.password_env];
            none(&given, "needs auth = \"basic\"")?;
            none(&[&target.token_file, &target.token_env], "needs auth = \"bearer\"")?;
            Auth::None
        }
        Some((_, "basic")) => {
            none(&[&target.token_file, &target.token_env], "needs auth = \"bearer\"")?;
            Auth::Basic(login(raw)?)
        }
        Some((auth, "bearer")) => {
            let given = [&target.user, &target.password_file, &target.password_env];
            none(&given, "needs auth = \"basic\"")?;
            let token = secret(target.token_file.as_ref(), target.token_env.as_ref())?;
            Auth::Bearer(token.ok_or_else(|| Fault::at(auth, "bearer needs token_file or token_env"))?)
        }
        Some((auth, _)) => return Err(Fault::at(auth, "auth is none, basic or bearer")),
    };
    let patterns = |paths: &Vec<Text>| {
        let each = paths.iter();
        each.map(|text| Pattern::parse(text.get_ref()).map_err(|words| Fault::at(text, words))).collect()
    };
    let paths = target.paths.as_ref().map(patterns).transpose()?;
    Ok(HttpSettings { address, auth, ca_file: target.ca_file.as_ref().map(path), paths })
}

fn sql(raw: &Spanned<Target>, kind: TargetKind) -> Result<SqlSettings, Fault> {
    let target = raw.get_ref();
    none(&[&target.url, &target.auth, &target.token_file, &target.token_env], "is for http targets only")?;
    if let Some(first) = target.paths.as_ref().and_then(|paths| paths.first()) {
        return Err(Fault::at(first, "paths are for http targets only"));
    }
    let host = needed(target.host.as_ref(), raw, "host")?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':' | '_');
    if host.get_ref().is_empty() || !host.get_ref().chars().all(plain) {
        return Err(Fault::at(host, "this is no name or address of a host"));
    }
    let database = needed(target.database.as_ref(), raw, "database")?;
    if database.get_ref().is_empty() || database.get_ref().chars().any(char::is_control) {
        return Err(Fault::at(database, "this is no name of a database"));
    }
    let encryption = match target.encryption.as_ref().map(|text| (text, text.get_ref().as_str())) {
        None | Some((_, "required")) => Encryption::Required,
        Some((_, "off")) => Encryption::Off,
        Some((text, _)) => return Err(Fault::at(text, "encryption is required or off")),
    };
    let login = match target.login.as_ref().map(|text| (text, text.get_ref().as_str())) {
        None | Some((_, "connection")) => {
            let given = [&target.user, &target.password_file, &target.password_env];
            none(&given, "needs login = \"gateway\"")?;
            None
        }
        Some((_, "gateway")) => Some(login(raw)?),
        Some((text, _)) => return Err(Fault::at(text, "login is gateway or connection")),
    };
    let port = match &target.port {
        Some(port) if *port.get_ref() == 0 => return Err(Fault::new(port.span(), "0 is no port")),
        Some(port) => *port.get_ref(),
        None => kind.port().unwrap_or_default(),
    };
    Ok(SqlSettings {
        kind,
        host: host.get_ref().to_ascii_lowercase(),
        port,
        database: database.get_ref().clone(),
        encryption,
        login,
        ca_file: target.ca_file.as_ref().map(path),
    })
}

fn login(raw: &Spanned<Target>) -> Result<Login, Fault> {
    let target = raw.get_ref();
    let user = needed(target.user.as_ref(), raw, "user")?;
    if user.get_ref().is_empty() || user.get_ref().chars().any(|letter| letter.is_control() || letter == ':')
    {
        return Err(Fault::at(user, "a user name is not empty and has no “:”"));
    }
    let password = secret(target.password_file.as_ref(), target.password_env.as_ref())?;
    let password = password.ok_or_else(|| Fault::at(user, "the user needs password_file or password_env"))?;
    Ok(Login { user: user.get_ref().clone(), password })
}

fn needed<'a>(setting: Option<&'a Text>, raw: &Spanned<Target>, name: &str) -> Result<&'a Text, Fault> {
    let start = raw.span().start;
    setting.ok_or_else(|| Fault::new(start..start, &format!("this target needs “{name}”")))
}

/// A setting that means nothing here is a mistake: whoever wrote it believes in it.
fn none(settings: &[&Option<Text>], words: &str) -> Result<(), Fault> {
    match settings.iter().find_map(|setting| setting.as_ref()) {
        Some(text) => Err(Fault::at(text, &format!("this setting {words}"))),
        None => Ok(()),
    }
}
