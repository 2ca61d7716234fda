//! Reading a list out of an operation's answer: its entries and where the next page begins.

use serde_json::Value;

use super::{Definition, Operation, PageAsked, PagingStyle, named};

/// An entry of a list, as far as the definition says what is of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What to hand to an operation.
    pub value: String,
    /// What to show.
    pub label: String,
}

/// The most entries of a list that are told one by one.
const MOST: usize = 1000;

impl Operation {
    /// The entries of an answer, where the definition says what their values are.
    pub fn entries(&self, body: &Value) -> Option<Vec<Entry>> {
        let (items, value) = (self.answer.items.as_ref()?, self.answer.value.as_ref()?);
        let list = items.read(body).and_then(Value::as_array);
        let entry = |item: &Value| {
            let mut value = value.text(item)?;
            if let Some(schema) = &self.answer.schema {
                value = named::written(schema.text(item).as_deref(), &value);
                return Some(Entry { label: value.clone(), value });
            }
            let label = self.answer.label.as_ref().and_then(|label| label.text(item));
            Some(Entry { label: label.unwrap_or_else(|| value.clone()), value })
        };
        Some(list.into_iter().flatten().filter_map(entry).take(MOST).collect())
    }

    /// How many entries the answer's list has.
    fn count(&self, body: &Value) -> usize {
        let list = match &self.answer.items {
            Some(items) => items.read(body).and_then(Value::as_array),
            None => body.as_array(),
        };
        list.map_or(0, Vec::len)
    }
}

impl Definition {
    /// Where the page after this answer begins; `None` on the last one. `link` is the answer's `Link` header.
    pub fn next_page(
        &self,
        operation: &Operation,
        body: Option<&Value>,
        link: Option<&str>,
        asked: &PageAsked,
    ) -> Option<String> {
        let paging = self.paging.as_ref().filter(|_| operation.answer.paged)?;
        if paging.style == PagingStyle::LinkHeader {
            return link.and_then(next_link);
        }
        let body = body?;
        let more = paging.more.as_ref().map(|more| more.read(body) == Some(&Value::Bool(true)));
        if more == Some(false) {
            return None;
        }
        let told = paging.next.as_ref().and_then(|next| next.text(body));
        match paging.style {
            PagingStyle::Cursor | PagingStyle::NextUrl | PagingStyle::LinkHeader => told,
            PagingStyle::Offset | PagingStyle::Page if told.is_some() => told,
            PagingStyle::Offset | PagingStyle::Page => {
                let count = operation.count(body);
                // Without a word from the service, a page that is not full is the last one.
                let size = asked.size.map(|size| size.min(paging.max_size.unwrap_or(u32::MAX)));
                let full = size.is_some_and(|size| count >= size as usize);
                if count == 0 || (more.is_none() && size.is_some() && !full) {
                    return None;
                }
                let at: u64 = match &asked.cursor {
                    Some(cursor) => cursor.parse().ok()?,
                    None => u64::from(paging.style == PagingStyle::Page),
                };
                let step = if paging.style == PagingStyle::Page { 1 } else { count as u64 };
                at.checked_add(step).map(|next| next.to_string())
            }
        }
    }

    /// Whether a page's beginning is an address of its own.
    pub fn pages_by_address(&self) -> bool {
        let style = self.paging.as_ref().map(|paging| paging.style);
        matches!(style, Some(PagingStyle::NextUrl | PagingStyle::LinkHeader))
    }
}

/// The address with `rel="next"` in a `Link` header (RFC 8288).
fn next_link(header: &str) -> Option<String> {
    header.split('<').skip(1).find_map(|part| {
        let (address, rest) = part.split_once('>')?;
        let parameters = rest.split(';').map(|text| text.trim().trim_end_matches(',').trim());
        let mut relations = parameters.filter_map(|text| text.strip_prefix("rel="));
        let next = relations.any(|value| value.trim_matches('"').split(' ').any(|one| one == "next"));
        next.then(|| address.to_owned())
    })
}

/// The path of a page behind a gateway: the first page's, with the query of what the service said. Nobody here knows the
/// target's own address, so that nothing else of it counts.
pub fn page_path(first: &str, next: &str) -> Option<String> {
    let (_, query) = next.split_once('?')?;
    let path = first.split('?').next().unwrap_or_default();
    let address = format!("{path}?{}", query.split('#').next().unwrap_or_default());
    super::host::is_url_path(&address).then_some(address)
}

/// A page's own address, from what the service said it is: whole, or a path after the host of the first page.
pub fn page_address(first: &str, next: &str) -> Option<String> {
    if next.starts_with("https://") || next.starts_with("http://") {
        return Some(next.to_owned());
    }
    let authority = super::host::scheme_and_authority(first)?;
    let scheme = if authority.0 { "https" } else { "http" };
    next.starts_with('/').then(|| format!("{scheme}://{}{next}", authority.1))
}
