//! One of the two sections: who has that level, and a search to add more.

use drawbridge_contract::endpoints::FindPrincipals;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::permissions::{FindPrincipalsQuery, Grant, Principal};
use drawbridge_domain::access::Level;
use drawbridge_domain::grants::PrincipalKind;
use leptos::prelude::*;

use super::permissions::Giving;
use crate::client::{ApiError, Reading, call};
use crate::features::connections::words;
use crate::ui::{Button, Icon, Notice, SearchBox, Tone, icon, live, memo, unique_id};

/// The section of a level.
pub(super) fn section(giving: Giving, level: Level, title: &'static str, text: &'static str) -> AnyView {
    let search = RwSignal::new(String::new());
    let id = unique_id("level");
    let holders = memo(move || {
        let all = giving.grants.get();
        all.into_iter().filter(|grant| grant.level == level).map(|grant| grant.to).collect::<Vec<_>>()
    });
    let label = if level == Level::Owner { words::ADD_OWNERS } else { words::ADD_USERS };
    view! {
        <section class="stack-small" aria-labelledby=id.clone()>
            <h3 class="section-title" id=id.clone()>
                {title}
            </h3>
            <p class="muted">{text}</p>
            {live(move || {
                let holders = holders.get();
                if holders.is_empty() {
                    let none = if level == Level::Owner { words::NO_OWNERS } else { words::NO_USERS };
                    return view! { <p class="muted">{none}</p> }.into_any();
                }
                let rows = holders.into_iter().map(|who| holder(giving, who)).collect::<Vec<_>>();
                view! { <ul class="people">{rows}</ul> }.into_any()
            })}
            <SearchBox label=label value=search on_search=move |text: String| search.set(text) />
            {results(giving, level, search)}
        </section>
    }
    .into_any()
}

fn person(who: &Principal) -> AnyView {
    let face = match who.kind {
        PrincipalKind::User => Icon::User,
        PrincipalKind::Everyone | PrincipalKind::Group => Icon::Users,
    };
    let detail = if who.kind == PrincipalKind::Everyone { words::EVERYONE_TEXT } else { &who.detail };
    view! {
        <span class="name-cell">
            {icon(face)}
            <span>
                <span class="truncate">{who.name.clone()}</span>
                <span class="muted small truncate">{detail.to_owned()}</span>
            </span>
        </span>
    }
    .into_any()
}

fn holder(giving: Giving, who: Principal) -> AnyView {
    let face = person(&who);
    let label = words::remove(&who.name);
    let remove = move || {
        giving.grants.update(|grants| {
            grants.retain(|grant| (grant.to.kind, &grant.to.id) != (who.kind, &who.id));
        });
    };
    view! {
        <li class="split">
            {face} <Button label=label icon=Icon::Close icon_only=true small=true on_press=remove />
        </li>
    }
    .into_any()
}

/// Whoever the search finds, Everyone included; those who have the level already are left out.
fn results(giving: Giving, level: Level, search: RwSignal<String>) -> AnyView {
    let found = Reading::new(move || {
        let (text, wanted) = (search.get(), giving.wanted.get());
        async move {
            let text = text.trim().to_owned();
            let path = ConnectionPath { connection: wanted.filter(|_| !text.is_empty())? };
            let query = FindPrincipalsQuery { search: Some(text.clone()) };
            let answer = call::<FindPrincipals>(&path, &query, &Nothing {}).await;
            Some((text, answer.map(|answer| answer.value.items)))
        }
    });
    let shown = memo(move || -> Option<Result<Vec<Principal>, ApiError>> {
        let text = search.get();
        let (of, found) = found.get().flatten()?;
        if of != text.trim() {
            return None;
        }
        Some(found.map(|found| {
            let everyone = Principal {
                kind: PrincipalKind::Everyone,
                id: String::new(),
                name: words::EVERYONE.to_owned(),
                detail: String::new(),
            };
            let fits = words::EVERYONE.to_ascii_lowercase().contains(&of.to_ascii_lowercase());
            let has = |who: &Principal| {
                giving.grants.with(|grants| {
                    grants.iter().any(|grant| {
                        grant.level == level && (grant.to.kind, &grant.to.id) == (who.kind, &who.id)
                    })
                })
            };
            let all = fits.then_some(everyone).into_iter().chain(found);
            all.filter(|who| !has(who)).collect()
        }))
    });
    live(move || match shown.get()? {
        Err(error) => Some(view! { <Notice title=words::error(&error) tone=Tone::Bad /> }.into_any()),
        Ok(found) if found.is_empty() => {
            Some(view! { <p class="muted" role="status">{words::NOBODY_FOUND}</p> }.into_any())
        }
        Ok(found) => {
            let rows = found.into_iter().map(|who| candidate(giving, level, who, search)).collect::<Vec<_>>();
            Some(view! { <ul class="people people-found">{rows}</ul> }.into_any())
        }
    })
}

fn candidate(giving: Giving, level: Level, who: Principal, search: RwSignal<String>) -> AnyView {
    let face = person(&who);
    let label = words::add(&who.name);
    let add = move || {
        let who = who.clone();
        giving.grants.update(|grants| {
            // Somebody has one level: the one that was given last.
            grants.retain(|grant| (grant.to.kind, &grant.to.id) != (who.kind, &who.id));
            grants.push(Grant { to: who, level });
        });
        search.set(String::new());
    };
    view! {
        <li class="split">
            {face} <Button label=label icon=Icon::Plus icon_only=true small=true on_press=add />
        </li>
    }
    .into_any()
}
