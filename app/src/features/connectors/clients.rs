//! The OAuth clients that the tenant registered for a connector.

use drawbridge_contract::endpoints::ListOAuthClients;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{ClientNeed, Connector};
use drawbridge_contract::types::oauth_clients::{ListOAuthClientsQuery, OAuthClient};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use leptos::prelude::*;

use super::desk::{CLIENT, DELETE, Desk, NEW};
use super::page::section as titled;
use super::{delete, register, words};
use crate::client::{Reading, call};
use crate::shell::{self, Topic, use_session, words as shell_words};
use crate::ui::{
    ActionsMenu, Button, Cell, CellKind, Column, EmptyState, Icon, MenuItem, Skeleton, Table, Time, Truncate,
    live, memo,
};

/// The role that may register, change and delete clients.
const REGISTRAR: Role = Role::Developer;

/// What the connector's first way says about a client; none where no way needs one of the tenant's own.
fn need(connector: &Connector) -> Option<ClientNeed> {
    connector.auth.iter().filter_map(|way| way.client.clone()).find(|need| !need.built_in)
}

/// The list with what can be done; nothing where no client is needed.
pub(super) fn section(desk: Desk, connector: StoredValue<Connector>) -> AnyView {
    let Some(need) = connector.with_value(need) else { return ().into_any() };
    let session = use_session();
    let reason =
        memo(move || (!session.role().includes(REGISTRAR)).then(|| shell_words::needs_role(REGISTRAR)));
    let read = Reading::new(move || {
        let connector = connector.with_value(|connector| connector.summary.id.clone());
        let query = ListOAuthClientsQuery { connector: Some(connector), page_size: Some(200), cursor: None };
        let answer = call::<ListOAuthClients>(&Nothing {}, &query, &Nothing {});
        async move { answer.await.map(|answer| answer.value.items) }
    });
    let reload = Callback::new(move |()| read.refetch());
    shell::follow(Topic::OauthClients, move || read.refetch());
    let clients = memo(move || read.get().and_then(Result::ok).unwrap_or_default());
    let open = move || desk.say(CLIENT, NEW, false);
    // The table stays where it is while its rows change.
    let face = memo(move || read.get().map(|came| came.map(drop)));
    let list = live(move || match face.get() {
        None => view! { <Skeleton lines=2 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(reload)),
        Some(Ok(())) => table(desk, clients, reason),
    });
    let content = view! {
        <p class="muted">{words::CLIENTS_TEXT}</p>
        {list}
        <div class="cluster">
            <Button label=words::REGISTER icon=Icon::Plus disabled_reason=reason on_press=open />
        </div>
        {register::panel(desk, connector, need, reload)}
        {delete::dialog(desk, clients, reload)}
    };
    titled(words::CLIENTS, view! { <div class="stack-small">{content}</div> }.into_any())
}

fn table(desk: Desk, clients: Memo<Vec<OAuthClient>>, reason: Memo<Option<String>>) -> AnyView {
    let columns = vec![
        Column::new("name", words::NAME).class("col-wide"),
        Column::new("clientId", words::CLIENT_ID),
        Column::new("connections", words::CONNECTIONS).class("col-narrow"),
        Column::new("created", words::REGISTERED),
        Column::new("", "").class("col-actions"),
    ];
    view! {
        <Table
            label=words::CLIENTS
            columns=columns
            rows=Signal::derive(move || {
                clients.with(|clients| clients.iter().map(|one| one.id.as_str().to_owned()).collect())
            })
            row=move |id: String| row(desk, clients, reason, id)
            empty=|| view! { <EmptyState title=words::NO_CLIENTS icon=Icon::Key /> }
        />
    }
    .into_any()
}

fn row(desk: Desk, clients: Memo<Vec<OAuthClient>>, reason: Memo<Option<String>>, id: String) -> AnyView {
    let key = StoredValue::new(id);
    let item = memo(move || {
        key.with_value(|id| clients.with(|all| all.iter().find(|one| one.id.as_str() == id).cloned()))
    });
    let text = move |read: fn(&OAuthClient) -> String| {
        Signal::derive(move || item.with(|item| item.as_ref().map(read).unwrap_or_default()))
    };
    let menu = move || {
        let change = move || desk.say(CLIENT, &key.get_value(), false);
        let delete = move || desk.say(DELETE, &key.get_value(), false);
        let why = reason.get_untracked();
        vec![
            MenuItem::new(words::CHANGE, change).icon(Icon::Pencil).disabled(why.clone()),
            MenuItem::new(words::DELETE, delete).icon(Icon::Trash).danger().divided().disabled(why),
        ]
    };
    let name = text(|one| one.name.clone());
    view! {
        <Cell kind=CellKind::Title>
            <Truncate text=name />
        </Cell>
        <Cell label=words::CLIENT_ID>
            <Truncate text=text(|one| one.client_id.clone()) />
        </Cell>
        <Cell label=words::CONNECTIONS>
            {text(|one| crate::ui::number(u64::from(one.connections)))}
        </Cell>
        <Cell label=words::REGISTERED>
            <span class="stack-small">
                <Time at=text(|one| one.created_at.to_string()) />
                <span class="muted small truncate">{text(|one| one.created_by.name.clone())}</span>
            </span>
        </Cell>
        <Cell kind=CellKind::Actions>
            <ActionsMenu of=name items=menu />
        </Cell>
    }
    .into_any()
}
