//! Calls to a connector's service: only its hosts, only public addresses, bounded in size and time.

use std::net::{Ipv4Addr, Ipv6Addr};

use drawbridge_domain::connection::Reason;
use drawbridge_domain::connector::{Definition, Values};
use http::HeaderMap;
use url::{Host, Url};

use crate::ports::{OutwardError, OutwardRequest, OutwardResponse};
use crate::services::Services;

/// How long a provider may take for a check or a token, in milliseconds.
const TIME_LIMIT: u32 = 15_000;
/// The largest answer that a check or a token request reads, in bytes.
const SIZE_LIMIT: usize = 1024 * 1024;

/// Sends a request to the connector's service.
pub(super) async fn send(
    services: &Services,
    definition: &Definition,
    values: &Values,
    method: http::Method,
    url: &str,
    mut headers: HeaderMap,
    body: Option<Vec<u8>>,
) -> Result<OutwardResponse, Reason> {
    if !definition.allows_url(url, values) || !(definition.sandbox || is_public(url)) {
        return Err(Reason::Unreachable);
    }
    headers.insert(http::header::USER_AGENT, http::HeaderValue::from_static("Drawbridge"));
    let request = OutwardRequest {
        method,
        url: url.to_owned(),
        headers,
        body,
        time_limit: TIME_LIMIT,
        size_limit: SIZE_LIMIT,
    };
    services.outward.send(request).await.map_err(|error| match error {
        OutwardError::TimedOut => Reason::TimedOut,
        OutwardError::TooLarge => Reason::Nonsense,
        OutwardError::Unreachable(cause) => {
            // The address is left out: a key can stand in its query.
            let line = serde_json::json!({ "event": "outward", "level": "warn", "connector": definition.id, "cause": cause });
            services.log.line(&line.to_string());
            Reason::Unreachable
        }
    })
}

/// Whether an address is one of the public Internet, as far as it shows: never this machine, a private network
/// or a cloud's metadata service, in whatever notation.
fn is_public(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    if url.scheme() != "https" {
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

fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let inward = [
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "arpa",
        "test",
        "invalid",
        "onion",
    ];
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.') && !inward.contains(&last)
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
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only global unicast, and of that none of the ranges that carry an IPv4 address or are for documents.
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn inward_addresses_are_refused_in_every_notation() {
        for url in [
            "http://example.com",
            "https://localhost",
            "https://localhost.",
            "https://a.localhost",
            "https://intranet",
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.1",
            "https://017700000001",
            "https://10.0.0.1",
            "https://192.168.1.1",
            "https://172.16.0.1",
            "https://169.254.169.254",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "https://255.255.255.255",
            "https://224.0.0.1",
            "https://[::1]",
            "https://[::]",
            "https://[fe80::1]",
            "https://[fd00::1]",
            "https://[::ffff:127.0.0.1]",
            "https://[64:ff9b::7f00:1]",
            "https://[2002:7f00:1::]",
            "https://metadata.google.internal",
            "https://printer.local",
            "https://",
            "nonsense",
        ] {
            assert!(!is_public(url), "{url}");
        }
        for url in ["https://api.example.com/x", "https://93.184.216.34", "https://[2606:4700::1111]"] {
            assert!(is_public(url), "{url}");
        }
    }
}
