//! The panel in which a gateway gets another name.

use drawbridge_contract::endpoints::{ChangeGatewaySettings, ReadGateway};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::gateways::{ChangeGateway, Gateway, GatewayPath};
use drawbridge_domain::gateway::name;
use leptos::prelude::*;

use super::over::Over;
use super::words;
use crate::client::{self, Answered, Options, Task, call, call_with};
use crate::shell::{Typed, failed, toasts};
use crate::ui::{Button, Form, Panel, Skeleton, TextField, Variant, focus_first_error, live, memo, watch};

const FORM: &str = "rename-gateway";

/// The panel; open while the address says so.
pub(super) fn panel(over: Over) -> AnyView {
    let open = over.desk.is_open("rename");
    let toasts = toasts();
    let typed = Typed::new(|text| name(text).map(drop));
    let failure = RwSignal::new(None::<String>);
    // The gateway as it was when typing began, or when somebody else's change was met.
    let base = RwSignal::new(None::<Answered<Gateway>>);
    let task = Task::new();
    watch(move || {
        let found = if open.get() { over.found.get().and_then(Result::ok) } else { None };
        let begun = base.with_untracked(Option::is_some);
        if let (Some(found), false) = (found, begun) {
            typed.value.set(found.value.summary.name.clone());
            base.set(Some(found));
        }
    });
    let close = Callback::new(move |()| {
        typed.clear();
        failure.try_set(None);
        base.try_set(None);
        over.desk.close();
    });
    let submit = Callback::new(move |()| {
        failure.set(None);
        let Some(known) = base.get_untracked().filter(|_| typed.is_good()) else { return };
        task.run(async move {
            let wanted = typed.sent().trim().to_owned();
            let path = GatewayPath { gateway: known.value.summary.id };
            let body = ChangeGateway { name: Some(wanted.clone()) };
            let options = Options { if_match: known.etag, ..Options::default() };
            match call_with::<ChangeGatewaySettings>(&path, &Nothing {}, &body, options).await {
                Ok(_) => {
                    toasts.success(words::named(&wanted, words::SAVED));
                    close.try_run(());
                    over.desk.changed();
                }
                Err(error) if error.code() == Some(ProblemCode::PreconditionFailed) => {
                    // What is typed stays, and is saved over it if that is wanted.
                    let newest = call::<ReadGateway>(&path, &Nothing {}, &Nothing {}).await.ok();
                    if let Some(newest) = newest {
                        failure.try_set(Some(words::renamed_meanwhile(&newest.value.summary.name)));
                        base.try_set(Some(newest));
                    }
                }
                Err(error) => {
                    let told = typed.reject(&error, "name");
                    failure.try_set((!told).then(|| client::words::line(&error)));
                    focus_first_error(FORM);
                }
            }
        });
    });
    let footer = move || {
        view! {
            <Button label=words::CANCEL on_press=close />
            <Button label=words::RENAME variant=Variant::Primary submit=true form=FORM busy=task.busy() />
        }
    };
    let fields = move || {
        view! {
            <Form id=FORM on_submit=submit problem=failure>
                <TextField
                    label=words::NAME
                    value=typed.value
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
    let ready = memo(move || base.with(Option::is_some));
    let broken = memo(move || over.found.get().and_then(Result::err));
    let dirty = move || {
        base.with(|base| base.as_ref().is_some_and(|base| *typed.value.read() != base.value.summary.name))
    };
    view! {
        <Panel
            open=open
            title=Signal::derive(move || words::about(words::RENAME, &over.name()))
            dirty=Signal::derive(dirty)
            on_close=close
            footer=footer
        >
            {live(move || match (ready.get(), broken.get()) {
                (true, _) => fields(),
                (false, Some(error)) => failed(&error, Some(over.again)),
                (false, None) => view! { <Skeleton lines=3 /> }.into_any(),
            })}
        </Panel>
    }
    .into_any()
}
