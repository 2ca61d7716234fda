//! Add connection: the panel with its two steps.

#![expect(
    clippy::large_types_passed_by_value,
    reason = "`Add` is a bundle of handles for closures; in a release build, without their places of birth, it is small"
)]

mod attempt;
mod choose;
mod client;
mod draft;
pub(super) mod fields;
mod make;
mod register;
mod submit;
mod values;

use drawbridge_contract::endpoints::ReadConnector;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{Connector, ConnectorPath, ConnectorSummary};
use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use super::gateway::Seal;
use super::list::Catalogue;
use super::sign_in::{SignIn, Stage};
use super::words;
use crate::client::{ApiError, Reading, call};
use crate::ui::{Panel, live, memo};
use attempt::Attempts;
use values::{Drafts, Values};

/// All that the panel's parts share.
#[derive(Clone, Copy)]
struct Add {
    desk: Desk,
    /// All connectors.
    catalogue: Catalogue,
    /// Loads them again.
    reload: Callback<()>,
    /// The card that is chosen in step 1.
    chosen: RwSignal<String>,
    /// The connector of step 2, once it is known.
    connector: Memo<Option<Result<Connector, ApiError>>>,
    /// Loads it again.
    reload_connector: Callback<()>,
    drafts: Drafts,
    attempts: Attempts,
    sign_in: SignIn,
    /// The form to register an OAuth client is open.
    registering: RwSignal<bool>,
    register: register::Register,
    /// How to seal credentials for a gateway's target; there while its part of the form is.
    seal: StoredValue<Option<Seal>, LocalStorage>,
}

impl Add {
    fn connectors(self) -> Vec<ConnectorSummary> {
        match self.catalogue.get() {
            Some(Ok(connectors)) => connectors,
            _ => Vec::new(),
        }
    }

    /// The connector of step 2 with its form, once it is known.
    fn form(self) -> Option<(Connector, Values)> {
        match self.connector.get() {
            Some(Ok(connector)) => {
                let values = self.drafts.of(&connector);
                Some((connector, values))
            }
            _ => None,
        }
    }

    /// Whether something was typed that would be lost.
    fn is_dirty(self) -> bool {
        if matches!(self.sign_in.stage(), Stage::Done(_)) {
            return false;
        }
        self.register.is_dirty()
            || self
                .form()
                .is_some_and(|(connector, values)| draft::is_dirty(Some(&connector), &values.typed()))
    }

    /// Closes the panel and forgets what was typed.
    fn close(self) {
        self.sign_in.leave(self.desk);
        self.attempts.forget();
        self.drafts.forget();
        self.register.forget();
        self.registering.try_set(false);
        self.chosen.try_set(String::new());
        self.desk.close();
    }

    /// Goes back to step 1; what was typed stays.
    fn back(self) {
        self.sign_in.cancel();
        self.desk.open(Beside::Choose);
    }
}

/// The panel, in the URL as `?add`.
pub(super) fn panel(desk: Desk, catalogue: Catalogue, reload: Callback<()>) -> AnyView {
    let wanted = memo(move || match desk.beside.get() {
        Beside::Make(connector) => Some(connector),
        _ => None,
    });
    let read = Reading::new(move || {
        let wanted = wanted.get();
        async move {
            let connector = wanted?;
            let path = ConnectorPath { connector: connector.clone() };
            let answer = call::<ReadConnector>(&path, &Nothing {}, &Nothing {}).await;
            Some((connector, answer.map(|answer| answer.value)))
        }
    });
    let connector = memo(move || {
        let wanted = wanted.get()?;
        // What was read for another connector is not this one's.
        read.get().flatten().filter(|(connector, _)| *connector == wanted).map(|(_, answer)| answer)
    });
    let add = Add {
        desk,
        catalogue,
        reload,
        chosen: RwSignal::new(String::new()),
        connector,
        reload_connector: Callback::new(move |()| read.refetch()),
        drafts: Drafts::new(),
        attempts: Attempts::new(),
        sign_in: SignIn::new(),
        registering: RwSignal::new(false),
        register: register::Register::new(),
        seal: StoredValue::new_local(None),
    };
    let step = memo(move || match desk.beside.get() {
        Beside::Choose => 1,
        Beside::Make(_) => 2,
        _ => 0,
    });
    let subtitle = move || match (step.get(), connector.get()) {
        (2, Some(Ok(connector))) => Some(words::step_make(&connector.summary.name)),
        (2, _) => Some(words::STEP_MAKE.to_owned()),
        _ => Some(words::STEP_CHOOSE.to_owned()),
    };
    // Another connector's form is another attempt.
    let form = memo(move || wanted.get());
    view! {
        <Panel
            open=Signal::derive(move || step.get() > 0)
            title=words::ADD
            subtitle=Signal::derive(subtitle)
            dirty=Signal::derive(move || add.is_dirty())
            on_close=move || add.close()
            footer=move || live(move || if step.get() == 1 { choose::footer(add) } else { make::footer(add) })
        >
            {live(move || {
                form.track();
                if step.get() == 1 { choose::body(add) } else { make::body(add) }
            })}
        </Panel>
    }
    .into_any()
}
