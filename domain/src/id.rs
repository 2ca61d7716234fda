//! Identifiers: a prefix that tells what is meant, then 26 Crockford base32 characters of a ULID.
//!
//! They sort by the time of their making, hold 80 random bits, and are safe to log.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is no identifier of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier of this kind")
    }
}

/// The 26 characters of a ULID from a time in milliseconds (48 bits used) and 10 random bytes.
pub fn ulid(millis: i64, random: [u8; 10]) -> String {
    let time = u128::from(millis.max(0).unsigned_abs() & 0xffff_ffff_ffff);
    let noise = random.iter().fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let bits = (time << 80) | noise;
    (0..26)
        .rev()
        .map(|place| {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'0'))
        })
        .collect()
}

fn body_is_ulid(body: &str) -> bool {
    body.len() == 26
        && body.bytes().all(|byte| ALPHABET.contains(&byte))
        && body.bytes().next().is_some_and(|first| first <= b'7')
}

/// What all kinds of identifier can do.
pub trait Id: Sized + Clone {
    /// What stands before the underscore.
    const PREFIX: &'static str;
    /// The identifier in a text, or [`BadId`].
    fn parse(text: &str) -> Result<Self, BadId>;
    /// The whole text, prefix included.
    fn as_str(&self) -> &str;
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident = $prefix:literal;)+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": concat!($($doc),*).trim(),
                    "pattern": concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$"),
                    "examples": [Self::new(1_795_339_800_000, [21, 42, 63, 84, 105, 126, 147, 168, 189, 210])],
                })
            }
        }

        impl $name {
            /// A new identifier from the time in milliseconds and 10 random bytes.
            pub fn new(millis: i64, random: [u8; 10]) -> Self {
                Self(format!(concat!($prefix, "_{}"), ulid(millis, random)))
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn parse(text: &str) -> Result<Self, BadId> {
                match text.strip_prefix(concat!($prefix, "_")) {
                    Some(body) if body_is_ulid(body) => Ok(Self(text.to_owned())),
                    _ => Err(BadId),
                }
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A tenant.
    TenantId = "ten";
    /// A person's sign-in, which can belong to several tenants.
    AccountId = "acc";
    /// A person's place in one tenant.
    UserId = "usr";
    /// A signed-in browser; not the secret that proves it.
    SessionId = "ses";
    /// A group of users of one tenant.
    GroupId = "grp";
    /// A connection.
    ConnectionId = "con";
    /// A change in the life of a connection.
    ConnectionEventId = "cev";
    /// An organisation's registration at a provider.
    OAuthClientId = "oac";
    /// A link by which somebody without an account signs a connection in again.
    ReconnectLinkId = "rcl";
    /// An authorization under way at a provider.
    FlowId = "flw";
    /// An endpoint that is told of events.
    WebhookId = "whk";
    /// A message to one of them.
    WebhookDeliveryId = "whd";
    /// A machine identity of a tenant; also its `client_id`.
    AppId = "app";
    /// A personal access token; not the secret itself.
    TokenId = "pat";
    /// An access token that an app was given (RFC 9068); its `jti`.
    AccessTokenId = "atk";
    /// A key that signs access tokens; its `kid`.
    SigningKeyId = "sgk";
    /// A gateway: agents of one organisation that reach the same systems.
    GatewayId = "gw";
    /// One agent of a gateway, on one machine.
    ReplicaId = "gwr";
    /// Something that happened to a gateway's links or targets.
    GatewayEventId = "gev";
    /// One request to the API.
    RequestId = "req";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ulid_sorts_by_time_and_keeps_its_random_bits() {
        let early = ConnectionId::new(1, [255; 10]);
        let late = ConnectionId::new(2, [0; 10]);
        assert!(early < late);
        assert_eq!(early.as_str(), "con_0000000001zzzzzzzzzzzzzzzz");
        assert_eq!(ConnectionId::parse(early.as_str()), Ok(early));
    }

    #[test]
    fn other_kinds_and_other_characters_are_refused() {
        let user = UserId::new(5, [1; 10]);
        assert_eq!(ConnectionId::parse(user.as_str()), Err(BadId));
        for bad in ["", "con_", "con_1", "con_0000000001zzzzzzzzzzzzzzzi", "con_8000000001zzzzzzzzzzzzzzzz"] {
            assert_eq!(ConnectionId::parse(bad), Err(BadId), "{bad}");
        }
    }
}
