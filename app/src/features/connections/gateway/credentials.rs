//! User name and password, or a token, for the target. They never leave the browser as they are.

use drawbridge_domain::connector::Login;
use leptos::prelude::*;

use super::{PASSWORD, Parts, SEALED, TOKEN, USERNAME};
use crate::features::connections::words;
use crate::ui::{Notice, SecretField, TextField, Tone, live, memo};

/// The fields that the way asks for.
pub(super) fn drawn(parts: Parts) -> AnyView {
    let login = memo(move || parts.login.get());
    live(move || match login.get() {
        Some(Login::Password) => password(parts),
        Some(Login::Token) => token(parts),
        Some(Login::Kept) => {
            let text = Some(words::KEPT_TEXT.to_owned());
            view! { <Notice title=words::KEPT text=text tone=Tone::Info quiet=true /> }.into_any()
        }
        None => ().into_any(),
    })
}

/// What the server has against the boxes is said at the secret.
fn error(parts: Parts, path: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || parts.error.run(path).or_else(|| parts.error.run(SEALED)))
}

fn password(parts: Parts) -> AnyView {
    let keeps = parts.keeps;
    live(move || {
        let keeps = keeps.get();
        let help = Some(if keeps { words::KEEP_LOGIN } else { words::SEALED_HELP }.to_owned());
        view! {
            <TextField
                label=words::USER_NAME
                value=parts.username
                name="username"
                help=Some(words::USER_NAME_HELP.to_owned())
                error=parts.error(USERNAME)
                required=!keeps
                autocomplete="off"
                on_leave=parts.leave(USERNAME)
            />
            <SecretField
                label=words::PASSWORD
                value=parts.password
                name="password"
                help=help
                error=error(parts, PASSWORD)
                required=!keeps
                keeps=keeps
                on_leave=parts.leave(PASSWORD)
            />
        }
    })
}

fn token(parts: Parts) -> AnyView {
    let keeps = parts.keeps;
    live(move || {
        let keeps = keeps.get();
        let help = Some(if keeps { words::KEEP_LOGIN } else { words::SEALED_HELP }.to_owned());
        view! {
            <SecretField
                label=words::TOKEN
                value=parts.token
                name="token"
                help=help
                error=error(parts, TOKEN)
                required=!keeps
                keeps=keeps
                on_leave=parts.leave(TOKEN)
            />
        }
    })
}
