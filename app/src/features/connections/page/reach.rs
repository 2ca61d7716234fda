//! Who can use the connection, and what does.

use drawbridge_contract::endpoints::ListConnectionUses;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_domain::access::{ConnectionAction, check};
use leptos::prelude::*;

use super::{Parts, section};
use crate::client::{Reading, call};
use crate::features::connections::address::Beside;
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Button, Icon, Skeleton, live, memo};

/// Leads to the permissions; those who may not see them are told why.
pub(super) fn permissions(parts: Parts) -> AnyView {
    let refusal = move || {
        parts.of(|connection| {
            let summary = &connection.summary;
            let allowed = check(ConnectionAction::ChangePermissions, summary.level, summary.state.status);
            allowed.err().map(|refusal| refusal.words().to_owned())
        })
    };
    let refused = memo(move || refusal().is_some());
    let open = move || {
        if let Some(known) = parts.connection.get_untracked() {
            parts.desk.open(Beside::Permissions(known.summary.id));
        }
    };
    let text = move || if refused.get() { words::PERMISSIONS_OWNERS } else { words::OWNERS_TEXT };
    let content = view! {
        <div class="box split">
            <p class="muted">{text}</p>
            <Button
                label=words::SHOW_PERMISSIONS
                icon=Icon::Users
                small=true
                disabled_reason=Signal::derive(refusal)
                on_press=open
            />
        </div>
    };
    section(words::PERMISSIONS, content.into_any())
}

/// What uses it.
pub(super) fn uses(parts: Parts) -> AnyView {
    let id = memo(move || parts.of(|connection| Some(connection.summary.id.clone())));
    let read = Reading::new(move || {
        let id = id.get();
        async move {
            let path = ConnectionPath { connection: id? };
            Some(call::<ListConnectionUses>(&path, &Nothing {}, &Nothing {}).await.map(|uses| uses.value))
        }
    });
    let again = Callback::new(move |()| read.refetch());
    let content = live(move || match read.get().flatten() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(again)),
        Some(Ok(uses)) if uses.items.is_empty() && uses.hidden == 0 => {
            view! { <p class="muted">{words::UNUSED}</p> }.into_any()
        }
        Some(Ok(uses)) => {
            let items = uses.items.into_iter().map(|one| view! { <li>{one.name}</li> }).collect::<Vec<_>>();
            let hidden = (uses.hidden > 0).then(|| view! { <li>{words::hidden_uses(uses.hidden)}</li> });
            view! { <ul>{items} {hidden}</ul> }.into_any()
        }
    });
    section(words::USED_BY, content)
}
