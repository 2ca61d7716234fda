//! Nobody climbs: what an app or a token makes, changes, shows, rotates or activates is never more than it is itself.

use std::fmt;

use crate::network::Network;
use crate::scopes::ApiScopes;
use crate::time::Timestamp;

/// How far an app or a token reaches: what it may do, from where, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// What it may do.
    pub scopes: ApiScopes,
    /// From where; none is from everywhere.
    pub networks: Vec<Network>,
    /// Until when; `None` is for ever.
    pub ends: Option<Timestamp>,
}

/// In what another app or token would be more than the one that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beyond {
    /// It would have these scopes, too.
    Scopes(ApiScopes),
    /// It would work from elsewhere.
    Networks,
    /// It would live longer.
    Life,
}

impl Bounds {
    /// Those of a person who is signed in: none.
    pub const FREE: Self = Self { scopes: ApiScopes::FULL, networks: Vec::new(), ends: None };

    /// Whether whoever is bounded so may give these scopes, or get hold of what has them.
    pub fn may_give(&self, given: ApiScopes) -> Result<(), Beyond> {
        let missing: Vec<_> = given.iter().filter(|scope| !self.scopes.holds(*scope)).collect();
        if missing.is_empty() { Ok(()) } else { Err(Beyond::Scopes(ApiScopes::of(&missing))) }
    }

    /// Whether it may let something work from these networks.
    pub fn may_open(&self, networks: &[Network]) -> Result<(), Beyond> {
        let covered = |wanted: &Network| self.networks.iter().any(|own| own.covers(wanted));
        let within = self.networks.is_empty() || !networks.is_empty() && networks.iter().all(covered);
        if within { Ok(()) } else { Err(Beyond::Networks) }
    }

    /// Whether it may let a token live until then.
    pub fn may_last(&self, end: Timestamp) -> Result<(), Beyond> {
        if self.ends.is_none_or(|own| end <= own) { Ok(()) } else { Err(Beyond::Life) }
    }

    /// The same end, or its own where that comes earlier.
    pub fn at_most(&self, end: Timestamp) -> Timestamp {
        self.ends.map_or(end, |own| own.min(end))
    }
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scopes(missing) => write!(
                f,
                "An app or a token neither gives nor gets hold of scopes that it does not have itself. Missing: {missing}."
            ),
            Self::Networks => f.write_str(
                "An app or a token lets nothing work from an address from which it does not work itself. Name \
                 addresses that are among its own, or do it signed in as a person.",
            ),
            Self::Life => f.write_str(
                "A token neither makes nor gets hold of a token that lives longer than itself. Choose an earlier end, \
                 or do it signed in as a person.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scopes::ApiScope;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| Network::parse(text).unwrap()).collect()
    }

    fn bounds(scopes: ApiScopes, from: &[&str], ends: Option<i64>) -> Bounds {
        Bounds { scopes, networks: networks(from), ends: ends.map(Timestamp::from_millis) }
    }

    #[test]
    fn nobody_gives_what_they_do_not_hold() {
        let some = bounds(ApiScopes::of(&[ApiScope::ManageApp, ApiScope::ReadUser]), &[], None);
        assert_eq!(some.may_give(ApiScopes::of(&[ApiScope::ReadApp, ApiScope::ReadUser])), Ok(()));
        assert_eq!(Bounds::FREE.may_give(ApiScopes::FULL), Ok(()));
        let wanted = ApiScopes::of(&[ApiScope::ReadUser, ApiScope::ManageUser, ApiScope::UseConnection]);
        let missing = ApiScopes::of(&[ApiScope::ManageUser, ApiScope::UseConnection]);
        assert_eq!(some.may_give(wanted), Err(Beyond::Scopes(missing)));
        assert!(Beyond::Scopes(missing).to_string().contains("Missing: use:connection manage:user."));
        assert!(some.may_give(ApiScopes::FULL).is_err());
    }

    #[test]
    fn nobody_opens_where_they_cannot_stand() {
        let from = |own: &[&str]| bounds(ApiScopes::FULL, own, None);
        assert_eq!(from(&[]).may_open(&networks(&["0.0.0.0/0"])), Ok(()));
        assert_eq!(from(&[]).may_open(&[]), Ok(()));
        let own = from(&["10.0.0.0/8", "2001:db8::/32"]);
        assert_eq!(own.may_open(&networks(&["10.1.0.0/16", "10.0.0.0/8", "2001:db8::7"])), Ok(()));
        for beyond in [&[][..], &["10.0.0.0/7"], &["10.1.2.3", "192.0.2.1"], &["::/0"], &["0.0.0.0/0"]] {
            assert_eq!(own.may_open(&networks(beyond)), Err(Beyond::Networks), "{beyond:?}");
        }
        // Two halves make a whole, and yet neither covers it.
        let halves = from(&["10.0.0.0/9", "10.128.0.0/9"]);
        assert_eq!(halves.may_open(&networks(&["10.0.0.0/8"])), Err(Beyond::Networks));
    }

    #[test]
    fn no_token_outlives_what_made_it() {
        let at = Timestamp::from_millis;
        let own = bounds(ApiScopes::FULL, &[], Some(1000));
        assert_eq!((own.may_last(at(1000)), own.may_last(at(1001))), (Ok(()), Err(Beyond::Life)));
        assert_eq!((own.at_most(at(999)), own.at_most(at(1001))), (at(999), at(1000)));
        assert_eq!((Bounds::FREE.may_last(at(i64::MAX)), Bounds::FREE.at_most(at(7))), (Ok(()), at(7)));
    }
}
