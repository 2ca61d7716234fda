//! Toasts: short messages that confirm what was done and go by themselves.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::live::live;
use super::tone::Tone;
use super::words;

const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(12);
const AFTER_PAUSE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    action: Option<(String, Callback<()>)>,
}

/// The handle through which anything can show a toast.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    held: RwSignal<bool>,
    next: StoredValue<u32>,
}

/// Provides the toasts; once, above everything that shows one.
pub fn provide_toasts() -> Toasts {
    let toasts =
        Toasts { shown: RwSignal::new(Vec::new()), held: RwSignal::new(false), next: StoredValue::new(0) };
    provide_context(toasts);
    toasts
}

/// The toasts of the page; ones that nobody sees where none were provided.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(provide_toasts)
}

impl Toasts {
    /// Says that something was done.
    pub fn success(self, text: impl Into<String>) {
        self.show(Tone::Ok, text.into(), None);
    }

    /// Says something that is neither good nor bad.
    pub fn neutral(self, text: impl Into<String>) {
        self.show(Tone::Neutral, text.into(), None);
    }

    /// Says that something failed.
    pub fn error(self, text: impl Into<String>) {
        self.show(Tone::Bad, text.into(), None);
    }

    /// Says something and offers the next step.
    pub fn with_action(
        self,
        tone: Tone,
        text: impl Into<String>,
        label: impl Into<String>,
        action: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(tone, text.into(), Some((label.into(), Callback::new(move |()| action()))));
    }

    fn show(self, tone: Tone, text: String, action: Option<(String, Callback<()>)>) {
        let Some(id) = self.next.try_update_value(|next| {
            *next += 1;
            *next
        }) else {
            return;
        };
        let time = if tone == Tone::Bad || action.is_some() { LONG } else { SHORT };
        self.shown.update(|shown| shown.push(Toast { id, tone, text, action }));
        self.hide_after(id, time);
    }

    fn hide_after(self, id: u32, time: Duration) {
        set_timeout(
            move || match self.held.try_get_untracked() {
                Some(true) => self.hide_after(id, AFTER_PAUSE),
                Some(false) => self.hide(id),
                None => (),
            },
            time,
        );
    }

    /// Keeps the toasts while somebody is at them; they may lose the keyboard after all else is gone.
    fn hold(self, held: bool) {
        self.held.try_set(held);
    }

    fn hide(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where toasts appear; once, at the end of the page.
#[component]
pub fn ToastRegion(
    /// The toasts to show.
    toasts: Toasts,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let some = toasts.shown.with(|shown| !shown.is_empty());
        if let Some(region) = node.get() {
            // Shown anew each time, so that it stands above a dialog opened since.
            region.hide_popover().ok();
            if some {
                region.show_popover().ok();
            }
        }
    });
    view! {
        <div
            class="toasts"
            popover="manual"
            role="region"
            aria-label=words::NOTIFICATIONS
            node_ref=node
            on:mouseenter=move |_| toasts.hold(true)
            on:mouseleave=move |_| toasts.hold(false)
            on:focusin=move |_| toasts.hold(true)
            on:focusout=move |_| toasts.hold(false)
        >
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                {one(toast, toasts)}
            </For>
        </div>
        <div class="visually-hidden" aria-live="polite" aria-atomic="true">
            {live(move || toasts.shown.with(|shown| shown.last().map(|toast| toast.text.clone())))}
        </div>
    }
    .into_any()
}

fn one(toast: Toast, toasts: Toasts) -> AnyView {
    let Toast { id, tone, text, action } = toast;
    view! {
        <div class=["toast ", tone.class()].concat()>
            {icon(if tone == Tone::Neutral { Icon::Info } else { tone.icon() })}
            <p class="toast-text">{text}</p>
            {action
                .map(|(label, action)| {
                    view! {
                        <button
                            class="btn btn-secondary btn-small"
                            type="button"
                            on:click=move |_| {
                                toasts.hide(id);
                                action.run(());
                            }
                        >
                            {label}
                        </button>
                    }.into_any()
                })}
            <button
                class="btn btn-quiet btn-small btn-icon"
                type="button"
                title=words::DISMISS
                aria-label=words::DISMISS
                on:click=move |_| toasts.hide(id)
            >
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}
