//! The part of a connection's form that is about a gateway: which one, which of its targets, and the credentials, which
//! are sealed here and leave the browser as boxes. Fetched when it is first wanted.

mod choices;
mod credentials;
mod fields;
mod sealing;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use drawbridge_contract::link::sealed::SealedFor;
use drawbridge_domain::connector::{Field, FieldKind, Login};
use drawbridge_domain::gateway::target::TargetKind;
use leptos::prelude::*;

use crate::part;

/// What is typed for a gateway's target, by the paths of a form.
pub(super) const USERNAME: &str = "sealed.username";
/// See [`USERNAME`].
pub(super) const PASSWORD: &str = "sealed.password";
/// See [`USERNAME`].
pub(super) const TOKEN: &str = "sealed.token";
/// The path that the server uses for all of them.
pub(super) const SEALED: &str = "sealed";
/// The paths of the two choices.
pub(super) const PATHS: [&str; 2] = ["settings.gateway", "settings.target"];

/// The boxes, on their way; or why there are none, in words.
pub(super) type Boxes = Pin<Box<dyn Future<Output = Result<Vec<SealedFor>, String>>>>;
/// Seals what is typed now.
pub(super) type Seal = Rc<dyn Fn() -> Boxes>;

/// What the part and the form around it share.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    /// What the target must be.
    pub(super) kind: TargetKind,
    /// Who has the credentials; nothing until a way was chosen.
    pub(super) login: Signal<Option<Login>>,
    /// The gateway's id.
    pub(super) gateway: RwSignal<String>,
    /// The target's name.
    pub(super) target: RwSignal<String>,
    /// The credentials.
    pub(super) username: RwSignal<String>,
    /// See [`Self::username`].
    pub(super) password: RwSignal<String>,
    /// See [`Self::username`].
    pub(super) token: RwSignal<String>,
    /// What is wrong, by path.
    pub(super) error: Callback<&'static str, Option<String>>,
    /// To be called when the keyboard leaves what stands at a path.
    pub(super) leave: Callback<&'static str>,
    /// Whether empty credentials keep the saved ones.
    pub(super) keeps: Signal<bool>,
    /// How to seal; there once the part is.
    pub(super) seal: StoredValue<Option<Seal>, LocalStorage>,
}

impl Parts {
    fn error(self, path: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.run(path))
    }

    fn leave(self, path: &'static str) -> Callback<()> {
        Callback::new(move |()| self.leave.run(path))
    }
}

part::lazily! {
    /// The part.
    gateway: fn drawn(parts: Parts) { fields::drawn(parts) }
}

/// The part, in its place in a form.
pub(super) fn fields(parts: Parts) -> AnyView {
    part::part(3, move || Box::pin(drawn(parts)))
}

/// Whether a field is drawn by the part.
pub(super) fn is_ours(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Gateway | FieldKind::Target)
}

/// Where the parts of a login stand in a form.
pub(super) fn paths(login: Option<Login>) -> &'static [&'static str] {
    match login {
        Some(Login::Password) => &[USERNAME, PASSWORD],
        Some(Login::Token) => &[TOKEN],
        Some(Login::Kept) | None => &[],
    }
}
