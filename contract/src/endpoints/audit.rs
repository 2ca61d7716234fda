//! The audit log.

use drawbridge_domain::role::Page;

use drawbridge_domain::scopes::ApiScope;

use super::endpoint;
use crate::endpoint::{Access, Method, Reach};
use crate::types::audit::{
    AuditRecord, AuditVerification, ExportAuditQuery, ListAuditQuery, VerifyAuditQuery,
};
use crate::types::{List, Nothing};

endpoint! {
    /// What was done in the tenant, newest first.
    ListAudit {
        summary: "List the audit log", tag: "Audit log",
        method: Method::Get, path: "/api/v1/audit", access: Access::Role(Page::AuditLog.needs()), reach: Reach::Scope(ApiScope::ReadAudit),
    }
    Nothing, ListAuditQuery, Nothing => List<AuditRecord>
}
endpoint! {
    /// The audit log as a file, oldest first, however long it is.
    ExportAudit {
        summary: "Export the audit log", tag: "Audit log",
        method: Method::Get, path: "/api/v1/audit/export", access: Access::Role(Page::AuditLog.needs()), reach: Reach::Scope(ApiScope::ReadAudit),
        media: &["application/x-ndjson", "text/csv"],
    }
    Nothing, ExportAuditQuery, Nothing => Nothing
}
endpoint! {
    /// Walks along the chain of hashes and says whether a record is missing or altered. Each call takes up to
    /// 5000 records and says where to go on.
    VerifyAudit {
        summary: "Verify the audit log", tag: "Audit log",
        method: Method::Get, path: "/api/v1/audit/verification", access: Access::Role(Page::AuditLog.needs()), reach: Reach::Scope(ApiScope::ReadAudit),
    }
    Nothing, VerifyAuditQuery, Nothing => AuditVerification
}
