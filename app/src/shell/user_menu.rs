//! The user menu: who one is, own sessions and password, the theme, sign out.

use drawbridge_contract::endpoints::SignOut;
use drawbridge_contract::types::Nothing;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use send_wrapper::SendWrapper;

use super::theme::{self, Theme};
use super::{Session, toasts, words};
use crate::client::{self, call};
use crate::paths;
use crate::ui::{Avatar, Icon, Menu, MenuItem, memo};

/// The menu at the end of the top bar.
pub(super) fn user_menu(session: Session) -> AnyView {
    let name = memo(move || {
        session.who().map(|who| [&who.user.first_name, " ", &who.user.last_name].concat()).unwrap_or_default()
    });
    let sign_out = signing_out(session);
    let items = move || {
        let slug = session.slug();
        let mut items = vec![
            MenuItem::link(words::SESSIONS, paths::account(&slug)).icon(Icon::Monitor),
            MenuItem::link(words::CHANGE_PASSWORD, paths::change_password(&slug)).icon(Icon::Key),
        ];
        items.extend(Theme::ALL.into_iter().enumerate().map(|(place, theme)| {
            let item = MenuItem::new(theme_name(theme), move || theme::apply(theme))
                .icon(theme_icon(theme))
                .checked(theme::shown() == theme);
            if place == 0 { item.divided() } else { item }
        }));
        items.push(MenuItem::new(words::SIGN_OUT, move || sign_out.run(())).icon(Icon::SignOut).divided());
        items
    };
    let face = move || {
        view! {
            <Avatar name=name />
            <span class="topbar-user truncate">{name}</span>
        }
    };
    let label = Signal::derive(move || {
        let label = session.who().map(|who| words::user_menu(&name.get(), &who.user.email, who.role));
        label.unwrap_or_default()
    });
    view! { <Menu label=label items=items face=face /> }.into_any()
}

/// What ends the session.
pub(crate) fn signing_out(session: Session) -> Callback<()> {
    let toasts = toasts();
    let navigate = SendWrapper::new(use_navigate());
    Callback::new(move |()| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match call::<SignOut>(&Nothing {}, &Nothing {}, &Nothing {}).await {
                Ok(_) => {
                    session.leave();
                    navigate(&paths::sign_in(None), NavigateOptions::default());
                }
                Err(error) => toasts.error(client::words::line(&error)),
            }
        });
    })
}

/// A theme's name.
pub(crate) fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => words::THEME_SYSTEM,
        Theme::Light => words::THEME_LIGHT,
        Theme::Dark => words::THEME_DARK,
    }
}

/// A theme's icon.
pub(crate) fn theme_icon(theme: Theme) -> Icon {
    match theme {
        Theme::System => Icon::Monitor,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}
