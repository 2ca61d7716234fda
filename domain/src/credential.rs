//! Apps and personal access tokens: the format of their secrets, their states, and what may be done with them.

mod bounds;
mod fields;
mod format;

pub use bounds::{Beyond, Bounds};
pub use fields::{addresses, app_description, app_end, asked_scopes, name, token_end, token_end_at_most};
pub use format::{BadCredential, CLIENT_SECRET, Hint, PERSONAL_TOKEN, checked, written};

use crate::time::{DAY, HOUR, Timestamp};

/// The longest name of an app or a token, in characters.
pub const NAME_MAX: usize = 200;
/// The longest description of an app, in characters.
pub const DESCRIPTION_MAX: usize = 1000;
/// The longest life that a personal access token may have, and the preset one, in days: twelve months.
pub const TOKEN_DAYS_MAX: u16 = 366;
/// The shortest longest life that a tenant may ask for, in days.
pub const TOKEN_DAYS_MIN: u16 = 1;
/// The lives that are offered, in days.
pub const TOKEN_DAYS_OFFERED: [u16; 4] = [7, 30, 90, 365];
/// The longest expiry that an app may have, in days; it may have none.
pub const APP_DAYS_MAX: u16 = 3660;
/// How many days before the end it is told, the first notice first.
pub const NOTICE_DAYS: [u16; 3] = [30, 7, 1];

/// How an app stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum AppStatus {
    /// It can be used.
    Active,
    /// Somebody disabled it.
    Disabled,
    /// Its time is over.
    Expired,
}

crate::coded!(AppStatus);

impl AppStatus {
    /// The word that stands for it in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
        }
    }

    /// The status that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Active, Self::Disabled, Self::Expired].into_iter().find(|known| known.code() == code)
    }

    /// How an app stands that was disabled or not and has an end or none.
    pub fn of(disabled: bool, expires_at: Option<Timestamp>, now: Timestamp) -> Self {
        if disabled {
            Self::Disabled
        } else if expires_at.is_some_and(|end| end <= now) {
            Self::Expired
        } else {
            Self::Active
        }
    }
}

/// How a personal access token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum TokenStatus {
    /// It can be used.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
    Revoked,
    /// Its user is suspended.
    Suspended,
    /// It lives longer than its tenant now allows.
    Blocked,
}

crate::coded!(TokenStatus);

/// What decides how a token stands.
#[derive(Debug, Clone, Copy)]
pub struct TokenFacts {
    /// When it was made, or rotated.
    pub made_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether its user is suspended.
    pub suspended: bool,
    /// The longest life that the tenant allows, in days.
    pub max_days: u16,
}

impl TokenStatus {
    const ALL: [Self; 5] = [Self::Active, Self::Expired, Self::Revoked, Self::Suspended, Self::Blocked];

    /// The word that stands for it in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Blocked => "blocked",
        }
    }

    /// The status that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// How a token stands. What is final comes first.
    pub fn of(facts: &TokenFacts, now: Timestamp) -> Self {
        if facts.revoked {
            Self::Revoked
        } else if facts.expires_at <= now {
            Self::Expired
        } else if facts.suspended {
            Self::Suspended
        } else if facts.expires_at.since(facts.made_at) > i64::from(facts.max_days) * DAY {
            Self::Blocked
        } else {
            Self::Active
        }
    }

    /// Whether nothing brings it back.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Expired | Self::Revoked)
    }
}

/// How long the secret before the present one works too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum Grace {
    /// Not at all.
    Now,
    /// For an hour.
    Hour,
    /// For a day.
    Day,
    /// For a week.
    Week,
}

crate::coded!(Grace);

impl Grace {
    /// All, the shortest first.
    pub const ALL: [Self; 4] = [Self::Now, Self::Hour, Self::Day, Self::Week];

    /// The word that stands for it in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// The grace that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Now => "Now",
            Self::Hour => "1 hour",
            Self::Day => "24 hours",
            Self::Week => "7 days",
        }
    }

    /// In milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::Now => 0,
            Self::Hour => HOUR,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
        }
    }
}

/// Why a token cannot be deleted yet.
pub const DELETE_NEEDS_END: &str = "Revoke the token first: only expired and revoked tokens can be deleted.";
/// Why nothing can be changed about a token any more.
pub const TOKEN_IS_OVER: &str = "The token is expired or revoked: nothing brings it back. Create a new one.";
/// Why a secret cannot be shown.
pub const SHOWN_ONCE: &str = "The secret was shown once and is not kept. Rotate it to get a new one.";
/// Why a token cannot be shown or rotated by somebody else.
pub const ONLY_ITS_OWNER: &str = "Only the user whose token this is can do this.";

/// Whether a token may be deleted.
pub const fn may_delete(status: TokenStatus) -> Result<(), &'static str> {
    if status.is_final() { Ok(()) } else { Err(DELETE_NEEDS_END) }
}

/// Whether a token may be changed, rotated or revoked.
pub const fn may_change(status: TokenStatus) -> Result<(), &'static str> {
    if status.is_final() { Err(TOKEN_IS_OVER) } else { Ok(()) }
}

/// The next notice that is due: that many days are left or fewer, and it was not told before. `told` is the last notice
/// that was, in days.
pub fn notice_due(expires_at: Timestamp, told: Option<u16>, now: Timestamp) -> Option<u16> {
    let left = expires_at.since(now);
    if left <= 0 {
        return None;
    }
    let due = NOTICE_DAYS.into_iter().filter(|days| left <= i64::from(*days) * DAY).min()?;
    told.is_none_or(|told| due < told).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_millis(days * DAY)
    }

    #[test]
    fn what_is_final_comes_first() {
        let fine =
            TokenFacts { made_at: at(0), expires_at: at(30), revoked: false, suspended: false, max_days: 30 };
        let of = |facts: TokenFacts, now| TokenStatus::of(&facts, now);
        assert_eq!(of(fine, at(29)), TokenStatus::Active);
        assert_eq!(of(fine, at(30)), TokenStatus::Expired, "the end is over at its very millisecond");
        assert_eq!(of(TokenFacts { suspended: true, ..fine }, at(1)), TokenStatus::Suspended);
        assert_eq!(of(TokenFacts { suspended: true, ..fine }, at(31)), TokenStatus::Expired);
        assert_eq!(of(TokenFacts { max_days: 29, ..fine }, at(1)), TokenStatus::Blocked);
        assert_eq!(of(TokenFacts { revoked: true, suspended: true, ..fine }, at(31)), TokenStatus::Revoked);
        assert_eq!(AppStatus::of(true, Some(at(1)), at(2)), AppStatus::Disabled);
        assert_eq!(AppStatus::of(false, Some(at(1)), at(1)), AppStatus::Expired);
        assert_eq!(AppStatus::of(false, None, at(9999)), AppStatus::Active);
    }

    #[test]
    fn only_what_is_over_may_be_deleted_and_it_may_not_be_changed() {
        for status in TokenStatus::ALL {
            assert_eq!(TokenStatus::from_code(status.code()), Some(status));
            assert_ne!(may_delete(status).is_ok(), may_change(status).is_ok());
        }
        assert_eq!(may_delete(TokenStatus::Active), Err(DELETE_NEEDS_END));
        assert!(may_delete(TokenStatus::Revoked).is_ok());
    }

    #[test]
    fn each_notice_is_told_once_and_late_ones_are_skipped() {
        assert_eq!(notice_due(at(100), None, at(69)), None);
        assert_eq!(notice_due(at(100), None, at(70)), Some(30));
        assert_eq!(notice_due(at(100), Some(30), at(71)), None);
        assert_eq!(notice_due(at(100), Some(30), at(93)), Some(7));
        assert_eq!(notice_due(at(100), None, at(99)), Some(1), "made a day before its end");
        assert_eq!(notice_due(at(100), Some(1), at(99)), None);
        assert_eq!(notice_due(at(100), None, at(100)), None);
    }
}
