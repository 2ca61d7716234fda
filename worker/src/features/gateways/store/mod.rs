//! The SQL of gateways as the page has them.

mod ends;
mod list;
mod read;
mod write;

pub(super) use ends::{EndRow, FarewellRow, farewells, forget_farewells, left_behind, send_away};
pub(super) use list::list;
pub(super) use read::{GatewayRow, ReplicaRow, WholeRow, find, happenings};
pub(super) use write::{NewGateway, add, add_code, delete, remove_replica, rename, switch};
