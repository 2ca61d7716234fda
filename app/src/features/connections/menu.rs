//! What can be done with a connection, in one order everywhere; what cannot be done says why.

use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::access::{ConnectionAction as Do, ConnectionRefusal, check, check_reconnect};
use drawbridge_domain::connection::Status as Is;
use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use super::words;
use crate::ui::{Icon, MenuItem};

/// The items for a connection; `test` and `switch` do what their items say.
pub(super) fn items(
    desk: Desk,
    item: &ConnectionSummary,
    test: Callback<()>,
    switch: Callback<bool>,
) -> Vec<MenuItem> {
    let (level, status) = (item.level, item.state.status);
    let words = |refused: Result<(), ConnectionRefusal>| refused.err().map(|why| why.words().to_owned());
    let may = |action| words(check(action, level, status));
    let open = |label: &str, icon, beside: fn(_) -> Beside, refusal| {
        let beside = beside(item.id.clone());
        MenuItem::new(label, move || desk.open(beside.clone())).icon(icon).disabled(refusal)
    };
    if status == Is::Pending {
        return vec![
            open(words::FINISH_SIGN_IN, Icon::Key, Beside::SignIn, may(Do::Authorize)),
            open(words::DISCARD, Icon::Trash, Beside::Discard, may(Do::Discard)).danger().divided(),
        ];
    }
    let reconnect = words(check_reconnect(level, status, item.interactive));
    let on = status != Is::Disabled;
    let (label, icon, change) = if on {
        (words::DISABLE, Icon::Pause, Do::Disable)
    } else {
        (words::ENABLE, Icon::Check, Do::Enable)
    };
    vec![
        open(words::EDIT, Icon::Pencil, Beside::Edit, may(Do::Edit)),
        open(words::RECONNECT, Icon::Key, Beside::SignIn, reconnect.clone()),
        open(words::LINK, Icon::External, Beside::Link, reconnect),
        MenuItem::new(words::TEST, move || test.run(())).icon(Icon::Refresh).disabled(may(Do::Test)),
        open(words::PERMISSIONS, Icon::Users, Beside::Permissions, may(Do::ChangePermissions)),
        MenuItem::new(label, move || switch.run(!on)).icon(icon).disabled(may(change)),
        open(words::DELETE, Icon::Trash, Beside::Delete, may(Do::Delete)).danger().divided(),
    ]
}
