//! Host names and addresses: taken apart, checked, and matched against a connector's allowed hosts.

use super::template::{TemplateError, Values};

/// An address, taken apart without decoding anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UrlParts<'a> {
    /// `https` rather than `http`.
    pub(super) secure: bool,
    /// Host and port as written.
    pub(super) authority: &'a str,
    /// Host without port.
    pub(super) host: &'a str,
    /// Path and query.
    pub(super) rest: &'a str,
}

/// Takes an address apart; `None` for anything that two readers could understand differently.
pub(super) fn split_url(url: &str) -> Option<UrlParts<'_>> {
    let (secure, after) = match url.strip_prefix("https://") {
        Some(after) => (true, after),
        None => (false, url.strip_prefix("http://")?),
    };
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = after.split_at_checked(end)?;
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let port_is_good = port.is_none_or(|port| {
        !port.is_empty()
            && port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok_and(|n| n > 0)
    });
    let good = is_hostname(host) && port_is_good && is_url_text(rest) && !has_dot_segment(rest);
    good.then_some(UrlParts { secure, authority, host, rest })
}

/// Whether the address is `https`, and its host with port, where it is well formed.
pub(super) fn scheme_and_authority(url: &str) -> Option<(bool, &str)> {
    split_url(url).map(|parts| (parts.secure, parts.authority))
}

/// Host and port of an `https` address, for [`host_allowed`]; `None` where it is not well formed.
pub fn url_authority(url: &str) -> Option<&str> {
    scheme_and_authority(url).filter(|(secure, _)| *secure).map(|(_, authority)| authority)
}

/// Whether a host, with or without port, is one that these patterns allow.
///
/// A pattern is an exact host, with a port where it is not the usual one, or `*.` and a domain, which
/// allows every host under the domain and not the domain itself.
pub fn host_allowed(patterns: &[impl AsRef<str>], authority: &str) -> bool {
    let wanted = authority.to_ascii_lowercase();
    let wanted = wanted.strip_suffix(":443").unwrap_or(&wanted);
    let host = wanted.split_once(':').map_or(wanted, |(host, _)| host);
    is_hostname(host)
        && patterns.iter().any(|pattern| {
            let pattern = pattern.as_ref().to_ascii_lowercase();
            match pattern.strip_prefix("*.") {
                Some(domain) => is_hostname(domain) && is_under(wanted, domain),
                None => pattern.strip_suffix(":443").unwrap_or(&pattern) == wanted,
            }
        })
}

/// A host pattern with the connection's values put in.
pub(super) fn expand_pattern(pattern: &str, values: &Values) -> Result<String, TemplateError> {
    if let Some(name) = pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let value = values.get(name).ok_or_else(|| TemplateError::Missing { name: name.to_owned() })?;
        let authority =
            if value.contains("://") { scheme_and_authority(value).map(|(_, a)| a) } else { Some(&**value) };
        return authority
            .filter(|a| is_hostname(a.split_once(':').map_or(*a, |(host, _)| host)))
            .map(str::to_ascii_lowercase)
            .ok_or_else(|| TemplateError::NotAHost { name: name.to_owned() });
    }
    if !pattern.contains('{') {
        return Ok(pattern.to_ascii_lowercase());
    }
    let url = super::expand(&format!("https://{pattern}"), values)?;
    Ok(url.trim_start_matches("https://").to_owned())
}

/// One label of a host name.
pub(super) fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A host name or dotted address in the form that the DNS has, without a final dot.
pub(super) fn is_hostname(host: &str) -> bool {
    host.len() <= 253 && host.split('.').all(is_label)
}

/// A host name that can be public: at least two labels, no address, none of the names for inner networks.
pub(super) fn is_public_hostname(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    let inner =
        matches!(last, "localhost" | "local" | "internal" | "intranet" | "lan" | "home" | "corp" | "arpa");
    // A last label that starts with a digit is an address in one of its spellings, never a domain.
    is_hostname(&lower)
        && lower.contains('.')
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && !inner
}

/// Whether a host lies under a domain; the domain itself does not.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let prefix = host.strip_suffix(&domain.to_ascii_lowercase()).and_then(|rest| rest.strip_suffix('.'));
    prefix.is_some_and(is_hostname)
}

/// Whether a text is a path, with or without query, that stays a path after any base URL.
pub(super) fn is_url_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && is_url_text(text) && !has_dot_segment(text)
}

/// Characters that may stand in path and query as they are.
fn is_url_text(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&b))
}

/// Whether a path has a `.` or `..` segment, however it is spelled.
pub(super) fn has_dot_segment(path_and_query: &str) -> bool {
    let path = path_and_query.split('?').next().unwrap_or_default();
    path.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}
