//! Download Gateway: the newest release for every system, and how a machine that has an older one is updated.

use drawbridge_contract::types::gateways::{GatewayReplica, Release, ReleaseFile};
use drawbridge_domain::gateway::commands::{self, System};
use drawbridge_domain::gateway::version::CURRENT;
use leptos::prelude::*;

use super::desk::Desk;
use super::over::Over;
use super::release::{Served, file_for, origin, own_system, served, sorted};
use super::{lines, status, words};
use crate::shell::failed;
use crate::ui::{
    Badge, Button, CopyButton, Fact, Facts, Icon, Notice, Panel, Skeleton, Tone, Variant, icon, live,
};

/// The panel with all that can be fetched; open while the address says so.
pub(super) fn panel(desk: Desk) -> AnyView {
    let close = Callback::new(move |()| desk.close());
    let footer = move || view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> };
    view! {
        <Panel open=desk.is_open("download") title=words::DOWNLOAD wide=true on_close=close footer=footer>
            {all(served())}
        </Panel>
    }
    .into_any()
}

fn all(served: Served) -> AnyView {
    let files = move || match served.get() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(None) => not_served(),
        Some(Some(release)) => offered(&release),
    };
    view! {
        <div class="stack">
            <p>{words::DOWNLOAD_TEXT}</p>
            {live(files)}
            {lines::block(words::SERVICE, words::service_lines())}
            <p class="muted small">{words::SERVICE_TEXT}</p>
            {lines::block(words::CONTAINER, words::CONTAINER_LINES.to_owned())}
            <p class="muted small">{words::CONTAINER_TEXT}</p>
        </div>
    }
    .into_any()
}

fn not_served() -> AnyView {
    let text = Some(words::NOT_SERVED_TEXT.to_owned());
    view! {
        <Notice title=words::NOT_SERVED text=text tone=Tone::Info />
        {lines::block(words::BUILD, words::BUILD_LINES.to_owned())}
    }
    .into_any()
}

fn offered(release: &Release) -> AnyView {
    let own = own_system();
    let file = |file: ReleaseFile| one(release.version.clone(), file, own);
    sorted(release, own).into_iter().map(file).collect::<Vec<_>>().into_any()
}

/// One file, with what it takes to check it and to use it.
fn one(version: String, file: ReleaseFile, own: System) -> AnyView {
    let system = System::from_code(&file.system);
    let name =
        words::system(system.map_or(file.system.as_str(), |system| system.words()), &file.architecture);
    let lines = system.map(|system| {
        let origin = origin();
        let all = [
            commands::fetch(system, &origin, &file.name, &file.url),
            commands::enrol(system, &origin, words::YOUR_CODE),
            commands::serve(system),
        ];
        lines::block(words::LINES, all.join("\n"))
    });
    let yours = (system == Some(own))
        .then(|| view! { <Badge label=words::YOUR_SYSTEM tone=Tone::Info /> }.into_any());
    view! {
        <section class="box stack">
            <div class="split">
                <span class="cluster">
                    <h3 class="section-title">{name}</h3>
                    {yours}
                </span>
                <a class="btn btn-secondary btn-small" href=file.url download=file.name.clone()>
                    <span class="btn-face">{icon(Icon::Download)} {words::FETCH}</span>
                </a>
            </div>
            <Facts>
                <Fact label=words::VERSION>{version}</Fact>
                <Fact label=words::SIZE>{words::size(file.bytes)}</Fact>
                <Fact label=words::SHA256>
                    <span class="split">
                        <span class="mono small">{file.sha256.clone()}</span>
                        <CopyButton text=file.sha256 quiet=true label=words::COPY_SUM />
                    </span>
                </Fact>
            </Facts>
            {lines}
        </section>
    }
    .into_any()
}

/// The panel that says how the machines of a gateway are updated; open while the address says so.
pub(super) fn update(over: Over) -> AnyView {
    let close = Callback::new(move |()| over.desk.close());
    let footer = move || view! { <Button label=words::DONE variant=Variant::Primary on_press=close /> };
    let body = move || match over.found.get() {
        None => view! { <Skeleton lines=5 /> }.into_any(),
        Some(Err(error)) => failed(&error, Some(over.again)),
        Some(Ok(_)) => how(over),
    };
    view! {
        <Panel
            open=over.desk.is_open("update")
            title=Signal::derive(move || words::about(words::UPDATE, &over.name()))
            subtitle=Some(words::newest(&CURRENT.to_string()))
            on_close=close
            footer=footer
        >
            {live(body)}
        </Panel>
    }
    .into_any()
}

fn how(over: Over) -> AnyView {
    let served = served();
    let machines = move || {
        let replicas = over.gateway().map(|gateway| gateway.replicas).unwrap_or_default();
        let one = |replica: GatewayReplica| {
            view! { <Fact label=replica.machine.clone()>{status::version_of(Some(&replica.version), None)}</Fact> }
                .into_any()
        };
        view! { <Facts>{replicas.into_iter().map(one).collect::<Vec<_>>()}</Facts> }.into_any()
    };
    view! {
        <div class="stack">
            <p>{words::UPDATE_TEXT}</p>
            {live(machines)}
            {lines::by_system(move |system| {
                live(move || {
                    let release = served.get().flatten();
                    let file = release.and_then(|release| file_for(&release, system));
                    let fetch = file.map(|file| commands::fetch(system, &origin(), &file.name, &file.url));
                    let missing = fetch.is_none().then(|| {
                        view! { <p class="muted small">{words::NOT_SERVED_SHORT}</p> }.into_any()
                    });
                    let all = fetch.into_iter().chain([commands::restart(system).to_owned()]);
                    view! {
                        {lines::block(words::LINES, all.collect::<Vec<_>>().join("\n"))}
                        {missing}
                    }
                        .into_any()
                })
            })}
            <p class="muted">{words::UPDATE_AFTER}</p>
        </div>
    }
    .into_any()
}
