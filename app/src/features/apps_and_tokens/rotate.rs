//! Rotate: a new secret, and how long the present one works beside it.

use drawbridge_domain::credential::{Grace, may_change};
use leptos::prelude::*;

use super::calls::{self, Made};
use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::one::One;
use super::row::owners;
use super::told::{self, Told};
use super::{view, words};
use crate::client::{self, Task};
use crate::shell::use_session;
use crate::ui::{Button, Card, Icon, Notice, Panel, RadioCards, Tone, Variant, live, memo, watch};

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let session = use_session();
    let one = One::new(desk, &["rotate"]);
    let grace = RwSignal::new(String::new());
    let made = RwSignal::new(None::<Made>);
    let told = Told::new(made);
    let problem = RwSignal::new(None::<String>);
    let task = Task::new();
    // Begun anew for each one.
    watch(move || {
        one.id.get();
        made.set(None);
        problem.set(None);
        grace.set(Grace::Day.code().to_owned());
    });
    let close = Callback::new(move |()| {
        made.try_set(None);
        desk.close();
    });
    let refused = memo(move || match one.get() {
        Some(Credential::Token(token)) => {
            may_change(token.status).err().map(str::to_owned).or_else(|| owners(session, &token))
        }
        _ => None,
    });
    let rotate = move || {
        let Some(credential) = one.get().filter(|_| made.with_untracked(Option::is_none)) else { return };
        let grace = Grace::from_code(&grace.get_untracked()).unwrap_or(Grace::Day);
        problem.set(None);
        task.run(async move {
            match calls::rotate(credential, grace).await {
                Ok(now) => {
                    desk.fresh.try_set(Some(now.credential.id().to_owned()));
                    made.try_set(Some(now));
                    desk.changed();
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    let kind = memo(move || one.id.with(|id| Kind::of(id)));
    let footer = move || {
        live(move || {
            if told.is_there() {
                return told.done(close);
            }
            let verb = if kind.get() == Kind::App { words::ROTATE_SECRET } else { words::ROTATE };
            view! {
                <Button label=words::CANCEL on_press=close />
                <Button
                    label=verb
                    variant=Variant::Primary
                    icon=Icon::Refresh
                    busy=task.busy()
                    disabled_reason=refused
                    on_press=rotate
                />
            }
            .into_any()
        })
    };
    let title = move || match (told.is_there(), kind.get()) {
        (true, Kind::App) => words::NEW_SECRET.to_owned(),
        (true, Kind::Token) => words::NEW_TOKEN.to_owned(),
        (false, kind) => words::rotate_title(kind, &one.name(words::LOADING)),
    };
    view! {
        <Panel
            open=one.is_open()
            title=Signal::derive(title)
            dirty=Signal::derive(move || told.is_to_lose())
            losing=told.losing()
            on_close=close
            footer=footer
        >
            {live(move || {
                if told.is_there() {
                    told::view(told)
                } else {
                    one.shown(move |credential| choose(&credential, grace, problem))
                }
            })}
        </Panel>
    }
    .into_any()
}

fn choose(credential: &Credential, grace: RwSignal<String>, problem: RwSignal<Option<String>>) -> AnyView {
    let text = match credential.kind() {
        Kind::App => words::ROTATE_APP_TEXT,
        Kind::Token => words::ROTATE_TOKEN_TEXT,
    };
    let two = (credential.secrets().len() > 1).then_some(words::ROTATE_TWO);
    let card = |grace: Grace| Card {
        value: grace.code().to_owned(),
        title: grace.words().to_owned(),
        text: if grace == Grace::Now { words::GRACE_NOW.to_owned() } else { String::new() },
        ..Card::default()
    };
    let cards = Grace::ALL.map(card).to_vec();
    view! {
        <div class="stack">
            {live(move || problem.get().map(|text| view! { <Notice tone=Tone::Bad title=text /> }.into_any()))}
            <p>{text} {two.map(|two| [" ", two].concat())}</p>
            <section class="stack-small">
                <h3 class="section-title">{words::WORKING}</h3>
                {view::secrets(credential)}
            </section>
            <RadioCards label=words::GRACE value=grace cards=cards />
        </div>
    }
    .into_any()
}
