//! One record, whole.

use drawbridge_contract::endpoints::ListAudit;
use drawbridge_contract::types::audit::{AuditOutcome, AuditRecord, ListAuditQuery};
use drawbridge_contract::types::{List, Nothing};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::address::Address;
use super::{Desk, words};
use crate::client::{Answered, Loading, call};
use crate::paths;
use crate::shell::{loaded, use_session};
use crate::ui::{Badge, Fact, Facts, Panel, Time, Tone, exact, live, memo};

/// Opens over the page while the address names a record.
pub(super) fn panel(desk: Desk) -> AnyView {
    let seq = memo(move || desk.address.with(|address| address.record));
    let title = Signal::derive(move || seq.get().map(words::record_title).unwrap_or_default());
    view! {
        <Panel open=Signal::derive(move || seq.get().is_some()) title=title on_close=move || desk.close()>
            {live(move || seq.get().map(|seq| reading(desk, seq)))}
        </Panel>
    }
    .into_any()
}

/// Read by its number, so that a link to a record works whatever the list shows.
fn reading(desk: Desk, seq: i64) -> AnyView {
    let query = ListAuditQuery {
        cursor: Some((seq + 1).to_string()),
        page_size: Some(1),
        ..ListAuditQuery::default()
    };
    let record = Loading::new(move || call::<ListAudit>(&Nothing {}, &query, &Nothing {}));
    loaded(record, 8, move |read: Signal<Answered<List<AuditRecord>>>| {
        let found =
            read.with_untracked(|read| read.value.items.first().filter(|item| item.seq == seq).cloned());
        match found {
            Some(record) => facts(desk, record),
            None => view! { <p>{words::NOTHING}</p> }.into_any(),
        }
    })
}

fn facts(desk: Desk, record: AuditRecord) -> AnyView {
    let (done, tone) = match record.outcome {
        AuditOutcome::Done => (words::DONE, Tone::Ok),
        AuditOutcome::Refused => (words::REFUSED, Tone::Warn),
    };
    let first = |text: &str| if text.is_empty() { words::FIRST.to_owned() } else { text.to_owned() };
    let (object, changed) = (object(&record), changes(&record.changes));
    let or = |text: &str| if text.is_empty() { words::NOT_KNOWN.to_owned() } else { text.to_owned() };
    let readable = words::readable(&record.action);
    let at = record.at.to_string();
    let moment = exact(js_sys::Date::parse(&at));
    let actor = if record.actor.id.is_empty() { "system".to_owned() } else { record.actor.id.clone() };
    let by = desk.href(&Address { actor, ..Address::default() });
    let of = desk.href(&Address { object: record.object.id.clone(), ..Address::default() });
    let address = [record.address.as_str(), record.country.as_str()];
    let address: Vec<&str> = address.into_iter().filter(|part| !part.is_empty()).collect();
    let origin = or(&address.join(" · "));
    let (program, request, previous) =
        (or(&record.user_agent), or(&record.request_id), first(&record.previous_hash));
    view! {
        <div class="stack">
            <Facts>
                <Fact label=words::ACTION>
                    <span class="cluster">
                        {readable} <Badge label=done tone=tone />
                    </span>
                    <span class="mono small muted">{record.action}</span>
                </Fact>
                <Fact label=words::OBJECT>
                    <span class="stack-small">
                        {object} <span class="mono small muted">{record.object.id}</span>
                        <a href=of>{words::MORE_OF}</a>
                    </span>
                </Fact>
                <Fact label=words::ACTOR>
                    <span class="stack-small">
                        <span>{record.actor.name}</span>
                        <span class="mono small muted">{record.actor.id}</span>
                        <a href=by>{words::MORE_BY}</a>
                    </span>
                </Fact>
                <Fact label=words::TIME>
                    <span class="cluster">
                        {moment} <span class="muted"><Time at=at /></span>
                    </span>
                </Fact>
                <Fact label=words::ADDRESS>{origin}</Fact>
                <Fact label=words::PROGRAM>{program}</Fact>
                <Fact label=words::REQUEST>
                    <span class="mono small">{request}</span>
                </Fact>
                <Fact label=words::HASH>
                    <span class="mono small">{record.hash}</span>
                </Fact>
                <Fact label=words::PREVIOUS>
                    <span class="mono small">{previous}</span>
                </Fact>
            </Facts>
            {changed}
        </div>
    }
    .into_any()
}

/// The object, with a link where it has a page.
fn object(record: &AuditRecord) -> AnyView {
    let slug = use_session().slug();
    let href = match record.object.kind.as_str() {
        "connection" => Some(paths::connection(&slug, &record.object.id)),
        "tenant" => Some(paths::tenant(&slug)),
        _ => None,
    };
    let name = record.object.name.clone();
    match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    }
}

/// The changed fields; before and after where the record has both, else what it says.
fn changes(changes: &Json) -> AnyView {
    let Some(fields) = changes.as_object().filter(|fields| !fields.is_empty()) else { return ().into_any() };
    let text = |value: Option<&Json>| match value {
        None | Some(Json::Null) => words::NONE.to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let rows = fields.iter().map(|(field, change)| {
        let both = change.get("before").is_some() || change.get("after").is_some();
        let (before, after) =
            if both { (change.get("before"), change.get("after")) } else { (None, Some(change)) };
        view! {
            <tr>
                <th scope="row">{field.clone()}</th>
                <td data-label=words::BEFORE>{text(before)}</td>
                <td data-label=words::AFTER>{text(after)}</td>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <section>
            <h3 class="section-title">{words::CHANGES}</h3>
            <div class="table-box">
                <table class="changes">
                    <thead>
                        <tr>
                            <th scope="col">{words::FIELD}</th>
                            <th scope="col">{words::BEFORE}</th>
                            <th scope="col">{words::AFTER}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
