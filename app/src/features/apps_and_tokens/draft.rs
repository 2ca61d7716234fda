//! What is typed of an app or a token, and sending it.

use drawbridge_contract::endpoints as api;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::apps::{App, AppPath, ChangeApp, CreateApp, TokenAlgorithm};
use drawbridge_contract::types::tokens::{ChangeToken, CreateToken, Token, TokenPath};
use drawbridge_domain::credential;
use drawbridge_domain::scopes::ApiScopes;
use leptos::prelude::*;

use super::addresses::{Lines, written};
use super::calls::{self, Made};
use super::credential::{Credential, Kind};
use super::expiry::{End, Ending, Had};
use super::scopes::Choosing;
use super::words;
use crate::client::{self, Answered, ApiError, Options, call, call_with};
use crate::shell::Typed;
use crate::ui::focus_first_error;

/// The form.
pub(super) const FORM: &str = "credential-form";
const RS256: &str = "RS256";
const EDDSA: &str = "EdDSA";

/// What is typed, of which credential, and what became of it.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) name: Typed,
    pub(super) description: Typed,
    pub(super) scopes: Choosing,
    pub(super) addresses: Lines,
    pub(super) ending: Ending,
    pub(super) algorithm: RwSignal<String>,
    /// The credential as it is saved; none for a new one.
    pub(super) base: RwSignal<Option<Answered<Credential>>>,
    pub(super) failure: RwSignal<Option<String>>,
    /// What was just made.
    pub(super) made: RwSignal<Option<Made>>,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self {
            name: Typed::new(|text| credential::name(text).map(drop)),
            description: Typed::new(|text| credential::app_description(text).map(drop)),
            scopes: Choosing::new(),
            addresses: Lines::new(),
            ending: Ending::new(),
            algorithm: RwSignal::new(EDDSA.to_owned()),
            base: RwSignal::new(None),
            failure: RwSignal::new(None),
            made: RwSignal::new(None),
        }
    }

    /// Begins anew: with a credential as it is saved, or with a new one; a token may live `most` days.
    pub(super) fn take(self, saved: Option<Answered<Credential>>, most: Option<u16>) {
        self.name.clear();
        self.description.clear();
        self.algorithm.try_set(EDDSA.to_owned());
        let base = saved.as_ref().map(|saved| &saved.value);
        self.scopes.take(
            base.map_or(ApiScopes::FULL, Credential::scopes),
            matches!(base, Some(Credential::Token(_))),
        );
        self.addresses.take(base.map(Credential::addresses).unwrap_or_default());
        match most {
            Some(most) => self.ending.for_token(most),
            None => self
                .ending
                .for_app(base.map_or(Had::New, |app| app.expires_at().map_or(Had::Never, Had::End))),
        }
        if let Some(base) = base {
            self.name.value.try_set(base.name().to_owned());
            self.description.value.try_set(base.description().to_owned());
            if let Credential::App(App { token_algorithm: TokenAlgorithm::Rs256, .. }) = base {
                self.algorithm.try_set(RS256.to_owned());
            }
        }
        self.failure.try_set(None);
        self.made.try_set(None);
        self.base.try_set(saved);
    }

    fn algorithm(self) -> TokenAlgorithm {
        if self.algorithm.with(|chosen| chosen == RS256) {
            TokenAlgorithm::Rs256
        } else {
            TokenAlgorithm::EdDsa
        }
    }

    /// Whether there is something to lose.
    pub(super) fn is_dirty(self) -> bool {
        if self.made.with(Option::is_some) {
            return false;
        }
        let typed = [self.name.value, self.description.value, self.addresses.value].map(|value| value.get());
        let (scopes, algorithm) = (self.scopes.chosen(), self.algorithm());
        let end = self.ending.day.get().is_empty() && !self.ending.choice.with(|choice| choice == "custom");
        self.base.with(|base| match base.as_ref().map(|base| &base.value) {
            None => typed.iter().any(|text| !text.is_empty()) || !scopes.is_full() || !end,
            Some(base) => {
                let own = [base.name().to_owned(), base.description().to_owned(), written(base.addresses())];
                let signed = match base {
                    Credential::App(app) => app.token_algorithm,
                    Credential::Token(_) => algorithm,
                };
                typed != own || scopes != base.scopes() || algorithm != signed || !end
            }
        })
    }

    /// Whether all can be sent; from now on what is wrong is shown.
    pub(super) fn is_good(self, kind: Kind) -> bool {
        let ends = self.base.with_untracked(Option::is_none) || kind == Kind::App;
        let good = [
            self.name.is_good(),
            self.description.is_good(),
            self.scopes.is_good(),
            self.addresses.is_good(),
            !ends || self.ending.is_good(kind),
        ];
        !good.contains(&false)
    }

    /// Somebody else changed it meanwhile: what is typed stays, and is saved over it if that is wanted.
    pub(super) async fn meet(self) {
        let Some(base) = self.base.get_untracked() else { return };
        match calls::read(base.value.id().to_owned()).await {
            Some(Ok(theirs)) => {
                self.failure.try_set(Some(words::changed(theirs.value.name())));
                self.base.try_set(Some(theirs));
                focus_first_error(FORM);
            }
            Some(Err(error)) => self.reject(&error),
            None => (),
        }
    }

    /// Puts the server's words where they belong.
    pub(super) fn reject(self, error: &ApiError) {
        let told = [
            self.name.reject(error, "name"),
            self.description.reject(error, "description"),
            self.addresses.reject(error),
            self.ending.reject(error),
        ];
        let words = error.field("scopes").unwrap_or_else(|| client::words::line(error));
        self.failure.try_set((!told.contains(&true)).then_some(words));
        focus_first_error(FORM);
    }

    /// Makes the credential, or changes the one that is there: then nothing comes back.
    pub(super) async fn send(self, kind: Kind) -> Result<Option<Made>, ApiError> {
        let (name, description) =
            (self.name.sent().trim().to_owned(), self.description.sent().trim().to_owned());
        let (scopes, addresses) = (untrack(|| self.scopes.chosen()), self.addresses.sent());
        let end = untrack(|| self.ending.chosen(kind)).unwrap_or(End::Usual);
        let token_algorithm = untrack(|| self.algorithm());
        let at = if let End::At(at) = end { Some(at) } else { None };
        let Some(base) = self.base.get_untracked() else {
            let none = Nothing {};
            return match kind {
                Kind::App => {
                    let scopes = Some(scopes);
                    let body =
                        CreateApp { name, description, scopes, addresses, expires_at: at, token_algorithm };
                    call::<api::MakeApp>(&none, &none, &body).await.map(|made| calls::app_made(made.value))
                }
                Kind::Token => {
                    let body = CreateToken { name, expires_at: at, scopes: Some(scopes), addresses };
                    call::<api::MakeToken>(&none, &none, &body)
                        .await
                        .map(|made| calls::token_made(made.value))
                }
            }
            .map(Some);
        };
        let options = Options { if_match: base.etag, ..Options::default() };
        match base.value {
            Credential::App(App { id, .. }) => {
                let body = ChangeApp {
                    name: Some(name),
                    description: Some(description),
                    scopes: Some(scopes),
                    addresses: Some(addresses),
                    expires_at: at,
                    never_expires: (end == End::Never).then_some(true),
                    token_algorithm: Some(token_algorithm),
                };
                let path = AppPath { app: id };
                call_with::<api::ChangeAppSettings>(&path, &Nothing {}, &body, options).await.map(|_| None)
            }
            Credential::Token(Token { id, .. }) => {
                let body = ChangeToken { name: Some(name), scopes: Some(scopes), addresses: Some(addresses) };
                let path = TokenPath { token: id };
                call_with::<api::ChangeTokenSettings>(&path, &Nothing {}, &body, options).await.map(|_| None)
            }
        }
    }

    /// The id of what is changed.
    pub(super) fn id(self) -> Option<String> {
        self.base.with_untracked(|base| base.as_ref().map(|base| base.value.id().to_owned()))
    }
}
