//! What crosses the wire: the endpoint table, the types of requests and answers, problem codes.
//!
//! Router, console client, OpenAPI document and the authorization test are all made from [`endpoints::table`].

pub mod endpoint;
pub mod endpoints;
pub mod export;
pub mod json;
pub mod link;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod plain;
pub mod problem;
pub mod types;
