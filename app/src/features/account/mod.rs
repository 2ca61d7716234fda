//! The user's own account: who one is, one's sessions, one's password.

mod identity;
mod password;
mod sessions;
mod words;

use drawbridge_domain::sso::NEEDS_PASSWORD;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::paths;
use crate::shell::{title, use_session};
use crate::ui::{Avatar, Button, Fact, Facts, Icon, PageHeader, live, memo};
use identity::identity;
use password::password_panel;
use sessions::sessions;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    title(words::ACCOUNT);
    let session = use_session();
    let query = use_query_map();
    let navigate = use_navigate();
    // Where one is on the page stands in its address: `?change=password`, `?end={session}`.
    let go = Callback::new(move |(name, value, replace): (&'static str, String, bool)| {
        let to = paths::with(paths::account(&untrack(|| session.slug())), name, &value);
        navigate(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let close = Callback::new(move |()| go.run(("", String::new(), true)));
    let changing = memo(move || query.with(|query| query.get_str("change") == Some("password")));
    let ending = memo(move || query.with(|query| query.get("end")));
    let name = memo(move || {
        session.who().map(|who| [&who.user.first_name, " ", &who.user.last_name].concat()).unwrap_or_default()
    });
    let email = move || session.who().map(|who| who.user.email);
    let by_sso = Signal::derive(move || {
        session.who().is_some_and(|who| who.by_sso).then(|| NEEDS_PASSWORD.to_owned())
    });
    let actions = move || {
        view! {
            <Button
                label=words::CHANGE_PASSWORD
                icon=Icon::Key
                disabled_reason=by_sso
                on_press=move || go.run(("change", "password".to_owned(), false))
            />
        }
    };
    view! {
        <PageHeader title=words::ACCOUNT actions=actions />
        <Facts>
            <Fact label=words::NAME>
                <span class="cluster">
                    <Avatar name=name />
                    {name}
                </span>
            </Fact>
            <Fact label=words::EMAIL>{live(email)}</Fact>
            <Fact label=words::ROLE>{live(move || session.role().name())}</Fact>
            <Fact label=words::TENANT>{live(move || session.tenant_name())}</Fact>
        </Facts>
        {identity()} {sessions(ending, Callback::new(move |id| go.run(("end", id, false))), close)}
        {password_panel(changing, close)}
    }
    .into_any()
}
