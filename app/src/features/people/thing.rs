//! One thing that a page is about: on its way, not there, not to be had, or here.

use leptos::prelude::*;

use drawbridge_contract::problem::ProblemCode;

use crate::client::{Answered, ApiError, Reading};
use crate::shell::failed;
use crate::ui::{EmptyState, Icon, LinkButton, Skeleton, live, memo};

/// What a read brings: nothing where the address names no thing at all.
pub(super) type Asked<T> = Reading<Option<Result<Answered<T>, ApiError>>>;

/// The thing as it was last read.
pub(super) fn newest<T: Clone + PartialEq + Send + Sync + 'static>(
    read: Asked<T>,
) -> Memo<Option<Answered<T>>> {
    Memo::new(move |old: Option<&Option<Answered<T>>>| match read.get() {
        Some(Some(Ok(answer))) => Some(answer),
        Some(Some(Err(error))) if error.code() != Some(ProblemCode::NotFound) => old.cloned().flatten(),
        Some(_) => None,
        None => old.cloned().flatten(),
    })
}

#[derive(Debug, Clone, PartialEq)]
enum Face {
    Loading,
    Missing,
    Failed(ApiError),
    Here(String),
}

/// Shows the thing; drawn anew when `key` says that it is another one.
pub(super) fn shown<T: Clone + PartialEq + Send + Sync + 'static>(
    read: Asked<T>,
    newest: Memo<Option<Answered<T>>>,
    key: fn(&T) -> String,
    missing: impl Fn() -> AnyView + Send + Sync + 'static,
    here: impl Fn(Signal<T>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let face = memo(move || {
        match (newest.with(|thing| thing.as_ref().map(|thing| key(&thing.value))), read.get()) {
            (Some(key), _) => Face::Here(key),
            (None, None) => Face::Loading,
            (None, Some(Some(Err(error)))) if error.code() != Some(ProblemCode::NotFound) => {
                Face::Failed(error)
            }
            (None, Some(_)) => Face::Missing,
        }
    });
    live(move || match face.get() {
        Face::Loading => view! { <Skeleton lines=8 /> }.into_any(),
        Face::Missing => missing(),
        Face::Failed(error) => failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Face::Here(_) => {
            let Some(first) = newest.get_untracked() else { return ().into_any() };
            let first = first.value;
            let value = memo(move || {
                newest
                    .with(|thing| thing.as_ref().map(|thing| thing.value.clone()))
                    .unwrap_or_else(|| first.clone())
            });
            here(value.into())
        }
    })
}

/// Says that there is no such thing, and leads to the list.
pub(super) fn missing(title: &'static str, text: &'static str, list: String, label: &'static str) -> AnyView {
    let action = move || view! { <LinkButton href=list.clone() label=label /> };
    view! { <EmptyState title=title text=Some(text.to_owned()) icon=Icon::Users page=true action=action /> }
        .into_any()
}
