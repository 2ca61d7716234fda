//! The fields: gateway, target, credentials; and what is in the way.

use drawbridge_contract::types::gateways::{GatewayRef, GatewayTargets};
use drawbridge_domain::role;
use leptos::prelude::*;

use super::choices::{self, Came};
use super::{PATHS, Parts, credentials, sealing};
use crate::features::connections::words;
use crate::shell;
use crate::ui::{Notice, SelectField, Skeleton, Tone, live, memo};

/// Draws them, and leaves behind how to seal what is typed.
pub(super) fn drawn(parts: Parts) -> AnyView {
    let gateways = choices::gateways();
    let targets = choices::targets(parts.gateway);
    parts.seal.set_value(Some(sealing::seal(parts, targets.0)));
    on_cleanup(move || {
        parts.seal.try_set_value(None);
    });
    settle(parts, gateways.0, targets.0);
    // The fields stay while what there is to choose from changes: the keyboard may be in them.
    let came = memo(move || match gateways.0.get() {
        None => None,
        Some(Ok(list)) => Some(Ok(list.is_empty())),
        Some(Err(error)) => Some(Err(error)),
    });
    live(move || match came.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(error)) => shell::failed(&error, Some(gateways.1)),
        Some(Ok(true)) if parts.gateway.with_untracked(String::is_empty) => none(parts),
        Some(Ok(_)) => both(parts, gateways, targets),
    })
}

/// Where there is one gateway, or one target that fits, it is the one; a target of another gateway is none.
fn settle(
    parts: Parts,
    gateways: Memo<Option<Result<Vec<GatewayRef>, crate::client::ApiError>>>,
    targets: Memo<Option<Result<GatewayTargets, crate::client::ApiError>>>,
) {
    crate::ui::watch(move || {
        if let Some(Ok(list)) = gateways.get()
            && let [only] = list.as_slice()
            && parts.gateway.with_untracked(String::is_empty)
        {
            parts.gateway.set(only.id.to_string());
        }
    });
    crate::ui::watch(move || {
        let Some(Ok(known)) = targets.get() else { return };
        let fitting: Vec<_> = known.items.iter().filter(|target| target.kind == parts.kind).collect();
        let chosen = parts.target.get_untracked();
        if !parts.keeps.get_untracked() && !fitting.iter().any(|target| target.name == chosen) {
            let only = match fitting.as_slice() {
                [only] => only.name.clone(),
                _ => String::new(),
            };
            parts.target.set(only);
        }
    });
}

fn both(parts: Parts, gateways: Came<Vec<GatewayRef>>, targets: Came<GatewayTargets>) -> AnyView {
    let [gateway_path, target_path] = PATHS;
    let gateway_choices = Signal::derive(move || {
        let chosen = parts.gateway.get();
        match gateways.0.get() {
            Some(Ok(list)) => choices::of_gateways(&list, &chosen),
            _ => Vec::new(),
        }
    });
    let target_choices = Signal::derive(move || {
        let chosen = parts.target.get();
        let known = targets.0.get().and_then(Result::ok);
        choices::of_targets(known.as_ref(), parts.kind, &chosen)
    });
    view! {
        <SelectField
            label=words::SELECT_GATEWAY
            value=parts.gateway
            options=gateway_choices
            name="gateway"
            help=Some(words::GATEWAY_HELP.to_owned())
            error=parts.error(gateway_path)
            required=true
        />
        {live(move || in_the_way(parts, targets))}
        <SelectField
            label=words::TARGET
            value=parts.target
            options=target_choices
            name="target"
            help=Some(words::TARGET_HELP.to_owned())
            error=parts.error(target_path)
            required=true
        />
        {credentials::drawn(parts)}
    }
    .into_any()
}

/// What is wrong with the gateway that was chosen.
fn in_the_way(parts: Parts, (targets, again): Came<GatewayTargets>) -> AnyView {
    match targets.get() {
        None => ().into_any(),
        Some(Err(error)) => shell::failed(&error, Some(again)),
        Some(Ok(known)) => {
            if !known.gateway.status.takes_calls() {
                let title = words::gateway_is(&known.gateway.name, known.gateway.status.words());
                let text = Some(known.gateway.status.remedy().to_owned());
                return view! { <Notice title=title text=text tone=Tone::Warn quiet=true /> }.into_any();
            }
            let fits = known.items.iter().any(|target| target.kind == parts.kind);
            (!fits)
                .then(|| {
                    let title = words::no_target(&known.gateway.name, parts.kind.words());
                    let text = Some(words::NO_TARGET_TEXT.to_owned());
                    view! { <Notice title=title text=text tone=Tone::Warn quiet=true /> }
                })
                .into_any()
        }
    }
}

/// There is no gateway at all.
fn none(parts: Parts) -> AnyView {
    let session = shell::use_session();
    let may = session.role().includes(role::Page::Gateways.needs());
    let text = if may { words::NO_GATEWAY_ADD } else { words::NO_GATEWAY_ASK };
    let [path, _] = PATHS;
    let error = parts.error(path);
    // The keyboard is brought here when Connect is pressed without a gateway.
    live(move || {
        let invalid = error.with(Option::is_some).then_some("true");
        let tone = if invalid.is_some() { Tone::Bad } else { Tone::Warn };
        view! {
            <div tabindex="-1" role="group" aria-label=words::SELECT_GATEWAY aria-invalid=invalid>
                <Notice title=words::NO_GATEWAY text=Some(text.to_owned()) tone=tone quiet=true />
            </div>
        }
    })
}
