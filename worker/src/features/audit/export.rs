//! The audit log as a file, written piece by piece, so that no log is too long.

use drawbridge_contract::endpoints::ExportAudit;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::audit::AuditFormat;
use drawbridge_domain::time::Timestamp;

use super::list;
use super::store::{self, Filter, Row};
use crate::http::{Call, Failure, File, Reply, Scope};
use crate::ports::{Pending, Pieces, Stream};
use crate::services::Services;

/// Records in one piece; some hundred kilobytes.
const PIECE: u32 = 500;

/// The columns of the table, in the order of [`cells`].
const COLUMNS: &str = "Number,Time,Actor type,Actor ID,Actor,Action,Object type,Object ID,Object,Outcome,Address,\
     Country,Program,Request,Changes,Previous hash,Hash\r\n";

/// Begins the export.
pub(super) async fn handle(call: Call<ExportAudit, Scope>) -> Result<Reply<Nothing>, Failure> {
    let format = call.query.format;
    let query = call.query.filters();
    list::check(&query)?;
    let (media, ending) = match format {
        AuditFormat::Ndjson => ("application/x-ndjson", "ndjson"),
        AuditFormat::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    let day = call.services.now().to_string().chars().take(10).collect::<String>();
    let name = format!("audit-{}-{day}.{ending}", call.scope.tenant_ref().slug);
    let records = Records {
        services: call.services,
        scope: call.scope,
        filter: Filter::of(&query),
        format,
        after: Some(0),
        begun: false,
    };
    Ok(Reply::new(Nothing {}).with_file(File { media, name, content: Stream::new(records) }))
}

struct Records {
    services: Services,
    scope: Scope,
    filter: Filter,
    format: AuditFormat,
    /// The number of the last record that was written; `None`: that was the last of all.
    after: Option<i64>,
    begun: bool,
}

impl Records {
    async fn piece(&mut self) -> Option<Result<Vec<u8>, String>> {
        let after = self.after?;
        let rows = match store::page(&self.services, &self.scope, &self.filter, after, false, PIECE).await {
            Ok(rows) => rows,
            Err(error) => return Some(Err(error.to_string())),
        };
        self.after = if rows.len() < PIECE as usize { None } else { rows.last().map(|row| row.link.seq) };
        let mut text = String::new();
        if !self.begun && self.format == AuditFormat::Csv {
            text.push_str(COLUMNS);
        }
        self.begun = true;
        for row in &rows {
            match self.format {
                AuditFormat::Csv => text.push_str(&cells(row)),
                AuditFormat::Ndjson => match serde_json::to_string(row) {
                    Ok(line) => {
                        text.push_str(&line);
                        text.push('\n');
                    }
                    Err(error) => return Some(Err(error.to_string())),
                },
            }
        }
        Some(Ok(text.into_bytes()))
    }
}

impl Pieces for Records {
    fn next(&mut self) -> Pending<'_, Option<Result<Vec<u8>, String>>> {
        Box::pin(self.piece())
    }
}

/// A record as a line of the table.
fn cells(row: &Row) -> String {
    let link = &row.link;
    let (seq, at) = (link.seq.to_string(), Timestamp::from_millis(link.at).to_string());
    let cells = [
        &seq,
        &at,
        &link.actor_type,
        &link.actor_id,
        &link.actor_name,
        &link.action,
        &link.object_type,
        &link.object_id,
        &link.object_name,
        &link.outcome,
        &link.address,
        &link.country,
        &link.user_agent,
        &link.request_id,
        &link.changes,
        &link.previous_hash,
        &row.hash,
    ];
    cells.map(|text| cell(text)).join(",") + "\r\n"
}

/// A cell in quotes (RFC 4180 §2). What a spreadsheet would take for a formula is given an apostrophe: names are typed
/// by people, and some of them are not friends.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let apostrophe = if formula { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}
