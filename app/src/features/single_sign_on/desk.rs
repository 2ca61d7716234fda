//! What the parts of the page share: what was read, who may change it, and what went wrong last.

use drawbridge_contract::types::sso::SingleSignOn;
use drawbridge_domain::sso::change_refusal;
use leptos::prelude::*;

use crate::client::{self, Answered, ApiError, Loading, Task};
use crate::shell::{toasts, use_session};
use crate::ui::{Notice, Tone, live};

/// The page's read and the rule about changing it.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// What was read.
    pub(super) read: Signal<Answered<SingleSignOn>>,
    loading: Loading<SingleSignOn>,
    /// Why nothing may be changed.
    pub(super) refusal: Signal<Option<String>>,
}

impl Desk {
    pub(super) fn new(read: Signal<Answered<SingleSignOn>>, loading: Loading<SingleSignOn>) -> Self {
        let session = use_session();
        let refusal = Signal::derive(move || {
            let by_sso = session.who().is_some_and(|who| who.by_sso);
            change_refusal(session.role(), by_sso).map(str::to_owned)
        });
        Self { read, loading, refusal }
    }

    /// Reads anew.
    pub(super) fn refetch(self) {
        self.loading.refetch();
    }

    /// Why something cannot be done: it may not be changed, or what `other` says.
    pub(super) fn reason(
        self,
        other: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        Signal::derive(move || self.refusal.get().or_else(|| other().map(str::to_owned)))
    }
}

/// One button's work: busy while it goes on, words when it fails.
#[derive(Clone, Copy)]
pub(super) struct Work {
    /// What goes on.
    pub(super) task: Task,
    failure: RwSignal<Option<ApiError>>,
}

impl Work {
    pub(super) fn new() -> Self {
        Self { task: Task::new(), failure: RwSignal::new(None) }
    }

    /// Does it, says that it is done, and reads the page anew.
    pub(super) fn run<T>(
        self,
        desk: Desk,
        done: &'static str,
        work: impl Future<Output = Result<T, ApiError>> + 'static,
    ) {
        let toasts = toasts();
        self.failure.set(None);
        self.task.run(async move {
            match work.await {
                Ok(_) => {
                    if !done.is_empty() {
                        toasts.success(done);
                    }
                    desk.refetch();
                }
                Err(error) => {
                    self.failure.try_set(Some(error));
                }
            }
        });
    }

    /// Forgets what went wrong.
    pub(super) fn clear(self) {
        self.failure.set(None);
    }

    /// What went wrong.
    pub(super) fn problem(self) -> Signal<Option<String>> {
        Signal::derive(move || self.failure.with(|error| error.as_ref().map(client::words::line)))
    }

    /// What went wrong, in place.
    pub(super) fn notice(self) -> AnyView {
        let problem = self.problem();
        live(move || problem.get().map(|text| view! { <Notice title=text tone=Tone::Bad /> }.into_any()))
    }
}
