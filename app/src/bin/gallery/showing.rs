//! Statuses, notices, states, meters, facts, tabs.

use drawbridge_app::ui::{
    Avatar, Badge, Button, EmptyState, Fact, Facts, FailedState, Icon, Meter, Notice, ProgressBar, Skeleton,
    Spinner, Status, Tab, Tabs, Time, Tone, Variant, VisuallyHidden,
};
use leptos::prelude::*;

use super::section;

pub(super) fn part() -> AnyView {
    view! {
        {section("statuses", "Statuses and badges", statuses())} {section("notices", "Notices", notices())}
        {section("states", "Empty and failed", states())} {section("progress", "Progress", progress())}
        {section("meters", "Meters", meters())} {section("facts", "Facts", facts())}
        {section("tab-row", "Tabs", tabs())}
    }
    .into_any()
}

fn statuses() -> AnyView {
    view! {
        <div class="cluster">
            <Status label="Pending" tone=Tone::Info icon=Some(Icon::Clock) />
            <Status label="Active" tone=Tone::Ok />
            <Status label="Degraded" tone=Tone::Warn />
            <Status label="Invalid" tone=Tone::Bad detail="Consent was withdrawn" />
            <Status label="Disabled" tone=Tone::Neutral icon=Some(Icon::Pause) />
        </div>
        <div class="cluster">
            <Badge label="Built-in" />
            <Badge label="OAuth 2.0" tone=Tone::Info icon=Icon::Key />
            <Badge label="Owner" tone=Tone::Ok />
            <Badge label="Expires soon" tone=Tone::Warn />
            <Badge label="Revoked" tone=Tone::Bad />
        </div>
    }
    .into_any()
}

fn notices() -> AnyView {
    let open = RwSignal::new(true);
    view! {
        <div class="stack-small">
            <Notice
                tone=Tone::Info
                title="Your browser decides which account is connected"
                text="If you are signed in to a sandbox there, the sandbox is what will be connected."
            />
            <Notice
                tone=Tone::Warn
                title="2 connections are degraded"
                text="Zendesk has answered with errors for 12 minutes."
                action=move || view! { <Button label="Show them" small=true /> }
            />
            <Notice
                tone=Tone::Bad
                title="Salesforce refused the sign-in"
                text="The provider said: “user denied authorization”. Nothing was saved; what you typed is still here."
                action=move || view! { <Button label="Try again" small=true /> }
            />
            <Notice tone=Tone::Ok title="Connected as ada@example.com" text="Proved just now by reading the user's profile." />
            {move || {
                open.get()
                    .then(|| {
                        view! { <Notice title="You are offline. What you see may be old." on_close=move || open.set(false) /> }
                    })
            }}
            <Notice tone=Tone::Warn banner=true title="This tenant is being moved. It can be read, not changed." />
        </div>
    }
    .into_any()
}

fn states() -> AnyView {
    view! {
        <div class="grid">
            <div class="box">
                <EmptyState
                    icon=Icon::Plug
                    title="No connections yet"
                    text="A connection holds the credentials for one service, so that workflows can use it without seeing them."
                    action=move || view! { <Button label="Add connection" variant=Variant::Primary icon=Icon::Plus /> }
                />
            </div>
            <div class="box">
                <EmptyState
                    icon=Icon::Lock
                    title="You may not see the audit log"
                    text="Administrators may. Ask Ada Lovelace to give you the role."
                />
            </div>
            <div class="box">
                <FailedState
                    title="The connections could not be loaded"
                    text="The service did not answer in time. This mostly passes by itself."
                    detail="Request 01J9X6T4K2"
                    on_retry=move || ()
                />
            </div>
        </div>
    }
    .into_any()
}

fn progress() -> AnyView {
    let active = RwSignal::new(false);
    view! {
        <ProgressBar active=active />
        <div class="stack">
            <Skeleton lines=3 />
            <Spinner label="Waiting for the provider" />
            <div class="cluster">
                <Button label="Progress bar" on_press=move || active.update(|active| *active = !*active) />
                <VisuallyHidden>"Words for screen readers only"</VisuallyHidden>
            </div>
        </div>
    }
    .into_any()
}

fn meters() -> AnyView {
    view! {
        <div class="grid">
            <div class="box"><Meter label="Connections" used=412 limit=Some(1000) /></div>
            <div class="box"><Meter label="Users" used=43 limit=Some(50) /></div>
            <div class="box"><Meter label="Tokens" used=20 limit=Some(20) unit="per user" /></div>
            <div class="box"><Meter label="Calls" used=1_204_331 limit=None unit="this month" /></div>
        </div>
    }
    .into_any()
}

fn facts() -> AnyView {
    view! {
        <Facts>
            <Fact label="Connected as">"ada@example.com"</Fact>
            <Fact label="Owner">
                <span class="cluster">
                    <Avatar name="Ada Lovelace" />
                    "Ada Lovelace"
                </span>
            </Fact>
            <Fact label="Tenant">
                <span class="cluster">
                    <Avatar name="Analytical Engines" square=true />
                    <Avatar name="Box" square=true />
                    <Avatar name="Charles Babbage" />
                    <Avatar name="ada@example.com" />
                    <Avatar name="Mary Somerville" />
                    <Avatar name="Zoë" />
                </span>
            </Fact>
            <Fact label="Made"><Time at="2026-01-31T12:00:00Z" /></Fact>
            <Fact label="Next refresh"><Time at="2036-01-31T12:00:00Z" /></Fact>
        </Facts>
    }
    .into_any()
}

fn tabs() -> AnyView {
    let current = RwSignal::new("overview".to_owned());
    let mut all = vec![
        Tab::new("overview", "Overview"),
        Tab::new("operations", "Operations"),
        Tab::new("deleted", "Deleted"),
    ];
    if let Some(tab) = all.last_mut() {
        "12".clone_into(&mut tab.count);
    }
    view! {
        <Tabs label="Connection" tabs=all current=current on_choose=move |id| current.set(id)>
            <p>"Shows: " {move || current.get()}</p>
        </Tabs>
    }
    .into_any()
}
