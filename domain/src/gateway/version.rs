//! Versions of the agent: what is current, what is outdated, what is refused.

use std::fmt;

/// The agent's newest version.
pub const CURRENT: Version = Version::new(2, 3, 0);
/// From this version on, agents report their status and version.
pub const REPORTS_FROM: Version = Version::new(2, 2, 85);
/// Agents older than this are refused.
pub const LEAST: Version = Version::new(2, 2, 0);

/// What is shown in place of the status and version of an agent that does not report them.
pub const NOT_REPORTED: &str = "—";
/// What to do about it.
pub const NOT_REPORTED_REMEDY: &str = "Update this gateway to 2.2.85 or later to see its status and version";

/// A version of the agent: three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Version {
    /// A version from its numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// The version in a text of three numbers with dots, each without leading zeros; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let plain =
                part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            if plain { part.parse().ok() } else { None }
        });
        let version = Self::new(parts.next()??, parts.next()??, parts.next()??);
        parts.next().is_none().then_some(version)
    }

    /// Whether an agent of this version reports its status and version.
    pub fn reports(self) -> bool {
        self >= REPORTS_FROM
    }

    /// How it stands to the newest.
    pub fn state(self) -> VersionState {
        if self < LEAST {
            VersionState::Unsupported
        } else if self < CURRENT {
            VersionState::Outdated
        } else {
            VersionState::Current
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// How an agent's version stands to the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum VersionState {
    /// The newest.
    Current,
    /// It works; there is a newer one.
    Outdated,
    /// Its calls are refused.
    Unsupported,
}

crate::coded!(VersionState);

/// What is shown of a version that an agent said, and how it stands to the newest. One that is too old to be taken says so,
/// though it is too old to be shown, too.
pub fn shown(said: &str) -> (&str, VersionState) {
    match Version::parse(said) {
        Some(version) if version.reports() => (said, version.state()),
        Some(version) => (NOT_REPORTED, version.state()),
        None => (NOT_REPORTED, VersionState::Unsupported),
    }
}

impl VersionState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Current, Self::Outdated, Self::Unsupported];

    /// The word that stands for it in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Outdated => "outdated",
            Self::Unsupported => "unsupported",
        }
    }

    /// The state that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Current => "Current",
            Self::Outdated => "Outdated",
            Self::Unsupported => "Unsupported",
        }
    }

    /// What to do about it; empty when nothing is to be done.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Current => "",
            Self::Outdated => "A newer version is there. Update this gateway when it suits you.",
            Self::Unsupported => {
                "Calls are refused, because this version is no longer supported. Update this gateway."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_plain_numbers() {
        assert_eq!(Version::parse("2.2.85"), Some(REPORTS_FROM));
        assert_eq!(REPORTS_FROM.to_string(), "2.2.85");
        for bad in
            ["", "2", "2.2", "2.2.85.1", "2.2.085", "v2.2.85", "2.2.85-beta", "2..85", "+2.2.85", "2.2.65536"]
        {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn they_compare_by_number_and_not_by_letter() {
        let parse = |text| Version::parse(text).unwrap();
        assert!(parse("2.2.9") < parse("2.2.85"));
        assert!(parse("2.10.0") > parse("2.9.99"));
    }

    #[test]
    fn status_is_reported_from_the_documented_version_on() {
        assert!(!Version::new(2, 2, 84).reports());
        assert!(REPORTS_FROM.reports());
        assert!(NOT_REPORTED_REMEDY.contains(&REPORTS_FROM.to_string()));
    }

    #[test]
    fn what_is_refused_says_so_however_old_it_is() {
        assert_eq!(shown("2.3.0"), ("2.3.0", VersionState::Current));
        assert_eq!(shown("2.2.85"), ("2.2.85", VersionState::Outdated));
        assert_eq!(shown("2.2.84"), (NOT_REPORTED, VersionState::Outdated));
        assert_eq!(shown("2.1.0"), (NOT_REPORTED, VersionState::Unsupported));
        assert_eq!(shown("newest"), (NOT_REPORTED, VersionState::Unsupported));
    }

    #[test]
    fn old_ones_are_outdated_then_unsupported() {
        assert_eq!(CURRENT.state(), VersionState::Current);
        assert_eq!(Version::new(9, 0, 0).state(), VersionState::Current);
        assert_eq!(REPORTS_FROM.state(), VersionState::Outdated);
        assert_eq!(LEAST.state(), VersionState::Outdated);
        assert_eq!(Version::new(2, 1, 999).state(), VersionState::Unsupported);
        for state in VersionState::ALL {
            assert_eq!(VersionState::from_code(state.code()), Some(state));
        }
    }
}
