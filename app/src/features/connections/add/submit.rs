//! Connect: check, make, and sign in where that is needed.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Add, draft, make};
use crate::features::connections::sign_in::Stage;
use crate::features::connections::words;
use crate::shell::toasts;
use crate::ui::focus_first_error;

/// Checks the form and connects. Called while a click or Enter is handled, so that the window may be opened.
pub(super) fn submit(add: Add) {
    let attempts = add.attempts;
    if attempts.busy.get_untracked() || add.sign_in.is_starting() {
        return;
    }
    let Some((connector, values)) = untrack(move || add.form()) else { return };
    let typed = values.typed_now();
    attempts.tried.set(true);
    attempts.refused.set(None);
    if !draft::faults(&connector, &typed).is_empty() {
        focus_first_error(make::FORM);
        return;
    }
    let interactive = draft::way(&connector, &typed).is_some_and(|way| way.interactive);
    let Some(mut request) = draft::request(&connector, &typed) else { return };
    let sealed =
        connector.target.is_some().then(|| add.seal.with_value(|seal| seal.as_ref().map(|seal| seal())));
    let round = interactive.then(|| add.sign_in.begin(&connector.summary.name));
    let toasts = toasts();
    attempts.busy.set(true);
    spawn_local(async move {
        if let Some(boxes) = sealed {
            let boxes = match boxes {
                Some(boxes) => boxes.await,
                None => Err(words::NOT_READ_YET.to_owned()),
            };
            match boxes {
                Ok(boxes) => request.sealed = boxes,
                Err(why) => {
                    attempts.busy.try_set(false);
                    toasts.error(why);
                    return;
                }
            }
        }
        let made = attempts.make(request).await;
        attempts.busy.try_set(false);
        match (made, round) {
            (Some(connection), Some(round)) => {
                add.sign_in.proceed(round, connection).await;
                if matches!(add.sign_in.now(), Some(Stage::Done(_))) {
                    attempts.release();
                }
                add.desk.changed();
            }
            (Some(connection), None) => {
                attempts.release();
                toasts.success(words::made(&connection.summary.name, connection.connected_as.as_ref()));
                add.desk.made(&connection.summary.id);
                add.close();
            }
            (None, round) => {
                if let Some(round) = round {
                    add.sign_in.give_up(round);
                }
                focus_first_error(make::FORM);
            }
        }
    });
}
