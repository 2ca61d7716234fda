//! Scopes: what of its owner's reach an app or a personal access token has.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

crate::closed_list! {
    feature "schema",
    /// One thing that a credential may be for, as it stands in a token (RFC 6749 §3.3), and what it allows.
    ApiScope {
        /// Connections, their history and permissions.
        ReadConnection = "read:connection", "See connections";
        /// Making, changing, sharing and deleting connections.
        ManageConnection = "manage:connection", "Make, change, share and delete connections";
        /// Operations, lookups and the proxy.
        UseConnection = "use:connection", "Call applications through connections";
        /// Connectors and OAuth clients.
        ReadConnector = "read:connector", "See connectors and OAuth clients";
        /// OAuth clients.
        ManageConnector = "manage:connector", "Register, change and delete OAuth clients";
        /// Gateways and their targets.
        ReadGateway = "read:gateway", "See gateways";
        /// Gateways.
        ManageGateway = "manage:gateway", "Add, change and disconnect gateways";
        /// Users and groups.
        ReadUser = "read:user", "See users and groups";
        /// Invitations, roles, groups.
        ManageUser = "manage:user", "Invite, change and remove users and groups";
        /// Apps, never their secrets.
        ReadApp = "read:app", "See apps";
        /// Apps.
        ManageApp = "manage:app", "Add, change, disable and delete apps";
        /// Personal access tokens, never the tokens themselves.
        ReadToken = "read:token", "See personal access tokens";
        /// Personal access tokens.
        ManageToken = "manage:token", "Change, revoke and delete personal access tokens";
        /// The audit log.
        ReadAudit = "read:audit", "Read, export and verify the audit log";
        /// The audit log; there is nothing in it to manage yet.
        ManageAudit = "manage:audit", "Manage the audit log";
        /// Workflows.
        ReadWorkflow = "read:workflow", "See workflows";
        /// Workflows.
        ManageWorkflow = "manage:workflow", "Make, change and delete workflows";
        /// Instances of workflows.
        ReadInstance = "read:instance", "See instances of workflows";
        /// Instances of workflows.
        ManageInstance = "manage:instance", "Resolve and terminate instances of workflows";
        /// Starting workflows.
        ExecuteInstance = "execute:instance", "Start workflows";
        /// Tasks.
        ReadTask = "read:task", "See tasks";
        /// Tasks.
        ManageTask = "manage:task", "Delegate and cancel tasks";
        /// Completing tasks.
        WriteTask = "write:task", "Complete tasks";
    }
}

impl ApiScope {
    const fn bit(self) -> u32 {
        1 << (self as u32)
    }

    /// The scope that holding this one brings along: `manage` implies `read`.
    pub fn implies(self) -> Option<Self> {
        let noun = self.code().strip_prefix("manage:")?;
        Self::ALL.iter().copied().find(|known| known.code().strip_prefix("read:") == Some(noun))
    }
}

impl fmt::Display for ApiScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Several scopes; in JSON the list of their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ApiScopes(u32);

impl ApiScopes {
    /// None at all.
    pub const NONE: Self = Self(0);
    /// The preset **Full access**: all that there are, and in time those that are added.
    pub const FULL: Self = Self((1 << ApiScope::ALL.len()) - 1);
    /// How full access stands in the database, so that it grows with what there is.
    const FULL_WORD: &'static str = "full";

    /// These scopes.
    pub fn of(scopes: &[ApiScope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether these are all.
    pub fn is_full(self) -> bool {
        self == Self::FULL
    }

    /// Whether the scope stands here itself.
    pub const fn names(self, scope: ApiScope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether the scope stands here, or one that implies it.
    pub fn holds(self, needed: ApiScope) -> bool {
        self.iter().any(|held| held == needed || held.implies() == Some(needed))
    }

    /// What of these others hold too.
    #[must_use]
    pub fn narrowed(self, others: Self) -> Self {
        if self.is_full() || others.is_full() {
            return if self.is_full() { others } else { self };
        }
        let both = ApiScope::ALL.iter().filter(|scope| self.holds(**scope) && others.holds(**scope));
        Self(both.fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether every one of `others` is held.
    pub fn hold_all(self, others: Self) -> bool {
        others.iter().all(|scope| self.holds(scope))
    }

    /// The scopes, in order.
    pub fn iter(self) -> impl Iterator<Item = ApiScope> {
        ApiScope::ALL.iter().copied().filter(move |scope| self.names(*scope))
    }

    /// The same with one more, or without it.
    #[must_use]
    pub const fn with(self, scope: ApiScope, wanted: bool) -> Self {
        Self(if wanted { self.0 | scope.bit() } else { self.0 & !scope.bit() })
    }

    /// The words of RFC 6749 §3.3 parted by single spaces; `None` when one is unknown, there twice, or none is there.
    pub fn parse(text: &str) -> Option<Self> {
        let mut scopes = Self::NONE;
        for word in text.split(' ') {
            let scope = ApiScope::from_code(word)?;
            if scopes.names(scope) {
                return None;
            }
            scopes = scopes.with(scope, true);
        }
        Some(scopes)
    }

    /// As it stands in the database.
    pub fn stored(self) -> String {
        if self.is_full() { Self::FULL_WORD.to_owned() } else { self.to_string() }
    }

    /// As the database has it; an unknown word gives nothing.
    pub fn from_stored(text: &str) -> Self {
        if text == Self::FULL_WORD {
            return Self::FULL;
        }
        let known: Vec<ApiScope> = text.split(' ').filter_map(ApiScope::from_code).collect();
        Self::of(&known)
    }
}

/// The words parted by spaces, as OAuth writes them.
impl fmt::Display for ApiScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, scope) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.code())?;
        }
        Ok(())
    }
}

impl Serialize for ApiScopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ApiScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut scopes = Self::NONE;
        for scope in Vec::<ApiScope>::deserialize(deserializer)? {
            if scopes.names(scope) {
                return Err(de::Error::custom("a scope twice"));
            }
            scopes = scopes.with(scope, true);
        }
        Ok(scopes)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ApiScopes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ApiScopes".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let scope = generator.subschema_for::<ApiScope>();
        schemars::json_schema!({
            "type": "array", "items": scope, "uniqueItems": true, "maxItems": ApiScope::ALL.len(),
            "description": "Several scopes, each once.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manage_implies_read_and_nothing_else_does() {
        for scope in ApiScope::ALL {
            assert_eq!(ApiScope::from_code(scope.code()), Some(*scope));
            let held = ApiScopes::of(&[*scope]);
            for other in ApiScope::ALL {
                let noun = |code: &str| code.split(':').nth(1).unwrap_or_default().to_owned();
                let implied = scope.code().starts_with("manage:")
                    && other.code().starts_with("read:")
                    && noun(scope.code()) == noun(other.code());
                assert_eq!(held.holds(*other), scope == other || implied, "{scope} {other}");
            }
        }
        assert!(!ApiScopes::of(&[ApiScope::UseConnection]).holds(ApiScope::ReadConnection));
    }

    #[test]
    fn scopes_are_written_and_read() {
        let some = ApiScopes::of(&[ApiScope::ManageUser, ApiScope::ReadConnection]);
        assert_eq!(some.to_string(), "read:connection manage:user");
        assert_eq!(ApiScopes::parse("manage:user read:connection"), Some(some));
        assert_eq!(serde_json::to_string(&some).unwrap(), "[\"read:connection\",\"manage:user\"]");
        assert_eq!(serde_json::from_str::<ApiScopes>("[\"manage:user\",\"read:connection\"]").unwrap(), some);
        for bad in
            ["", " ", "read:connection ", "read:connection read:connection", "read:nothing", "READ:USER"]
        {
            assert_eq!(ApiScopes::parse(bad), None, "{bad:?}");
        }
        assert!(serde_json::from_str::<ApiScopes>("[\"read:user\",\"read:user\"]").is_err());
        assert_eq!(ApiScopes::from_stored(&some.stored()), some);
        assert_eq!(ApiScopes::FULL.stored(), "full");
        assert_eq!(ApiScopes::from_stored("full"), ApiScopes::FULL);
        assert_eq!(ApiScopes::from_stored(""), ApiScopes::NONE);
        assert!(ApiScopes::FULL.hold_all(some) && some.hold_all(ApiScopes::of(&[ApiScope::ReadUser])));
        assert!(!some.hold_all(ApiScopes::FULL));
    }

    #[test]
    fn two_hold_together_what_each_holds() {
        let manage = ApiScopes::of(&[ApiScope::ManageUser, ApiScope::UseConnection]);
        let read = ApiScopes::of(&[ApiScope::ReadUser, ApiScope::ReadAudit]);
        assert_eq!(manage.narrowed(read), ApiScopes::of(&[ApiScope::ReadUser]));
        assert_eq!(read.narrowed(manage), manage.narrowed(read));
        assert_eq!(ApiScopes::FULL.narrowed(read), read);
        assert_eq!(read.narrowed(ApiScopes::FULL), read);
        assert!(ApiScopes::FULL.narrowed(ApiScopes::FULL).is_full());
    }
}
