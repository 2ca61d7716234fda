//! The palette itself.

use std::time::Duration;

use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::id::{ConnectionId, Id};
use drawbridge_domain::role::Page as Rule;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::act::Doing;
use super::entry::{Entry, Group, fitting};
use super::matching::fold;
use super::recent::Recents;
use super::remote::{self, Came, Person};
use super::{connection, fixed, words};
use crate::client::{self, ApiError, Reading};
use crate::paths::{self, Page, Place};
use crate::shell::{Session, use_session};
use crate::ui::{Button, Finder, FinderStatus, Spinner, Variant, live, memo, watch};

/// How long typing must rest before the server is asked.
const PAUSE: Duration = Duration::from_millis(150);

/// What can be found and chosen.
#[component]
pub fn PaletteView(
    /// Closes it.
    on_close: Callback<()>,
) -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(String::new());
    let search = Search::new(session, typed);
    let recents = Recents::new(session, search.catalogue);
    let found = Found { session, typed, search, recents, here: here() };
    let groups = memo(move || found.groups());
    let doing = Doing::new(session);
    let choose = move |key: String| {
        let chosen = groups.with_untracked(|groups| {
            groups.iter().flat_map(|group| &group.entries).find(|entry| entry.found.key == key).cloned()
        });
        if let Some(entry) = chosen {
            recents.chosen(&entry);
            on_close.run(());
            doing.run(entry.act);
        }
    };
    view! {
        <Finder
            label=words::PLACEHOLDER
            value=typed
            groups=memo(move || groups.with(|groups| groups.iter().filter_map(Group::shown).collect::<Vec<_>>()))
            on_choose=choose
            on_close=on_close
            note=move || note(typed, search, groups)
        />
    }
    .into_any()
}

/// What the server is asked, and what it answered.
#[derive(Clone, Copy)]
struct Search {
    typed: RwSignal<String>,
    asked: RwSignal<String>,
    connections: Reading<Came<ConnectionSummary>>,
    users: Reading<Came<Person>>,
    catalogue: remote::Catalogue,
}

impl Search {
    fn new(session: Session, typed: RwSignal<String>) -> Self {
        let asked = RwSignal::new(String::new());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(Some(handle)) = timer.try_get_value() {
                handle.clear();
            }
        };
        watch(move || {
            let text = typed.with(|typed| typed.trim().to_owned());
            stop();
            let ask = move || {
                asked.try_set(text);
            };
            timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        });
        on_cleanup(stop);
        let named = memo(move || asked.with(|asked| name_in(asked).to_owned()));
        let (makes, manages) =
            untrack(|| (session.may_open(Rule::Connections), session.may_open(Rule::People)));
        Self {
            typed,
            asked,
            connections: remote::search(named.into(), makes, remote::connections),
            users: remote::search(asked.into(), manages, remote::users),
            catalogue: remote::Catalogue::new(
                makes,
                Signal::derive(move || asked.with(|asked| !asked.is_empty())),
            ),
        }
    }

    /// Whether answers are still to come.
    fn is_under_way(self) -> bool {
        let typed = self.typed.with(|typed| typed.trim().to_owned());
        let late = |of: Option<&str>, asked: &str| of != Some(asked);
        !typed.is_empty()
            && (self.asked.with(|asked| *asked != typed)
                || late(self.connections.get().as_ref().map(|(of, _)| of.as_str()), name_in(&typed))
                || late(self.users.get().as_ref().map(|(of, _)| of.as_str()), &typed)
                || self.catalogue.is_coming())
    }

    /// Why something could not be asked.
    fn error(self) -> Option<ApiError> {
        let connections = self.connections.get().and_then(|(_, answer)| answer.err());
        let users = self.users.get().and_then(|(_, answer)| answer.err());
        connections.or(users).or_else(|| self.catalogue.error())
    }

    fn again(self) {
        self.connections.refetch();
        self.users.refetch();
        self.catalogue.refetch();
    }
}

/// The name of the connection that is meant, without what is to be done with it.
fn name_in(typed: &str) -> &str {
    connection::verb_and_name(typed).map_or(typed, |(_, name)| name)
}

/// The connection whose page is open.
fn here() -> Reading<Option<ConnectionSummary>> {
    let path = use_location().pathname;
    Reading::new(move || {
        let id = match path.with(|path| paths::place(path)) {
            Place::Tenant(_, Page::Connection(id)) => ConnectionId::parse(&id).ok(),
            _ => None,
        };
        let coming = id.map(remote::one_connection);
        // The page itself says what is wrong with it.
        async move { coming?.await.ok() }
    })
}

/// All that is found.
#[derive(Clone, Copy)]
struct Found {
    session: Session,
    typed: RwSignal<String>,
    search: Search,
    recents: Recents,
    here: Reading<Option<ConnectionSummary>>,
}

impl Found {
    fn groups(self) -> Vec<Group> {
        let slug = self.session.slug();
        let typed = self.typed.with(|typed| typed.trim().to_owned());
        let (pages, actions) = (fixed::pages(self.session), fixed::actions(self.session));
        let here = self.here.get().flatten();
        let of_here = here.as_ref().map(|item| connection::actions(&slug, item)).unwrap_or_default();
        let title = here.map(|item| item.name).unwrap_or_default();
        if typed.is_empty() {
            return vec![
                Group::new(words::RECENT, self.recents.entries(&pages, &actions)),
                Group::new(title, of_here),
                Group::new(words::PAGES, pages),
                Group::new(words::ACTIONS, actions),
            ];
        }
        let folded = fold(&typed);
        let verb = connection::verb_and_name(&typed).map(|(verb, _)| verb);
        let name = fold(name_in(&typed));
        // Until the server has answered what is typed now, what it answered before is narrowed down here.
        let (of, items) = came(self.search.connections);
        let current = of == name_in(&typed);
        let connections: Vec<(ConnectionSummary, Entry)> = items
            .into_iter()
            .map(|item| (connection::entry(&slug, &item), item))
            .filter(|(entry, _)| current || entry.holds(&name))
            .map(|(entry, item)| (item, entry))
            .collect();
        let (of, people) = came(self.search.users);
        let users = people.iter().map(|person| remote::person(&slug, person));
        let done = connections.iter().flat_map(|(item, _)| connection::actions(&slug, item));
        let done = done.filter(|entry| verb.is_some_and(|verb| entry.found.key.starts_with(verb)));
        let mut connectors = fitting(self.search.catalogue.entries(&slug), &folded);
        connectors.truncate(remote::MOST);
        // The same action is not listed twice.
        let done: Vec<Entry> =
            done.filter(|entry| !of_here.iter().any(|other| other.found.key == entry.found.key)).collect();
        vec![
            Group::new(title, fitting(of_here, &folded)),
            Group::new(words::PAGES, fitting(pages, &folded)),
            Group::new(words::ACTIONS, fitting(actions, &folded).into_iter().chain(done).collect()),
            Group::new(
                words::CONNECTIONS,
                connections
                    .into_iter()
                    .map(|(_, entry)| entry)
                    .filter(|entry| verb.is_none() || entry.holds(&folded))
                    .collect(),
            ),
            Group::new(words::USERS, users.filter(|entry| of == typed || entry.holds(&folded)).collect()),
            Group::new(words::CONNECTORS, connectors),
        ]
    }
}

fn came<T: Clone + Send + Sync + 'static>(reading: Reading<Came<T>>) -> (String, Vec<T>) {
    reading.get().map(|(of, answer)| (of, answer.unwrap_or_default())).unwrap_or_default()
}

/// Under the list: nothing found, something on its way, something failed.
fn note(typed: RwSignal<String>, search: Search, groups: Memo<Vec<Group>>) -> AnyView {
    let count =
        memo(move || groups.with(|groups| groups.iter().map(|group| group.entries.len()).sum::<usize>()));
    let busy = memo(move || search.is_under_way());
    let error = memo(move || search.error());
    let nothing = memo(move || count.get() == 0 && !busy.get());
    let again = Callback::new(move |()| search.again());
    view! {
        <FinderStatus text=Signal::derive(move || {
            if busy.get() {
                String::new()
            } else if nothing.get() {
                words::nothing(&typed.get())
            } else {
                words::count(count.get())
            }
        }) />
        {live(move || {
            nothing
                .get()
                .then(|| {
                    view! {
                        <div class="state">
                            <p class="state-title">
                                {Signal::derive(move || words::nothing(typed.get().trim()))}
                            </p>
                            <p class="state-text">{words::NOTHING_TEXT}</p>
                        </div>
                    }
                        .into_any()
                })
        })}
        {live(move || match (busy.get(), error.get()) {
            (true, _) => view! { <div class="palette-said"><Spinner label=words::SEARCHING /></div> }.into_any(),
            (false, Some(error)) => failed(&error, again),
            (false, None) => ().into_any(),
        })}
    }
    .into_any()
}

fn failed(error: &ApiError, again: Callback<()>) -> AnyView {
    let text = [&client::words::title(error), ". ", words::FAILED].concat();
    view! {
        <div class="palette-said split">
            <p role="alert">{text}</p>
            <Button label=words::TRY_AGAIN variant=Variant::Secondary small=true on_press=again />
        </div>
    }
    .into_any()
}
