//! Choosing when a credential ends.

use drawbridge_domain::credential::{APP_DAYS_MAX, TOKEN_DAYS_OFFERED};
use drawbridge_domain::time::Timestamp;
use js_sys::Date;
use leptos::prelude::*;

use super::credential::Kind;
use super::when::{DAY, millis, stamp};
use super::words;
use crate::client::ApiError;
use crate::ui::{Choice, InputKind, SelectField, TextField, day, live};

const KEEP: &str = "keep";
const NEVER: &str = "never";
const CUSTOM: &str = "custom";

/// What is to become of the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It stays, or is the longest that there is.
    Usual,
    /// There is none.
    Never,
    /// Then.
    At(Timestamp),
}

/// What end there was before.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Had {
    /// It is only being made.
    New,
    /// None.
    Never,
    /// This one.
    End(Timestamp),
}

/// What is chosen.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    pub(super) choice: RwSignal<String>,
    pub(super) day: RwSignal<String>,
    /// The most days that it may be ahead.
    most: RwSignal<u16>,
    /// The end that it has already.
    base: RwSignal<Had>,
    left: RwSignal<bool>,
    rejected: RwSignal<Option<String>>,
}

impl Ending {
    pub(super) fn new() -> Self {
        Self {
            choice: RwSignal::new(String::new()),
            day: RwSignal::new(String::new()),
            most: RwSignal::new(APP_DAYS_MAX),
            base: RwSignal::new(Had::New),
            left: RwSignal::new(false),
            rejected: RwSignal::new(None),
        }
    }

    /// Begins anew for an app: one that is there, with its end or none, or a new one.
    pub(super) fn for_app(self, base: Had) {
        self.begin(APP_DAYS_MAX, base, if matches!(base, Had::End(_)) { KEEP } else { NEVER });
    }

    /// Begins anew for a new token that may live so long.
    pub(super) fn for_token(self, most: u16) {
        self.begin(most, Had::New, &offered(most).last().map(ToString::to_string).unwrap_or_default());
    }

    fn begin(self, most: u16, base: Had, choice: &str) {
        self.most.try_set(most);
        self.base.try_set(base);
        self.choice.try_set(choice.to_owned());
        self.day.try_set(String::new());
        self.left.try_set(false);
        self.rejected.try_set(None);
    }

    /// What is chosen; nothing where it is not finished.
    pub(super) fn chosen(self, kind: Kind) -> Option<End> {
        match self.choice.get().as_str() {
            KEEP => Some(End::Usual),
            NEVER => Some(End::Never),
            CUSTOM => self.custom().map(End::At),
            days => {
                let days: u16 = days.parse().ok()?;
                // The clock here may be ahead of the server's, which takes the longest life where none is named.
                let longest = kind == Kind::Token && days >= self.most.get();
                Some(if longest { End::Usual } else { End::At(ahead(days)) })
            }
        }
    }

    /// The end of the day that is typed, where it lies ahead and not too far.
    fn custom(self) -> Option<Timestamp> {
        let end = end_of(&self.day.get())?;
        let now = Date::now();
        (end > now && end <= now + f64::from(self.most.get()) * DAY).then(|| stamp(end))
    }

    /// Whether it can be sent; from now on what is wrong is shown.
    pub(super) fn is_good(self, kind: Kind) -> bool {
        self.left.set(true);
        untrack(|| self.chosen(kind).is_some())
    }

    /// Takes in what the server says of it; whether it says anything.
    pub(super) fn reject(self, error: &ApiError) -> bool {
        let said = error.field("expiresAt");
        let any = said.is_some();
        self.rejected.try_set(said);
        any
    }

    /// The choice, and the day where another one is wanted.
    pub(super) fn field(self, kind: Kind) -> AnyView {
        let options = move || {
            let most = self.most.get();
            let mut choices = Vec::new();
            if let Had::End(end) = self.base.get() {
                choices.push(Choice::new(KEEP, words::as_it_is(&day(millis(end)))));
            }
            if kind == Kind::App {
                choices.push(Choice::new(NEVER, words::NEVER));
            }
            choices.extend(
                offered(most).into_iter().map(|days| Choice::new(days.to_string(), words::days(days))),
            );
            choices.push(Choice::new(CUSTOM, words::CUSTOM));
            choices
        };
        let help = move || {
            let help = if kind == Kind::App { words::EXPIRY_APP_HELP } else { words::EXPIRY_TOKEN_HELP };
            let longest = words::longest(self.most.get());
            let parts = if kind == Kind::App { vec![help] } else { vec![help, " ", &longest] };
            Some(parts.concat())
        };
        let last = move || day(Date::now() + f64::from(self.most.get()) * DAY);
        let fault = move || {
            let wrong = self.left.get() && self.custom().is_none();
            let typed = self.day.with(|day| !day.is_empty());
            match (self.rejected.get(), wrong, typed) {
                (Some(said), ..) => Some(said),
                (None, true, false) => Some(words::NO_DAY.to_owned()),
                (None, true, true) => Some(words::day_between(&last())),
                _ => None,
            }
        };
        let custom = move || {
            self.choice.with(|choice| choice == CUSTOM).then(|| {
                view! {
                    <TextField
                        label=words::LAST_DAY
                        value=self.day
                        kind=InputKind::Date
                        error=Signal::derive(fault)
                        required=true
                        on_leave=move || self.left.set(true)
                    />
                }
                .into_any()
            })
        };
        let rejected = move || self.rejected.get().filter(|_| self.choice.with(|choice| choice != CUSTOM));
        view! {
            <SelectField
                label=words::EXPIRY
                value=self.choice
                options=Signal::derive(options)
                help=Signal::derive(help)
                error=Signal::derive(rejected)
            />
            {live(custom)}
        }
        .into_any()
    }
}

/// The lives that are offered where no more than so many days are allowed: those that fit, and the longest one where
/// it is another one and shorter than what is usual.
fn offered(most: u16) -> Vec<u16> {
    let mut days: Vec<u16> = TOKEN_DAYS_OFFERED.into_iter().filter(|days| *days <= most).collect();
    if TOKEN_DAYS_OFFERED.into_iter().any(|days| days > most) && days.last() != Some(&most) {
        days.push(most);
    }
    days
}

/// So many days from now.
fn ahead(days: u16) -> Timestamp {
    stamp(Date::now() + f64::from(days) * DAY)
}

/// The last moment of a day in the reader's own zone.
fn end_of(day: &str) -> Option<f64> {
    let end = Date::parse(&[day, "T23:59:59"].concat());
    (!end.is_nan()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_life_beyond_the_longest_is_offered() {
        assert_eq!(offered(366), [7, 30, 90, 365]);
        assert_eq!(offered(365), [7, 30, 90, 365]);
        assert_eq!(offered(90), [7, 30, 90]);
        assert_eq!(offered(45), [7, 30, 45]);
        assert_eq!(offered(1), [1]);
        assert_eq!(offered(APP_DAYS_MAX), [7, 30, 90, 365]);
    }
}
