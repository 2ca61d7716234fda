//! What of a provider's answer is told to the caller.

use drawbridge_contract::types::uses::{OperationAnswer, OperationItem};
use drawbridge_domain::connector::{Definition, Operation, PageAsked, Verdict};
use http::HeaderMap;
use serde_json::Value;

use super::exchange::Exchanged;
use super::journey::Arrived;
use super::ready::Ready;
use crate::json;

/// The headers of a provider's answer that callers see: what the body is, versions, limits.
const HEADERS: [&str; 24] = [
    "content-type",
    "content-language",
    "content-disposition",
    "content-range",
    "accept-ranges",
    "date",
    "etag",
    "last-modified",
    "link",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "x-total-count",
    "preference-applied",
    "deprecation",
];

/// The most characters of a text that is no JSON.
const TEXT: usize = 1024 * 1024;

/// The answer of an operation.
pub(super) fn of_operation(
    ready: &Ready<'_>,
    operation: &Operation,
    asked: &PageAsked,
    exchanged: Exchanged,
) -> OperationAnswer {
    let Exchanged { came, tries, milliseconds } = exchanged;
    let definition = &*ready.definition;
    let bytes = match came.body {
        Arrived::Whole(bytes) => bytes,
        Arrived::Stream(_) => Vec::new(),
    };
    let body: Option<Value> = json::parse(&bytes).ok();
    let text = body.is_none().then(|| String::from_utf8_lossy(&bytes).chars().take(TEXT).collect::<String>());
    let verdict = verdict(definition, came.status, body.as_ref());
    let done = verdict == Verdict::Proven;
    let words = body.as_ref().filter(|_| !done).and_then(|body| definition.error_text(body));
    let header = |name: &str| came.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let entries = body.as_ref().filter(|_| done).and_then(|body| operation.entries(body));
    let item =
        |entry: drawbridge_domain::connector::Entry| OperationItem { value: entry.value, label: entry.label };
    OperationAnswer {
        status: came.status,
        done,
        message: (!done).then(|| message(definition, came.status, verdict, header("retry-after").as_deref())),
        provider_words: words.and_then(|words| ready.bundle.clean(&words)),
        provider_request_id: definition.request_id_header.as_deref().and_then(header),
        calls_left: calls_left(definition, &came.headers),
        headers: chosen(ready, &came.headers).map(|(name, value)| (name.to_owned(), value)).collect(),
        milliseconds,
        tries,
        next_cursor: definition
            .next_page(operation, body.as_ref(), header("link").as_deref(), asked)
            .filter(|_| done),
        items: entries.map(|entries| entries.into_iter().map(item).collect()),
        text: text.filter(|text| !text.is_empty()),
        body,
    }
}

/// The headers that callers see. A service that takes its key in the address may repeat it in a `Link`: that one is
/// left out.
pub(super) fn chosen<'a>(
    ready: &'a Ready<'_>,
    headers: &'a HeaderMap,
) -> impl Iterator<Item = (&'static str, String)> + 'a {
    HEADERS.iter().filter_map(move |name| {
        let value = headers.get(*name)?.to_str().ok().filter(|value| !ready.bundle.is_in(value))?;
        Some((*name, value.to_owned()))
    })
}

/// How many calls are left, where the provider says so.
fn calls_left(definition: &Definition, headers: &HeaderMap) -> Option<u64> {
    let own = definition.rate_limit.as_ref().and_then(|limit| limit.remaining_header.as_deref());
    let usual = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"];
    let mut names = own.into_iter().chain(usual);
    names.find_map(|name| headers.get(name)?.to_str().ok()?.trim().parse().ok())
}

/// What an answer is: the definition's own rules for all answers first, then the status.
fn verdict(definition: &Definition, status: u16, body: Option<&Value>) -> Verdict {
    let mut rules = definition.answer_rules.iter();
    rules.find(|rule| rule.fits(status, body)).map_or_else(|| Verdict::of_status(status), |rule| rule.means)
}

/// What happened, in plain words.
fn message(definition: &Definition, status: u16, verdict: Verdict, retry_after: Option<&str>) -> String {
    let name = &definition.name;
    match (status, verdict) {
        (429, _) => match retry_after.and_then(|text| text.parse::<u32>().ok()) {
            Some(seconds) => {
                format!("{name} limits how often it can be called. Try again in {seconds} seconds.")
            }
            None => format!("{name} limits how often it can be called. Wait a little, then try again."),
        },
        (404 | 410, _) => format!("{name} has no such thing, or does not show it to this account."),
        (409, _) => format!("{name} says that this cannot be done in the present state."),
        (400 | 422, _) => format!("{name} does not accept the values given."),
        (413, _) => format!("{name} does not accept that much at once."),
        (_, Verdict::Disproved) => {
            format!(
                "{name} refused this call. The connection itself works: its account may lack a permission."
            )
        }
        (_, Verdict::Denied) => format!("The account that is connected may not do this at {name}."),
        (_, Verdict::Unreachable) => {
            format!("{name} answered with an error of its own. Try again in a while.")
        }
        _ => format!("{name} answered with status {status} and did not do it."),
    }
}
