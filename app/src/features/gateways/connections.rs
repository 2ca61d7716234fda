//! The connections that go through a gateway.

use drawbridge_contract::endpoints::ListGatewayConnections;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_contract::types::gateways::{GatewayPath, ListGatewayConnectionsQuery};
use drawbridge_domain::connection::Status as Standing;
use drawbridge_domain::id::Id;
use leptos::prelude::*;

use super::page::{Parts, titled};
use super::words;
use crate::client::paged::{Page, Paged, Row};
use crate::client::{self, call};
use crate::paths;
use crate::shell::{Topic, follow};
use crate::ui::{
    Button, Cell, CellKind, Column, ConnectorIcon, EmptyState, Icon, Notice, Status, Table, Tone, Truncate,
    live, memo,
};

/// A connection of the gateway.
#[derive(Debug, Clone, PartialEq)]
struct Through(ConnectionSummary);

impl Row for Through {
    type Counts = ();

    fn key(&self) -> &str {
        self.0.id.as_str()
    }
}

/// The list of them.
pub(super) fn section(parts: Parts) -> AnyView {
    let gateway = memo(move || parts.gateway.with(|gateway| gateway.summary.id.clone()));
    let paged =
        Paged::new(memo(move || (gateway.get(), parts.desk.version())), |gateway, (cursor, page_size)| {
            let query = ListGatewayConnectionsQuery { cursor, page_size, status: None };
            let path = GatewayPath { gateway: gateway.clone() };
            let answer = call::<ListGatewayConnections>(&path, &query, &Nothing {});
            Box::pin(async move {
                let list = answer.await?.value;
                Ok(Page {
                    items: list.items.into_iter().map(Through).collect(),
                    next: list.next_cursor,
                    counts: None,
                })
            })
        });
    follow(Topic::Connections, move || paged.reload.run(()));
    let columns = vec![
        Column::new("name", words::CONNECTION).class("col-wide"),
        Column::new("status", words::STATUS).class("col-wide"),
        Column::new("owner", words::OWNER),
    ];
    let reload = paged.reload;
    let problem = move || {
        paged.error.get().map(|error| {
            let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=reload /> };
            let text = Some(client::words::line(&error));
            view! { <Notice title=words::NOT_LOADED text=text tone=Tone::Bad action=action /> }.into_any()
        })
    };
    let empty = || {
        let text = Some(words::NO_CONNECTIONS_TEXT.to_owned());
        view! { <EmptyState title=words::NO_CONNECTIONS text=text icon=Icon::Link /> }.into_any()
    };
    let table = view! {
        {live(problem)}
        <Table
            label=words::CONNECTIONS
            columns=columns
            rows=paged.keys()
            row=move |id: String| row(parts, paged, id)
            loading=paged.loading
            stale=paged.stale
            skeleton=2
            empty=empty
            more=paged.more
            loading_more=paged.loading_more
            on_more=paged.load_more
        />
    }
    .into_any();
    titled(words::CONNECTIONS, table)
}

fn row(parts: Parts, paged: Paged<Through>, id: String) -> AnyView {
    let key = StoredValue::new(id);
    let one = memo(move || key.with_value(|id| paged.row(id)));
    let text = move |read: fn(&ConnectionSummary) -> String| {
        Signal::derive(move || one.with(|one| one.as_ref().map(|one| read(&one.0)).unwrap_or_default()))
    };
    let name = text(|one| one.name.clone());
    let href = Signal::derive(move || key.with_value(|id| paths::connection(&parts.session.slug(), id)));
    // A deleted one has no page.
    let shown = move || {
        if one.with(|one| one.as_ref().is_some_and(|one| one.0.deleted.is_some())) {
            view! { <span class="truncate">{name}</span> }.into_any()
        } else {
            view! { <a class="truncate" href=href title=name>{name}</a> }.into_any()
        }
    };
    let picture = Signal::derive(move || {
        let icon = one.with(|one| one.as_ref().map(|one| one.0.connector.icon.clone()).unwrap_or_default());
        ["/icons/connectors/", &icon, ".svg"].concat()
    });
    view! {
        <Cell kind=CellKind::Title>
            <span class="name-cell">
                <ConnectorIcon src=picture />
                <span>
                    {live(shown)}
                    <span class="muted small truncate">{text(|one| one.connector.name.clone())}</span>
                </span>
            </span>
        </Cell>
        <Cell label=words::STATUS>{live(move || one.with(|one| one.as_ref().map(|one| standing(&one.0))))}</Cell>
        <Cell label=words::OWNER>
            <Truncate text=text(|one| one.owner.name.clone()) />
        </Cell>
    }
    .into_any()
}

fn standing(one: &ConnectionSummary) -> AnyView {
    if one.deleted.is_some() {
        return view! { <Status label=words::DELETED tone=Tone::Neutral icon=Some(Icon::Trash) /> }
            .into_any();
    }
    let status = one.state.status;
    let (tone, icon) = match status {
        Standing::Active => (Tone::Ok, None),
        Standing::Degraded => (Tone::Warn, None),
        Standing::Invalid => (Tone::Bad, None),
        Standing::Pending => (Tone::Info, Some(Icon::Clock)),
        Standing::Disabled => (Tone::Neutral, Some(Icon::Pause)),
    };
    let why = (status != Standing::Active).then(|| one.state.reason.words().to_owned());
    view! { <Status label=status.name() tone=tone icon=icon detail=why /> }.into_any()
}
