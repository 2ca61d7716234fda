//! The list of users.

use drawbridge_contract::endpoints::ListUsers;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::people::{ListUsersQuery, User, UserCounts, UserSort};
use drawbridge_domain::role::Role;
use drawbridge_domain::user::{Subject, UserAction, UserState, check};
use leptos::prelude::*;

use super::desk::Desk;
use super::list::{self, USERS};
use super::{add, words};
use crate::client::call;
use crate::client::paged::{Page, Paged};
use crate::paths;
use crate::shell::{Topic, follow, title, use_session};
use crate::ui::{
    ActionsMenu, Avatar, Button, Cell, CellKind, Choice, Column, FilterSelect, Icon, MenuItem, SearchBox,
    Sort, Status, Table, Time, Tone, Truncate, Variant, clock, live, memo,
};

/// The page.
#[component]
pub fn UsersPage() -> impl IntoView {
    title(words::PEOPLE);
    let desk = Desk::new();
    let asked = memo(move || (query(desk), desk.version()));
    let paged = Paged::new(asked, |query: &ListUsersQuery, (cursor, page_size)| {
        let sent = ListUsersQuery { cursor, page_size, ..query.clone() };
        let answer = call::<ListUsers>(&Nothing {}, &sent, &Nothing {});
        Box::pin(async move {
            let list = answer.await?.value;
            Ok(Page { items: list.items, next: list.next_cursor, counts: Some(list.counts) })
        })
    });
    follow(Topic::Users, move || paged.reload.run(()));
    let content = view! {
        {bar(desk)}
        {list::or_failed(paged, move || table(desk, paged))}
    }
    .into_any();
    view! {
        {list::frame(desk, USERS, words::ADD_USER, content)}
        {add::panel(desk)}
    }
    .into_any()
}

fn sort_code(sort: UserSort) -> &'static str {
    match sort {
        UserSort::Name => "name",
        UserSort::NameDescending => "-name",
        UserSort::Created => "created",
        UserSort::CreatedDescending => "-created",
    }
}

fn sort_from(code: &str) -> UserSort {
    [UserSort::NameDescending, UserSort::Created, UserSort::CreatedDescending]
        .into_iter()
        .find(|sort| sort_code(*sort) == code)
        .unwrap_or_default()
}

fn query(desk: Desk) -> ListUsersQuery {
    let search = desk.get("search").trim().to_owned();
    let sort = sort_from(&desk.get("sort"));
    ListUsersQuery {
        search: (!search.is_empty()).then_some(search),
        role: Role::from_code(&desk.get("role")),
        state: UserState::from_code(&desk.get("state")),
        sort: (sort != UserSort::default()).then_some(sort),
        cursor: None,
        page_size: None,
    }
}

fn is_filtered(desk: Desk) -> bool {
    ["search", "role", "state"].iter().any(|name| !desk.get(name).is_empty())
}

const NO_FILTERS: [(&str, &str); 3] = [("search", ""), ("role", ""), ("state", "")];

fn bar(desk: Desk) -> AnyView {
    let all = || Choice::new("", words::ALL);
    let roles: Vec<Choice> = std::iter::once(all())
        .chain(Role::ALL.iter().rev().map(|role| Choice::new(role.code(), role.name())))
        .collect();
    let states: Vec<Choice> = std::iter::once(all())
        .chain(UserState::ALL.map(|state| Choice::new(state.code(), state.name())))
        .collect();
    view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH_USERS
                value=Signal::derive(move || desk.get("search"))
                on_search=move |text: String| desk.say(&[("search", text.trim())], true)
                hotkey=true
            />
            <FilterSelect
                label=words::ROLE
                value=Signal::derive(move || desk.get("role"))
                options=roles
                on_choose=move |code: String| desk.say(&[("role", &code)], true)
            />
            <FilterSelect
                label=words::STATE
                value=Signal::derive(move || desk.get("state"))
                options=states
                on_choose=move |code: String| desk.say(&[("state", &code)], true)
            />
            {live(move || {
                is_filtered(desk)
                    .then(|| {
                        let clear = move || desk.say(&NO_FILTERS, true);
                        view! {
                            <Button label=words::CLEAR_FILTERS variant=Variant::Quiet small=true on_press=clear />
                        }
                    })
            })}
        </div>
    }
    .into_any()
}

fn table(desk: Desk, paged: Paged<User>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).sortable().class("col-wide"),
        Column::new("role", words::ROLE),
        Column::new("state", words::STATE),
        Column::new("created", words::ADDED).sortable(),
        Column::new("", "").class("col-actions"),
    ];
    let sort = move || {
        let code = sort_code(sort_from(&desk.get("sort")));
        Some(Sort { column: code.trim_start_matches('-').to_owned(), descending: code.starts_with('-') })
    };
    let order = move |sort: Sort| {
        let code = [if sort.descending { "-" } else { "" }, &sort.column].concat();
        desk.say(&[("sort", if code == "name" { "" } else { &code })], true);
    };
    let summary = move || {
        let rows = paged.rows.with(Vec::len);
        let counts = (!is_filtered(desk)).then(|| paged.counts.get()).flatten();
        let all = counts.map(|UserCounts { invited, active, suspended }| invited + active + suspended);
        (rows > 0).then(|| words::shown(rows, all, words::USERS_LOWER))
    };
    view! {
        <Table
            label=words::USERS
            columns=columns
            rows=paged.keys()
            row=move |id: String| cells(paged, id)
            sort=Signal::derive(sort)
            on_sort=order
            loading=paged.loading
            stale=paged.stale
            empty=move || list::nothing_found(Callback::new(move |()| desk.say(&NO_FILTERS, false)))
            summary=Signal::derive(summary)
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any()
}

fn cells(paged: Paged<User>, id: String) -> AnyView {
    let session = use_session();
    let key = StoredValue::new(id);
    let user = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&User) -> String| {
        Signal::derive(move || user.with(|user| user.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(words::name);
    let href = Signal::derive(move || paths::user(&session.slug(), &key.get_value()));
    let items = move || {
        let Some(user) = user.get_untracked() else { return Vec::new() };
        let me = session.who().map(|who| who.user.id);
        let subject = Subject {
            role: user.role,
            state: user.state,
            is_self: me.as_ref() == Some(&user.id),
            // Whoever acts as a Global administrator is one, so that only oneself can be the last. Who is the last one
            // with a password, the user's own page says.
            is_last: false,
            is_last_way_in: false,
        };
        menu(subject, session.role(), &href.get_untracked())
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <Avatar name=name />
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
        <Cell label=words::STATE>{live(move || user.get().map(|user| state(&user)))}</Cell>
        <Cell label=words::ADDED>
            <Time at=text(|user| user.created_at.to_string()) />
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=items />
        </Cell>
    }
    .into_any()
}

/// What can be done with a user, each leading to the user's page; with the reason where it cannot.
fn menu(subject: Subject, role: Role, href: &str) -> Vec<MenuItem> {
    let item = |action: UserAction, label: &str, open: &str, drawn: Icon| {
        let refused = check(action, role, subject).err().map(|refusal| refusal.words().to_owned());
        MenuItem::link(label, paths::with(href.to_owned(), super::desk::OPEN, open))
            .icon(drawn)
            .disabled(refused)
    };
    let mut items = vec![MenuItem::link(words::OPEN_USER, href).icon(Icon::User)];
    if subject.state == UserState::Invited {
        items.push(item(UserAction::Resend, words::NEW_LINK, "link", Icon::Link));
    }
    items.push(if subject.state == UserState::Suspended {
        item(UserAction::Reactivate, words::REACTIVATE, "reactivate", Icon::Check)
    } else {
        item(UserAction::Suspend, words::SUSPEND, "suspend", Icon::Pause)
    });
    items.push(item(UserAction::Remove, words::REMOVE, "remove", Icon::Trash).danger().divided());
    items
}

/// A state in a word, with what there is to know about it.
pub(super) fn state(user: &User) -> AnyView {
    let (tone, drawn) = match user.state {
        UserState::Active => (Tone::Ok, Icon::Check),
        UserState::Invited => (Tone::Info, Icon::Clock),
        UserState::Suspended => (Tone::Neutral, Icon::Pause),
    };
    let until = user.invited_until.filter(|_| user.state == UserState::Invited);
    let detail = until.map(|until| {
        let at = until.to_string();
        let over = clock().with(|now| js_sys::Date::parse(&at) <= *now);
        view! {
            <span class="status-detail">
                {if over { words::LINK_ENDED } else { words::LINK_ENDS }} " " <Time at=at />
            </span>
        }
    });
    view! {
        <div class="status">
            <Status label=user.state.name() tone=tone icon=Some(drawn) /> {detail}
        </div>
    }
    .into_any()
}
