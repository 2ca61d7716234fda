//! Shows what a resource brings: a skeleton, the content, or what went wrong with a way to try again.

use leptos::prelude::*;

use super::words;
use crate::client::words as client_words;
use crate::client::{Answered, ApiError};
use crate::ui::{Button, FailedState, Notice, Skeleton, Tone, Variant};

/// What a resource of a call holds.
pub type Loading<T> = LocalResource<Result<Answered<T>, ApiError>>;

#[derive(Clone, PartialEq)]
enum Stage {
    Waiting,
    Failed(ApiError),
    Here,
}

#[derive(Clone, PartialEq)]
struct Known<T> {
    newest: Option<Answered<T>>,
    error: Option<ApiError>,
}

/// Shows what `resource` brings. `content` is drawn once, when the first answer is there, and is given a signal of
/// the newest one; while the resource loads again the old content stays, and when that fails it stays with a
/// notice. `lines` is the height of the skeleton.
pub fn loaded<T>(
    resource: Loading<T>,
    lines: usize,
    content: impl Fn(Signal<Answered<T>>) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let known = Memo::new(move |old: Option<&Known<T>>| {
        let mut now = old.cloned().unwrap_or(Known { newest: None, error: None });
        match resource.get() {
            Some(Ok(answer)) => now = Known { newest: Some(answer), error: None },
            Some(Err(error)) => now.error = Some(error),
            None => (),
        }
        now
    });
    let error = Signal::derive(move || known.with(|known| known.error.clone()));
    let stage = Memo::new(move |_| match (known.with(|known| known.newest.is_some()), error.get()) {
        (true, _) => Stage::Here,
        (false, Some(error)) => Stage::Failed(error),
        (false, None) => Stage::Waiting,
    });
    let retry = Callback::new(move |()| resource.refetch());
    let show = move || {
        let first = known.with_untracked(|known| known.newest.clone())?;
        let value = move || known.with(|known| known.newest.clone()).unwrap_or_else(|| first.clone());
        Some(content(Memo::new(move |_| value()).into()))
    };
    view! {
        {move || (stage.get() == Stage::Here).then(|| stale(error, retry))}
        {move || match stage.get() {
            Stage::Waiting => waiting(lines),
            Stage::Failed(error) => failed(&error, Some(retry)),
            Stage::Here => show().into_any(),
        }}
    }
    .into_any()
}

fn waiting(lines: usize) -> AnyView {
    view! { <Skeleton lines=lines /> }.into_any()
}

/// Says what went wrong with a whole page or part, and tries again.
pub fn failed(error: &ApiError, on_retry: Option<Callback<()>>) -> AnyView {
    let detail = error.request_id().map(|id| [words::REQUEST_ID, " ", &id].concat());
    let (title, text) = (client_words::title(error), Some(client_words::text(error)));
    match on_retry {
        Some(on_retry) => {
            view! { <FailedState title=title text=text detail=detail on_retry=on_retry /> }.into_any()
        }
        None => view! { <FailedState title=title text=text detail=detail /> }.into_any(),
    }
}

/// Above content that could not be loaded again.
fn stale(error: Signal<Option<ApiError>>, retry: Callback<()>) -> AnyView {
    (move || {
        error.get().map(|error| {
            let refresh = move || {
                view! { <Button label=words::REFRESH variant=Variant::Secondary small=true on_press=retry /> }
            };
            view! { <Notice title=words::STALE tone=Tone::Warn text=Some(client_words::line(&error)) action=refresh /> }
        })
    })
    .into_any()
}
