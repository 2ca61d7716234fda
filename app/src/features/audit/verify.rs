//! Verifying the chain, some thousand records at a time.

use drawbridge_contract::endpoints::VerifyAudit;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::audit::{AuditVerification, VerifyAuditQuery};
use leptos::prelude::*;

use super::{Desk, words};
use crate::client::{self, ApiError, call, start};
use crate::ui::{Button, Dialog, Notice, Spinner, Tone, Variant, live, memo};

/// A walk along the chain.
#[derive(Clone, Copy)]
struct Walk {
    so_far: RwSignal<Option<AuditVerification>>,
    error: RwSignal<Option<ApiError>>,
}

impl Walk {
    /// Walks from the first record to the last, or until the dialog is gone.
    fn begin() -> Self {
        let walk = Self { so_far: RwSignal::new(None), error: RwSignal::new(None) };
        walk.go_on(None);
        walk
    }

    fn go_on(self, cursor: Option<String>) {
        self.error.set(None);
        start(Box::pin(async move {
            let mut cursor = cursor;
            loop {
                let query = VerifyAuditQuery { cursor: cursor.take() };
                match call::<VerifyAudit>(&Nothing {}, &query, &Nothing {}).await {
                    Ok(answer) => {
                        cursor.clone_from(&answer.value.next_cursor);
                        // Nobody looks any more.
                        if self.so_far.try_set(Some(answer.value)).is_some() || cursor.is_none() {
                            return;
                        }
                    }
                    Err(error) => {
                        self.error.try_set(Some(error));
                        return;
                    }
                }
            }
        }));
    }
}

/// Opens over the page while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let open = memo(move || desk.address.with(|address| address.verify));
    let footer = move || {
        view! { <Button label=words::CLOSE variant=Variant::Primary on_press=move || desk.close() /> }
            .into_any()
    };
    view! {
        <Dialog open=open title=words::VERIFY_TITLE on_close=move || desk.close() footer=footer>
            {live(move || open.get().then(|| body(Walk::begin())))}
        </Dialog>
    }
    .into_any()
}

fn body(walk: Walk) -> AnyView {
    view! {
        <div class="stack">
            <p class="muted">{words::VERIFY_TEXT}</p>
            {live(move || progress(walk))}
            <div role="status">{live(move || outcome(walk))}</div>
        </div>
    }
    .into_any()
}

/// How far the walk has come, while it is under way.
fn progress(walk: Walk) -> Option<AnyView> {
    let so_far = walk.so_far.get();
    let over = so_far.as_ref().is_some_and(|so_far| so_far.next_cursor.is_none());
    if over || walk.error.with(Option::is_some) {
        return None;
    }
    let label = so_far.map_or_else(|| words::VERIFYING.to_owned(), |so_far| words::verified(&so_far));
    Some(view! { <Spinner label=label /> }.into_any())
}

fn outcome(walk: Walk) -> Option<AnyView> {
    if let Some(error) = walk.error.get() {
        let go_on = move || {
            walk.go_on(walk.so_far.with_untracked(|so_far| so_far.as_ref()?.next_cursor.clone()));
        };
        let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=go_on /> };
        let text = Some(client::words::line(&error));
        return Some(
            view! { <Notice title=words::NOT_VERIFIED text=text tone=Tone::Bad action=action /> }.into_any(),
        );
    }
    let so_far = walk.so_far.get()?;
    let (title, text, tone) = match (&so_far.broken, &so_far.next_cursor) {
        (Some(broken), _) => (words::BROKEN, words::broken(broken.seq, broken.kind.words()), Tone::Bad),
        (None, Some(_)) => return None,
        (None, None) => (words::WHOLE, words::verified(&so_far), Tone::Ok),
    };
    Some(view! { <Notice title=title text=Some(text) tone=tone /> }.into_any())
}
