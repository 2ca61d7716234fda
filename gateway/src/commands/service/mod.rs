//! `service`: runs the agent at every start of this machine, in the way of its system.

#[cfg(not(windows))]
mod systemd;
#[cfg(windows)]
mod windows;
#[cfg(any(windows, test))]
mod words;

#[cfg(not(windows))]
pub(crate) use systemd::{install, serve, uninstall};
#[cfg(windows)]
pub(crate) use windows::{install, make_private, serve, uninstall};
