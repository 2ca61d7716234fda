//! One row of the list.

use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_domain::access::check_reconnect;
use drawbridge_domain::connection::Status as Is;
use leptos::prelude::*;

use super::address::Beside;
use super::desk::Desk;
use super::listing::Listing;
use super::switch::Switches;
use super::test::Tests;
use super::{menu, status, words};
use crate::paths;
use crate::shell::use_session;
use crate::ui::{
    ActionsMenu, Cell, CellKind, ConnectorIcon, Icon, MenuItem, Spinner, Time, Truncate, live, memo,
};

/// The cells of a connection's row.
pub(super) fn cells(desk: Desk, listing: Listing, tests: Tests, switches: Switches, id: String) -> AnyView {
    let session = use_session();
    let key = StoredValue::new(id);
    let item = memo(move || key.with_value(|id| listing.row(id)));
    let text = move |read: fn(&ConnectionSummary) -> String| {
        Signal::derive(move || item.with(|item| item.as_ref().map(read).unwrap_or_default()))
    };
    let name = text(|item| item.name.clone());
    let href = Signal::derive(move || paths::connection(&session.slug(), &key.get_value()));
    let verified = memo(move || item.with(|item| item.as_ref().and_then(|item| item.last_verified_at)));
    let testing = memo(move || key.with_value(|id| tests.is_running(id)));
    let menu = move || {
        let Some(item) = item.get_untracked() else { return Vec::new() };
        let (tested, id) = (item.clone(), item.id.clone());
        let prove = Callback::new(move |()| tests.run(desk, &tested));
        let switch = Callback::new(move |on| switches.turn(&id, on));
        let mut items = vec![MenuItem::link(words::OPEN, href.get_untracked()).icon(Icon::Link)];
        items.extend(menu::items(desk, &item, prove, switch));
        items
    };
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <ConnectorIcon src=text(|item| status::picture(&item.connector.icon)) />
                <span>
                    <a class="truncate" href=href title=name>
                        {name}
                    </a>
                    <span class="muted small truncate">{text(|item| item.connector.name.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::COLUMN_STATUS>
            {live(move || {
                if testing.get() {
                    view! { <Spinner label=words::TESTING /> }.into_any()
                } else {
                    cell(desk, item)
                }
            })}
        </Cell>
        <Cell label=words::COLUMN_OWNER>
            <Truncate text=text(|item| item.owner.name.clone()) />
        </Cell>
        <Cell label=words::COLUMN_CREATED>
            <Time at=text(|item| item.created_at.to_string()) />
        </Cell>
        <Cell label=words::COLUMN_VERIFIED>
            {live(move || match verified.get() {
                Some(at) => view! { <Time at=at.to_string() /> }.into_any(),
                None => view! { <span class="muted">{words::NEVER}</span> }.into_any(),
            })}
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=menu />
        </Cell>
    }
    .into_any()
}

/// The status; what needs attention says since when, why, and how to mend it.
fn cell(desk: Desk, item: Memo<Option<ConnectionSummary>>) -> AnyView {
    let state = Signal::derive(move || item.with(|item| item.as_ref().map(|item| item.state.clone())));
    let attention = move || {
        let item = item.get().filter(|item| item.state.status != Is::Active)?;
        let why = words::why(&item.state);
        let may_sign_in = check_reconnect(item.level, item.state.status, item.interactive).is_ok();
        let remedy = match item.state.status {
            Is::Pending | Is::Invalid if may_sign_in && words::is_mended_by_sign_in(item.state.reason) => {
                let label =
                    if item.state.status == Is::Pending { words::FINISH_SIGN_IN } else { words::RECONNECT };
                let href = desk.href(Beside::SignIn(item.id));
                view! { <a href=href>{label}</a> }.into_any()
            }
            Is::Invalid => item.state.reason.remedy().into_any(),
            _ => ().into_any(),
        };
        let since = item.state.since.to_string();
        Some(view! {
            <span class="status-detail" title=why.clone()>
                {why.clone()}
            </span>
            <span class="status-detail">
                <span class="cluster">
                    <span>{words::SINCE} " " <Time at=since /></span>
                    {remedy}
                </span>
            </span>
        })
    };
    view! {
        <div class="status">
            {status::badge(state, false)}
            {live(attention)}
        </div>
    }
    .into_any()
}
