//! A deployment's address.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ureq::http::Uri;

/// A deployment's address: scheme, host and port. Credentials go to it only over TLS, or within this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    origin: String,
    local: bool,
}

impl Server {
    /// The address in a text; `https` where it names no scheme. What is wrong with it, in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let uri: Uri = whole.parse().map_err(|_| format!("“{text}” is not an address"))?;
        let authority = uri.authority().ok_or_else(|| format!("“{text}” names no host"))?;
        if authority.as_str().contains('@') {
            return Err("an address has no user name or password in it".to_owned());
        }
        if !uri.path().trim_matches('/').is_empty() || uri.query().is_some() || whole.contains('#') {
            return Err(format!("“{text}” has more than scheme, host and port"));
        }
        let host = authority.host().to_ascii_lowercase();
        let scheme = uri.scheme_str().unwrap_or_default();
        let port = authority.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
        let origin = format!("{scheme}://{host}{port}");
        match scheme {
            "https" => Ok(Self { origin, local: false }),
            "http" if is_loopback(&host) => Ok(Self { origin, local: true }),
            "http" => Err(format!(
                "“{text}” is not encrypted: a credential would be read on the way. Use https, or http to this machine only"
            )),
            _ => Err(format!("“{text}” is neither https nor http")),
        }
    }

    /// Whether it is this machine, without TLS.
    pub(crate) fn is_local(&self) -> bool {
        self.local
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl Serialize for Server {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.origin)
    }
}

impl<'de> Deserialize<'de> for Server {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_this_machine() {
        for (text, origin) in [
            ("drawbridge.example.com", "https://drawbridge.example.com"),
            ("https://Drawbridge.Example.com/", "https://drawbridge.example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("http://localhost:8787", "http://localhost:8787"),
            ("http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
            ("http://[::1]:8787", "http://[::1]:8787"),
        ] {
            assert_eq!(Server::parse(text).unwrap().to_string(), origin);
        }
        for bad in [
            "",
            "http://example.com",
            "http://localhost.example.com",
            "http://128.0.0.1",
            "https://u:p@example.com",
            "https://example.com/console",
            "https://example.com?x",
            "https://example.com#x",
            "ftp://example.com",
            "a b",
        ] {
            assert!(Server::parse(bad).is_err(), "{bad}");
        }
    }
}
