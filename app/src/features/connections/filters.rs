//! Search and filters above the list, all of them in the URL.

use drawbridge_domain::connection::Status;
use leptos::prelude::*;

use super::address::Address;
use super::desk::Desk;
use super::list::Catalogue;
use super::words;
use crate::ui::{Button, Choice, FilterSelect, SearchBox, Variant, live, memo};

/// The word for oneself in the URL.
const ME: &str = "me";

/// The bar above the list.
pub(super) fn bar(desk: Desk, catalogue: Catalogue) -> AnyView {
    let address = desk.address;
    let change = move |change: &dyn Fn(&mut Address)| {
        let mut next = address.get_untracked();
        change(&mut next);
        desk.go(&next, true);
    };
    let connectors = memo(move || {
        let mut options = vec![Choice::new("", words::ALL)];
        if let Some(Ok(connectors)) = catalogue.get() {
            options.extend(connectors.iter().map(|connector| Choice::new(&connector.id, &connector.name)));
        }
        let chosen = address.with(|address| address.connector.clone());
        if !options.iter().any(|option| option.value == chosen) {
            options.push(Choice::new(chosen.clone(), chosen));
        }
        options
    });
    let statuses: Vec<Choice> = std::iter::once(Choice::new("", words::ALL))
        .chain(Status::ALL.map(|status| Choice::new(status.code(), status.name())))
        .collect();
    let owners = vec![Choice::new("", words::ANYONE), Choice::new(ME, words::ME)];
    view! {
        <div class="toolbar">
            <SearchBox
                label=words::SEARCH
                value=Signal::derive(move || address.with(|address| address.search.clone()))
                on_search=move |text: String| change(&|next| text.trim().clone_into(&mut next.search))
                hotkey=true
            />
            <FilterSelect
                label=words::COLUMN_CONNECTOR
                value=Signal::derive(move || address.with(|address| address.connector.clone()))
                options=connectors
                on_choose=move |id: String| change(&|next| next.connector.clone_from(&id))
            />
            <FilterSelect
                label=words::COLUMN_STATUS
                value=Signal::derive(move || {
                    address.with(|address| address.status.map_or("", Status::code).to_owned())
                })
                options=statuses
                on_choose=move |code: String| change(&|next| next.status = Status::from_code(&code))
            />
            <FilterSelect
                label=words::COLUMN_OWNER
                value=Signal::derive(move || address.with(|address| if address.mine { ME } else { "" }.to_owned()))
                options=owners
                on_choose=move |who: String| change(&|next| next.mine = who == ME)
            />
            {live(move || {
                address
                    .with(Address::is_filtered)
                    .then(|| {
                        let clear = move || desk.go(&address.with_untracked(Address::unfiltered), true);
                        view! {
                            <Button label=words::CLEAR_FILTERS variant=Variant::Quiet small=true on_press=clear />
                        }
                    })
            })}
        </div>
    }
    .into_any()
}
