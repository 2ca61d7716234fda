//! The connections that were deleted and can be restored.

use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::desk::Desk;
use super::listing::Listing;
use super::switch::Switches;
use super::{list, status, words};
use crate::ui::{Button, Cell, CellKind, Column, ConnectorIcon, EmptyState, Icon, Table, Time, Truncate};

/// Their list.
pub(super) fn table(desk: Desk, listing: Listing) -> AnyView {
    let switches = Switches::new(desk);
    let columns = StoredValue::new(vec![
        Column::new("name", words::COLUMN_NAME).class("col-wide"),
        Column::new("by", words::DELETED_BY),
        Column::new("owner", words::COLUMN_OWNER),
        Column::new("end", words::DESTROYED),
        Column::new("", "").class("col-actions"),
    ]);
    list::rows(listing, move || {
        view! {
            <Table
                label=words::DELETED_TAB
                columns=columns.get_value()
                rows=Signal::derive(move || {
                    listing.rows.with(|rows| rows.iter().map(|row| row.id.as_str().to_owned()).collect())
                })
                row=move |id: String| row(listing, switches, &id)
                loading=Signal::derive(move || listing.is_loading())
                stale=listing.stale
                empty=|| {
                    let text = Some(words::NONE_DELETED_TEXT.to_owned());
                    view! { <EmptyState title=words::NONE_DELETED text=text icon=Icon::Trash /> }
                }
                more=Signal::derive(move || listing.next.with(Option::is_some))
                loading_more=listing.loading_more
                on_more=move || listing.load_more()
            />
        }
        .into_any()
    })
}

fn row(listing: Listing, switches: Switches, id: &str) -> AnyView {
    let Some(now) = untrack(|| listing.row(id)) else { return ().into_any() };
    let Some(deletion) = now.deleted else { return ().into_any() };
    let id = now.id;
    let restore = move || switches.restore(&id);
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <ConnectorIcon src=status::picture(&now.connector.icon) />
                <span>
                    <span class="truncate">{now.name}</span>
                    <span class="muted small truncate">{now.connector.name}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::DELETED_BY>
            <span>
                <span>{deletion.by.name}</span>
                <span class="muted small">" " <Time at=deletion.at.to_string() /></span>
            </span>
        </Cell>
        <Cell label=words::COLUMN_OWNER>
            <Truncate text=now.owner.name />
        </Cell>
        <Cell label=words::DESTROYED>
            <Time at=deletion.destroyed_at.to_string() />
        </Cell>
        <Cell kind=CellKind::Actions>
            <Button label=words::RESTORE small=true on_press=restore />
        </Cell>
    }
    .into_any()
}
