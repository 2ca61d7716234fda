//! One user's own page.

use drawbridge_contract::endpoints::{ReactivateUser, ReadUser, ResendInvitation, SuspendUser};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{UserDetails, UserPath};
use drawbridge_domain::id::{Id, UserId};
use drawbridge_domain::user::{Subject, UserAction, UserState, check};
use leptos::prelude::*;

use super::desk::Desk;
use super::{editing, link, remove, thing, users, words};
use crate::client::{self, ApiError, Reading, Task, call};
use crate::paths;
use crate::shell::{Session, Topic, follow, title, toasts, use_session};
use crate::ui::{Button, ConfirmDialog, Fact, Facts, Icon, PageHeader, Panel, Time, Variant, live, memo};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) desk: Desk,
    pub(super) session: Session,
    pub(super) user: Signal<UserDetails>,
    pub(super) etag: Signal<Option<String>>,
}

impl Parts {
    /// Why something cannot be done with the user; `None` when it can.
    pub(super) fn refusal(self, action: UserAction) -> Signal<Option<String>> {
        Signal::derive(move || {
            let me = self.session.who().map(|who| who.user.id);
            let subject = self.user.with(|user| Subject {
                role: user.user.role,
                state: user.user.state,
                is_self: me.as_ref() == Some(&user.user.id),
                is_last: user.last_global_administrator,
                is_last_way_in: user.last_way_in,
            });
            check(action, self.session.role(), subject).err().map(|refusal| refusal.words().to_owned())
        })
    }

    /// The user in a path.
    pub(super) fn path(self) -> UserPath {
        UserPath { user: self.user.with_untracked(|user| user.user.id.clone()) }
    }

    /// First and last name.
    pub(super) fn name(self) -> String {
        self.user.with(|user| words::name(&user.user))
    }

    fn state(self) -> UserState {
        self.user.with(|user| user.user.state)
    }
}

/// The page.
#[component]
pub fn UserPage(
    /// The user's id, as it stands in the address.
    id: Memo<String>,
) -> impl IntoView {
    let (desk, session) = (Desk::new(), use_session());
    let read: thing::Asked<UserDetails> = Reading::new(move || {
        desk.version();
        let user = id.with(|id| UserId::parse(id).ok());
        async move {
            match user {
                Some(user) => Some(call::<ReadUser>(&UserPath { user }, &Nothing {}, &Nothing {}).await),
                None => None,
            }
        }
    });
    for topic in [Topic::Users, Topic::Groups] {
        follow(topic, move || read.refetch());
    }
    let newest = thing::newest(read);
    title(Signal::derive(move || {
        newest
            .with(|user| user.as_ref().map_or(words::PEOPLE.to_owned(), |user| words::name(&user.value.user)))
    }));
    let etag = memo(move || newest.with(|user| user.as_ref().and_then(|user| user.etag.clone())));
    let list = move || paths::users(&session.slug());
    thing::shown(
        read,
        newest,
        |user| user.user.id.to_string(),
        move || thing::missing(words::NO_USER, words::NO_USER_TEXT, untrack(list), words::PEOPLE),
        move |user| page(Parts { desk, session, user, etag: etag.into() }),
    )
}

fn page(parts: Parts) -> AnyView {
    let list = (words::PEOPLE.to_owned(), untrack(|| paths::users(&parts.session.slug())));
    let actions = move || {
        view! {
            {live(move || (parts.state() == UserState::Invited).then(|| button(parts, UserAction::Resend)))}
            {live(move || {
                button(
                    parts,
                    if parts.state() == UserState::Suspended { UserAction::Reactivate } else { UserAction::Suspend },
                )
            })}
            {button(parts, UserAction::Remove)}
        }
    };
    view! {
        <PageHeader
            title=Signal::derive(move || parts.name())
            text=Signal::derive(move || parts.user.with(|user| Some(user.user.email.clone())))
            parent=list
            actions=actions
        />
        <div class="page-narrow stack">
            <Facts>
                <Fact label=words::STATE>{live(move || parts.user.with(|user| users::state(&user.user)))}</Fact>
                <Fact label=words::ROLE>{live(move || parts.user.with(|user| user.user.role.name()))}</Fact>
                <Fact label=words::ADDED>
                    <Time at=Signal::derive(move || parts.user.with(|user| user.user.created_at.to_string())) />
                </Fact>
                <Fact label=words::SESSIONS>
                    {live(move || parts.user.with(|user| words::sessions(user.sessions)))}
                </Fact>
            </Facts>
            {section(words::PROFILE, editing::form(parts))}
            {section(words::MEMBER_OF, groups(parts))}
        </div>
        {link_panel(parts)}
        {state_dialog(parts, UserAction::Suspend)}
        {state_dialog(parts, UserAction::Reactivate)}
        {remove::dialog(parts)}
    }
    .into_any()
}

/// A part of the page with its title.
pub(super) fn section(title: &'static str, content: AnyView) -> AnyView {
    let id = crate::ui::unique_id("section");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()>
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}

fn button(parts: Parts, action: UserAction) -> AnyView {
    let (label, open, drawn) = match action {
        UserAction::Resend => (words::NEW_LINK, "link", Icon::Link),
        UserAction::Reactivate => (words::REACTIVATE, "reactivate", Icon::Check),
        UserAction::Remove => (words::REMOVE, "remove", Icon::Trash),
        _ => (words::SUSPEND, "suspend", Icon::Pause),
    };
    let press = move || parts.desk.open(open);
    view! { <Button label=label icon=drawn disabled_reason=parts.refusal(action) on_press=press /> }
        .into_any()
}

fn groups(parts: Parts) -> AnyView {
    live(move || {
        let groups = parts.user.with(|user| user.groups.clone());
        if groups.is_empty() {
            return view! { <p class="muted">{words::NO_GROUPS}</p> }.into_any();
        }
        let slug = parts.session.slug();
        let one = |group: drawbridge_contract::types::groups::GroupRef| {
            let href = paths::group(&slug, group.id.as_str());
            view! { <li><a href=href>{group.name}</a></li> }.into_any()
        };
        view! { <ul class="stack-small">{groups.into_iter().map(one).collect::<Vec<_>>()}</ul> }.into_any()
    })
}

/// The panel that makes a new invitation link.
fn link_panel(parts: Parts) -> AnyView {
    let made = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let renew = move |path: UserPath| async move {
        match call::<ResendInvitation>(&path, &Nothing {}, &Nothing {}).await {
            Ok(answer) => {
                made.try_set(answer.value.link);
                parts.desk.changed();
            }
            Err(failure) => {
                error.try_set(Some(failure));
            }
        }
    };
    let press = Callback::new(move |()| {
        error.set(None);
        task.run(renew(parts.path()));
    });
    let close = Callback::new(move |()| {
        made.set(None);
        error.set(None);
        parts.desk.close();
    });
    let refusal = parts.refusal(UserAction::Resend);
    let footer = move || {
        live(move || {
            if made.with(Option::is_some) {
                view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> }.into_any()
            } else {
                view! {
                    <Button label=words::CANCEL on_press=close />
                    <Button
                        label=words::MAKE_LINK
                        variant=Variant::Primary
                        busy=task.busy()
                        disabled_reason=refusal
                        on_press=press
                    />
                }
                .into_any()
            }
        })
    };
    let body = move || match (made.get(), error.get()) {
        (Some(link), _) => link::shown(Some(link)),
        (None, Some(error)) => {
            view! { <crate::ui::Notice title=client::words::line(&error) tone=crate::ui::Tone::Bad /> }
                .into_any()
        }
        (None, None) => view! { <p>{words::NEW_LINK_TEXT}</p> }.into_any(),
    };
    view! {
        <Panel open=parts.desk.is_open("link") title=words::NEW_LINK on_close=close footer=footer>
            {live(body)}
        </Panel>
    }
    .into_any()
}

/// Asks before a user is switched off or on.
fn state_dialog(parts: Parts, action: UserAction) -> AnyView {
    let off = action == UserAction::Suspend;
    let (open, verb, text, said) = if off {
        ("suspend", words::SUSPEND, words::SUSPEND_TEXT, words::SUSPENDED)
    } else {
        ("reactivate", words::REACTIVATE, words::REACTIVATE_TEXT, words::REACTIVATED)
    };
    let toasts = toasts();
    let error = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let turn = move |path: UserPath| async move {
        let answer = if off {
            call::<SuspendUser>(&path, &Nothing {}, &Nothing {}).await
        } else {
            call::<ReactivateUser>(&path, &Nothing {}, &Nothing {}).await
        };
        match answer {
            Ok(_) => {
                toasts.success(said);
                parts.desk.close();
                parts.desk.changed();
            }
            Err(failure) => {
                error.try_set(Some(failure));
            }
        }
    };
    let confirm = move || {
        error.set(None);
        task.run(turn(parts.path()));
    };
    let close = move || {
        error.set(None);
        parts.desk.close();
    };
    let sessions = move || off.then(|| parts.user.with(|user| words::sessions(user.sessions)));
    view! {
        <ConfirmDialog
            open=parts.desk.is_open(open)
            title=Signal::derive(move || words::question(verb, "user", &parts.name()))
            verb=verb
            danger=off
            busy=task.busy()
            disabled_reason=parts.refusal(action)
            problem=Signal::derive(move || error.with(|error| error.as_ref().map(client::words::line)))
            on_confirm=confirm
            on_close=close
        >
            <p>{text}</p>
            {live(move || sessions().map(|text| view! { <p class="muted">{text}</p> }.into_any()))}
        </ConfirmDialog>
    }
    .into_any()
}
