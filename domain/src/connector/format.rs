//! The closed set of formats that a field's value can have.

use serde::{Deserialize, Serialize};

use super::FieldFault;
use super::host::{self, UrlParts};

/// What a field's value must look like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Anything.
    #[default]
    Text,
    /// One label of a host name.
    Subdomain,
    /// A full public host name, no address.
    Hostname,
    /// A full host name under one of these domains.
    HostUnder(Vec<String>),
    /// A public `https` address: scheme and host, with or without a port.
    HttpsOrigin,
    /// The same, with a host under one of these domains.
    HttpsUnder(Vec<String>),
    /// A public `https` address with or without a path, without query.
    HttpsBase,
    /// A public `https` address, query allowed.
    HttpsUrl,
    /// A path on the service, query allowed.
    UrlPath,
    /// An e-mail address.
    Email,
    /// The name of a request header that may carry a key.
    HeaderName,
    /// Visible ASCII characters without blanks, as keys and tokens have.
    Token,
    /// OAuth scopes, separated by blanks.
    Scopes,
    /// Characters out of a set.
    Characters(Characters),
}

/// Characters out of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Characters {
    /// The characters and ranges, such as `a-z0-9_-`; a hyphen for itself stands last.
    pub allowed: String,
    /// The fewest characters.
    #[serde(default)]
    pub min: usize,
    /// The most characters.
    pub max: usize,
}

/// Headers that carry more than a key, or that the runtime sets.
const RESERVED_HEADERS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

impl Format {
    /// Whether the value is a host name or a part of one.
    pub fn is_host(&self) -> bool {
        matches!(self, Self::Subdomain | Self::Hostname | Self::HostUnder(_))
    }

    /// Whether the value is an address with scheme and host.
    pub fn is_url(&self) -> bool {
        matches!(self, Self::HttpsOrigin | Self::HttpsUnder(_) | Self::HttpsBase | Self::HttpsUrl)
    }

    /// Whether the format itself makes sense.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::HostUnder(domains) | Self::HttpsUnder(domains) => {
                !domains.is_empty() && domains.iter().all(|domain| host::is_public_hostname(domain))
            }
            Self::Characters(characters) => characters.is_well_formed(),
            _ => true,
        }
    }

    /// Whether a value that is not empty has this format.
    pub fn check(&self, value: &str) -> Result<(), FieldFault> {
        match self {
            Self::Text => Ok(()),
            Self::Subdomain => ok_or(host::is_label(value), FieldFault::Subdomain),
            Self::Hostname => ok_or(host::is_public_hostname(value), FieldFault::Hostname),
            Self::HostUnder(domains) => host_under(domains, value),
            Self::HttpsOrigin => ok_or(public_https(value)?.rest.len() <= 1, FieldFault::Origin),
            Self::HttpsUnder(domains) => {
                let parts = public_https(value)?;
                host_under(domains, parts.host)?;
                ok_or(parts.rest.len() <= 1 && parts.host == parts.authority, FieldFault::Origin)
            }
            Self::HttpsBase => ok_or(!public_https(value)?.rest.contains('?'), FieldFault::HttpsUrl),
            Self::HttpsUrl => public_https(value).map(|_| ()),
            Self::UrlPath => ok_or(host::is_url_path(value), FieldFault::UrlPath),
            Self::Email => ok_or(is_email(value), FieldFault::Email),
            Self::HeaderName => ok_or(is_key_header(value), FieldFault::HeaderName),
            Self::Token => only(value, |c| c.is_ascii_graphic()),
            // RFC 6749, section 3.3.
            Self::Scopes => only(value, |c| c == ' ' || (c.is_ascii_graphic() && c != '"' && c != '\\')),
            Self::Characters(characters) => characters.check(value),
        }
    }
}

impl Characters {
    fn check(&self, value: &str) -> Result<(), FieldFault> {
        let length = value.chars().count();
        if length < self.min {
            return Err(FieldFault::TooShort { least: self.min });
        }
        if length > self.max {
            return Err(FieldFault::TooLong { most: self.max });
        }
        let set = self.ranges();
        only(value, |c| set.iter().any(|(first, last)| (*first..=*last).contains(&c)))
    }

    /// The set as ranges.
    fn ranges(&self) -> Vec<(char, char)> {
        let mut rest = self.allowed.chars().peekable();
        let mut ranges = Vec::new();
        while let Some(first) = rest.next() {
            let mut ahead = rest.clone();
            match (ahead.next(), ahead.next()) {
                (Some('-'), Some(last)) => {
                    ranges.push((first, last));
                    rest = ahead;
                }
                _ => ranges.push((first, first)),
            }
        }
        ranges
    }

    /// Whether the set and the lengths make sense.
    pub fn is_well_formed(&self) -> bool {
        let ranges = self.ranges();
        !ranges.is_empty() && ranges.iter().all(|(a, b)| a <= b) && self.min <= self.max && self.max > 0
    }
}

fn ok_or(good: bool, fault: FieldFault) -> Result<(), FieldFault> {
    if good { Ok(()) } else { Err(fault) }
}

fn only(value: &str, allowed: impl Fn(char) -> bool) -> Result<(), FieldFault> {
    value.chars().find(|c| !allowed(*c)).map_or(Ok(()), |found| Err(FieldFault::Character { found }))
}

fn host_under(domains: &[String], value: &str) -> Result<(), FieldFault> {
    if !host::is_public_hostname(value) {
        return Err(FieldFault::Hostname);
    }
    let inside = |domain: &String| host::is_under(value, domain);
    let under = domains.first().cloned().unwrap_or_default();
    ok_or(domains.iter().any(inside), FieldFault::HostElsewhere { under })
}

fn public_https(value: &str) -> Result<UrlParts<'_>, FieldFault> {
    host::split_url(value)
        .filter(|parts| parts.secure && host::is_public_hostname(parts.host))
        .ok_or(FieldFault::HttpsUrl)
}

/// Not the whole grammar: something, one `@`, and a host name after it.
fn is_email(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(local, domain)| {
        let good = |c: char| !c.is_whitespace() && !"@<>()[],;:\\\"".contains(c);
        !local.is_empty() && local.chars().all(good) && domain.contains('.') && host::is_hostname(domain)
    })
}

pub(super) fn is_key_header(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let reserved = RESERVED_HEADERS.contains(&lower.as_str());
    // Prefixes by which proxies and the runtime speak to one another.
    let internal = ["cf-", "x-forwarded-", "proxy-", "sec-"].iter().any(|prefix| lower.starts_with(prefix));
    lower.len() <= 64 && !lower.is_empty() && lower.chars().all(token) && !reserved && !internal
}
