//! View: all that is known of an app or a token, and its secret where that is kept.

use drawbridge_contract::types::apps::{App, SecretInfo, TokenAlgorithm};
use drawbridge_domain::credential::{SHOWN_ONCE, may_change};
use drawbridge_domain::scopes::ApiScope;
use leptos::prelude::*;

use super::calls::{self, Shown};
use super::credential::{Credential, Kind};
use super::desk::Desk;
use super::one::One;
use super::row::owners;
use super::{when, words};
use crate::client::{self, Task};
use crate::shell::use_session;
use crate::ui::{
    Button, Fact, Facts, Icon, LinkButton, Notice, Panel, SecretDisplay, Status, Time, Tone, exact, live,
    memo, watch,
};

/// A secret that is shown, and of which credential.
type Seen = RwSignal<Option<(String, Shown)>>;

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let one = One::new(desk, &["view"]);
    let seen: Seen = RwSignal::new(None);
    let problem = RwSignal::new(None::<String>);
    // What was shown is forgotten as soon as another one is open, or none.
    watch(move || {
        one.id.get();
        seen.set(None);
        problem.set(None);
    });
    let kind =
        move || one.id.with(|id| if Kind::of(id) == Kind::App { words::APP } else { words::PERSONAL_TOKEN });
    view! {
        <Panel
            open=one.is_open()
            title=Signal::derive(move || one.name(words::VIEW))
            subtitle=Signal::derive(move || Some(kind().to_owned()))
            on_close=move || desk.close()
        >
            {one.shown(move |credential| content(desk, &credential, seen, problem))}
        </Panel>
    }
    .into_any()
}

fn content(desk: Desk, credential: &Credential, seen: Seen, problem: RwSignal<Option<String>>) -> AnyView {
    let id = credential.id().to_owned();
    let label = if credential.kind() == Kind::App { words::CLIENT_ID } else { words::IDENTIFIER };
    view! {
        <div class="stack">
            <SecretDisplay label=label value=id open=true />
            {secret(desk, credential.clone(), seen, problem)}
            <section class="stack-small">
                <h3 class="section-title">{words::WORKING}</h3>
                {secrets(credential)}
            </section>
            {facts(credential)}
        </div>
    }
    .into_any()
}

/// How a secret begins and ends, and how it is used.
fn one_secret((at, secret): (usize, &SecretInfo)) -> AnyView {
    let used = match secret.last_used_at {
        Some(used) => view! { {words::LAST_USED_AT} " " <Time at=used.to_string() /> }.into_any(),
        None => view! { {words::NOT_USED} }.into_any(),
    };
    let until = secret.until.map(|until| {
        view! { <div class="small">{words::UNTIL} " " {exact(when::millis(until))}</div> }.into_any()
    });
    let (label, hint) = (if at == 0 { words::PRESENT } else { words::PREVIOUS }, secret.hint.clone());
    view! {
        <Fact label=label>
            <span class="mono">{hint}</span>
            <div class="muted small">{used}</div>
            {until}
        </Fact>
    }
    .into_any()
}

/// The secrets that work, each with its use.
pub(super) fn secrets(credential: &Credential) -> AnyView {
    let secrets: Vec<_> = credential.secrets().iter().enumerate().map(one_secret).collect();
    view! { <Facts>{secrets}</Facts> }.into_any()
}

/// The secret, hidden until it is asked for; or why it cannot be shown, and what to do.
fn secret(desk: Desk, credential: Credential, seen: Seen, problem: RwSignal<Option<String>>) -> AnyView {
    let session = use_session();
    let task = Task::new();
    let label = if credential.kind() == Kind::App { words::CLIENT_SECRET } else { words::PERSONAL_TOKEN };
    let refused = match &credential {
        Credential::App(_) => None,
        Credential::Token(token) => {
            may_change(token.status).err().map(str::to_owned).or_else(|| untrack(|| owners(session, token)))
        }
    };
    let viewable = credential.is_viewable();
    let rotate = untrack(|| desk.href("rotate", credential.id()));
    let rotatable = refused.is_none();
    let one = StoredValue::new(credential);
    let mine = memo(move || {
        seen.with(|seen| {
            let (of, shown) = seen.as_ref()?;
            one.with_value(|one| of == one.id()).then(|| shown.clone())
        })
    });
    let press = move || {
        problem.set(None);
        let credential = one.get_value();
        let id = credential.id().to_owned();
        task.run(async move {
            match calls::show(credential).await {
                Ok(shown) => {
                    seen.try_set(Some((id, shown)));
                }
                Err(error) => {
                    problem.try_set(Some(client::words::line(&error)));
                }
            }
        });
    };
    if !viewable {
        let action = move || {
            let href = rotate.clone();
            rotatable.then(|| {
                let label = words::ROTATE;
                view! { <LinkButton href=href label=label icon=Icon::Refresh small=true /> }.into_any()
            })
        };
        return view! { <Notice title=label tone=Tone::Info text=Some(SHOWN_ONCE.to_owned()) action=action quiet=true /> }
            .into_any();
    }
    live(move || {
        if let Some(shown) = mine.get() {
            let previous = shown.previous.map(|previous| {
                view! { <SecretDisplay label=words::previous(label) value=previous open=true /> }.into_any()
            });
            view! {
                <SecretDisplay label=label value=shown.secret open=true />
                {previous}
            }
            .into_any()
        } else {
            let refused = refused.clone();
            let said = live(move || {
                problem.get().map(|text| view! { <Notice tone=Tone::Bad title=text /> }.into_any())
            });
            view! {
                <div class="stack-small">
                    <div class="split">
                        <span class="field-label">{label}</span>
                        <Button
                            label=words::show(label)
                            icon=Icon::Eye
                            small=true
                            busy=task.busy()
                            disabled_reason=Signal::derive(move || refused.clone())
                            on_press=press
                        />
                    </div>
                    <p class="muted small">{words::HIDDEN}</p>
                    {said}
                </div>
            }
            .into_any()
        }
    })
}

fn facts(credential: &Credential) -> AnyView {
    let ((word, tone, icon), why) = credential.status();
    let scopes = if credential.scopes().is_full() {
        words::FULL.to_owned()
    } else {
        credential.scopes().iter().map(ApiScope::code).collect::<Vec<_>>().join(", ")
    };
    let addresses = super::addresses::written(credential.addresses());
    let addresses =
        if addresses.is_empty() { words::ANYWHERE.to_owned() } else { addresses.replace('\n', ", ") };
    let end = match credential.expires_at() {
        Some(end) => {
            let exactly = exact(when::millis(end));
            view! { {when::end(end)} <div class="muted small">{exactly}</div> }.into_any()
        }
        None => words::NEVER.into_any(),
    };
    let description = (!credential.description().is_empty()).then(|| {
        let text = credential.description().to_owned();
        view! { <Fact label=words::DESCRIPTION>{text}</Fact> }.into_any()
    });
    let more = match credential {
        Credential::App(App { token_algorithm, .. }) => {
            let algorithm = if *token_algorithm == TokenAlgorithm::Rs256 { "RS256" } else { "EdDSA" };
            Some(view! { <Fact label=words::SIGNED>{algorithm}</Fact> }.into_any())
        }
        Credential::Token(token) => token.revoked_at.map(|at| {
            view! {
                <Fact label=words::REVOKED_AT>
                    <Time at=at.to_string() />
                </Fact>
            }
            .into_any()
        }),
    };
    let (used, by) = (when::last_use(credential.last_used()), credential.created_by().name.clone());
    let created = credential.created_at().to_string();
    view! {
        <Facts>
            <Fact label=words::STATUS>
                <Status label=word tone=tone icon=Some(icon) detail=why.map(str::to_owned) />
            </Fact>
            {description}
            <Fact label=words::SCOPES>{scopes}</Fact>
            <Fact label=words::ADDRESSES>{addresses}</Fact>
            <Fact label=words::EXPIRES>{end}</Fact>
            <Fact label=words::LAST_USED>{used}</Fact>
            <Fact label=words::CREATED_BY>{by}</Fact>
            <Fact label=words::CREATED>
                <Time at=created />
            </Fact>
            {more}
        </Facts>
    }
    .into_any()
}
