//! Shows what a read brings: a skeleton, the content, or what went wrong with a way to try again.

use leptos::prelude::*;

use super::words;
use crate::client::words as client_words;
use crate::client::{Answered, ApiError, Loading};
use crate::ui::{Button, FailedState, Notice, Skeleton, Tone, Variant, live, memo};

/// Shows what `reading` brings. `content` is drawn once, when the first answer is there, and is given a signal of
/// the newest one; while it is read again the old content stays, and when that fails it stays with a notice.
/// `lines` is the height of the skeleton.
pub fn loaded<T>(
    reading: Loading<T>,
    lines: usize,
    content: impl Fn(Signal<Answered<T>>) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let known = reading.known();
    let show = move || {
        let first = known.with_untracked(|known| known.newest.clone())?;
        let value = move || known.with(|known| known.newest.clone()).unwrap_or_else(|| first.clone());
        Some(content(memo(value).into()))
    };
    let parts = Parts {
        here: memo(move || known.with(|known| known.newest.is_some())),
        error: memo(move || known.with(|known| known.error.clone())),
        retry: Callback::new(move |()| reading.refetch()),
        lines,
    };
    parts.show(Box::new(show))
}

/// The same for every type.
#[derive(Clone, Copy)]
struct Parts {
    here: Memo<bool>,
    error: Memo<Option<ApiError>>,
    retry: Callback<()>,
    lines: usize,
}

impl Parts {
    fn show(self, content: Box<dyn Fn() -> Option<AnyView> + Send + Sync>) -> AnyView {
        let Self { here, error, retry, lines } = self;
        let first_error = memo(move || error.get().filter(|_| !here.get()));
        view! {
            {live(move || error.get().filter(|_| here.get()).map(|error| stale(&error, retry)))}
            {live(move || match (here.get(), first_error.get()) {
                (true, _) => content(),
                (false, Some(error)) => Some(failed(&error, Some(retry))),
                (false, None) => Some(view! { <Skeleton lines=lines /> }.into_any()),
            })}
        }
        .into_any()
    }
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

/// Above content that could not be read again.
fn stale(error: &ApiError, retry: Callback<()>) -> AnyView {
    let refresh = move || {
        view! { <Button label=words::REFRESH variant=Variant::Secondary small=true on_press=retry /> }
    };
    let text = Some(client_words::line(error));
    view! { <Notice title=words::STALE tone=Tone::Warn text=text action=refresh /> }.into_any()
}
