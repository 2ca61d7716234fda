//! One connector's own page.

use drawbridge_contract::endpoints::ReadConnector;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{Connector, ConnectorPath};
use leptos::prelude::*;

use super::desk::Desk;
use super::{clients, connections, operations, ways, words};
use crate::client::{Reading, call};
use crate::paths;
use crate::shell::{self, use_session};
use crate::ui::{
    Badge, ConnectorIcon, EmptyState, ExternalLink, Icon, LinkButton, Skeleton, Tone, Variant, icon, live,
    memo,
};

/// One connector's own page.
#[component]
pub fn ConnectorPage(
    /// The connector's id, as it stands in the address.
    #[prop(into)]
    id: Signal<String>,
) -> impl IntoView {
    let desk = Desk::new();
    let read = Reading::new(move || {
        let connector = id.get();
        let answer =
            call::<ReadConnector>(&ConnectorPath { connector: connector.clone() }, &Nothing {}, &Nothing {});
        async move { (connector, answer.await.map(|answer| answer.value)) }
    });
    let known = memo(move || read.get().filter(|(of, _)| id.with(|id| id == of)).map(|(_, answer)| answer));
    shell::title(Signal::derive(move || match known.get() {
        Some(Ok(connector)) => connector.summary.name,
        _ => words::CONNECTOR.to_owned(),
    }));
    live(move || match known.get() {
        None => view! { <Skeleton lines=8 /> }.into_any(),
        Some(Err(error)) if error.code() == Some(ProblemCode::NotFound) => missing(),
        Some(Err(error)) => shell::failed(&error, Some(Callback::new(move |()| read.refetch()))),
        Some(Ok(connector)) => here(desk, connector),
    })
}

fn missing() -> AnyView {
    let list = paths::connectors(&use_session().slug());
    let action = move || view! { <LinkButton href=list.clone() label=words::ALL_CONNECTORS /> };
    view! {
        <EmptyState
            title=words::MISSING
            text=Some(words::MISSING_TEXT.to_owned())
            icon=Icon::Plug
            page=true
            action=action
        />
    }
    .into_any()
}

fn here(desk: Desk, connector: Connector) -> AnyView {
    let slug = use_session().slug();
    let summary = connector.summary.clone();
    let add = paths::add_connection(&slug, Some(&summary.id));
    let kept = StoredValue::new(connector);
    let sandbox = summary.sandbox.then(|| view! { <Badge label=words::DEVELOPMENT tone=Tone::Info /> });
    view! {
        <header class="page-header">
            <div class="page-words">
                <a class="page-parent" href=paths::connectors(&slug)>
                    {icon(Icon::ChevronLeft)}
                    {words::CONNECTORS}
                </a>
                <h1 class="page-title name-cell">
                    <ConnectorIcon src=words::picture(&summary.icon) />
                    <span>{summary.name}</span>
                </h1>
                <div class="cluster page-text">
                    <span>{summary.description}</span>
                    <Badge label=summary.category.label() />
                    {sandbox}
                </div>
            </div>
            <div class="page-actions">
                <LinkButton href=add label=words::ADD_CONNECTION variant=Variant::Primary icon=Icon::Plus />
            </div>
        </header>
        {ways::section(kept)}
        {clients::section(desk, kept)}
        {connections::section(kept)}
        {operations::section(desk, kept)}
        {documents(kept)}
    }
    .into_any()
}

/// What surprises people, and the provider's own documents.
fn documents(connector: StoredValue<Connector>) -> AnyView {
    let quirks = connector.with_value(|connector| connector.quirks.clone());
    let docs = connector.with_value(|connector| connector.docs.clone());
    let known = (!quirks.is_empty()).then(|| {
        let items = quirks.into_iter().map(|quirk| view! { <li>{quirk}</li> }).collect::<Vec<_>>();
        section(words::QUIRKS, view! { <ul class="box stack-small">{items}</ul> }.into_any())
    });
    let links = (!docs.is_empty()).then(|| {
        let items = docs.into_iter().map(|link| {
            view! {
                <li>
                    <ExternalLink href=link.url label=link.label />
                </li>
            }
        });
        let items = items.collect::<Vec<_>>();
        section(words::DOCUMENTS, view! { <ul class="box stack-small">{items}</ul> }.into_any())
    });
    view! {
        {known}
        {links}
    }
    .into_any()
}

/// A part of the page with its title.
pub(super) fn section(title: &'static str, content: AnyView) -> AnyView {
    let id = crate::ui::unique_id("section");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()>
                {title}
            </h2>
            {content}
        </section>
    }
    .into_any()
}
