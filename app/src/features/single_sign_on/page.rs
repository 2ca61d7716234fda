//! The page.

use drawbridge_contract::endpoints::ReadSso;
use drawbridge_contract::types::Nothing;
use drawbridge_domain::sso::SsoStatus;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::desk::Desk;
use super::{domains, form, status, words};
use crate::client::{Loading, call};
use crate::shell::{loaded, title};
use crate::ui::{Notice, PageHeader, Tone, live, memo};

/// The page.
#[component]
pub fn SingleSignOnPage() -> impl IntoView {
    title(words::SSO);
    let loading = Loading::new(|| call::<ReadSso>(&Nothing {}, &Nothing {}, &Nothing {}));
    view! {
        <PageHeader title=words::SSO text=Some(words::SSO_TEXT.to_owned()) />
        {loaded(loading, 8, move |read| content(Desk::new(read, loading)))}
    }
    .into_any()
}

fn content(desk: Desk) -> AnyView {
    let query = use_query_map();
    let tested = memo(move || query.with(|query| query.get_str("tested").is_some()));
    view! {
        <div class="page-narrow stack">
            {live(move || {
                desk.refusal
                    .get()
                    .map(|text| {
                        view! { <Notice title=words::READ_ONLY text=Some(text) tone=Tone::Info /> }.into_any()
                    })
            })}
            {live(move || {
                let is_on = desk.read.with(|read| read.value.status == SsoStatus::On);
                let text = Some((if is_on { words::TEST_WORKED_TEXT } else { words::TEST_WORKED_OFF }).to_owned());
                tested.get().then(|| view! { <Notice title=words::TEST_WORKED text=text tone=Tone::Ok /> }.into_any())
            })}
            {status::section(desk)}
            {form::section(desk)}
            {domains::section(desk)}
        </div>
    }
    .into_any()
}
