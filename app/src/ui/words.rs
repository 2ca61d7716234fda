//! The few words that primitives say by themselves; all other text is passed in.

/// The language that these words are written in.
pub const LANGUAGE: &str = "en";
/// Closes a dialog, panel or notice.
pub const CLOSE: &str = "Close";
/// Leaves a dialog without doing anything.
pub const CANCEL: &str = "Cancel";
/// Copies a value.
pub const COPY: &str = "Copy";
/// Said once a value is on the clipboard.
pub const COPIED: &str = "Copied";
/// Said when the browser refused the clipboard.
pub const COPY_FAILED: &str = "Could not copy. Select the text and copy it by hand.";
/// Shows a masked value.
pub const REVEAL: &str = "Show";
/// Masks a value again.
pub const CONCEAL: &str = "Hide";
/// Stands in an empty secret field whose value is kept on saving.
pub const KEEP: &str = "Leave empty to keep the saved value";
/// Marks a field that must be filled in.
pub const REQUIRED: &str = "required";
/// Said where something is on its way.
pub const LOADING: &str = "Loading";
/// Asks for the next page of a list.
pub const LOAD_MORE: &str = "Load more";
/// Tries again what failed.
pub const RETRY: &str = "Try again";
/// Empties a search box.
pub const CLEAR: &str = "Clear";
/// Takes a toast away.
pub const DISMISS: &str = "Dismiss";
/// Names the region of toasts.
pub const NOTIFICATIONS: &str = "Notifications";
/// Names a menu that carries no other name.
pub const MORE: &str = "More actions";
/// Said of a link that opens elsewhere.
pub const NEW_TAB: &str = "opens in a new tab";
/// Said of a time less than a minute away.
pub const JUST_NOW: &str = "just now";
/// Says how a list is sorted, where there is no room for column headings.
pub const SORT_BY: &str = "Sort by";
/// Follows a column's name: smallest or oldest first.
pub const ASCENDING: &str = "ascending";
/// Follows a column's name: largest or newest first.
pub const DESCENDING: &str = "descending";
/// Goes on with a form that was about to be closed.
pub const KEEP_EDITING: &str = "Keep editing";
/// Closes a form and loses what was typed.
pub const DISCARD: &str = "Discard";
/// Says what discarding means.
pub const DISCARD_TEXT: &str = "What you typed has not been saved and will be lost.";
/// Jumps over the top bar and the left panel.
pub const SKIP: &str = "Skip to content";

/// The title of the question asked before typed text is lost.
pub fn discard_title(title: &str) -> String {
    ["Discard changes in “", title, "”?"].concat()
}

/// The name of the `…` menu of a thing that is named.
pub fn actions_for(name: &str) -> String {
    ["Actions for “", name, "”"].concat()
}
