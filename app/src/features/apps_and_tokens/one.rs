//! The app or token that lies over the page, as it was last read.

use leptos::prelude::*;

use super::calls;
use super::credential::Credential;
use super::desk::Desk;
use crate::client::{Answered, ApiError, Reading};
use crate::shell::failed;
use crate::ui::{Skeleton, live, memo};

type Came = Option<Result<Answered<Credential>, ApiError>>;

/// The one that is open, while it is open in one of some ways.
#[derive(Clone, Copy)]
pub(super) struct One {
    /// Its id; empty while none is open.
    pub(super) id: Memo<String>,
    came: Memo<Came>,
    read: Reading<(String, Came)>,
}

impl One {
    /// Reads what is open in one of these ways, and again after each change that is made here.
    pub(super) fn new(desk: Desk, what: &'static [&'static str]) -> Self {
        let id = memo(move || desk.open_id(what));
        let asked = memo(move || (id.get(), desk.version()));
        let read = Reading::new(move || {
            let (id, _) = asked.get();
            async move { (id.clone(), calls::read(id).await) }
        });
        // What was read belongs to what is open now, or to what was open before.
        let came =
            memo(move || read.get().filter(|(of, _)| id.with(|id| of == id)).and_then(|(_, came)| came));
        Self { id, came, read }
    }

    /// Whether one is open.
    pub(super) fn is_open(self) -> Signal<bool> {
        Signal::derive(move || self.id.with(|id| !id.is_empty()))
    }

    /// The one, once it is here.
    pub(super) fn get(self) -> Option<Credential> {
        self.came.with(|came| match came {
            Some(Ok(answer)) => Some(answer.value.clone()),
            _ => None,
        })
    }

    /// Its name; the other text until it is known.
    pub(super) fn name(self, until: &str) -> String {
        self.get().map_or_else(|| until.to_owned(), |one| one.name().to_owned())
    }

    /// Shows it, or that it is on its way, or what went wrong. Drawn anew when it changed.
    pub(super) fn shown(self, here: impl Fn(Credential) -> AnyView + Send + Sync + 'static) -> AnyView {
        let retry = Callback::new(move |()| self.read.refetch());
        live(move || match self.came.get() {
            Some(Ok(answer)) => here(answer.value),
            Some(Err(error)) => failed(&error, Some(retry)),
            None => view! { <Skeleton lines=6 /> }.into_any(),
        })
    }
}
