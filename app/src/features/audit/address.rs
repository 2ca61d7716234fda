//! What the page's URL says: filters, and the record that is open.

use drawbridge_contract::endpoint::{address, encode};
use drawbridge_contract::endpoints::ExportAudit;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::audit::{AuditFormat, AuditOutcome, ExportAuditQuery, ListAuditQuery};
use drawbridge_domain::time::Timestamp;
use js_sys::Date;

/// What the URL says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// Only this user's acts, by id.
    pub(super) actor: String,
    /// Only this action.
    pub(super) action: String,
    /// Only what was done to this object, by id.
    pub(super) object: String,
    /// Only what was refused, or what was done.
    pub(super) outcome: String,
    /// The first day, `2026-01-31`, in the reader's own zone.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    /// The record that is open.
    pub(super) record: Option<i64>,
    /// The panel that verifies is open.
    pub(super) verify: bool,
}

impl Address {
    /// Reads the URL's query.
    pub(super) fn read(query: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name| query(name).unwrap_or_default();
        Self {
            actor: text("actor"),
            action: text("action"),
            object: text("object"),
            outcome: text("outcome"),
            from: text("from"),
            to: text("to"),
            record: text("record").parse().ok(),
            verify: query("verify").is_some(),
        }
    }

    /// The address on the page at `path`.
    pub(super) fn write(&self, path: &str) -> String {
        let mut address = path.to_owned();
        let record = self.record.map(|seq| seq.to_string()).unwrap_or_default();
        for (name, value) in [
            ("actor", self.actor.as_str()),
            ("action", &self.action),
            ("object", &self.object),
            ("outcome", &self.outcome),
            ("from", &self.from),
            ("to", &self.to),
            ("record", &record),
            ("verify", if self.verify { "1" } else { "" }),
        ] {
            if !value.is_empty() {
                address.push(if address.contains('?') { '&' } else { '?' });
                address.push_str(name);
                address.push('=');
                encode(value, &mut address);
            }
        }
        address
    }

    /// The same without what is open over the page: what the list depends on.
    pub(super) fn filters(&self) -> Self {
        Self { record: None, verify: false, ..self.clone() }
    }

    /// Whether any filter is set.
    pub(super) fn is_filtered(&self) -> bool {
        self.filters() != Self::default()
    }

    /// The filters as the API takes them; a day that is none filters nothing.
    pub(super) fn query(&self) -> ListAuditQuery {
        let text = |text: &String| (!text.is_empty()).then(|| text.clone());
        ListAuditQuery {
            actor: text(&self.actor),
            action: text(&self.action),
            object: text(&self.object),
            outcome: [AuditOutcome::Done, AuditOutcome::Refused]
                .into_iter()
                .find(|outcome| outcome.code() == self.outcome),
            from: midnight(&self.from, 0),
            until: midnight(&self.to, 1),
            cursor: None,
            page_size: None,
        }
    }
}

impl Address {
    /// Where the records that the filters leave are had as a file.
    pub(super) fn export(&self, format: AuditFormat) -> String {
        let ListAuditQuery { actor, action, object, outcome, from, until, .. } = self.query();
        let query = ExportAuditQuery { format, actor, action, object, outcome, from, until };
        address::<ExportAudit>(&Nothing {}, &query)
    }
}

/// The beginning of a day in the reader's own zone, or of one some days later.
fn midnight(day: &str, later: i32) -> Option<Timestamp> {
    let mut parts = day.split('-').map(str::parse::<i32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let date = Date::new_with_year_month_day(u32::try_from(year).ok()?, month - 1, day + later);
    Timestamp::parse(&date.to_iso_string().as_string()?)
}
