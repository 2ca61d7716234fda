//! Parts of the console whose code is fetched when they are first wanted.
//!
//! [`lazily!`] declares a function that makes such a part, and names the chunk that its code goes into; [`part`]
//! shows it in a page, [`overlay`] over one. The build cuts the chunks out of the module and gives each a file of
//! its own (feature `split`); without that, as in tests, the same functions are simply there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;

use crate::ui::{FailedState, Panel, Skeleton, live};

const FAILED: &str = "This part of the console could not be fetched";
const FAILED_TEXT: &str = "Check your network connection, then try again. If that does not help, reload the page: \
     Drawbridge may have been updated.";

/// The code of a part could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing;

impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A part on its way.
pub(crate) type Coming = Pin<Box<dyn Future<Output = Result<AnyView, Missing>>>>;

/// Declares `async fn name(…) -> Result<AnyView, Missing>`; what stands in its body, and nothing else needs, is kept
/// in the chunk named first, together with all other functions of that chunk.
macro_rules! lazily {
    ($(#[$doc:meta])* $chunk:ident: $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) { $($body:tt)* }) => {
        $(#[$doc])*
        #[cfg(all(feature = "split", target_family = "wasm"))]
        #[::leptos::wasm_split::wasm_split($chunk, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $name($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::part::Missing> {
            let view = { $($body)* };
            Ok(view)
        }

        $(#[$doc])*
        #[cfg(not(all(feature = "split", target_family = "wasm")))]
        $vis async fn $name($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::part::Missing> {
            let view = { $($body)* };
            Ok(view)
        }
    };
}
pub(crate) use lazily;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Failed,
    Here,
}

#[derive(Clone, Copy)]
struct Part {
    stage: RwSignal<Stage>,
    view: StoredValue<Option<AnyView>, LocalStorage>,
    fetch: Callback<()>,
}

impl Part {
    /// Begins to fetch; a part that is there already is there at once.
    fn new(make: Make) -> Self {
        let stage = RwSignal::new(Stage::Waiting);
        let view = StoredValue::new_local(None);
        let owner = Owner::current().unwrap_or_default();
        let arrive = move |came: Result<AnyView, Missing>| {
            let now = if came.is_ok() { Stage::Here } else { Stage::Failed };
            // Whoever wanted it may have gone elsewhere.
            view.try_set_value(came.ok());
            stage.try_set(now);
        };
        let fetch = Callback::new(move |()| {
            stage.set(Stage::Waiting);
            let mut coming = Box::pin(owner.with(|| ScopedFuture::new_untracked(make())));
            match coming.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(came) => arrive(came),
                Poll::Pending => spawn_local(async move { arrive(coming.await) }),
            }
        });
        fetch.run(());
        Self { stage, view, fetch }
    }

    fn take(self) -> Option<AnyView> {
        self.view.try_update_value(Option::take).flatten()
    }

    fn waiting_or_failed(self, lines: usize, page: bool) -> AnyView {
        if self.stage.get() == Stage::Failed {
            view! { <FailedState title=FAILED text=Some(FAILED_TEXT.to_owned()) on_retry=self.fetch page=page /> }
                .into_any()
        } else {
            view! { <Skeleton lines=lines /> }.into_any()
        }
    }
}

/// Makes a part, each time that it is fetched.
type Make = Arc<dyn Fn() -> Coming + Send + Sync>;

/// Shows a part; grey lines until it is there. One without lines stands beside the page: nothing is in its place until
/// it is there, and nobody is told where it does not come.
pub(crate) fn part(lines: usize, make: impl Fn() -> Coming + Send + Sync + 'static) -> AnyView {
    part_of(lines, Arc::new(make))
}

/// The same for every part, so that it is compiled once.
fn part_of(lines: usize, make: Make) -> AnyView {
    let part = Part::new(make);
    match part.take() {
        Some(view) => view,
        None => live(move || match part.stage.get() {
            Stage::Here => part.take().into_any(),
            _ if lines == 0 => ().into_any(),
            Stage::Waiting | Stage::Failed => part.waiting_or_failed(lines, true),
        }),
    }
}

/// Shows a part that lies over the page and opens and closes itself: fetched when `open` is first true, and from
/// then on there. Until it is there, an empty panel with its title stands in its place.
pub(crate) fn overlay(
    open: Signal<bool>,
    title: Signal<String>,
    on_close: Callback<()>,
    make: impl Fn() -> Coming + Send + Sync + 'static,
) -> AnyView {
    overlay_of(open, title, on_close, Arc::new(make))
}

fn overlay_of(open: Signal<bool>, title: Signal<String>, on_close: Callback<()>, make: Make) -> AnyView {
    let wanted = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get());
    let show = move || {
        let part = Part::new(make.clone());
        let instead = move || {
            view! {
                <Panel open=open title=title on_close=on_close>
                    {live(move || part.waiting_or_failed(4, false))}
                </Panel>
            }
            .into_any()
        };
        match part.take() {
            Some(view) => view,
            None => live(move || match part.stage.get() {
                Stage::Here => part.take().into_any(),
                Stage::Waiting | Stage::Failed => instead(),
            }),
        }
    };
    live(move || wanted.get().then(&show))
}
