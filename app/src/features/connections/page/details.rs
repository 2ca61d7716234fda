//! How the connection signs in, and its settings; what only owners see is said to be so.

use drawbridge_contract::types::connections::ConnectionDetails;
use drawbridge_contract::types::connectors::Connector;
use drawbridge_domain::connector::{Field, FieldKind};
use leptos::prelude::*;

use super::proof::time;
use super::{Parts, section};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Badge, Fact, Facts, Icon, Notice, Skeleton, Tone};

/// What the two sections are made of.
fn known(parts: Parts) -> (Option<ConnectionDetails>, String) {
    parts.of(|connection| (connection.details.clone(), connection.auth.clone()))
}

/// How it signs in: way, client, scopes, tokens.
pub(super) fn sign_in(parts: Parts) -> AnyView {
    let content = move || {
        let (details, auth) = known(parts);
        let way = match parts.connector.get() {
            Some(Ok(connector)) => connector.auth.into_iter().find(|way| way.id == auth),
            _ => None,
        };
        let label = way.as_ref().map_or_else(|| auth.clone(), |way| way.label.clone());
        // Scopes and tokens belong to OAuth; other ways have none to speak of.
        let oauth = way.as_ref().is_some_and(|way| way.interactive || way.client.is_some())
            || details
                .as_ref()
                .is_some_and(|details| details.token_expires_at.is_some() || !details.scopes.is_empty());
        view! {
            <Facts>
                <Fact label=words::WAY>{label}</Fact>
                {details.filter(|_| oauth).map(tokens)}
            </Facts>
        }
    };
    section(words::SIGN_IN, view! { <div class="box">{content}</div> }.into_any())
}

fn tokens(details: ConnectionDetails) -> AnyView {
    let client = details.oauth_client.map(|client| client.name);
    let scopes = details.scopes;
    let none = scopes.is_empty().then(|| view! { <span class="muted">{words::NO_SCOPES}</span> });
    let scopes = scopes.into_iter().map(|scope| view! { <Badge label=scope /> }).collect::<Vec<_>>();
    let refresh = match details.next_refresh_at {
        Some(at) => time(at),
        None => view! { <span class="muted">{words::NO_REFRESH}</span> }.into_any(),
    };
    view! {
        {client.map(|client| view! { <Fact label=words::CLIENT>{client}</Fact> })}
        <Fact label=words::SCOPES>
            <span class="cluster">{scopes} {none}</span>
        </Fact>
        {details.token_expires_at.map(|at| view! { <Fact label=words::EXPIRES>{time(at)}</Fact> })}
        <Fact label=words::REFRESHES>{refresh}</Fact>
    }
    .into_any()
}

/// The settings; of secrets only whether they are set.
pub(super) fn settings(parts: Parts) -> AnyView {
    let content = move || {
        let (details, auth) = known(parts);
        let Some(details) = details else {
            return view! { <Notice title=words::SETTINGS_OWNERS tone=Tone::Info quiet=true /> }.into_any();
        };
        match parts.connector.get() {
            None => view! { <Skeleton lines=3 /> }.into_any(),
            Some(Err(error)) => shell::failed(&error, Some(parts.reload_connector)),
            Some(Ok(connector)) => list(&connector, &auth, &details),
        }
    };
    section(words::SETTINGS, view! { <div class="box">{content}</div> }.into_any())
}

fn list(connector: &Connector, auth: &str, details: &ConnectionDetails) -> AnyView {
    let way = connector.auth.iter().filter(|way| way.id == auth).flat_map(|way| &way.fields);
    let facts = connector.settings.iter().chain(way).map(|field| fact(field, details)).collect::<Vec<_>>();
    if facts.is_empty() {
        return muted(words::NO_SETTINGS);
    }
    let sealed = (!details.sealed_to.is_empty()).then(|| {
        let to = words::sealed_to(details.sealed_to.len());
        view! { <Fact label=words::CREDENTIALS><Badge label=to icon=Icon::Lock /></Fact> }
    });
    view! { <Facts>{facts} {sealed}</Facts> }.into_any()
}

fn fact(field: &Field, details: &ConnectionDetails) -> AnyView {
    let value = if field.secret {
        if details.secrets_set.contains(&field.id) {
            view! { <Badge label=words::SET icon=Icon::Lock /> }.into_any()
        } else {
            muted(words::NOT_SET)
        }
    } else {
        match details.settings.get(&field.id).filter(|value| !value.is_empty()) {
            None => muted(words::NOT_SET),
            Some(_) if field.kind == FieldKind::Gateway => match &details.gateway_name {
                Some(name) => name.clone().into_any(),
                None => muted(words::GATEWAY_GONE),
            },
            Some(value) => {
                let label =
                    field.options.iter().find(|option| option.value == *value).map(|option| &option.label);
                let parts = [field.prefix.as_ref(), Some(label.unwrap_or(value)), field.suffix.as_ref()];
                parts.into_iter().flatten().cloned().collect::<String>().into_any()
            }
        }
    };
    view! { <Fact label=field.label.clone()>{value}</Fact> }.into_any()
}

fn muted(words: &'static str) -> AnyView {
    view! { <span class="muted">{words}</span> }.into_any()
}
