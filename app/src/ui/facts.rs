//! Facts about one thing: names with values, a person's initials.

use leptos::prelude::*;

/// A list of names and values.
#[component]
pub fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// One name with its value.
#[component]
pub fn Fact(
    /// The name.
    #[prop(into)]
    label: Signal<String>,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
    .into_any()
}

/// A person's or tenant's initials in a coloured disc; decoration beside the name.
#[component]
pub fn Avatar(
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// A square instead of a disc, for a tenant.
    #[prop(optional)]
    square: bool,
) -> impl IntoView {
    // Six hues, chosen by the name, so that one name always has the same.
    let hue = move || {
        let sum = name.with(|name| name.chars().map(u32::from).fold(0, u32::wrapping_add));
        match sum % 6 {
            0 => "avatar hue-0",
            1 => "avatar hue-1",
            2 => "avatar hue-2",
            3 => "avatar hue-3",
            4 => "avatar hue-4",
            _ => "avatar hue-5",
        }
    };
    // Drawn by the style: as a text it would belong to the visible label of the button that it stands in.
    view! {
        <span
            class=hue
            class:avatar-square=square
            aria-hidden="true"
            data-initials=Signal::derive(move || name.with(|name| initials(name)))
        ></span>
    }
    .into_any()
}

/// The first letters of the first and the last word, as they stand; the style makes them capitals.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|letter: char| letter.is_whitespace() || letter == '.' || letter == '@');
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.filter_map(|word| word.chars().next()).next_back();
    // For an e-mail address the last word is the domain: the first letter says enough.
    let last = last.filter(|_| !name.contains('@'));
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("Augusta Ada King"), "AK");
        assert_eq!(initials("Zoë"), "Z");
        assert_eq!(initials("ada@example.com"), "a");
        assert_eq!(initials(" "), "");
    }
}
