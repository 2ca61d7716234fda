//! Choosing scopes: all, or some of them, by the thing that they are about.

use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use leptos::prelude::*;

use super::credential::Kind;
use super::words;
use crate::ui::{Card, Checkbox, RadioCards, live, watch};

const FULL: &str = "full";
const SOME: &str = "some";

/// What is chosen.
#[derive(Clone, Copy)]
pub(super) struct Choosing {
    /// All, or some.
    which: RwSignal<String>,
    each: StoredValue<Vec<(ApiScope, RwSignal<bool>)>>,
    /// What a token has, of which it may only keep some; all for everything else.
    held: RwSignal<ApiScopes>,
    missing: RwSignal<bool>,
}

impl Choosing {
    pub(super) fn new() -> Self {
        let each: Vec<_> = ApiScope::ALL.iter().map(|scope| (*scope, RwSignal::new(false))).collect();
        let choosing = Self {
            which: RwSignal::new(FULL.to_owned()),
            each: StoredValue::new(each),
            held: RwSignal::new(ApiScopes::FULL),
            missing: RwSignal::new(false),
        };
        watch(move || {
            if !choosing.chosen().is_empty() {
                choosing.missing.set(false);
            }
        });
        choosing
    }

    /// Begins anew with these; with no more than them where only fewer can be had.
    pub(super) fn take(self, scopes: ApiScopes, only_fewer: bool) {
        self.which.try_set(if scopes.is_full() { FULL } else { SOME }.to_owned());
        self.held.try_set(if only_fewer { scopes } else { ApiScopes::FULL });
        self.missing.try_set(false);
        self.each.try_with_value(|each| {
            for (scope, chosen) in each {
                // Who narrows a token begins with what it has; who chooses for a new one begins with nothing.
                chosen.try_set(scopes.names(*scope) && (only_fewer || !scopes.is_full()));
            }
        });
    }

    /// What is chosen.
    pub(super) fn chosen(self) -> ApiScopes {
        if self.which.with(|which| which == FULL) {
            return ApiScopes::FULL;
        }
        let mut scopes = ApiScopes::NONE;
        self.each.with_value(|each| {
            for (scope, chosen) in each {
                scopes = scopes.with(*scope, chosen.get());
            }
        });
        scopes
    }

    /// Whether it can be sent; from now on what is wrong is shown.
    pub(super) fn is_good(self) -> bool {
        let some = untrack(|| !self.chosen().is_empty());
        self.missing.set(!some);
        some
    }

    fn is_on(self, scope: ApiScope) -> bool {
        self.each.with_value(|each| each.iter().any(|(known, on)| *known == scope && on.get()))
    }

    /// Why a scope cannot be chosen now.
    fn refusal(self, scope: ApiScope) -> Option<String> {
        let implied = ApiScope::ALL.iter().any(|other| other.implies() == Some(scope) && self.is_on(*other));
        if implied {
            Some(words::IMPLIED.to_owned())
        } else if !self.held.with(|held| held.holds(scope)) {
            Some(words::NOT_HELD.to_owned())
        } else {
            None
        }
    }

    /// The choice.
    pub(super) fn field(self, kind: Kind) -> AnyView {
        let card = |value: &str, title: &str, text: &str, disabled_reason: Option<String>| Card {
            value: value.to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            picture: None,
            disabled_reason,
        };
        let cards = move || {
            let full = if kind == Kind::App { words::FULL_APP } else { words::FULL_TOKEN };
            let lacking = self.held.with(|held| (!held.is_full()).then(|| words::NOT_HELD.to_owned()));
            vec![card(FULL, words::FULL, full, lacking), card(SOME, words::SOME, words::SOME_TEXT, None)]
        };
        let error = move || self.missing.get().then(|| words::NO_SCOPE.to_owned());
        view! {
            <div class="stack-small">
                <RadioCards
                    label=words::SCOPES
                    value=self.which
                    cards=Signal::derive(cards)
                    error=Signal::derive(error)
                />
                {live(move || self.which.with(|which| which == SOME).then(|| self.groups()))}
            </div>
        }
        .into_any()
    }

    /// The scopes, by what they are about.
    fn groups(self) -> AnyView {
        let mut groups: Vec<(&'static str, Vec<AnyView>)> = Vec::new();
        for (scope, chosen) in self.each.get_value() {
            let (_, noun) = scope.code().split_once(':').unwrap_or_default();
            let one = self.one(scope, chosen);
            match groups.last_mut().filter(|(last, _)| *last == noun) {
                Some((_, boxes)) => boxes.push(one),
                None => groups.push((noun, vec![one])),
            }
        }
        let groups: Vec<_> = groups
            .into_iter()
            .map(|(noun, boxes)| {
                view! {
                    <fieldset class="stack-small">
                        <legend class="field-label">{words::noun(noun)}</legend>
                        {boxes}
                    </fieldset>
                }
                .into_any()
            })
            .collect();
        view! { <div class="box stack">{groups}</div> }.into_any()
    }

    fn one(self, scope: ApiScope, chosen: RwSignal<bool>) -> AnyView {
        // Shown ticked while managing includes it, whatever was chosen before.
        let implied =
            move || ApiScope::ALL.iter().any(|other| other.implies() == Some(scope) && self.is_on(*other));
        let shown = RwSignal::new(chosen.get_untracked());
        watch(move || {
            shown.set(chosen.get() || implied());
        });
        watch(move || {
            let shown = shown.get();
            if untrack(|| !implied() && chosen.get() != shown) {
                chosen.set(shown);
            }
        });
        view! {
            <Checkbox
                label=scope.words()
                checked=shown
                help=Some(scope.code().to_owned())
                disabled_reason=Signal::derive(move || self.refusal(scope))
            />
        }
        .into_any()
    }
}
