//! The words of the audit log.

use drawbridge_contract::types::audit::AuditVerification;

use crate::ui::number;

/// Something was recorded since.
pub(super) const NEWER: &str = "There may be newer records";
/// Shows it.
pub(super) const SHOW_NEWER: &str = "Show them";
/// The page.
pub(super) const AUDIT_LOG: &str = "Audit log";
/// What the page shows.
pub(super) const ABOUT: &str = "Who did what in this tenant, newest first. Records are never changed or deleted, and each is chained to the one before it.";
/// When.
pub(super) const TIME: &str = "Time";
/// Who.
pub(super) const ACTOR: &str = "Who";
/// What was done.
pub(super) const ACTION: &str = "Action";
/// To what.
pub(super) const OBJECT: &str = "Object";
/// From where.
pub(super) const ADDRESS: &str = "Address";
/// Whether it was done.
pub(super) const OUTCOME: &str = "Outcome";
/// It was done.
pub(super) const DONE: &str = "Done";
/// It was refused or failed.
pub(super) const REFUSED: &str = "Refused";
/// No filter.
pub(super) const ALL: &str = "All";
/// The first day.
pub(super) const FROM: &str = "From";
/// The last day.
pub(super) const TO: &str = "To";
/// Takes all filters away.
pub(super) const CLEAR: &str = "Clear filters";
/// A filter by somebody, taken away by pressing it.
pub(super) const ONLY_ACTOR: &str = "Only this person";
/// A filter by an object, taken away by pressing it.
pub(super) const ONLY_OBJECT: &str = "Only this object";
/// The filters leave nothing.
pub(super) const NOTHING: &str = "No records match";
/// What to do then.
pub(super) const NOTHING_TEXT: &str = "Clear the filters, or choose other days.";
/// More could not be loaded.
pub(super) const MORE_FAILED: &str = "More records could not be loaded";
/// Tries again.
pub(super) const TRY_AGAIN: &str = "Try again";
/// Reads the log again.
pub(super) const REFRESH: &str = "Refresh";
/// Saves the records that the filters leave.
pub(super) const EXPORT: &str = "Export";
/// As a table.
pub(super) const AS_CSV: &str = "For spreadsheets (CSV)";
/// As lines of JSON.
pub(super) const AS_NDJSON: &str = "To verify or load elsewhere (NDJSON)";
/// Verifies the log.
pub(super) const VERIFY: &str = "Verify";
/// The panel that verifies.
pub(super) const VERIFY_TITLE: &str = "Verify the audit log";
/// What verifying does.
pub(super) const VERIFY_TEXT: &str = "Walks from the first record to the last and computes each record's hash anew. A record that was altered or taken away is found.";
/// The walk is under way.
pub(super) const VERIFYING: &str = "Verifying";
/// Closes the dialog.
pub(super) const CLOSE: &str = "Close";
/// The log is whole.
pub(super) const WHOLE: &str = "The log is whole";
/// The log is broken.
pub(super) const BROKEN: &str = "The log has been tampered with";
/// The walk could not be finished.
pub(super) const NOT_VERIFIED: &str = "The log could not be verified to its end";
/// One record.
pub(super) const RECORD: &str = "Record";
/// The changed fields.
pub(super) const CHANGES: &str = "Changes";
/// The field.
pub(super) const FIELD: &str = "Field";
/// Its value before.
pub(super) const BEFORE: &str = "Before";
/// Its value after.
pub(super) const AFTER: &str = "After";
/// Where there was no value.
pub(super) const NONE: &str = "–";
/// By which program.
pub(super) const PROGRAM: &str = "Program";
/// The request's id.
pub(super) const REQUEST: &str = "Request";
/// The record's hash.
pub(super) const HASH: &str = "Hash";
/// The hash of the record before.
pub(super) const PREVIOUS: &str = "Hash of the record before";
/// The first record has none before it.
pub(super) const FIRST: &str = "None: this is the first record";
/// The system's own work has no address.
pub(super) const NOT_KNOWN: &str = "Not known";
/// Filters by the person.
pub(super) const MORE_BY: &str = "All by this person";
/// Filters by the object.
pub(super) const MORE_OF: &str = "All about this object";

/// The panel of a record.
pub(super) fn record_title(seq: i64) -> String {
    [RECORD, " ", &seq.to_string()].concat()
}

/// An action or a kind as people read it: `oauth_client.created` is “Oauth client created”.
pub(super) fn readable(code: &str) -> String {
    let text = code.replace(['.', '_'], " ").replace("oauth", "OAuth");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// How far a walk came.
pub(super) fn verified(so_far: &AuditVerification) -> String {
    let count = |count: i64| number(u64::try_from(count).unwrap_or_default());
    let mut text = [&count(so_far.verified), " of ", &count(so_far.records), " records verified."].concat();
    if so_far.unsealed > 0 {
        text.push_str(" The newest are sealed in a moment: verify again.");
    }
    text
}

/// Where a chain is broken.
pub(super) fn broken(seq: i64, how: &str) -> String {
    ["Record ", &seq.to_string(), ": ", how, " Compare with an export or a backup from before."].concat()
}
