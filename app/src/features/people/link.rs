//! An invitation's link, shown once.

use leptos::prelude::*;

use super::words;
use crate::ui::{Notice, SecretDisplay, Tone};

/// The link of an answer, to be copied; or why there is none.
pub(super) fn shown(link: Option<String>) -> AnyView {
    match link {
        Some(link) => view! {
            <SecretDisplay label=words::LINK value=link help=Some(words::LINK_HELP.to_owned()) open=true />
        }
        .into_any(),
        None => view! { <Notice title=words::LINK_LOST tone=Tone::Info /> }.into_any(),
    }
}
