//! Targets: what an agent's configuration lets calls reach.

/// The most targets of one agent.
pub const TARGETS_MOST: usize = 200;
/// The longest name of a target, in characters.
pub const NAME_MAX: usize = 64;

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum TargetKind {
    /// Something that speaks HTTP.
    Http,
    /// Microsoft SQL Server.
    SqlServer,
    /// `PostgreSQL`.
    Postgres,
    /// `MySQL` or `MariaDB`.
    MySql,
}

crate::coded!(TargetKind);

impl TargetKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Http, Self::SqlServer, Self::Postgres, Self::MySql];

    /// The word that stands for it in configuration and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::SqlServer => "sqlserver",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
        }
    }

    /// The kind that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::SqlServer => "Microsoft SQL Server",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
        }
    }

    /// The port that it listens on unless told otherwise; `None`: the address says it.
    pub const fn port(self) -> Option<u16> {
        match self {
            Self::Http => None,
            Self::SqlServer => Some(1433),
            Self::Postgres => Some(5432),
            Self::MySql => Some(3306),
        }
    }
}

/// Whether a text can be a target's name: letters and digits of ASCII, `.`, `_`, `-`, beginning with a letter or digit.
/// Names differ in more than capitals, so that nobody takes one for another.
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_MAX
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_back() {
        for kind in TargetKind::ALL {
            assert_eq!(TargetKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(TargetKind::from_code("oracle"), None);
    }

    #[test]
    fn names_are_plain() {
        for good in ["SQL01", "sharepoint", "rpa-central.test", "a", "0_0"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "a\n", "é", "a\u{0}", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
