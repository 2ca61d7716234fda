//! Networks from which a credential may be used.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::TextFault;

/// The most networks that a credential may name.
pub const NETWORKS_MAX: usize = 50;

/// What is wrong with the text of a network.
pub const NOT_A_NETWORK: TextFault = TextFault::Said(
    "not_a_network",
    "Type an address, such as 203.0.113.7 or 2001:db8::7, or a network, such as 203.0.113.0/24.",
);

/// An address or a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// The network in a text. Bits of the address beyond the network's are not allowed: they are usually a mistake.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        let text = text.trim();
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => {
                let digits =
                    !bits.is_empty() && bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
                let plain = digits && (bits == "0" || !bits.starts_with('0'));
                (
                    address,
                    Some(if plain {
                        bits.parse::<u8>().map_err(|_| NOT_A_NETWORK)?
                    } else {
                        return Err(NOT_A_NETWORK);
                    }),
                )
            }
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NOT_A_NETWORK)?;
        // One that is written as the other (RFC 4291 §2.5.5.2) would never be met.
        if matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some()) {
            return Err(NOT_A_NETWORK);
        }
        let most = if address.is_ipv4() { 32 } else { 128 };
        let network = Self { address, bits: bits.unwrap_or(most) };
        if network.bits > most || number(address) & !mask(network.bits, most) != 0 {
            return Err(NOT_A_NETWORK);
        }
        Ok(network)
    }

    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = plain(address);
        let most = if address.is_ipv4() { 32 } else { 128 };
        address.is_ipv4() == self.address.is_ipv4()
            && number(address) & mask(self.bits, most) == number(self.address)
    }

    /// Whether all of another network lies in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.bits <= other.bits && self.contains(other.address)
    }
}

/// Whether an address lies in one of the networks, or there are none. What is no address lies in none.
pub fn admits(networks: &[Network], address: &str) -> bool {
    networks.is_empty()
        || address.parse::<IpAddr>().is_ok_and(|address| networks.iter().any(|known| known.contains(address)))
}

/// An IPv4 address that came written as an IPv6 one.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(Ipv4Addr::to_bits(v4)),
        IpAddr::V6(v6) => Ipv6Addr::to_bits(v6),
    }
}

fn mask(bits: u8, most: u8) -> u128 {
    let whole = if most == 128 { u128::MAX } else { (1 << most) - 1 };
    let open = u32::from(most.saturating_sub(bits));
    whole & u128::MAX.checked_shl(open).unwrap_or_default()
}

/// A lone address is written without its length.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == most {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.bits)
        }
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Network {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Network".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "maxLength": 43, "examples": ["203.0.113.7", "203.0.113.0/24", "2001:db8::/32"],
            "description": "An IPv4 or IPv6 address, or a network in CIDR notation.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_written() {
        for (text, written) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7/32", "203.0.113.7"),
            (" 203.0.113.0/24 ", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("2001:db8::7/128", "2001:db8::7"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(Network::parse(text).unwrap().to_string(), written);
        }
        for bad in [
            "",
            "203.0.113",
            "203.0.113.7/24",
            "203.0.113.0/33",
            "203.0.113.0/",
            "203.0.113.0/+8",
            "203.0.113.0/08",
            "2001:db8::/129",
            "2001:db8::1/32",
            "::ffff:203.0.113.7",
            "example.com",
            "10.0.0.0/8/8",
            "1.2.3.4%1",
        ] {
            assert_eq!(Network::parse(bad), Err(NOT_A_NETWORK), "{bad}");
        }
    }

    #[test]
    fn addresses_are_admitted_by_number_not_by_text() {
        let networks: Vec<Network> = ["203.0.113.0/24", "2001:db8::/32", "10.0.0.1"]
            .iter()
            .map(|text| Network::parse(text).unwrap())
            .collect();
        for inside in ["203.0.113.0", "203.0.113.255", "::ffff:203.0.113.9", "2001:db8:ffff::1", "10.0.0.1"] {
            assert!(admits(&networks, inside), "{inside}");
        }
        for outside in
            ["203.0.114.0", "2001:db9::", "10.0.0.2", "::10.0.0.1", "", "unknown", "203.0.113.7:80"]
        {
            assert!(!admits(&networks, outside), "{outside}");
        }
        assert!(admits(&[], "unknown"));
        let all = [Network::parse("0.0.0.0/0").unwrap()];
        assert!(admits(&all, "8.8.8.8") && !admits(&all, "2001:db8::1"));
    }
}
