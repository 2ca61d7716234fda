//! Tests of the way from request to answer, and of what holds for every endpoint of the table.

mod answers;
mod audit;
mod credentials;
mod described;
mod gateways;
mod hostile;
mod keys;
mod log;
mod matrix;
mod plans;
mod requests;
mod scale;
mod shares;
mod world;
