//! The rules of the product, pure: no I/O, no clock, no random source, no printable secrets.
//!
//! The Worker decides with these functions and the console explains with the same ones, so that a disabled
//! button and a refused request can never disagree. Everything here builds for the browser, the Worker and
//! native tests.

pub mod access;
pub mod account;
pub mod audit;
pub mod code;
pub mod connection;
pub mod connector;
pub mod credential;
pub mod gateway;
pub mod grants;
pub mod id;
pub mod life;
pub mod limits;
pub mod network;
pub mod oauth;
pub mod refresh;
pub mod role;
pub mod scopes;
pub mod sso;
pub mod text;
pub mod time;
pub mod user;
pub mod webhook;
