//! Addresses, as configuration has them.

use std::net::IpAddr;

/// Where something is: scheme, host, port and the path's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// Whether it is spoken to over TLS.
    pub(crate) tls: bool,
    /// The host, in small letters; an IPv6 address without brackets.
    pub(crate) host: String,
    /// The port.
    pub(crate) port: u16,
    /// The path, without a slash at its end: empty or beginning with one.
    pub(crate) path: String,
}

impl Address {
    /// The address in an `http` or `https` URL.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let uri: http::Uri = text.parse().map_err(|_| "this is no URL")?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("a URL here begins with https:// or http://"),
        };
        let authority = uri.authority().ok_or("this URL has no host")?;
        if authority.as_str().contains('@') {
            return Err("user name and password must not stand in a URL; see the other settings");
        }
        if uri.query().is_some() || text.contains('#') {
            return Err("a URL here has neither “?” nor “#”");
        }
        let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return Err("this URL has no host");
        }
        let preset = if tls { 443 } else { 80 };
        let port = match authority.port_u16() {
            Some(0) => return Err("0 is no port"),
            Some(port) => port,
            None if authority.as_str().trim_end_matches(']').contains(':') && !host.contains(':') => {
                return Err("the port of this URL is no number up to 65535");
            }
            None => preset,
        };
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { tls, host, port, path })
    }

    /// Whether it is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Host and port as a `Host` header has them: without a port that goes without saying.
    pub(crate) fn authority(&self) -> String {
        let preset = if self.tls { 443 } else { 80 };
        if self.port == preset { self.bracketed() } else { self.with_port() }
    }

    /// Host and port, always with the port.
    pub(crate) fn with_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// The origin: what signatures name.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority())
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let one = Address::parse("https://SharePoint.corp.local:8443/sites/a/").unwrap();
        assert_eq!((one.tls, one.host.as_str(), one.port), (true, "sharepoint.corp.local", 8443));
        assert_eq!(
            (one.path.as_str(), one.origin().as_str()),
            ("/sites/a", "https://sharepoint.corp.local:8443")
        );
        let six = Address::parse("http://[::1]").unwrap();
        assert_eq!(
            (six.host.as_str(), six.origin().as_str(), six.path.as_str()),
            ("::1", "http://[::1]", "")
        );
        assert_eq!(six.with_port(), "[::1]:80");
        assert_eq!(Address::parse("https://a:443/").unwrap().origin(), "https://a");
        assert!(six.is_loopback() && Address::parse("http://127.9.9.9").unwrap().is_loopback());
        assert!(!one.is_loopback() && !Address::parse("http://localhost.evil").unwrap().is_loopback());
    }

    #[test]
    fn other_texts_are_refused() {
        for bad in [
            "",
            "drawbridge.example.org",
            "ftp://a",
            "https://",
            "https://u:p@a",
            "https://a?x",
            "https://a#x",
            "https://a:0",
            "https://a:99999",
            "https://a b",
            "/path",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }
}
