//! Settings → Audit log: what was done in the tenant, by whom, and whether the log is whole.

mod address;
mod listing;
mod record;
mod table;
mod verify;
mod words;

use std::collections::BTreeSet;

use drawbridge_contract::endpoint::Audit;
use drawbridge_contract::endpoints::TABLE;
use drawbridge_contract::types::audit::AuditFormat;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::client;
use crate::shell::{Going, Topic, failed, follow, going, title};
use crate::ui::{
    Button, Choice, FilterDay, FilterSelect, Icon, Menu, MenuItem, Notice, PageHeader, Tone, Variant, icon,
    live, memo, watch,
};
use address::Address;
use listing::Listing;

/// Where the reader is, and how to go elsewhere.
#[derive(Clone, Copy)]
struct Desk {
    address: Memo<Address>,
    going: Going,
}

impl Desk {
    fn new() -> Self {
        let query = use_query_map();
        Self {
            address: memo(move || query.with(|query| Address::read(&|name| query.get(name)))),
            going: going(),
        }
    }

    fn href(self, to: &Address) -> String {
        self.going.path.with(|path| to.write(path))
    }

    /// The same address with a change; `replace` leaves no step back.
    fn change(self, replace: bool, change: impl FnOnce(&mut Address)) {
        let mut to = self.address.get_untracked();
        change(&mut to);
        self.going.to(to.write(&self.going.path.get_untracked()), replace);
    }

    fn close(self) {
        self.change(true, |to| *to = to.filters());
    }
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    title(words::AUDIT_LOG);
    let desk = Desk::new();
    let listing = Listing::new(desk.address);
    let news = RwSignal::new(false);
    follow(Topic::Audit, move || news.set(true));
    // Whatever is loaded from the beginning has them.
    watch(move || {
        if listing.loading.get() {
            news.set(false);
        }
    });
    let actions = move || {
        view! {
            {export(desk)}
            <Button label=words::REFRESH icon=Icon::Refresh on_press=move || listing.reload() />
            <Button label=words::VERIFY icon=Icon::Check on_press=move || desk.change(false, |to| to.verify = true) />
        }
        .into_any()
    };
    let nothing_came = memo(move || listing.error.get().filter(|_| listing.rows.with(Vec::is_empty)));
    view! {
        <PageHeader title=words::AUDIT_LOG text=Some(words::ABOUT.to_owned()) actions=actions />
        {filters(desk)}
        {live(move || news.get().then(|| newer(listing)))}
        {live(move || more_failed(listing))}
        {live(move || match nothing_came.get() {
            Some(error) => failed(&error, Some(Callback::new(move |()| listing.reload()))),
            None => table::table(desk, listing),
        })}
        {record::panel(desk)}
        {verify::panel(desk)}
    }
    .into_any()
}

/// Saves what the filters leave; the browser asks for it by itself and the page stays.
fn export(desk: Desk) -> AnyView {
    let items = move || {
        let item = |label, format| {
            MenuItem::new(label, move || {
                let href = desk.address.with_untracked(|address| address.export(format));
                // A browser refuses only addresses that are none.
                window().location().assign(&href).ok();
            })
        };
        vec![item(words::AS_CSV, AuditFormat::Csv), item(words::AS_NDJSON, AuditFormat::Ndjson)]
    };
    let face = move || {
        view! {
            <span class="cluster">
                {words::EXPORT} {icon(Icon::ChevronDown)}
            </span>
        }
    };
    view! { <Menu label=words::EXPORT items=items face=face /> }.into_any()
}

/// Says that there may be more above, and leaves the rows where the reader's eyes are.
fn newer(listing: Listing) -> AnyView {
    let show =
        move || view! { <Button label=words::SHOW_NEWER small=true on_press=move || listing.reload() /> };
    view! { <Notice title=words::NEWER action=show /> }.into_any()
}

/// Says that there is more than what is shown, and why.
fn more_failed(listing: Listing) -> Option<AnyView> {
    let error = listing.error.get().filter(|_| !listing.rows.with(Vec::is_empty))?;
    let retry = Callback::new(move |()| {
        if listing.next.with_untracked(Option::is_some) { listing.load_more() } else { listing.reload() }
    });
    let action = move || view! { <Button label=words::TRY_AGAIN small=true on_press=retry /> };
    let text = Some(client::words::line(&error));
    Some(view! { <Notice title=words::MORE_FAILED text=text tone=Tone::Bad action=action /> }.into_any())
}

fn filters(desk: Desk) -> AnyView {
    let of = move |read: fn(&Address) -> String| Signal::derive(move || desk.address.with(read));
    // Every action of the endpoint table; the system's own are found by the object or the time.
    let known = TABLE.iter().flat_map(|info| match info.audit {
        Audit::Records(records) | Audit::Counted { records, .. } => records,
        Audit::None => &[],
    });
    let known: BTreeSet<&str> = known.copied().collect();
    let actions = memo(move || {
        let mut options = vec![Choice::new("", words::ALL)];
        options.extend(known.iter().map(|code| Choice::new(*code, words::readable(code))));
        let chosen = desk.address.with(|address| address.action.clone());
        if !options.iter().any(|option| option.value == chosen) {
            options.push(Choice::new(chosen.clone(), words::readable(&chosen)));
        }
        options
    });
    let outcomes = vec![
        Choice::new("", words::ALL),
        Choice::new("done", words::DONE),
        Choice::new("refused", words::REFUSED),
    ];
    let chip = move |label: &'static str, set: fn(&Address) -> bool, clear: fn(&mut Address)| {
        live(move || {
            desk.address.with(set).then(|| {
                let press = move || desk.change(true, clear);
                view! { <Button label=label icon=Icon::Close small=true on_press=press /> }.into_any()
            })
        })
    };
    view! {
        <div class="toolbar">
            <FilterSelect
                label=words::ACTION
                value=of(|address| address.action.clone())
                options=actions
                on_choose=move |code: String| desk.change(true, |to| to.action = code)
            />
            <FilterSelect
                label=words::OUTCOME
                value=of(|address| address.outcome.clone())
                options=outcomes
                on_choose=move |code: String| desk.change(true, |to| to.outcome = code)
            />
            <FilterDay
                label=words::FROM
                value=of(|address| address.from.clone())
                on_choose=move |day: String| desk.change(true, |to| to.from = day)
            />
            <FilterDay
                label=words::TO
                value=of(|address| address.to.clone())
                on_choose=move |day: String| desk.change(true, |to| to.to = day)
            />
            {chip(words::ONLY_ACTOR, |address| !address.actor.is_empty(), |to| to.actor.clear())}
            {chip(words::ONLY_OBJECT, |address| !address.object.is_empty(), |to| to.object.clear())}
            {live(move || {
                desk.address
                    .with(Address::is_filtered)
                    .then(|| {
                        let clear = move || desk.change(true, |to| *to = Address::default());
                        view! { <Button label=words::CLEAR variant=Variant::Quiet small=true on_press=clear /> }.into_any()
                    })
            })}
        </div>
    }
    .into_any()
}
