//! What lists that are paged by key have in common.

use drawbridge_contract::endpoint::{Endpoint, address};
use drawbridge_contract::types::Nothing;
use drawbridge_domain::limits::MAX_SEARCH;
use serde_json::{Value as Json, json};

use crate::encoding::{base64url, from_base64url};
use crate::http::{Facts, Failure};
use crate::json;
use crate::ports::Value;

/// The text that is searched for, as names are kept for it; none where only blanks were typed.
pub(crate) fn wanted(search: Option<&str>) -> Option<String> {
    search.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty())
}

/// Refuses a text that is too long to be searched for.
pub(crate) fn check_search(search: Option<&str>) -> Result<(), Failure> {
    if search.is_some_and(|text| text.chars().count() > MAX_SEARCH) {
        return Err(Failure::field("search", "too_long", format!("Use at most {MAX_SEARCH} characters.")));
    }
    Ok(())
}

/// Cuts the one row more than the page off; whether there was one.
pub(crate) fn cut<T>(rows: &mut Vec<T>, size: u32) -> bool {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    more
}

/// Where the page after `key` and `id` begins, in that order.
pub(crate) fn cursor(order: &str, key: Json, id: &str) -> String {
    base64url(json!([order, key, id]).to_string().as_bytes())
}

/// The whole address of a page of a list that has no parameters in its path.
pub(crate) fn link<E: Endpoint<Params = Nothing>>(facts: &Facts, query: &E::Query) -> String {
    format!("{}{}", facts.origin, address::<E>(&Nothing {}, query))
}

/// The key and id of a cursor of that order.
pub(crate) fn read_cursor(cursor: &str, order: &str, by_text: bool) -> Result<(Value, String), Failure> {
    let parts = || {
        let (of, key, id): (String, Json, String) = json::read(&from_base64url(cursor)?).ok()?;
        let key = match key {
            Json::String(text) if by_text => Value::Text(text),
            Json::Number(number) if !by_text => Value::Integer(number.as_i64()?),
            _ => return None,
        };
        (of == order).then_some((key, id))
    };
    let message = "Use the nextCursor of the page before, with the same order.";
    parts().ok_or_else(|| Failure::field("cursor", "bad_value", message))
}
