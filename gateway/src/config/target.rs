//! Targets: each kind has its own settings, and takes no others.

use std::path::PathBuf;

use drawbridge_contract::link::sql::ROWS_MOST;
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

/// How the agent signs in to an HTTP target. Without a secret of its own the connection brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Auth {
    /// Not at all: what the call brings goes through.
    None,
    /// With user name and password (RFC 7617).
    Basic(Option<Login>),
    /// With user name and password, proved to be known (MS-NTHT); the connection is signed in, not the request.
    Ntlm(Option<Login>),
    /// With a token (RFC 6750).
    Bearer(Option<Secret>),
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
    /// Always, before anything else is said (TDS 8.0).
    Strict,
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
    /// The most rows of an answer.
    pub(crate) rows: u32,
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
    none(&[&target.host, &target.database, &target.encryption], "is for databases only")?;
    if let Some(port) = &target.port {
        return Err(Fault::new(port.span(), "the port of an http target stands in its url"));
    }
    let url = needed(target.url.as_ref(), raw, "url")?;
    let address = Address::parse(url.get_ref()).map_err(|words| Fault::at(url, words))?;
    if let Some(rows) = &target.rows {
        return Err(Fault::new(rows.span(), "this setting is for databases only"));
    }
    let auth = auth(raw)?;
    let patterns = |paths: &Vec<Text>| {
        let each = paths.iter();
        each.map(|text| Pattern::parse(text.get_ref()).map_err(|words| Fault::at(text, words))).collect()
    };
    let paths = target.paths.as_ref().map(patterns).transpose()?;
    Ok(HttpSettings { address, auth, ca_file: target.ca_file.as_ref().map(path), paths })
}

fn auth(raw: &Spanned<Target>) -> Result<Auth, Fault> {
    let target = raw.get_ref();
    let password = [&target.user, &target.password_file, &target.password_env];
    let token = [&target.token_file, &target.token_env];
    let here = kept_here(target.login.as_ref(), true)?;
    if !here {
        none(&[password.as_slice(), &token].concat(), "needs login = \"gateway\"")?;
    }
    Ok(match target.auth.as_ref().map(|auth| (auth, auth.get_ref().as_str())) {
        None | Some((_, "none")) => {
            none(&password, "needs auth = \"basic\" or \"ntlm\"")?;
            none(&token, "needs auth = \"bearer\"")?;
            none(&[&target.login], "needs another auth than none")?;
            Auth::None
        }
        Some((_, way @ ("basic" | "ntlm"))) => {
            none(&token, "needs auth = \"bearer\"")?;
            let login = here.then(|| login(raw)).transpose()?;
            if way == "ntlm" { Auth::Ntlm(login) } else { Auth::Basic(login) }
        }
        Some((auth, "bearer")) => {
            none(&password, "needs auth = \"basic\" or \"ntlm\"")?;
            let token = secret(target.token_file.as_ref(), target.token_env.as_ref())?;
            if here && token.is_none() {
                return Err(Fault::at(auth, "bearer needs token_file or token_env"));
            }
            Auth::Bearer(token)
        }
        Some((auth, _)) => return Err(Fault::at(auth, "auth is none, basic, ntlm or bearer")),
    })
}

/// Whether the login is this machine's.
fn kept_here(login: Option<&Text>, preset: bool) -> Result<bool, Fault> {
    match login.map(|text| (text, text.get_ref().as_str())) {
        None => Ok(preset),
        Some((_, "gateway")) => Ok(true),
        Some((_, "connection")) => Ok(false),
        Some((text, _)) => Err(Fault::at(text, "login is gateway or connection")),
    }
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
        Some((text, "strict")) if kind != TargetKind::SqlServer => {
            return Err(Fault::at(text, "strict is for sqlserver only; others have required"));
        }
        Some((_, "strict")) => Encryption::Strict,
        Some((text, _)) => {
            return Err(Fault::at(text, "encryption is required or off; sqlserver has strict, too"));
        }
    };
    let login = if kept_here(target.login.as_ref(), false)? {
        Some(login(raw)?)
    } else {
        none(&[&target.user, &target.password_file, &target.password_env], "needs login = \"gateway\"")?;
        None
    };
    let rows = match &target.rows {
        Some(rows) if !(1..=ROWS_MOST).contains(rows.get_ref()) => {
            return Err(Fault::new(rows.span(), &format!("rows is 1 to {ROWS_MOST}")));
        }
        Some(rows) => *rows.get_ref(),
        None => ROWS_MOST,
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
        rows,
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
