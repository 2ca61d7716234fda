//! The addresses from which a credential may be used, as they are typed: one per line.

use drawbridge_domain::network::{NETWORKS_MAX, Network};
use leptos::prelude::*;

use super::words;
use crate::client::ApiError;
use crate::ui::TextAreaField;

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub(super) value: RwSignal<String>,
    left: RwSignal<bool>,
    /// What was sent, and what the server says about it.
    rejected: RwSignal<Option<(String, String)>>,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            value: RwSignal::new(String::new()),
            left: RwSignal::new(false),
            rejected: RwSignal::new(None),
        }
    }

    /// Begins anew with these.
    pub(super) fn take(self, networks: &[Network]) {
        self.value.try_set(written(networks));
        self.left.try_set(false);
        self.rejected.try_set(None);
    }

    /// Whether they can be sent; from now on what is wrong is shown.
    pub(super) fn is_good(self) -> bool {
        self.left.set(true);
        self.value.with_untracked(|value| faults(value).is_empty())
    }

    /// The lines that say something, for sending.
    pub(super) fn sent(self) -> Vec<String> {
        self.value.with_untracked(|value| lines(value).map(|(_, line)| line.to_owned()).collect())
    }

    /// Takes in what the server says of them; whether it says anything.
    pub(super) fn reject(self, error: &ApiError) -> bool {
        let value = self.value.try_get_untracked().unwrap_or_default();
        let path = |at: usize| ["addresses.", &at.to_string()].concat();
        let each = lines(&value).enumerate().filter_map(|(at, (number, line))| {
            error.field(&path(at)).map(|fault| words::line(number, line, &fault))
        });
        let said: Vec<String> = error.field("addresses").into_iter().chain(each).collect();
        let any = !said.is_empty();
        if any {
            self.rejected.try_set(Some((value, said.join("\n"))));
        }
        any
    }

    fn error(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let value = self.value.get();
            let rejected = self.rejected.with(|rejected| {
                rejected.as_ref().filter(|(sent, _)| *sent == value).map(|(_, said)| said.clone())
            });
            let own = || {
                let faults = if self.left.get() { faults(&value) } else { Vec::new() };
                (!faults.is_empty()).then(|| faults.join("\n"))
            };
            rejected.or_else(own)
        })
    }

    /// The field.
    pub(super) fn field(self) -> AnyView {
        view! {
            <TextAreaField
                label=words::ADDRESSES
                value=self.value
                help=Some(words::ADDRESSES_HELP.to_owned())
                error=self.error()
                rows=2
                code=true
                on_leave=move || self.left.set(true)
            />
        }
        .into_any()
    }
}

/// Networks as they stand in the field.
pub(super) fn written(networks: &[Network]) -> String {
    networks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .map(str::trim)
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(at, line)| (at + 1, line))
}

/// What is wrong, a line each.
fn faults(text: &str) -> Vec<String> {
    if lines(text).count() > NETWORKS_MAX {
        return vec![words::too_many_lines(NETWORKS_MAX)];
    }
    let fault = |(number, line)| {
        Network::parse(line).err().map(|fault| words::line(number, line, &fault.to_string()))
    };
    lines(text).filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_that_is_wrong_is_named() {
        assert!(faults("").is_empty());
        assert!(faults(" 203.0.113.7 \n\n2001:db8::/32").is_empty());
        let said = faults("203.0.113.7\n\nhome\n10.0.0.1/8");
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("Line 3 (home): Type an address"), "{}", said[0]);
        assert!(said[1].starts_with("Line 4 (10.0.0.1/8): "), "{}", said[1]);
        assert_eq!(faults(&"10.0.0.1\n".repeat(51)), ["Name at most 50 addresses and networks."]);
    }
}
