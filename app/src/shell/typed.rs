//! A text that is typed into a field, checked by the rules of the domain, and perhaps rejected by the server.

use drawbridge_domain::text::TextFault;
use leptos::prelude::*;

use crate::client::ApiError;

type Check = Box<dyn Fn(&str) -> Option<TextFault> + Send + Sync>;

/// What is typed and what is wrong with it. An error appears once the field was left or sent, and then follows
/// what is typed; what the server rejected stays rejected until it is changed.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What is typed.
    pub value: RwSignal<String>,
    check: StoredValue<Check>,
    left: RwSignal<bool>,
    rejected: RwSignal<Option<(String, String)>>,
}

impl Typed {
    /// An empty field with its rule.
    pub fn new<T>(check: impl Fn(&str) -> Result<T, TextFault> + Send + Sync + 'static) -> Self {
        Self::from(String::new(), check)
    }

    /// A field that begins with `value`.
    pub fn from<T>(
        value: String,
        check: impl Fn(&str) -> Result<T, TextFault> + Send + Sync + 'static,
    ) -> Self {
        Self {
            value: RwSignal::new(value),
            check: StoredValue::new(Box::new(move |text| check(text).err())),
            left: RwSignal::new(false),
            rejected: RwSignal::new(None),
        }
    }

    /// What is wrong with it, in words.
    pub fn error(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let value = self.value.get();
            let fault = self.check.with_value(|check| check(&value));
            let rejected = self.rejected.with(|rejected| {
                rejected.as_ref().filter(|(sent, _)| *sent == value).map(|(_, message)| message.clone())
            });
            rejected.or_else(|| fault.filter(|_| self.left.get()).map(|fault| fault.to_string()))
        })
    }

    /// For a field's `on_leave`. A field that one only passes by is not complained about.
    pub fn on_leave(self) -> Callback<()> {
        Callback::new(move |()| {
            if self.value.with_untracked(|value| !value.is_empty()) {
                self.left.set(true);
            }
        })
    }

    /// Whether it can be sent; from now on its errors are shown.
    pub fn is_good(self) -> bool {
        self.left.set(true);
        untrack(|| self.value.with(|value| self.check.with_value(|check| check(value).is_none())))
    }

    /// What is typed, for sending.
    pub fn sent(self) -> String {
        self.value.get_untracked()
    }

    /// Takes in what the server says about the field at `path`; whether it says anything.
    pub fn reject(self, error: &ApiError, path: &str) -> bool {
        error.field(path).map(|message| self.reject_with(message)).is_some()
    }

    /// Rejects what is typed now.
    pub fn reject_with(self, message: String) {
        let value = self.value.try_get_untracked().unwrap_or_default();
        self.rejected.try_set(Some((value, message)));
    }

    /// Forgets everything; for a secret that was sent.
    pub fn clear(self) {
        self.value.try_set(String::new());
        self.left.try_set(false);
        self.rejected.try_set(None);
    }
}
