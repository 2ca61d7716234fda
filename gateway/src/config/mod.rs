//! The configuration: one TOML file, checked whole before any of it counts.

mod file;
mod load;
mod secret;
mod target;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

pub(crate) use load::load;
pub(crate) use secret::{Secret, private};
pub(crate) use target::{Auth, Encryption, HttpSettings, Login, Settings, SqlSettings, TargetConfig};

use crate::net::Address;

/// Where the file is unless told otherwise.
#[cfg(not(windows))]
pub(crate) const PRESET_FILE: &str = "/etc/drawbridge-gateway/gateway.toml";
/// Where the key is unless told otherwise.
#[cfg(not(windows))]
const PRESET_STATE: &str = "/var/lib/drawbridge-gateway";
/// Where the file is unless told otherwise.
#[cfg(windows)]
pub(crate) const PRESET_FILE: &str = r"C:\ProgramData\Drawbridge\gateway.toml";
/// Where the key is unless told otherwise.
#[cfg(windows)]
const PRESET_STATE: &str = r"C:\ProgramData\Drawbridge\state";
/// What names the file in place of an argument.
pub(crate) const FILE_VARIABLE: &str = "DRAWBRIDGE_GATEWAY_CONFIG";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A configuration that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The tenant's server.
    pub(crate) server: Address,
    /// The company's proxy, with the user name that it wants.
    pub(crate) proxy: Option<ProxyConfig>,
    /// One more certificate authority, for server and proxy.
    pub(crate) ca_file: Option<PathBuf>,
    /// How log lines look.
    pub(crate) log: LogFormat,
    /// Where health and metrics are told: on this machine only. `None`: nowhere.
    pub(crate) listen: Option<SocketAddr>,
    /// The folder with the key.
    pub(crate) state: PathBuf,
    /// What may be reached.
    pub(crate) targets: Vec<TargetConfig>,
}

/// The company's proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProxyConfig {
    /// Where it is.
    pub(crate) address: Address,
    /// The login that it wants.
    pub(crate) login: Option<Login>,
}

/// The file that `enroll` writes where there is none.
pub(crate) fn first_file(server: &str) -> String {
    format!(
        r#"# The gateway's configuration. It is read again when it changes; a mistake in it is logged with its line, and
# what was right before stays in force. Check it with: drawbridge-gateway targets list

# The tenant's server.
server = "{server}"

# The company's HTTP proxy, if there is one. Without it, HTTPS_PROXY and NO_PROXY of the environment count.
# proxy = "http://proxy.corp.local:3128"
# proxy_user = "gateway"
# proxy_password_file = "/etc/drawbridge-gateway/proxy.password"

# A certificate authority of your own, in PEM, beside those of the machine.
# ca_file = "/etc/drawbridge-gateway/ca.pem"

# "text" or "json".
# log = "text"

# /healthz, /readyz and /metrics, on this machine only; "off" for none.
# listen = "127.0.0.1:9464"

# What may be reached. A call to anything else is refused here, whatever the server says.
#
# [[target]]
# name = "intranet"
# kind = "http"
# url = "https://intranet.corp.local/api"
# paths = ["/v1/*"]                  # without it: all paths under the URL
# auth = "basic"                     # "none", "basic", "ntlm" or "bearer"
# user = "svc-drawbridge"
# password_file = "/etc/drawbridge-gateway/intranet.password"   # or password_env = "INTRANET_PASSWORD"
# ca_file = "/etc/drawbridge-gateway/intranet-ca.pem"
#
# [[target]]
# name = "SQL01"
# kind = "sqlserver"                 # or "postgres", "mysql"
# host = "sql01.corp.local"
# database = "Orders"
# login = "connection"               # whoever makes a connection brings it; "gateway": user and password stand here
# encryption = "required"            # "off" only on this machine or on a wire of its own
# rows = 10000                       # no answer has more
#
"#
    )
}
