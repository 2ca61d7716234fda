//! The newest release of the agent, as this deployment serves it.

use drawbridge_contract::json;
use drawbridge_contract::types::gateways::{RELEASE_MANIFEST, Release, ReleaseFile};
use drawbridge_domain::gateway::commands::System;
use gloo_net::http::Request;
use leptos::prelude::*;

use crate::client::Reading;

/// What is served: nothing where this deployment was built without it.
pub(super) type Served = Reading<Option<Release>>;

/// Looks what is served.
pub(super) fn served() -> Served {
    Reading::new(|| async {
        let answer = Request::get(RELEASE_MANIFEST).send().await.ok()?;
        // Where there is no such file, the console's own page comes in its place.
        let text = if answer.ok() { answer.text().await.ok()? } else { return None };
        json::read::<Release>(&text).ok().filter(|release| !release.files.is_empty())
    })
}

/// The system of the machine in front of which the reader sits, as far as it says so.
pub(super) fn own_system() -> System {
    let agent = window().navigator().user_agent().unwrap_or_default();
    if agent.contains("Windows") {
        System::Windows
    } else if agent.contains("Mac OS") {
        System::MacOs
    } else {
        System::Linux
    }
}

/// The files, those for that system first.
pub(super) fn sorted(release: &Release, first: System) -> Vec<ReleaseFile> {
    let mut files = release.files.clone();
    files.sort_by_key(|file| file.system != first.code());
    files
}

/// The file for a system; of several processors' the one that most machines have.
pub(super) fn file_for(release: &Release, system: System) -> Option<ReleaseFile> {
    let mut files = release.files.iter().filter(|file| file.system == system.code());
    let usual = files.clone().find(|file| file.architecture == "x86_64");
    usual.or_else(|| files.next()).cloned()
}

/// The deployment's own address, as agents dial it.
pub(super) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
