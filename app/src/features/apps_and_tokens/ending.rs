//! The notice on other pages: what of one's own ends soon.

use drawbridge_domain::credential::NOTICE_DAYS;
use leptos::prelude::*;

use super::credential::Credential;
use super::{calls, when, words};
use crate::client::Reading;
use crate::paths;
use crate::shell::{Topic, follow, use_session};
use crate::ui::{LinkButton, Notice, Tone, clock, live};

/// The notice; nothing where nothing ends within 30 days.
#[component]
pub fn EndingNotice() -> impl IntoView {
    let session = use_session();
    let closed = RwSignal::new(false);
    let read = Reading::new(move || {
        let me = session.who().map(|who| who.user.id);
        async move {
            let days = NOTICE_DAYS.into_iter().max().map_or(0.0, f64::from);
            // Where it cannot be read, nothing is said: it is no part of the page.
            calls::ending(me?, when::stamp(js_sys::Date::now() + days * when::DAY)).await.ok()
        }
    });
    for topic in [Topic::Apps, Topic::Tokens] {
        follow(topic, move || read.refetch());
    }
    live(move || {
        let ending = read.get().flatten().filter(|_| !closed.get())?;
        let first = ending.first()?;
        let page = paths::apps_and_tokens(&session.slug());
        let href = paths::with(paths::with(page, "open", "view"), "id", first.id());
        let action = move || view! { <LinkButton href=href.clone() label=words::VIEW small=true /> };
        let close = move || closed.set(true);
        let text = Some(words::ENDING_TEXT.to_owned());
        let title = said(&ending, clock().get());
        Some(
            view! { <Notice title=title text=text tone=Tone::Warn action=action on_close=close /> }
                .into_any(),
        )
    })
}

/// The first by name, and how many more.
fn said(ending: &[Credential], now: f64) -> String {
    let first = ending.first();
    let end = first.and_then(Credential::expires_at).map(|end| when::in_words(when::millis(end), now));
    words::ends(first.map(Credential::name).unwrap_or_default(), &end.unwrap_or_default(), ending.len())
}
