//! Times and numbers in the reader's own way of writing them.

use std::sync::OnceLock;
use std::time::Duration;

use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::live::live;
use super::words;

const TICK: Duration = Duration::from_secs(30);
const UNITS: [(f64, &str); 5] =
    [(31_536_000.0, "year"), (2_592_000.0, "month"), (86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute")];

/// A time: relative to now, exact on hover, in the reader's own zone.
#[component]
pub fn Time(
    /// The time in RFC 3339.
    #[prop(into)]
    at: Signal<String>,
) -> impl IntoView {
    let moment = Signal::derive(move || at.with(|at| Date::parse(at)));
    let now = clock();
    view! {
        <time
            datetime=at
            title=Signal::derive(move || exact(moment.get()))
        >{live(move || relative(moment.get(), now.get()))}</time>
    }
    .into_any()
}

/// The present, in milliseconds since 1970; it moves on twice a minute.
pub fn clock() -> ArcRwSignal<f64> {
    static CLOCK: OnceLock<ArcRwSignal<f64>> = OnceLock::new();
    CLOCK
        .get_or_init(|| {
            let clock = ArcRwSignal::new(Date::now());
            let hand = clock.clone();
            set_interval(move || hand.set(Date::now()), TICK);
            clock
        })
        .clone()
}

/// How long ago a moment was, or how far ahead it is: “3 hours ago”, “in 12 minutes”.
pub fn relative(moment: f64, now: f64) -> String {
    let seconds = (moment - now) / 1000.0;
    // Written so that the “not a number” of a broken time ends here too.
    let Some((length, unit)) = UNITS.into_iter().find(|(length, _)| seconds.abs() >= *length) else {
        return if seconds.is_nan() { String::new() } else { words::JUST_NOW.to_owned() };
    };
    let options = Object::new();
    set(&options, "numeric", "auto");
    let format = Intl::RelativeTimeFormat::new(&Array::of1(&locale()), &options);
    format.format((seconds / length).trunc(), unit).into()
}

/// A moment in full, in the reader's own zone.
pub fn exact(moment: f64) -> String {
    if moment.is_nan() {
        return String::new();
    }
    let options = Object::new();
    set(&options, "dateStyle", "medium");
    set(&options, "timeStyle", "long");
    let locale = locale().as_string().unwrap_or_default();
    Date::new(&JsValue::from_f64(moment)).to_locale_string(&locale, &options).into()
}

/// The day of a moment, in the reader's own zone: “31 Jan 2026”.
pub fn day(moment: f64) -> String {
    if moment.is_nan() {
        return String::new();
    }
    let options = Object::new();
    set(&options, "dateStyle", "medium");
    let locale = locale().as_string().unwrap_or_default();
    Date::new(&JsValue::from_f64(moment)).to_locale_date_string(&locale, &options).into()
}

/// A whole number with its thousands set apart.
pub fn number(value: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 nobody reads the last digit")]
    let value = value as f64;
    js_sys::Number::from(value).to_locale_string(&locale().as_string().unwrap_or_default()).into()
}

/// The reader's own locale where it speaks the language of our words, else that language.
fn locale() -> JsValue {
    let own = window().navigator().language().filter(|own| own.starts_with(words::LANGUAGE));
    JsValue::from_str(own.as_deref().unwrap_or(words::LANGUAGE))
}

fn set(options: &Object, name: &str, value: &str) {
    // Setting a property of a plain new object cannot fail.
    Reflect::set(options, &JsValue::from_str(name), &JsValue::from_str(value)).ok();
}
