//! Asking before a gateway is disconnected: what goes through it is shown first.

use drawbridge_contract::endpoints::{DisconnectGateway, ListGatewayConnections};
use drawbridge_contract::types::connections::ConnectionSummary;
use drawbridge_contract::types::gateways::{GatewayPath, ListGatewayConnectionsQuery};
use drawbridge_contract::types::{List, Nothing};
use leptos::prelude::*;

use super::asking::{Question, ask};
use super::over::Over;
use super::words;
use crate::client::{self, Reading, call};
use crate::paths;
use crate::ui::{Notice, Tone, live, memo};

/// How many connections are shown by name.
const SHOWN: u32 = 10;

/// The dialog; open while the address says so.
pub(super) fn dialog(over: Over) -> AnyView {
    ask(
        over,
        Question {
            open: "disconnect",
            verb: words::DISCONNECT,
            danger: true,
            title: Signal::derive(move || words::question(words::DISCONNECT, words::GATEWAY, &over.name())),
            refusal: Signal::stored(None),
            text: reach,
            act: |over| {
                let gateway = over.gateway()?.summary;
                let calling =
                    call::<DisconnectGateway>(&GatewayPath { gateway: gateway.id }, &Nothing {}, &Nothing {});
                Some(Box::pin(async move {
                    calling.await?;
                    Ok(words::named(&gateway.name, words::DISCONNECTED))
                }))
            },
            then: |over| {
                over.desk.changed();
                if over.desk.is_own_page() {
                    over.desk.leave(untrack(|| paths::gateways(&over.session.slug())));
                } else {
                    over.desk.close();
                }
            },
        },
    )
}

/// What becomes of its machines and of the connections through it.
fn reach(over: Over) -> AnyView {
    let wanted = memo(move || over.gateway().map(|gateway| gateway.summary.id));
    let read = Reading::new(move || {
        let coming = wanted.get().map(|gateway| {
            let query = ListGatewayConnectionsQuery {
                page_size: Some(SHOWN),
                ..ListGatewayConnectionsQuery::default()
            };
            call::<ListGatewayConnections>(&GatewayPath { gateway }, &query, &Nothing {})
        });
        async move {
            match coming {
                Some(coming) => Some(coming.await.map(|answer| answer.value)),
                None => None,
            }
        }
    });
    let total = memo(move || over.gateway().map(|gateway| gateway.connections));
    let machines = move || over.gateway().map(|gateway| words::what_machines_do(&gateway));
    view! {
        <p>{words::DISCONNECT_TEXT}</p>
        <p>{live(machines)}</p>
        {live(move || match (read.get().flatten(), total.get()) {
            (Some(Ok(list)), Some(total)) => Some(named(&list, total)),
            (Some(Err(error)), _) => {
                Some(view! { <Notice title=client::words::line(&error) tone=Tone::Bad /> }.into_any())
            }
            _ => None,
        })}
    }
    .into_any()
}

fn named(list: &List<ConnectionSummary>, total: u32) -> AnyView {
    if total == 0 {
        return view! { <p class="muted">{words::NO_CONNECTIONS}</p> }.into_any();
    }
    let items = list.items.iter().map(|one| view! { <li>{words::connection(one)}</li> }.into_any());
    let more = words::and_more(total, list.items.len());
    view! {
        <div>
            <p>{words::turn_invalid(total)}</p>
            <ul class="reach">
                {items.collect::<Vec<_>>()}
                {more.map(|more| view! { <li class="muted">{more}</li> }.into_any())}
            </ul>
        </div>
    }
    .into_any()
}
