//! Lines to paste into a terminal.

use drawbridge_contract::types::gateways::Release;
use drawbridge_domain::gateway::commands::{self, System};
use leptos::prelude::*;

use super::release::{file_for, origin, own_system};
use super::words;
use crate::ui::{CopyButton, Tab, Tabs, live};

/// Lines with a button that copies them.
pub(super) fn block(label: &'static str, lines: String) -> AnyView {
    view! {
        <div class="stack-small">
            <div class="split">
                <h3 class="section-title">{label}</h3>
                <CopyButton text=lines.clone() label=words::COPY_LINES />
            </div>
            <pre class="answer-text" tabindex="0" aria-label=label>
                {lines}
            </pre>
        </div>
    }
    .into_any()
}

/// What fetches the agent, joins with a code and has it run, for a system; without fetching where nothing is served.
pub(super) fn join(system: System, release: Option<&Release>, code: &str) -> String {
    let origin = origin();
    let file = release.and_then(|release| file_for(release, system));
    let fetch = file.map(|file| commands::fetch(system, &origin, &file.name, &file.url));
    let own = [commands::enrol(system, &origin, code), commands::serve(system)];
    fetch.into_iter().chain(own).collect::<Vec<_>>().join("\n")
}

/// A tab for each system, the reader's own first shown; `content` draws what stands under it.
pub(super) fn by_system(content: impl Fn(System) -> AnyView + Send + Sync + 'static) -> AnyView {
    let chosen = RwSignal::new(own_system().code().to_owned());
    let tabs: Vec<Tab> = System::ALL.map(|system| Tab::new(system.code(), system.words())).into();
    view! {
        <Tabs
            label=words::SYSTEM
            tabs=tabs
            current=chosen
            on_choose=move |code: String| chosen.set(code)
        >
            {live(move || System::from_code(&chosen.read()).map(&content))}
        </Tabs>
    }
    .into_any()
}
