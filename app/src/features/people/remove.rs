//! Removing a user: what only they own is shown first, and handed over.

use drawbridge_contract::endpoints::{ListGroups, ListUsers, ReadUserHoldings, RemoveUser};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::groups::ByNameQuery;
use drawbridge_contract::types::people::{Holdings, ListUsersQuery, RemoveUserQuery, UserPath};
use drawbridge_domain::id::{GroupId, Id, UserId};
use drawbridge_domain::role::Role;
use drawbridge_domain::user::{UserAction, UserState};
use leptos::prelude::*;

use super::pick::pick;
use super::user::Parts;
use super::{holdings, words};
use crate::client::{self, ApiError, Reading, Task, call};
use crate::paths;
use crate::shell::toasts;
use crate::ui::{Card, ConfirmDialog, Notice, RadioCards, Tone, live, memo};

const NOBODY: &str = "nobody";
const USER: &str = "user";
const GROUP: &str = "group";

#[derive(Clone, Copy)]
struct Draft {
    to: RwSignal<String>,
    user: RwSignal<String>,
    group: RwSignal<String>,
}

impl Draft {
    /// Whom the connections go to; `None` while nobody was chosen who should be.
    fn query(self) -> Option<RemoveUserQuery> {
        match self.to.get().as_str() {
            USER => {
                let user = UserId::parse(&self.user.read()).ok()?;
                Some(RemoveUserQuery { to_user: Some(user), to_group: None })
            }
            GROUP => {
                let group = GroupId::parse(&self.group.read()).ok()?;
                Some(RemoveUserQuery { to_user: None, to_group: Some(group) })
            }
            _ => Some(RemoveUserQuery::default()),
        }
    }
}

/// The dialog; open while the address says so.
pub(super) fn dialog(parts: Parts) -> AnyView {
    let open = parts.desk.is_open("remove");
    let toasts = toasts();
    let draft = Draft {
        to: RwSignal::new(NOBODY.to_owned()),
        user: RwSignal::new(String::new()),
        group: RwSignal::new(String::new()),
    };
    let read = Reading::new(move || {
        let path = open.get().then(|| parts.path());
        async move {
            match path {
                Some(path) => Some(call::<ReadUserHoldings>(&path, &Nothing {}, &Nothing {}).await),
                None => None,
            }
        }
    });
    let held = memo(move || read.get().flatten().map(|answer| answer.map(|answer| answer.value)));
    let error = RwSignal::new(None::<ApiError>);
    let task = Task::new();
    let remove = move |path: UserPath, query: RemoveUserQuery| async move {
        match call::<RemoveUser>(&path, &query, &Nothing {}).await {
            Ok(_) => {
                toasts.success(words::REMOVED);
                parts.desk.leave(untrack(|| paths::users(&parts.session.slug())));
            }
            Err(failure) => {
                error.try_set(Some(failure));
                read.refetch();
            }
        }
    };
    let confirm = move || {
        error.set(None);
        if let Some(query) = untrack(|| draft.query()) {
            task.run(remove(parts.path(), query));
        }
    };
    let close = move || {
        error.set(None);
        parts.desk.close();
    };
    let may = parts.refusal(UserAction::Remove);
    let reason = move || {
        may.get().or_else(|| match held.get() {
            None => Some(words::LOOKING.to_owned()),
            Some(Err(error)) => Some(client::words::line(&error)),
            Some(Ok(_)) => draft.query().is_none().then(|| words::CHOOSE_HEIR.to_owned()),
        })
    };
    view! {
        <ConfirmDialog
            open=open
            title=Signal::derive(move || words::question(words::REMOVE, "user", &parts.name()))
            verb=words::REMOVE
            danger=true
            busy=task.busy()
            disabled_reason=Signal::derive(reason)
            problem=Signal::derive(move || error.with(|error| error.as_ref().map(client::words::line)))
            on_confirm=confirm
            on_close=close
        >
            <p>{words::REMOVE_TEXT}</p>
            {live(move || held.get().map(|held| match held {
                Ok(held) => reach(parts, draft, &held),
                Err(error) => {
                    view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any()
                }
            }))}
        </ConfirmDialog>
    }
    .into_any()
}

fn reach(parts: Parts, draft: Draft, held: &Holdings) -> AnyView {
    if held.total == 0 {
        return view! { <p class="muted">{words::OWNS_NOTHING}</p> }.into_any();
    }
    let card = |value: &str, title: &str, text: &str| Card {
        value: value.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        ..Card::default()
    };
    let cards = vec![
        card(NOBODY, words::TO_NOBODY, words::TO_NOBODY_TEXT),
        card(USER, words::TO_USER, ""),
        card(GROUP, words::TO_GROUP, ""),
    ];
    let own = parts.path().user;
    view! {
        <div class="stack">
            <div>
                <p>{words::owns(held.total)}</p>
                {holdings::list(held, |holding| holding.name.clone())}
            </div>
            <RadioCards label=words::HAND_OVER value=draft.to cards=cards />
            {live(move || match draft.to.get().as_str() {
                USER => users(draft, own.clone()),
                GROUP => groups(draft),
                _ => ().into_any(),
            })}
        </div>
    }
    .into_any()
}

fn users(draft: Draft, but: UserId) -> AnyView {
    pick(words::HEIR_USER, words::SEARCH_USERS, draft.user, move |search| {
        let query = ListUsersQuery {
            search,
            state: Some(UserState::Active),
            page_size: Some(11),
            ..ListUsersQuery::default()
        };
        let but = but.clone();
        let answer = call::<ListUsers>(&Nothing {}, &query, &Nothing {});
        Box::pin(async move {
            let fits = answer.await?.value.items.into_iter().filter(|user| user.id != but).take(10);
            Ok(fits
                .map(|user| Card {
                    value: user.id.to_string(),
                    title: words::name(&user),
                    text: user.email,
                    picture: None,
                    disabled_reason: (!user.role.includes(Role::Designer))
                        .then(|| words::NO_OWNER.to_owned()),
                })
                .collect())
        })
    })
}

fn groups(draft: Draft) -> AnyView {
    pick(words::HEIR_GROUP, words::SEARCH_GROUPS, draft.group, |search| {
        let query = ByNameQuery { search, page_size: Some(10), ..ByNameQuery::default() };
        let answer = call::<ListGroups>(&Nothing {}, &query, &Nothing {});
        Box::pin(async move {
            let groups = answer.await?.value.items.into_iter();
            Ok(groups
                .map(|group| Card {
                    value: group.id.to_string(),
                    title: group.name,
                    text: words::members(group.members),
                    ..Card::default()
                })
                .collect())
        })
    })
}
