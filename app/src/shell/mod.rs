//! The console's frame: top bar, left panel, session, theme, toasts, and what pages share.
//!
//! A page is a component that names itself with [`title`], begins with a `PageHeader`, reads its data with
//! [`crate::client::Loading`] and shows it with [`loaded`]. From context it has [`use_session`] (who, role,
//! tenant) and [`toasts`]. It knows its place from the typed [`crate::paths::Place`]: what stands in the path comes
//! as a property, what stands in the query from `leptos_router::hooks::use_query_map`, and it goes elsewhere with
//! links or `use_navigate`, to addresses that `crate::paths` built. (There is no `<Routes>`: `use_params` is not
//! there; see `crate::routes`.)

mod frame;
mod going;
mod left_panel;
mod live;
mod loaded;
mod online;
mod page;
mod problem;
mod refused;
mod session;
mod theme;
mod top_bar;
mod typed;
mod user_menu;
pub mod words;

pub(crate) use frame::{frame, gate};
pub use going::{Going, Said, going, said};
pub(crate) use left_panel::{PageEntry, all_pages};
pub use live::{Topic, follow};
pub use loaded::{failed, loaded};
pub use online::use_online;
pub(crate) use page::follow_with_focus;
pub use page::{focus_field, title};
pub(crate) use problem::problem_page;
pub(crate) use refused::no_pages_page;
pub use refused::{not_found_page, refused_page};
pub(crate) use session::provide_session;
pub use session::{Session, SessionState, use_session};
pub use theme::Theme;
pub(crate) use theme::apply as show_theme;
pub use typed::Typed;
pub(crate) use user_menu::{signing_out, theme_icon, theme_name};

/// The toasts of the page: `toasts().success("Connection deleted")`.
pub use crate::ui::use_toasts as toasts;
