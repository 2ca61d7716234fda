//! A secret that was just made: told, with the words that say whether it can be seen again, and how to use it.

use leptos::prelude::*;

use super::calls::Made;
use super::credential::{Credential, Kind};
use super::{how, when, words};
use crate::ui::{Button, Fact, Facts, Losing, Notice, SecretDisplay, Tone, Variant, exact, memo};

/// What was made, and whether its secret is lost when the panel closes.
#[derive(Clone, Copy)]
pub(super) struct Told {
    made: RwSignal<Option<Made>>,
    copied: RwSignal<bool>,
    to_lose: Memo<bool>,
}

impl Told {
    pub(super) fn new(made: RwSignal<Option<Made>>) -> Self {
        let copied = RwSignal::new(false);
        let to_lose = memo(move || {
            let once = made.with(|made| {
                made.as_ref().is_some_and(|made| made.secret.is_some() && !made.credential.is_viewable())
            });
            once && !copied.get()
        });
        Self { made, copied, to_lose }
    }

    /// Whether there is something to tell.
    pub(super) fn is_there(self) -> bool {
        self.made.with(Option::is_some)
    }

    /// Whether it cannot be seen again and was not copied.
    pub(super) fn is_to_lose(self) -> bool {
        self.to_lose.get()
    }

    /// What is asked before it is lost.
    pub(super) fn losing(self) -> Signal<Option<Losing>> {
        Signal::derive(move || {
            self.to_lose.get().then_some(Losing {
                title: words::NOT_COPIED,
                text: words::NOT_COPIED_TEXT,
                stay: words::STAY,
                leave: words::LEAVE,
            })
        })
    }

    /// The button that ends it; it asks as the panel's own does.
    pub(super) fn done(self, close: Callback<()>) -> AnyView {
        let press = move || {
            if !(self.to_lose.get_untracked() && crate::ui::ask_to_close_dirty()) {
                close.run(());
            }
        };
        view! { <Button label=words::DONE variant=Variant::Primary on_press=press /> }.into_any()
    }
}

/// What was made.
pub(super) fn view(told: Told) -> AnyView {
    told.copied.set(false);
    let Some(Made { credential, secret }) = told.made.get_untracked() else { return ().into_any() };
    let kind = credential.kind();
    let Some(secret) = secret else {
        return view! { <Notice title=words::LOST tone=Tone::Info /> }.into_any();
    };
    let help = match (credential.is_viewable(), kind) {
        (false, _) => words::ONCE,
        (true, Kind::App) => words::AGAIN_APP,
        (true, Kind::Token) => words::AGAIN_TOKEN,
    };
    let label = if kind == Kind::App { words::CLIENT_SECRET } else { words::PERSONAL_TOKEN };
    let id = (kind == Kind::App).then(|| {
        view! { <SecretDisplay label=words::CLIENT_ID value=credential.id().to_owned() open=true /> }
            .into_any()
    });
    let copied = move || told.copied.set(true);
    view! {
        <div class="stack">
            {id}
            <SecretDisplay label=label value=secret help=Some(help.to_owned()) open=true on_copy=copied />
            {previous(&credential)}
            {how::lines(&credential)}
        </div>
    }
    .into_any()
}

/// Until when the one before works too.
fn previous(credential: &Credential) -> Option<AnyView> {
    let secret = credential.secrets().get(1)?;
    let (hint, until) = (secret.hint.clone(), exact(when::millis(secret.until?)));
    Some(
        view! {
            <Facts>
                <Fact label=words::PREVIOUS>
                    <span class="mono">{hint}</span>
                    <div class="small">{words::UNTIL} " " {until}</div>
                </Fact>
            </Facts>
        }
        .into_any(),
    )
}
