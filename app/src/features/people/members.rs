//! The members of a group: the list, and the panel that adds some.

use drawbridge_contract::endpoints::{AddMember, ListMembers, ListUsers, RemoveMember};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::groups::{ByNameQuery, MemberPath};
use drawbridge_contract::types::people::{ListUsersQuery, User};
use drawbridge_domain::id::{GroupId, UserId};
use leptos::prelude::*;

use super::group::Parts;
use super::{list, users, words};
use crate::client::paged::{Page, Paged};
use crate::client::{self, Task, call};
use crate::paths;
use crate::shell::{Topic, follow, toasts};
use crate::ui::{
    Button, Cell, CellKind, Column, EmptyState, Icon, Panel, SearchBox, Table, Truncate, Variant, live, memo,
};

type Asked = (GroupId, String);

/// The section.
pub(super) fn section(parts: Parts) -> AnyView {
    let asked = memo(move || {
        let group = parts.group.with(|group| group.id.clone());
        ((group, parts.desk.get("search")), parts.desk.version())
    });
    let paged = Paged::new(asked, |(group, search): &Asked, (cursor, page_size)| {
        let path = drawbridge_contract::types::groups::GroupPath { group: group.clone() };
        let sent = ByNameQuery { search: (!search.is_empty()).then(|| search.clone()), cursor, page_size };
        let answer = call::<ListMembers>(&path, &sent, &Nothing {});
        Box::pin(async move {
            let list = answer.await?.value;
            Ok(Page { items: list.items, next: list.next_cursor, counts: None })
        })
    });
    for topic in [Topic::Users, Topic::Groups] {
        follow(topic, move || paged.reload.run(()));
    }
    let id = crate::ui::unique_id("members");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()>
                {words::MEMBERS}
            </h2>
            <div class="toolbar">
                <SearchBox
                    label=words::SEARCH_MEMBERS
                    value=Signal::derive(move || parts.desk.get("search"))
                    on_search=move |text: String| parts.desk.say(&[("search", text.trim())], true)
                />
                <span class="toolbar-end">{add_button(parts)}</span>
            </div>
            {list::or_failed(paged, move || table(parts, paged))}
        </section>
        {panel(parts, paged)}
    }
    .into_any()
}

fn add_button(parts: Parts) -> AnyView {
    let press = move || parts.desk.open("members");
    view! { <Button label=words::ADD_MEMBERS variant=Variant::Primary icon=Icon::Plus on_press=press /> }
        .into_any()
}

fn table(parts: Parts, paged: Paged<User>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("role", words::ROLE),
        Column::new("state", words::STATE),
        Column::new("", "").class("col-actions"),
    ];
    let summary = move || {
        let rows = paged.rows.with(Vec::len);
        let all = parts.desk.get("search").is_empty().then(|| parts.group.with(|group| group.members));
        (rows > 0).then(|| words::shown(rows, all, words::MEMBERS_LOWER))
    };
    let empty = move || {
        if !parts.desk.get("search").is_empty() {
            return list::nothing_found(Callback::new(move |()| parts.desk.say(&[("search", "")], false)));
        }
        view! {
            <EmptyState
                title=words::NO_MEMBERS
                text=Some(words::NO_MEMBERS_TEXT.to_owned())
                icon=Icon::Users
            />
        }
        .into_any()
    };
    view! {
        <Table
            label=words::MEMBERS
            columns=columns
            rows=paged.keys()
            row=move |id: String| cells(parts, paged, id)
            loading=paged.loading
            stale=paged.stale
            empty=empty
            summary=Signal::derive(summary)
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any()
}

fn cells(parts: Parts, paged: Paged<User>, id: String) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let key = StoredValue::new(id);
    let user = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&User) -> String| {
        Signal::derive(move || user.with(|user| user.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(words::name);
    let href = Signal::derive(move || paths::user(&parts.session.slug(), &key.get_value()));
    let remove = move |path: MemberPath, name: String| async move {
        match call::<RemoveMember>(&path, &Nothing {}, &Nothing {}).await {
            Ok(_) => {
                toasts.success(words::member_removed(&name));
                parts.desk.changed();
            }
            Err(error) => toasts.error(client::words::line(&error)),
        }
    };
    let press = move || {
        if let Some(user) = user.get_untracked() {
            let name = words::name(&user);
            task.run(remove(MemberPath { group: parts.path().group, user: user.id }, name));
        }
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <a class="truncate" href=href title=name>
                        {name}
                    </a>
                    <span class="muted small truncate">{text(|user| user.email.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::ROLE>
            <Truncate text=text(|user| user.role.name().to_owned()) />
        </Cell>
        <Cell label=words::STATE>{live(move || user.get().map(|user| users::state(&user)))}</Cell>
        <Cell kind=CellKind::Actions>
            <Button
                label=Signal::derive(move || words::remove_member(&name.get()))
                icon=Icon::Close
                icon_only=true
                small=true
                busy=task.busy()
                on_press=press
            />
        </Cell>
    }
    .into_any()
}

/// The panel that adds members: each at once, so that nothing waits to be saved.
fn panel(parts: Parts, members: Paged<User>) -> AnyView {
    let open = parts.desk.is_open("members");
    let search = RwSignal::new(String::new());
    let added = RwSignal::new(Vec::<UserId>::new());
    let close = Callback::new(move |()| {
        search.set(String::new());
        added.set(Vec::new());
        parts.desk.close();
    });
    let footer = move || view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> };
    view! {
        <Panel open=open title=words::ADD_MEMBERS on_close=close footer=footer>
            <div class="stack">
                <SearchBox
                    label=words::SEARCH_USERS
                    value=search
                    on_search=move |text: String| search.set(text.trim().to_owned())
                    autofocus=true
                />
                {found(parts, members, search, added)}
            </div>
        </Panel>
    }
    .into_any()
}

fn found(
    parts: Parts,
    members: Paged<User>,
    search: RwSignal<String>,
    added: RwSignal<Vec<UserId>>,
) -> AnyView {
    let asked = memo(move || {
        let text = search.get();
        ((!text.is_empty()).then_some(text), 0)
    });
    let paged = Paged::new(asked, |search: &Option<String>, (cursor, page_size)| {
        let sent = ListUsersQuery {
            search: search.clone(),
            cursor,
            page_size: page_size.or(Some(20)),
            ..ListUsersQuery::default()
        };
        let answer = call::<ListUsers>(&Nothing {}, &sent, &Nothing {});
        Box::pin(async move {
            let list = answer.await?.value;
            Ok(Page { items: list.items, next: list.next_cursor, counts: None })
        })
    });
    let columns =
        vec![Column::new("name", words::NAME).class("col-wide"), Column::new("", "").class("col-actions")];
    list::or_failed(paged, move || {
        view! {
            <Table
                label=words::USERS
                columns=columns.clone()
                rows=paged.keys()
                row=move |id: String| candidate(parts, members, memo(move || paged.row(&id)), added)
                loading=paged.loading
                stale=paged.stale
                skeleton=4
                empty=move || view! { <p class="muted">{words::NOBODY_FOUND}</p> }.into_any()
                more=paged.more
                loading_more=paged.loading_more
                on_more=paged.load_more
            />
        }
        .into_any()
    })
}

fn candidate(
    parts: Parts,
    members: Paged<User>,
    user: Memo<Option<User>>,
    added: RwSignal<Vec<UserId>>,
) -> AnyView {
    let toasts = toasts();
    let task = Task::new();
    let text = move |read: fn(&User) -> String| {
        Signal::derive(move || user.with(|user| user.as_ref().map(read).unwrap_or_default()))
    };
    let add = move |user: User| async move {
        let path = MemberPath { group: parts.path().group, user: user.id.clone() };
        match call::<AddMember>(&path, &Nothing {}, &Nothing {}).await {
            Ok(_) => {
                toasts.success(words::member_added(&words::name(&user)));
                added.try_update(|added| added.push(user.id));
                parts.desk.changed();
            }
            Err(error) => toasts.error(client::words::line(&error)),
        }
    };
    let press = move || {
        if let Some(user) = user.get_untracked() {
            task.run(add(user));
        }
    };
    // Of a large group not all members are here; adding one again changes nothing.
    let there = move || {
        let id = user.with(|user| user.as_ref().map(|user| user.id.clone()))?;
        let known = members.rows.with(|rows| rows.iter().any(|member| member.id == id));
        (known || added.with(|added| added.contains(&id))).then(|| words::IS_MEMBER.to_owned())
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <span>
                    <span class="truncate">{text(words::name)}</span>
                    <span class="muted small truncate">{text(|user| user.email.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell kind=CellKind::Actions>
            <Button
                label=words::ADD
                small=true
                busy=task.busy()
                disabled_reason=Signal::derive(there)
                on_press=press
            />
        </Cell>
    }
    .into_any()
}
