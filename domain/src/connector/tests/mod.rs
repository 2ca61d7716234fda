//! Hostile input, property tests and the faults that a check finds.

mod faults;
mod fields;
mod hosts;
mod requests;
mod templates;

use super::Values;

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
