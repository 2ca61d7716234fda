//! The ways to authenticate, and what each asks for.

use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_domain::connector::Field;
use leptos::prelude::*;

use super::page::section as titled;
use super::words;
use crate::ui::{Badge, Fact, Facts, Icon};

/// All of them, the recommended one first.
pub(super) fn section(connector: StoredValue<Connector>) -> AnyView {
    let settings = connector.with_value(|connector| connector.settings.clone());
    let ways = connector.with_value(|connector| connector.auth.clone());
    let common = (!settings.is_empty()).then(|| {
        view! {
            <div class="box stack-small">
                <h3 class="section-title">{words::ALWAYS_ASKED}</h3>
                {fields(settings)}
            </div>
        }
    });
    let ways = ways.into_iter().map(way).collect::<Vec<_>>();
    titled(words::WAYS, view! { <div class="stack">{common} {ways}</div> }.into_any())
}

fn way(way: ConnectorAuthWay) -> AnyView {
    let signs_in = way.interactive.then(|| view! { <Badge label=words::INTERACTIVE icon=Icon::User /> });
    let client = way
        .client
        .filter(|need| !need.built_in)
        .map(|_| view! { <Badge label=words::NEEDS_CLIENT icon=Icon::Key /> });
    let help = way.help.map(|help| view! { <p class="muted">{help}</p> });
    let asked = (!way.fields.is_empty()).then(|| fields(way.fields));
    view! {
        <div class="box stack-small">
            <div class="cluster">
                <h3 class="section-title">{way.label}</h3>
                {signs_in}
                {client}
            </div>
            {help}
            {asked}
        </div>
    }
    .into_any()
}

fn fields(fields: Vec<Field>) -> AnyView {
    let facts = fields.into_iter().map(|field| {
        let secret = field.secret.then(|| view! { <Badge label=words::SECRET icon=Icon::Lock /> });
        let need = if field.required { words::REQUIRED } else { words::OPTIONAL };
        let options = field.options.iter().map(|option| option.label.as_str()).collect::<Vec<_>>().join(", ");
        let help = field.help.unwrap_or(options);
        view! {
            <Fact label=field.label>
                <span class="cluster">
                    {secret}
                    <span class="muted">{need}</span>
                    <span>{help}</span>
                </span>
            </Fact>
        }
        .into_any()
    });
    let facts = facts.collect::<Vec<_>>();
    view! { <Facts>{facts}</Facts> }.into_any()
}
