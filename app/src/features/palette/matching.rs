//! What fits what is typed: beginnings of words, whatever the case and the accents.

use js_sys::JsString;

/// A text as it is compared: in small letters, without accents. By the browser, whose tables need not be shipped.
pub(super) fn fold(text: &str) -> String {
    let taken_apart: String = JsString::from(text).normalize("NFD").to_lower_case().into();
    taken_apart.chars().filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}')).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// How well a label fits what is typed, or failing that the other words that it is found by; less is better, `None`
/// does not fit. All are folded.
pub(super) fn rank(typed: &str, label: &str, also: &str) -> Option<u8> {
    let asked: Vec<&str> = words(typed).collect();
    let (first, all) = (asked.first()?, asked.join(" "));
    let begins = |text: &str| asked.iter().all(|word| words(text).any(|one| one.starts_with(word)));
    if words(label).collect::<Vec<_>>().join(" ").starts_with(&all) {
        Some(0)
    } else if begins(label) {
        Some(if label.starts_with(first) { 1 } else { 2 })
    } else {
        begins(&[label, " ", also].concat()).then_some(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order() {
        assert_eq!(rank("audit", "audit log", ""), Some(0));
        assert_eq!(rank("audit l", "audit log", ""), Some(0));
        assert_eq!(rank("lic sub", "license and subscription", ""), Some(1));
        assert_eq!(rank("log", "audit log", ""), Some(2));
        assert_eq!(rank("log aud", "audit log", ""), Some(2));
        assert_eq!(rank("udit", "audit log", ""), None);
        assert_eq!(rank("audit x", "audit log", ""), None);
    }

    #[test]
    fn other_words_come_last() {
        assert_eq!(rank("change theme", "dark theme", "change appearance"), Some(3));
        assert_eq!(rank("u", "audit log", ""), None);
        assert_eq!(rank("-", "audit log", ""), None);
    }
}
