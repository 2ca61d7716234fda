//! Who can use this, and why: as it is saved.

use drawbridge_contract::endpoints::ListConnectionAccess;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::permissions::{ConnectionAccess, ListAccessQuery};
use leptos::prelude::*;

use super::permissions::Giving;
use crate::client::{ApiError, Reading, Task, call};
use crate::features::connections::words;
use crate::ui::{Button, Notice, SearchBox, Skeleton, Tone, live, memo, unique_id};

type Page = Result<(Vec<ConnectionAccess>, Option<String>), ApiError>;

async fn page(giving: Giving, search: String, cursor: Option<String>) -> Option<Page> {
    let path = ConnectionPath { connection: giving.wanted.get_untracked()? };
    let search = Some(search.trim().to_owned()).filter(|text| !text.is_empty());
    let query = ListAccessQuery { search, cursor, page_size: None };
    let answer = call::<ListConnectionAccess>(&path, &query, &Nothing {}).await;
    Some(answer.map(|answer| (answer.value.items, answer.value.next_cursor)))
}

/// The list with its search.
pub(super) fn section(giving: Giving) -> AnyView {
    let search = RwSignal::new(String::new());
    let id = unique_id("access");
    let read = Reading::new(move || {
        giving.saved.get();
        giving.wanted.get();
        page(giving, search.get(), None)
    });
    // What was loaded after the first page; a new first page ends it.
    let further = RwSignal::new((Vec::<ConnectionAccess>::new(), None::<String>));
    let first = memo(move || read.get().flatten());
    crate::ui::watch(move || {
        let next = match first.get() {
            Some(Ok((_, next))) => next,
            _ => None,
        };
        further.set((Vec::new(), next));
    });
    let task = Task::new();
    let more = move || {
        let (_, cursor) = further.get_untracked();
        let text = search.get_untracked();
        task.run(async move {
            if let Some(Ok((items, next))) = page(giving, text, cursor).await {
                further.try_update(|(all, at)| {
                    all.extend(items);
                    *at = next;
                });
            }
        });
    };
    view! {
        <section class="stack-small" aria-labelledby=id.clone()>
            <h3 class="section-title" id=id.clone()>
                {words::WHO_CAN_USE}
            </h3>
            <p class="muted">{words::WHO_CAN_USE_TEXT}</p>
            <SearchBox label=words::SEARCH_ACCESS value=search on_search=move |text: String| search.set(text) />
            {live(move || match first.get() {
                None => view! { <Skeleton lines=3 /> }.into_any(),
                Some(Err(error)) => view! { <Notice title=words::error(&error) tone=Tone::Bad /> }.into_any(),
                Some(Ok((items, _))) if items.is_empty() => {
                    view! { <p class="muted">{words::NOBODY_FOUND}</p> }.into_any()
                }
                Some(Ok((items, _))) => {
                    let (rest, next) = further.get();
                    let rows = items.iter().chain(&rest).map(row).collect::<Vec<_>>();
                    let more = next
                        .is_some()
                        .then(|| view! { <Button label=words::MORE small=true busy=task.busy() on_press=more /> });
                    view! {
                        <ul class="people">{rows}</ul>
                        {more}
                    }
                    .into_any()
                }
            })}
        </section>
    }
    .into_any()
}

fn row(one: &ConnectionAccess) -> AnyView {
    view! {
        <li class="split">
            <span>
                <span class="truncate">{one.user.name.clone()}</span>
                <span class="muted small truncate">{one.email.clone()}</span>
            </span>
            <span class="people-why">
                <span>{words::level(one.level)}</span>
                <span class="muted small">{words::reasons(&one.reasons)}</span>
            </span>
        </li>
    }
    .into_any()
}
