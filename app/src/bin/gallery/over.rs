//! What lies over the page: dialogs, panels, sheets, toasts.

use drawbridge_app::ui::{
    Button, ConfirmDialog, Dialog, Form, Menu, MenuItem, Panel, Sheet, TextField, Toasts, Tone, Variant,
};
use leptos::prelude::*;

use super::section;

pub(super) fn part(toasts: Toasts) -> AnyView {
    view! { {section("dialogs", "Dialogs, panels, sheets", dialogs(toasts))} {section("toasts", "Toasts", shown(toasts))} }
        .into_any()
}

fn dialogs(toasts: Toasts) -> AnyView {
    let confirm = RwSignal::new(false);
    let failed = RwSignal::new(false);
    let plain = RwSignal::new(false);
    let panel = RwSignal::new(false);
    let sheet = RwSignal::new(false);
    view! {
        <div class="cluster">
            <Button label="Open panel" on_press=move || panel.set(true) />
            <Button label="Open delete dialog" on_press=move || confirm.set(true) />
            <Button label="Open failed dialog" on_press=move || failed.set(true) />
            <Button label="Open dialog" on_press=move || plain.set(true) />
            <Button label="Open sheet" on_press=move || sheet.set(true) />
            <Menu label="Open from a menu" start=true items=move || {
                vec![MenuItem::new("Delete", move || confirm.set(true)).danger()]
            } />
        </div>
        <ConfirmDialog
            open=confirm
            title="Delete connection “Salesforce EU”?"
            verb="Delete"
            danger=true
            on_close=move || confirm.set(false)
            on_confirm=move || {
                confirm.set(false);
                toasts.success("Connection “Salesforce EU” deleted. It can be restored for 30 days.");
            }
        >
            <p>"Used by 2 workflows: “Order to invoice”, “Lead routing”, and 1 more that you cannot see. They stop working at once."</p>
        </ConfirmDialog>
        <ConfirmDialog
            open=failed
            title="Disconnect gateway “Berlin”?"
            verb="Disconnect"
            disabled_reason="The gateway is updating. Wait until it is done."
            problem="The gateway did not answer. Nothing was changed."
            on_close=move || failed.set(false)
            on_confirm=move || ()
        >
            <p>"Targets behind it can no longer be reached."</p>
        </ConfirmDialog>
        <Dialog
            open=plain
            title="About this gallery"
            on_close=move || plain.set(false)
            footer=move || view! { <Button label="Close" variant=Variant::Primary on_press=move || plain.set(false) /> }
        >
            <p>"A dialog with one way out."</p>
        </Dialog>
        {add_panel(panel, toasts)}
        <Sheet open=sheet title="Automate" on_close=move || sheet.set(false)>
            <nav class="side-list" aria-label="Automate">
                <a class="side-link" href="#dialogs" aria-current="page">"Connections"</a>
                <a class="side-link" href="#dialogs">"Connectors"</a>
            </nav>
        </Sheet>
    }
    .into_any()
}

fn add_panel(open: RwSignal<bool>, toasts: Toasts) -> AnyView {
    let name = RwSignal::new(String::new());
    let left = RwSignal::new(false);
    let dirty = move || name.with(|name| !name.is_empty());
    let close = move || {
        open.set(false);
        name.set(String::new());
    };
    let save = move || {
        toasts.success("Connection “Zendesk” made.");
        close();
    };
    let missing = move || name.with(String::is_empty).then(|| "Give the connection a name first.".to_owned());
    view! {
        <Panel
            open=open
            title="Add connection"
            subtitle="Step 2 of 2"
            dirty=dirty
            on_close=close
            footer=move || {
                view! {
                    <Button label="Back" on_press=close />
                    <Button label="Connect" variant=Variant::Primary submit=true form="add" disabled_reason=missing />
                }
            }
        >
            <Form id="add" on_submit=save>
                <TextField label="Connection name" value=name required=true on_leave=move || left.set(true) />
                <TextField
                    label="Subdomain"
                    value=RwSignal::new(String::new())
                    prefix="https://"
                    suffix=".zendesk.com"
                />
                {(0..12)
                    .map(|_| view! { <p class="muted">"Lines that make the panel scroll while its footer stays."</p> })
                    .collect::<Vec<_>>()}
            </Form>
        </Panel>
    }
    .into_any()
}

fn shown(toasts: Toasts) -> AnyView {
    view! {
        <div class="cluster">
            <Button label="Success" on_press=move || toasts.success("Connection “Box” works.") />
            <Button label="Neutral" on_press=move || toasts.neutral("Ada Lovelace changed this connection.") />
            <Button label="Failure" on_press=move || toasts.error("Zendesk refused the API key. Check it and test again.") />
            <Button
                label="With action"
                on_press=move || {
                    toasts.with_action(Tone::Neutral, "Connection “Box” deleted.", "Undo", move || toasts.success("Restored."));
                }
            />
        </div>
    }
    .into_any()
}
