//! Which addresses may be called from here, whoever asks: the one place that decides it.
//!
//! A caller first narrows the address to what it may reach at all (a connector's hosts), then asks
//! [`is_public`], and asks again for every address that a server sends it on to.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::services::{Services, Settings};

/// Last labels of names that mean something inside a network, or nothing at all.
const INWARD: [&str; 18] = [
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "lan",
    "home",
    "corp",
    "domain",
    "arpa",
    "test",
    "example",
    "invalid",
    "onion",
    "alt",
    "svc",
    "cluster",
];

/// Domains whose names resolve to whatever address stands in them, or to this machine.
const MIRRORS: [&str; 12] = [
    "nip.io",
    "sslip.io",
    "xip.io",
    "traefik.me",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "fbi.com",
    "yoogle.com",
    "rbndr.us",
    "1u.ms",
];

/// Whether an address is one of the public Internet, as far as it shows: `https`, no user name, a port for web
/// servers, and never this machine, a private network or a cloud's metadata service, in whatever notation.
pub fn is_public(url: &str) -> bool {
    // Letters of other scripts are not for our parser: they come as [`in_ascii`] writes them, or not at all.
    if is_ambiguous(url) || !url.is_ascii() {
        return false;
    }
    let Ok(url) = Url::parse(url) else { return false };
    let port = url.port().unwrap_or(443);
    if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    if port != 443 && port < 1024 {
        return false;
    }
    match url.host() {
        // The URL standard's parser has already turned octal, hexadecimal and single-number forms into this.
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => is_public_v6(address),
        Some(Host::Domain(name)) => is_public_name(name),
        None => false,
    }
}

/// The parser drops tabs and line ends anywhere; whoever writes them wants to be read in two ways.
fn is_ambiguous(url: &str) -> bool {
    url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\')
}

/// An address as it is called: letters of other scripts in their ASCII form. What is no address stays as it is.
pub fn in_ascii<'a>(services: &Services, url: &'a str) -> Cow<'a, str> {
    if url.is_ascii() || is_ambiguous(url) {
        return Cow::Borrowed(url);
    }
    services.outward.in_ascii(url).map_or(Cow::Borrowed(url), Cow::Owned)
}

/// Whether messages may be sent to an address: [`is_public`], and in builds with the sandbox provider, which are for
/// this machine only, the provider's own address.
pub fn is_receiver(url: &str, settings: &Settings) -> bool {
    if cfg!(feature = "sandbox")
        && url.is_ascii()
        && let Some(origin) = &settings.sandbox_origin
        && let (Ok(origin), Ok(url)) = (Url::parse(origin), Url::parse(url))
        && url.origin() == origin.origin()
    {
        return url.username().is_empty() && url.password().is_none();
    }
    is_public(url)
}

fn is_public_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    let under =
        |domain: &&str| name.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.contains('.')
        && !name.split('.').any(str::is_empty)
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && !INWARD.contains(&last)
        && !MIRRORS.iter().any(under)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // Azure's address for its own platform, which is public by its form.
        || address == Ipv4Addr::new(168, 63, 129, 16))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only global unicast, and of that none of the ranges that carry an IPv4 address or are for documents: mapped,
    // compatible and NAT64 addresses lie outside of it, Teredo and 6to4 inside.
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && first != 0x2002
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests;
