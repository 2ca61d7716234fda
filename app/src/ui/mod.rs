//! The console's primitives; they know nothing of the product.
//!
//! Rules of the house: text comes from the caller (only the few words of [`words`] are built in);
//! texts and flags may be plain values, signals or closures (`#[prop(into)] Signal<…>`); an
//! *optional* text (help, error, reason) is a value, or a closure or signal of `Option<String>`;
//! what cannot be done is shown with its reason (`disabled_reason`), never hidden.
//!
//! # Doing
//! ```ignore
//! <Button label="Add connection" variant=Variant::Primary icon=Icon::Plus on_press=move || open.set(true) />
//! <Button label="Delete" variant=Variant::Danger busy=pending disabled_reason=move || reason() />
//! <Button label="Save" variant=Variant::Primary submit=true form="edit" />   // outside its form
//! <Button label="Refresh" icon=Icon::Refresh icon_only=true small=true on_press=… />
//! <LinkButton href="/t/acme" label="Open" external=true />   <ExternalLink href=… label=… />
//! <CopyButton text=url />                                     // quiet=true: icon alone
//! <Menu label="Actions for “Salesforce EU”" items=move || vec![
//!     MenuItem::new("Test", move || …).icon(Icon::Refresh),
//!     MenuItem::link("Open", href),
//!     MenuItem::new("Delete", move || …).danger().divided().disabled(reason),
//! ] />                                                        // face=ViewFn, start=true, .checked(bool)
//! ```
//!
//! # Asking
//! ```ignore
//! <Form id="edit" on_submit=save problem=move || problem.get()>    // focuses the first error itself;
//!   <TextField label="Connection name" value=name required=true     // after a server answer call
//!     help="…" error=move || name_error() prefix="https://" suffix=".zendesk.com"   // focus_first_error("edit")
//!     kind=InputKind::Email placeholder="…" autocomplete="username" max_length=100 code=true
//!     read_only=… autofocus=true on_leave=move || touched.set(true) />
//!   <TextAreaField label="Note" value=note rows=3 />
//!   <SecretField label="Client secret" value=secret keeps=true />   // no_copy=true for passwords
//!   <SelectField label="Region" value=region options=vec![Choice::new("eu", "Europe")] />
//!   <Checkbox label="Sandbox" checked=sandbox help="…" disabled_reason=… />
//!   <RadioCards label="Connector" value=id cards=vec![Card { value, title, text, picture, disabled_reason }]
//!     grid=true label_hidden=true />
//! </Form>
//! field(label, help, error, required, |wiring| …)                   // a control of your own
//! <SearchBox label="Search connections" value=query on_search=move |text| … hotkey=true />
//! <FilterSelect label="Status" value=status options=… on_choose=move |value| … />
//! <FilterDay label="From" value=day on_choose=move |day| … />
//! ```
//!
//! # Over the page
//! ```ignore
//! <Panel open=is_open title="Add connection" subtitle="Step 1 of 2" dirty=typed on_close=close wide=false
//!   footer=move || view! { <Button …/> }>  …body…  </Panel>     // losing=Losing { … } asks in other words
//! <Dialog open title on_close dirty footer>…</Dialog>
//! <ConfirmDialog open=… title="Delete connection “Salesforce EU”?" verb="Delete" danger=true busy=…
//!   problem=… disabled_reason=… on_confirm=… on_close=…> <p>…reach…</p> </ConfirmDialog>
//! <Sheet open title on_close>…left panel on phones…</Sheet>
//! <PaletteDialog open title on_close>…a Finder…</PaletteDialog>
//! <Finder label="Search" value=typed groups=move || found() on_choose=move |key: String| … on_close=close note=… />
//! let toasts = provide_toasts();  <ToastRegion toasts />           // once, in the shell
//! use_toasts().success("Connection deleted");  .neutral(…)  .error(…)  .with_action(tone, text, label, f)
//! ```
//! Children of these are drawn each time they open: clone what they use, or keep it in signals.
//!
//! # Showing
//! ```ignore
//! <Table label="Connections" columns=vec![
//!     Column::new("name", "Connection name").sortable().class("col-wide"),
//!     Column::new("status", "Status"),
//!     Column::new("", "").class("col-actions")]
//!   rows=move || ids() row=move |id: String| { let item = memo(move || find(&id)); view! {
//!     <Cell kind=CellKind::Title><a href=…><Truncate text=… /></a></Cell>
//!     <Cell label="Status"><Status label=… tone=… detail=… icon=… /></Cell>
//!     <Cell kind=CellKind::Actions><ActionsMenu of=name items=move || vec![…] /></Cell> }.into_any() }
//!   sort=move || sort() on_sort=move |sort| … loading=… stale=… fresh=move || new_id.get()
//!   summary=… more=… loading_more=… on_more=… empty=move || view! { <EmptyState …/> } />
//! <Status label="Active" tone=Tone::Ok /> <Badge label="OAuth 2.0" tone=Tone::Info icon=Icon::Key />
//! <Time at="2026-01-31T12:00:00Z" />  relative(ms, now)  exact(ms)  number(u64)
//! <Meter label="Connections" used=12u64 limit=Some(1000u64) unit="…" />
//! <Facts><Fact label="Owner">…</Fact></Facts> <Avatar name="Ada Lovelace" square=false />
//! <Tabs label="…" tabs=vec![Tab::new("all", "All")] current=… on_choose=move |id| …>…</Tabs>
//! <TabLinks label="…" links=vec![TabLink { label: "Users", href, current }] />   // each an address of its own
//! <SecretDisplay label="Client secret" value=secret />             // open=true: ids, redirect URLs
//! <Notice title=… text=… tone=Tone::Warn action=move || view! {…} on_close=… banner=true />
//! <EmptyState title text icon=Icon::Link action=move || view! {…} page=false />
//! <FailedState title text detail=request_id busy on_retry />
//! <Skeleton lines=3 /> <Spinner label="Waiting for the provider" /> <ProgressBar active />
//! <PageHeader title text parent=(name, href) actions=move || view! {…} /> <SkipLink />
//! <ConnectorIcon src="/icons/connectors/box.svg" /> icon(Icon::Check) <VisuallyHidden>…</VisuallyHidden>
//! ```
//!
//! # Weight
//! Hand a signal over as it is (`{label}`, `prop:value=value`, `class:on=flag`) rather than in a closure that
//! only reads it, and end views inside closures with `.into_any()`: each closure type and each view type is
//! compiled anew. Leave `format!`, `to_lowercase` and their tables to the browser.
//!
//! # Layout classes (`style/layout.css`)
//! `.page` (the main part, `<main id="main" tabindex="-1" class="page">`), `.page-narrow`, `.toolbar` (search and filters
//! above a table), `.toolbar-end`, `.stack` (under each other, 16 px), `.stack-small` (8 px), `.cluster` (side by
//! side, wrapping), `.form-actions` (a form's buttons outside a panel), `.split` (the ends apart), `.grid` (as many columns as fit), `.section` with `.section-title`,
//! `.box` (hairline and padding), `.muted`, `.small`, `.mono`, `.number`, `.truncate`, `.name-cell` (icon beside name and line).

pub mod badge;
pub mod button;
pub mod choice;
pub mod copy;
pub mod dialog;
mod dom;
pub mod facts;
pub mod field;
pub mod finder;
mod float;
pub mod form;
pub mod icon;
pub mod input;
mod leave;
pub mod live;
pub mod menu;
mod modal;
pub mod notice;
pub mod page;
pub mod progress;
pub mod search_box;
pub mod secret;
pub mod select;
pub mod state;
pub mod table;
pub mod tabs;
pub mod time;
pub mod toast;
pub mod tone;
pub mod words;

pub use badge::{Badge, Status};
pub use button::{Button, ExternalLink, LinkButton, Variant};
pub use choice::{Card, Checkbox, RadioCards};
pub use copy::CopyButton;
pub use dialog::{ConfirmDialog, Dialog, PaletteDialog, Panel, Sheet};
pub use dom::{focus_by_id, unique_id};
pub use facts::{Avatar, Fact, Facts, initials};
pub use field::{Wiring, field};
pub use finder::{Face, Finder, FinderStatus, Found, FoundGroup};
pub use form::{Form, focus_first_error};
pub use icon::{ConnectorIcon, Icon, icon, icon_of};
pub use input::{InputKind, TextAreaField, TextField};
pub use live::{live, memo, watch};
pub use menu::{ActionsMenu, Menu, MenuAction, MenuItem, MenuItems};
pub use modal::{Losing, ask_to_close_dirty};
pub use notice::Notice;
pub use page::{MAIN, PageHeader, SkipLink, VisuallyHidden};
pub use progress::{Meter, ProgressBar, Skeleton, Spinner};
pub use search_box::SearchBox;
pub use secret::{SecretDisplay, SecretField};
pub use select::{Choice, FilterDay, FilterSelect, SelectField};
pub use state::{EmptyState, FailedState};
pub use table::{Cell, CellKind, Column, RowView, Sort, Table, Truncate};
pub use tabs::{Tab, TabLink, TabLinks, Tabs};
pub use time::{Time, clock, day, exact, number, relative};
pub use toast::{ToastRegion, Toasts, provide_toasts, use_toasts};
pub use tone::Tone;
