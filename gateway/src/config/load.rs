//! From the file to a configuration, or to the line of the first mistake.

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use drawbridge_domain::gateway::target::TARGETS_MOST;

use super::file::{Text, Whole};
use super::secret::Secret;
use super::target::{Login, target};
use super::{Config, LogFormat, PRESET_STATE, ProxyConfig};
use crate::net::Address;

/// Where health and metrics are told unless said otherwise.
const PRESET_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);
/// The largest file, in bytes.
const MOST: usize = 1024 * 1024;

/// A mistake: where it stands and what it is. The line itself is not told, for somebody may have put a secret there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    place: Range<usize>,
    line: usize,
    words: String,
}

impl Fault {
    pub(super) fn new(place: Range<usize>, words: &str) -> Self {
        Self { place, line: 0, words: words.to_owned() }
    }

    pub(super) fn at(text: &Text, words: &str) -> Self {
        Self::new(text.span(), words)
    }

    fn in_file(mut self, text: &str) -> Self {
        self.line = 1 + text.get(..self.place.start).unwrap_or(text).matches('\n').count();
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

/// Reads a file.
pub(crate) fn load(file: &Path) -> Result<Config, String> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|fault| format!("{name}: {fault}"))?;
    if text.len() > MOST {
        return Err(format!("{name} is larger than {MOST} bytes"));
    }
    parse(&text).map_err(|fault| format!("{name}, {fault}"))
}

/// The configuration in a text.
pub(crate) fn parse(text: &str) -> Result<Config, Fault> {
    let file: Whole = toml::from_str(text).map_err(|fault| {
        let place = fault.span().unwrap_or(0..0);
        let hint = if fault.message().contains("unknown field `password`") {
            "; a password stands in a file or in the environment: password_file, password_env"
        } else {
            ""
        };
        Fault::new(place, &format!("{}{hint}", fault.message())).in_file(text)
    })?;
    check(&file).map_err(|fault| fault.in_file(text))
}

fn check(file: &Whole) -> Result<Config, Fault> {
    let server = Address::parse(file.server.get_ref()).map_err(|words| Fault::at(&file.server, words))?;
    if !server.path.is_empty() {
        return Err(Fault::at(&file.server, "the server is an origin, without a path"));
    }
    if !server.tls && !server.is_loopback() {
        return Err(Fault::at(
            &file.server,
            "the server is reached by https:// unless it is on this machine",
        ));
    }
    let log = match file.log.as_ref().map(|text| (text, text.get_ref().as_str())) {
        None | Some((_, "text")) => LogFormat::Text,
        Some((_, "json")) => LogFormat::Json,
        Some((text, _)) => return Err(Fault::at(text, "log is text or json")),
    };
    let mut config = Config {
        server,
        proxy: proxy(file)?,
        ca_file: file.ca_file.as_ref().map(path),
        log,
        listen: listen(file.listen.as_ref())?,
        state: file.state.as_ref().map_or_else(|| PathBuf::from(PRESET_STATE), path),
        targets: Vec::new(),
    };
    for raw in &file.targets {
        let checked = target(raw)?;
        let taken = |other: &&super::TargetConfig| other.name.eq_ignore_ascii_case(&checked.name);
        if let Some(other) = config.targets.iter().find(taken) {
            let words = format!("another target is called {}; capitals make no difference", other.name);
            return Err(Fault::at(&raw.get_ref().name, &words));
        }
        if config.targets.len() == TARGETS_MOST {
            return Err(Fault::new(raw.span(), &format!("there can be at most {TARGETS_MOST} targets")));
        }
        config.targets.push(checked);
    }
    Ok(config)
}

fn proxy(file: &Whole) -> Result<Option<ProxyConfig>, Fault> {
    let password = secret(file.proxy_password_file.as_ref(), file.proxy_password_env.as_ref())?;
    let Some(url) = &file.proxy else {
        let given = file.proxy_user.as_ref().or(file.proxy_password_file.as_ref());
        return match given.or(file.proxy_password_env.as_ref()) {
            Some(text) => Err(Fault::at(text, "this setting needs “proxy”")),
            None => Ok(None),
        };
    };
    let address = Address::parse(url.get_ref()).map_err(|words| Fault::at(url, words))?;
    if !address.path.is_empty() {
        return Err(Fault::at(url, "a proxy is host and port, without a path"));
    }
    let login = match (&file.proxy_user, password) {
        (Some(user), Some(password)) => Some(Login { user: user.get_ref().clone(), password }),
        (None, None) => None,
        _ => return Err(Fault::at(url, "proxy_user and its password belong together")),
    };
    Ok(Some(ProxyConfig { address, login }))
}

fn listen(text: Option<&Text>) -> Result<Option<SocketAddr>, Fault> {
    let Some(text) = text else { return Ok(Some(PRESET_LISTEN)) };
    if text.get_ref() == "off" {
        return Ok(None);
    }
    match text.get_ref().parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(Some(address)),
        Ok(_) => Err(Fault::at(text, "listen is an address of this machine only, such as 127.0.0.1:9464")),
        Err(_) => Err(Fault::at(text, "listen is an address and a port, such as 127.0.0.1:9464, or off")),
    }
}

pub(super) fn path(text: &Text) -> PathBuf {
    PathBuf::from(text.get_ref())
}

/// Where a secret is: in a file or in a variable, not in both.
pub(super) fn secret(file: Option<&Text>, variable: Option<&Text>) -> Result<Option<Secret>, Fault> {
    match (file, variable) {
        (Some(_), Some(variable)) => {
            Err(Fault::at(variable, "a secret stands in one place: file or environment"))
        }
        (Some(file), None) => Ok(Some(Secret::File(path(file)))),
        (None, Some(variable)) => Ok(Some(Secret::Variable(variable.get_ref().clone()))),
        (None, None) => Ok(None),
    }
}
