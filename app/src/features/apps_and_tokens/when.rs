//! Times of the page: when something ends, and when and from where it was last used.

use drawbridge_contract::types::apps::LastUse;
use drawbridge_domain::credential::NOTICE_DAYS;
use drawbridge_domain::time::Timestamp;
use leptos::prelude::*;

use super::words;
use crate::ui::{Time, clock, day, exact, live, relative};

/// A day, in milliseconds.
pub(super) const DAY: f64 = 86_400_000.0;
/// How an end that comes near is drawn.
const WARN: &str = "status-word tone-warn";

/// A time in the milliseconds of the browser.
pub(super) fn millis(at: Timestamp) -> f64 {
    js_sys::Date::parse(&at.to_string())
}

/// A time of the browser.
#[expect(clippy::cast_possible_truncation, reason = "it is a whole number of milliseconds")]
pub(super) fn stamp(millis: f64) -> Timestamp {
    Timestamp::from_millis(millis as i64)
}

/// Whether an end is near enough to be told in words, ahead or just over.
pub(super) fn is_near(end: f64, now: f64) -> bool {
    let days = NOTICE_DAYS.into_iter().max().map_or(0.0, f64::from);
    (end - now).abs() <= days * DAY
}

/// An end that is near in words: “in 5 days”, where less than five are left but more than four.
pub(super) fn in_words(end: f64, now: f64) -> String {
    let left = (end - now) / DAY;
    if left > 1.0 { words::in_days(left.ceil()) } else { relative(end, now) }
}

/// The end of a credential: in words near it, else its day.
pub(super) fn end(at: Timestamp) -> AnyView {
    let (end, now) = (millis(at), clock());
    let tone = move |now: f64| if is_near(end, now) && end > now { WARN } else { "" };
    live(move || {
        let now = now.get();
        let said = if is_near(end, now) { in_words(end, now) } else { day(end) };
        view! {
            <time class=tone(now) datetime=at.to_string() title=exact(end)>
                {said}
            </time>
        }
    })
}

/// The last use: when, and under it from where.
pub(super) fn last_use(used: Option<&LastUse>) -> AnyView {
    let Some(used) = used else {
        return view! { <span class="muted">{words::NEVER_USED}</span> }.into_any();
    };
    let from = [Some(used.address.as_str()), used.country.as_deref()];
    let from = from.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <span class="status">
            <Time at=used.at.to_string() />
            <span class="muted small truncate" title=from.clone()>
                {from.clone()}
            </span>
        </span>
    }
    .into_any()
}
