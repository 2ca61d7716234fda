//! Leaving a field: what it has to say waits until a press is over.
//!
//! A press on a button first takes the keyboard from the field. If the field's complaint appeared then, it could
//! move the button away from under the pointer, and the press would hit nothing.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static PRESSED: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Callback<()>>> = const { RefCell::new(Vec::new()) };
}

/// Runs what a field wants done when it is left: now, or right after the press that is under way.
pub(super) fn left(on_leave: Option<Callback<()>>) {
    let Some(on_leave) = on_leave else { return };
    if PRESSED.get() {
        WAITING.with_borrow_mut(|waiting| waiting.push(on_leave));
    } else {
        on_leave.try_run(());
    }
}

/// Watches presses from now on; the first field on the page asks for it.
pub(super) fn watch_presses() {
    if WATCHING.replace(true) {
        return;
    }
    // For as long as the page is open: the handles that could end it are let go.
    let _ = window_event_listener_untyped("pointerdown", |_| PRESSED.set(true));
    for ended in ["pointerup", "pointercancel", "dragend"] {
        let _ = window_event_listener_untyped(ended, |_| {
            PRESSED.set(false);
            // The click comes right after the pointer's own event.
            set_timeout(
                || {
                    for on_leave in WAITING.take() {
                        on_leave.try_run(());
                    }
                },
                Duration::ZERO,
            );
        });
    }
}
