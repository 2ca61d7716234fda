//! The list of groups, and the panel that makes one.

use drawbridge_contract::endpoints::{ListGroups, MakeGroup};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::groups::{ByNameQuery, CreateGroup, Group};
use drawbridge_domain::text::{description, plain_name};
use leptos::prelude::*;

use super::add::text;
use super::desk::{Desk, OPEN};
use super::list::{self, GROUPS};
use super::words;
use crate::client::paged::{Page, Paged};
use crate::client::{self, ApiError, Task, call};
use crate::paths;
use crate::shell::{Topic, Typed, follow, title, toasts, use_session};
use crate::ui::{
    ActionsMenu, Button, Cell, CellKind, Column, EmptyState, Form, Icon, LinkButton, MenuItem, Panel,
    SearchBox, Table, TextAreaField, Time, Truncate, Variant, focus_first_error, memo,
};

/// The page.
#[component]
pub fn GroupsPage() -> impl IntoView {
    title(words::GROUPS);
    let desk = Desk::new();
    let asked = memo(move || {
        let search = desk.get("search");
        ((!search.is_empty()).then_some(search), desk.version())
    });
    let paged = Paged::new(asked, |search: &Option<String>, (cursor, page_size)| {
        let sent = ByNameQuery { search: search.clone(), cursor, page_size };
        let answer = call::<ListGroups>(&Nothing {}, &sent, &Nothing {});
        Box::pin(async move {
            let list = answer.await?.value;
            Ok(Page { items: list.items, next: list.next_cursor, counts: None })
        })
    });
    follow(Topic::Groups, move || paged.reload.run(()));
    let content = view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH_GROUPS
                value=Signal::derive(move || desk.get("search"))
                on_search=move |text: String| desk.say(&[("search", text.trim())], true)
                hotkey=true
            />
        </div>
        {list::or_failed(paged, move || table(desk, paged))}
    }
    .into_any();
    view! {
        {list::frame(desk, GROUPS, words::NEW_GROUP, content)}
        {panel(desk)}
    }
    .into_any()
}

fn table(desk: Desk, paged: Paged<Group>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("members", words::MEMBERS),
        Column::new("created", words::CREATED),
        Column::new("", "").class("col-actions"),
    ];
    let summary = move || {
        let rows = paged.rows.with(Vec::len);
        (rows > 0).then(|| words::shown(rows, None, words::GROUPS_LOWER))
    };
    view! {
        <Table
            label=words::GROUPS
            columns=columns
            rows=paged.keys()
            row=move |id: String| cells(paged, id)
            loading=paged.loading
            stale=paged.stale
            empty=move || empty(desk)
            summary=Signal::derive(summary)
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any()
}

fn empty(desk: Desk) -> AnyView {
    if !desk.get("search").is_empty() {
        return list::nothing_found(Callback::new(move |()| desk.say(&[("search", "")], false)));
    }
    let href = Signal::derive(move || desk.href(&[(OPEN, "add")]));
    let action = move || {
        view! { <LinkButton href=href label=words::NEW_GROUP variant=Variant::Primary icon=Icon::Plus /> }
    };
    view! {
        <EmptyState
            title=words::FIRST_GROUP
            text=Some(words::GROUP_ABOUT.to_owned())
            icon=Icon::Users
            action=action
        />
    }
    .into_any()
}

fn cells(paged: Paged<Group>, id: String) -> AnyView {
    let session = use_session();
    let key = StoredValue::new(id);
    let group = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&Group) -> String| {
        Signal::derive(move || group.with(|group| group.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(|group| group.name.clone());
    let href = Signal::derive(move || paths::group(&session.slug(), &key.get_value()));
    let items = move || {
        let href = href.get_untracked();
        let open = |what| paths::with(href.clone(), OPEN, what);
        vec![
            MenuItem::link(words::OPEN_USER, href.clone()).icon(Icon::Users),
            MenuItem::link(words::EDIT, open("edit")).icon(Icon::Settings),
            MenuItem::link(words::DELETE, open("delete")).icon(Icon::Trash).danger().divided(),
        ]
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <a class="truncate" href=href title=name>
                        {name}
                    </a>
                    <span class="muted small truncate">{text(|group| group.description.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::MEMBERS>
            <Truncate text=text(|group| group.members.to_string()) />
        </Cell>
        <Cell label=words::CREATED>
            <Time at=text(|group| group.created_at.to_string()) />
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}

/// A group's name and description as they are typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) name: Typed,
    pub(super) description: Typed,
    pub(super) error: RwSignal<Option<String>>,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self {
            name: Typed::new(|text| plain_name(text).map(drop)),
            description: Typed::new(|text| description(text).map(drop)),
            error: RwSignal::new(None),
        }
    }

    pub(super) fn clear(self) {
        self.name.clear();
        self.description.clear();
        self.error.set(None);
    }

    /// Whether it can be sent.
    pub(super) fn is_good(self) -> bool {
        ![self.name.is_good(), self.description.is_good()].contains(&false)
    }

    /// Puts the server's words where they belong.
    pub(super) fn reject(self, error: &ApiError, form: &'static str) {
        let told = [self.name.reject(error, "name"), self.description.reject(error, "description")];
        self.error.try_set((!told.contains(&true)).then(|| client::words::line(error)));
        focus_first_error(form);
    }

    /// The fields.
    pub(super) fn form(self, id: &'static str, submit: Callback<()>) -> AnyView {
        view! {
            <Form id=id on_submit=submit problem=self.error>
                {text(words::NAME, self.name)}
                <TextAreaField
                    label=words::DESCRIPTION
                    value=self.description.value
                    error=self.description.error()
                    rows=3
                />
            </Form>
        }
        .into_any()
    }
}

/// The buttons of a panel with a form.
pub(super) fn buttons(verb: &'static str, form: &'static str, task: Task, close: Callback<()>) -> AnyView {
    view! {
        <Button label=words::CANCEL on_press=close />
        <Button label=verb variant=Variant::Primary submit=true form=form busy=task.busy() />
    }
    .into_any()
}

fn panel(desk: Desk) -> AnyView {
    const FORM: &str = "new-group";
    let session = use_session();
    let toasts = toasts();
    let draft = Draft::new();
    let task = Task::new();
    let make = move |body: CreateGroup| async move {
        match call::<MakeGroup>(&Nothing {}, &Nothing {}, &body).await {
            Ok(answer) => {
                toasts.success(words::GROUP_MADE);
                draft.clear();
                // What a group is for begins with its members.
                desk.leave(untrack(|| paths::group(&session.slug(), &answer.value.id.to_string())));
            }
            Err(error) => draft.reject(&error, FORM),
        }
    };
    let submit = Callback::new(move |()| {
        draft.error.set(None);
        if draft.is_good() {
            let text = |typed: Typed| typed.sent().trim().to_owned();
            task.run(make(CreateGroup { name: text(draft.name), description: text(draft.description) }));
        }
    });
    let close = Callback::new(move |()| {
        draft.clear();
        desk.close();
    });
    view! {
        <Panel
            open=desk.is_open("add")
            title=words::NEW_GROUP
            subtitle=Some(words::GROUP_ABOUT.to_owned())
            dirty=Signal::derive(move || !draft.name.value.read().is_empty())
            on_close=close
            footer=move || buttons(words::NEW_GROUP, FORM, task, close)
        >
            {draft.form(FORM, submit)}
        </Panel>
    }
    .into_any()
}
