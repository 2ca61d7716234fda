//! One group's own page.

use drawbridge_contract::endpoints::{ChangeGroupSettings, DeleteGroup, ReadGroup, ReadGroupHoldings};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::groups::{ChangeGroup, Group, GroupPath};
use drawbridge_domain::id::{GroupId, Id};
use leptos::prelude::*;

use super::desk::Desk;
use super::groups::{Draft, buttons};
use super::{holdings, members, thing, words};
use crate::client::{self, ApiError, Options, Reading, Task, call, call_with};
use crate::paths;
use crate::shell::{Session, Topic, follow, title, toasts, use_session};
use crate::ui::{Button, ConfirmDialog, Icon, Notice, PageHeader, Panel, Tone, live, memo, watch};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) desk: Desk,
    pub(super) session: Session,
    pub(super) group: Signal<Group>,
    etag: Signal<Option<String>>,
}

impl Parts {
    /// The group in a path.
    pub(super) fn path(self) -> GroupPath {
        GroupPath { group: self.group.with_untracked(|group| group.id.clone()) }
    }

    fn name(self) -> String {
        self.group.with(|group| group.name.clone())
    }
}

/// The page.
#[component]
pub fn GroupPage(
    /// The group's id, as it stands in the address.
    id: Memo<String>,
) -> impl IntoView {
    let (desk, session) = (Desk::new(), use_session());
    for topic in [Topic::Users, Topic::Groups] {
        follow(topic, move || desk.changed());
    }
    let read: thing::Asked<Group> = Reading::new(move || {
        desk.version();
        let group = id.with(|id| GroupId::parse(id).ok());
        async move {
            match group {
                Some(group) => Some(call::<ReadGroup>(&GroupPath { group }, &Nothing {}, &Nothing {}).await),
                None => None,
            }
        }
    });
    let newest = thing::newest(read);
    title(Signal::derive(move || {
        newest.with(|group| group.as_ref().map_or(words::GROUPS.to_owned(), |group| group.value.name.clone()))
    }));
    let etag = memo(move || newest.with(|group| group.as_ref().and_then(|group| group.etag.clone())));
    let list = move || paths::groups(&session.slug());
    thing::shown(
        read,
        newest,
        |group| group.id.to_string(),
        move || thing::missing(words::NO_GROUP, words::NO_GROUP_TEXT, untrack(list), words::GROUPS),
        move |group| page(Parts { desk, session, group, etag: etag.into() }),
    )
}

fn page(parts: Parts) -> AnyView {
    let list = (words::GROUPS.to_owned(), untrack(|| paths::groups(&parts.session.slug())));
    let desk = parts.desk;
    let actions = move || {
        view! {
            <Button label=words::EDIT icon=Icon::Settings on_press=move || desk.open("edit") />
            <Button label=words::DELETE icon=Icon::Trash on_press=move || desk.open("delete") />
        }
    };
    let about = move || {
        let text = parts.group.with(|group| group.description.clone());
        Some(if text.is_empty() { words::GROUP_ABOUT.to_owned() } else { text })
    };
    view! {
        <PageHeader
            title=Signal::derive(move || parts.name())
            text=Signal::derive(about)
            parent=list
            actions=actions
        />
        {members::section(parts)}
        {edit(parts)}
        {delete(parts)}
    }
    .into_any()
}

fn edit(parts: Parts) -> AnyView {
    const FORM: &str = "edit-group";
    let open = parts.desk.is_open("edit");
    let toasts = toasts();
    let draft = Draft::new();
    let task = Task::new();
    let take = move || {
        let group = parts.group.get_untracked();
        draft.name.value.set(group.name);
        draft.description.value.set(group.description);
    };
    // The fields begin with what is saved, each time that the panel opens; what is typed then stays.
    let base = RwSignal::new(None::<String>);
    let lost = RwSignal::new(false);
    watch(move || {
        if open.get() {
            base.set(parts.etag.get_untracked());
            lost.set(false);
            take();
        }
    });
    let save = move |change: ChangeGroup, options: Options| async move {
        match call_with::<ChangeGroupSettings>(&parts.path(), &Nothing {}, &change, options).await {
            Ok(_) => {
                toasts.success(words::SAVED);
                parts.desk.close();
                parts.desk.changed();
            }
            Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                lost.try_set(true);
                parts.desk.changed();
            }
            Err(error) => draft.reject(&error, FORM),
        }
    };
    let submit = Callback::new(move |()| {
        draft.error.set(None);
        if draft.is_good() {
            let newest = lost.get_untracked();
            let if_match = if newest { parts.etag.get_untracked() } else { base.get_untracked() };
            let options = Options { if_match, ..Options::default() };
            let change = ChangeGroup {
                name: Some(draft.name.sent().trim().to_owned()),
                description: Some(draft.description.sent().trim().to_owned()),
            };
            task.run(save(change, options));
        }
    });
    let close = Callback::new(move |()| {
        draft.error.set(None);
        parts.desk.close();
    });
    let dirty = move || {
        parts.group.with(|group| {
            *draft.name.value.read() != group.name || *draft.description.value.read() != group.description
        })
    };
    view! {
        <Panel
            open=open
            title=Signal::derive(move || [words::EDIT, " “", &parts.name(), "”"].concat())
            dirty=Signal::derive(dirty)
            on_close=close
            footer=move || buttons(words::SAVE, FORM, task, close)
        >
            {live(move || {
                let text = lost.get().then(|| words::their_group(&parts.name()));
                text.map(|text| view! { <Notice title=text tone=Tone::Warn /> }.into_any())
            })}
            {draft.form(FORM, submit)}
        </Panel>
    }
    .into_any()
}

fn delete(parts: Parts) -> AnyView {
    let open = parts.desk.is_open("delete");
    let toasts = toasts();
    let read = Reading::new(move || {
        let path = open.get().then(|| parts.path());
        async move {
            match path {
                Some(path) => Some(call::<ReadGroupHoldings>(&path, &Nothing {}, &Nothing {}).await),
                None => None,
            }
        }
    });
    let held = memo(move || read.get().flatten().map(|answer| answer.map(|answer| answer.value)));
    let error = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let remove = move |path: GroupPath| async move {
        match call::<DeleteGroup>(&path, &Nothing {}, &Nothing {}).await {
            Ok(_) => {
                toasts.success(words::GROUP_DELETED);
                parts.desk.leave(untrack(|| paths::groups(&parts.session.slug())));
            }
            Err(failure) => {
                error.try_set(Some(failure));
            }
        }
    };
    let confirm = move || {
        error.set(None);
        task.run(remove(parts.path()));
    };
    let close = move || {
        error.set(None);
        parts.desk.close();
    };
    let reason = move || match held.get() {
        None => Some(words::LOOKING_GROUP.to_owned()),
        Some(Err(error)) => Some(client::words::line(&error)),
        Some(Ok(_)) => None,
    };
    view! {
        <ConfirmDialog
            open=open
            title=Signal::derive(move || words::question(words::DELETE, "group", &parts.name()))
            verb=words::DELETE
            danger=true
            busy=task.busy()
            disabled_reason=Signal::derive(reason)
            problem=Signal::derive(move || error.with(|error| error.as_ref().map(client::words::line)))
            on_confirm=confirm
            on_close=close
        >
            {live(move || held.get().map(|held| match held {
                Ok(held) if held.total == 0 => view! { <p>{words::HOLDS_NOTHING}</p> }.into_any(),
                Ok(held) => {
                    view! {
                        <p>{words::DELETE_TEXT}</p>
                        {holdings::list(&held, words::holding)}
                    }
                    .into_any()
                }
                Err(error) => {
                    view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any()
                }
            }))}
        </ConfirmDialog>
    }
    .into_any()
}
