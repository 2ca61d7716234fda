//! Connections in the palette, and what can be done with one.

use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::access::{ConnectionAction as Do, ConnectionRefusal, check, check_reconnect};
use drawbridge_domain::connection::Status as Is;
use drawbridge_domain::id::Id;

use super::entry::{Act, Entry};
use super::words;
use crate::paths;
use crate::ui::Icon;

/// Before the key of a connection.
pub(super) const KEY: &str = "connection:";

/// A connection; it leads to its page.
pub(super) fn entry(slug: &str, item: &ConnectionSummary) -> Entry {
    let status = item.state.status;
    let detail = match status {
        Is::Active => item.connector.name.clone(),
        _ => [&item.connector.name, " · ", status.name()].concat(),
    };
    let id = item.id.as_str();
    Entry::go(&[KEY, id].concat(), item.name.clone(), Icon::Link, paths::connection(slug, id))
        .detail(detail)
        .picture(&item.connector.icon)
}

/// What can be done with a connection, in the order of its menu; what cannot be done says why.
pub(super) fn actions(slug: &str, item: &ConnectionSummary) -> Vec<Entry> {
    let (level, status) = (item.level, item.state.status);
    let words = |refused: Result<(), ConnectionRefusal>| refused.err().map(|why| why.words().to_owned());
    let may = |action| words(check(action, level, status));
    let id = item.id.as_str();
    let one = |name: &str, verb: &str, icon, refusal| {
        let key = [name, ":", id].concat();
        let to = paths::with(paths::connection(slug, id), name, id);
        Entry::go(&key, words::with_name(verb, &item.name), icon, to).refused(refusal)
    };
    if status == Is::Pending {
        return vec![
            one("signIn", words::FINISH_SIGN_IN, Icon::Key, may(Do::Authorize)),
            one("discard", words::DISCARD, Icon::Trash, may(Do::Discard)),
        ];
    }
    let reconnect = words(check_reconnect(level, status, item.interactive));
    let on = status != Is::Disabled;
    let (name, verb, icon, change) = if on {
        ("disable", words::DISABLE, Icon::Pause, Do::Disable)
    } else {
        ("enable", words::ENABLE, Icon::Check, Do::Enable)
    };
    vec![
        one("test", words::TEST, Icon::Refresh, may(Do::Test))
            .doing(Act::Test(item.id.clone(), item.name.clone())),
        one("signIn", words::RECONNECT, Icon::Key, reconnect.clone()),
        one("edit", words::EDIT, Icon::Pencil, may(Do::Edit)),
        one("link", words::LINK, Icon::External, reconnect),
        one("permissions", words::PERMISSIONS, Icon::Users, may(Do::ChangePermissions)),
        one(name, verb, icon, may(change)).doing(Act::Switch(item.id.clone(), !on)),
        one("delete", words::DELETE, Icon::Trash, may(Do::Delete)),
    ]
}

/// The words that begin what is done with a connection, each with what stands before the key of what it means.
const VERBS: [(&str, &str); 12] = [
    ("test", "test:"),
    ("reconnect", "signIn:"),
    ("finish", "signIn:"),
    ("sign", "signIn:"),
    ("edit", "edit:"),
    ("link", "link:"),
    ("permissions", "permissions:"),
    ("share", "permissions:"),
    ("disable", "disable:"),
    ("enable", "enable:"),
    ("delete", "delete:"),
    ("discard", "discard:"),
];
/// So many letters of a verb must be typed.
const ENOUGH: usize = 3;

/// What is typed, taken apart: what the keys of the actions that are meant begin with, and the connection's name.
pub(super) fn verb_and_name(typed: &str) -> Option<(&'static str, &str)> {
    let (first, name) = typed.trim_start().split_once(char::is_whitespace)?;
    let first = first.to_ascii_lowercase();
    let name = name.trim();
    let meant = VERBS.into_iter().find(|(verb, _)| first.len() >= ENOUGH && verb.starts_with(&first));
    meant.filter(|_| !name.is_empty()).map(|(_, key)| (key, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_before_a_name_is_understood() {
        assert_eq!(verb_and_name("test Sales EU "), Some(("test:", "Sales EU")));
        assert_eq!(verb_and_name("  Reco sales"), Some(("signIn:", "sales")));
        assert_eq!(verb_and_name("test"), None);
        assert_eq!(verb_and_name("test "), None);
        assert_eq!(verb_and_name("te sales"), None);
        assert_eq!(verb_and_name("sales eu"), None);
    }
}
