//! The panel in which a gateway is added: its name, then how its first agent joins.

use drawbridge_contract::endpoints::{MakeGateway, MakeGatewayCode};
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{CreateGateway, GatewayPath};
use drawbridge_domain::gateway::name;
use leptos::prelude::*;

use super::desk::Desk;
use super::joining::{self, Made};
use super::over::Over;
use super::words;
use crate::client::{self, Task, call};
use crate::shell::{Typed, toasts};
use crate::ui::{Button, Form, Panel, TextField, Variant, focus_first_error, live, memo};

const FORM: &str = "gateway-form";

/// The panel; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let toasts = toasts();
    let typed = Typed::new(|text| name(text).map(drop));
    let failure = RwSignal::new(None::<String>);
    let made = RwSignal::new(None::<Made>);
    let task = Task::new();
    let over = Over::of(desk, memo(move || made.with(|made| made.as_ref().map(|made| made.gateway.clone()))));
    let close = Callback::new(move |()| {
        typed.clear();
        failure.try_set(None);
        made.try_set(None);
        desk.close();
    });
    let submit = Callback::new(move |()| {
        failure.set(None);
        if !typed.is_good() {
            return;
        }
        task.run(async move {
            let body = CreateGateway { name: typed.sent().trim().to_owned() };
            match call::<MakeGateway>(&Nothing {}, &Nothing {}, &body).await {
                Ok(answer) => {
                    desk.fresh.try_set(Some(answer.value.gateway.summary.id.to_string()));
                    made.try_set(Some(answer.value.into()));
                    desk.changed();
                }
                Err(error) => {
                    let told = typed.reject(&error, "name");
                    failure.try_set((!told).then(|| client::words::line(&error)));
                    focus_first_error(FORM);
                }
            }
        });
    });
    let again = Callback::new(move |()| {
        let Some(gateway) = made.with_untracked(|made| made.as_ref().map(|made| made.gateway.clone())) else {
            return;
        };
        task.run(async move {
            match call::<MakeGatewayCode>(&GatewayPath { gateway }, &Nothing {}, &Nothing {}).await {
                Ok(answer) => {
                    made.try_set(Some(answer.value.into()));
                }
                Err(error) => toasts.error(client::words::line(&error)),
            }
        });
    });
    let told = memo(move || made.with(Option::is_some));
    let footer = move || {
        live(move || {
            if told.get() {
                view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> }.into_any()
            } else {
                view! {
                    <Button label=words::CANCEL on_press=close />
                    <Button label=words::ADD variant=Variant::Primary submit=true form=FORM busy=task.busy() />
                }
                .into_any()
            }
        })
    };
    let fields = move || {
        view! {
            <Form id=FORM on_submit=submit problem=failure>
                <TextField
                    label=words::NAME
                    value=typed.value
                    help=Some(words::NAME_HELP.to_owned())
                    error=typed.error()
                    on_leave=typed.on_leave()
                    required=true
                    max_length=words::NAME_MOST
                    autofocus=true
                />
            </Form>
        }
        .into_any()
    };
    let title = move || {
        if told.get() { words::about(words::ADD_MACHINE, &over.name()) } else { words::ADD.to_owned() }
    };
    view! {
        <Panel
            open=desk.is_open("add")
            title=Signal::derive(title)
            dirty=Signal::derive(move || !told.get() && !typed.value.read().is_empty())
            on_close=close
            footer=footer
        >
            {live(move || match made.get() {
                Some(made) => joining::steps(over, made, again),
                None => fields(),
            })}
        </Panel>
    }
    .into_any()
}
