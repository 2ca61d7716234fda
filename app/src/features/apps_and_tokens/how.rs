//! How a credential is used: commands to copy.

use leptos::prelude::*;

use super::credential::{Credential, Kind};
use super::words;
use crate::ui::CopyButton;

/// The commands, for this very deployment.
pub(super) fn lines(credential: &Credential) -> AnyView {
    let origin = window().location().origin().unwrap_or_default();
    let (text, lines) = match credential.kind() {
        Kind::App => (words::HOW_APP, words::how_app(&origin, credential.id())),
        Kind::Token => (words::HOW_TOKEN, words::how_token(&origin)),
    };
    view! {
        <section class="stack-small">
            <div class="split">
                <h3 class="section-title">{words::HOW}</h3>
                <CopyButton text=lines.clone() label=words::COPY_LINES />
            </div>
            <p class="muted">{text}</p>
            <pre class="answer-text" tabindex="0" aria-label=words::HOW>
                {lines}
            </pre>
        </section>
    }
    .into_any()
}
