//! The program itself, against a server that answers what the test says.

mod answers;
mod fake;
mod lists;
mod sign_in;
mod trouble;
mod writes;
