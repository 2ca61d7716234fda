//! What can be done with a gateway, in its `…` menu.

use drawbridge_contract::endpoints::EnableGateway;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{GatewayPath, GatewaySummary};
use drawbridge_domain::gateway::{GatewayAction, GatewayStatus};
use drawbridge_domain::id::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::Desk;
use super::status::refusal;
use super::words;
use crate::client::{self, call};
use crate::ui::{Icon, MenuItem, Toasts};

/// The items; each that cannot be done just now says why.
pub(super) fn items(desk: Desk, toasts: Toasts, gateway: &GatewaySummary) -> Vec<MenuItem> {
    let open = |wish: GatewayAction, label: &str, what: &str, drawn: Icon| {
        MenuItem::link(label, untrack(|| desk.href(what, gateway.id.as_str())))
            .icon(drawn)
            .disabled(refusal(wish, gateway))
    };
    let switch = if gateway.status == GatewayStatus::Disabled {
        let gateway = gateway.clone();
        MenuItem::new(words::ENABLE, move || enable(desk, toasts, gateway.clone())).icon(Icon::Play)
    } else {
        open(GatewayAction::Disable, words::DISABLE, "disable", Icon::Pause)
    };
    vec![
        open(GatewayAction::Rename, words::RENAME, "rename", Icon::Pencil),
        open(GatewayAction::AddMachine, words::ADD_MACHINE, "code", Icon::Plus),
        switch,
        open(GatewayAction::RotateKey, words::ROTATE, "rotate", Icon::Key),
        open(GatewayAction::Update, words::UPDATE, "update", Icon::Download),
        open(GatewayAction::Disconnect, words::DISCONNECT, "disconnect", Icon::Trash).danger().divided(),
    ]
}

fn enable(desk: Desk, toasts: Toasts, gateway: GatewaySummary) {
    spawn_local(async move {
        let path = GatewayPath { gateway: gateway.id };
        match call::<EnableGateway>(&path, &Nothing {}, &Nothing {}).await {
            Ok(_) => toasts.success(words::named(&gateway.name, words::ENABLED)),
            Err(error) => toasts.error(client::words::line(&error)),
        }
        desk.changed();
    });
}
