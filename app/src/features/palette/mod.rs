//! The command palette: pages, actions, connections, users and connectors, found by typing.

mod act;
mod connection;
mod entry;
mod fixed;
mod matching;
mod recent;
mod remote;
pub mod view;
mod words;

pub use view::PaletteView;
