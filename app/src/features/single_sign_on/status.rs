//! How far single sign-on is, and what can be done with it as a whole.

use drawbridge_contract::endpoints::{DeleteSso, DisableSso, EnableSso, TestSso};
use drawbridge_contract::types::Nothing;
use drawbridge_domain::sso::{SsoStatus, enable_refusal};
use leptos::prelude::*;

use super::desk::{Desk, Work};
use super::words;
use crate::client::call;
use crate::shell::said;
use crate::ui::{Button, ConfirmDialog, Fact, Facts, SecretDisplay, Status, Time, Tone, Variant, live, memo};

/// What is asked about.
const CONFIRM: &str = "confirm";

pub(super) fn section(desk: Desk) -> AnyView {
    let status = memo(move || desk.read.with(|read| read.value.status));
    let sign_in = Signal::derive(move || desk.read.with(|read| read.value.sign_in_url.clone()));
    view! {
        <section class="section" aria-labelledby="sso-status">
            <h2 class="section-title" id="sso-status">
                {words::STATUS}
            </h2>
            <div class="box stack">
                {facts(desk, status)} {buttons(desk, status)}
                {live(move || {
                    (status.get() == SsoStatus::On)
                        .then(|| {
                            let help = Some(words::SIGN_IN_URL_HELP.to_owned());
                            view! { <SecretDisplay label=words::SIGN_IN_URL value=sign_in open=true help=help /> }
                                .into_any()
                        })
                })}
            </div>
        </section>
    }
    .into_any()
}

fn facts(desk: Desk, status: Memo<SsoStatus>) -> AnyView {
    let settings = memo(move || desk.read.with(|read| read.value.settings.clone()));
    let time = |at: Option<String>, who: Option<String>| match at {
        Some(at) => {
            let who = who.map(|who| words::tested_as(&who));
            view! {
                <span class="cluster">
                    <Time at=at />
                    <span>{who}</span>
                </span>
            }
            .into_any()
        }
        None => view! { <span class="muted">{words::NEVER}</span> }.into_any(),
    };
    view! {
        <Facts>
            <Fact label=words::STATUS>
                {live(move || {
                    let status = status.get();
                    let tone = if status == SsoStatus::On { Tone::Ok } else { Tone::Neutral };
                    view! { <Status label=words::status(status) tone=tone /> }.into_any()
                })}
            </Fact>
            <Fact label=words::TESTED>
                {live(move || {
                    let settings = settings.get();
                    let at = settings.as_ref().and_then(|set| set.tested_at).map(|at| at.to_string());
                    time(at, settings.and_then(|set| set.tested_as))
                })}
            </Fact>
            <Fact label=words::LAST_USED>
                {live(move || {
                    time(settings.get().and_then(|set| set.last_used_at).map(|at| at.to_string()), None)
                })}
            </Fact>
        </Facts>
    }
    .into_any()
}

fn buttons(desk: Desk, status: Memo<SsoStatus>) -> AnyView {
    // What is asked stands in the address: `?confirm=off`, `?confirm=delete`.
    let said = said(&[CONFIRM]);
    let confirming = memo(move || said.get(CONFIRM));
    let ask = Callback::new(move |what: &'static str| said.say(&[(CONFIRM, what)], what.is_empty()));
    let work = Work::new();
    let test = Callback::new(move |()| {
        work.run(desk, "", async move {
            let answer = call::<TestSso>(&Nothing {}, &Nothing {}, &Nothing {}).await?;
            window().location().assign(&answer.value.url).ok();
            Ok(())
        });
    });
    let on = Callback::new(move |()| {
        work.run(desk, words::IS_ON, call::<EnableSso>(&Nothing {}, &Nothing {}, &Nothing {}));
    });
    let unset = desk.reason(move || (status.get() == SsoStatus::NotSetUp).then_some(words::NOT_SAVED));
    let not_on = desk.reason(move || enable_refusal(status.get()));
    view! {
        <div class="cluster">
            <Button label=words::TEST busy=work.task.busy() disabled_reason=unset on_press=test />
            {live(move || {
                if status.get() == SsoStatus::On {
                    view! {
                        <Button label=words::OFF disabled_reason=desk.refusal on_press=move || ask.run("off") />
                    }
                        .into_any()
                } else {
                    view! {
                        <Button label=words::ON variant=Variant::Primary disabled_reason=not_on on_press=on />
                    }
                        .into_any()
                }
            })}
            <Button
                label=words::DELETE
                variant=Variant::Danger
                disabled_reason=unset
                on_press=move || ask.run("delete")
            />
        </div>
        {work.notice()}
        {confirm(desk, confirming, ask, "off")}
        {confirm(desk, confirming, ask, "delete")}
    }
    .into_any()
}

/// Asks before everybody is signed out.
fn confirm(desk: Desk, confirming: Memo<String>, ask: Callback<&'static str>, what: &'static str) -> AnyView {
    let work = Work::new();
    let is_off = what == "off";
    let (title, text, verb, done) = if is_off {
        (words::OFF_TITLE, words::OFF_TEXT, words::OFF, words::IS_OFF)
    } else {
        (words::DELETE_TITLE, words::DELETE_TEXT, words::DELETE, words::DELETED)
    };
    let sure = move || {
        work.run(desk, done, async move {
            if is_off {
                call::<DisableSso>(&Nothing {}, &Nothing {}, &Nothing {}).await?;
            } else {
                call::<DeleteSso>(&Nothing {}, &Nothing {}, &Nothing {}).await?;
            }
            ask.try_run("");
            Ok(())
        });
    };
    let close = move || {
        work.clear();
        ask.run("");
    };
    view! {
        <ConfirmDialog
            open=Signal::derive(move || confirming.with(|now| now == what))
            title=title
            verb=verb
            danger=true
            busy=work.task.busy()
            disabled_reason=desk.refusal
            problem=work.problem()
            on_confirm=sure
            on_close=close
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
    .into_any()
}
