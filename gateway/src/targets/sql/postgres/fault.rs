//! What `PostgreSQL` has against something.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::sql::{SqlError, SqlFault};
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use super::super::Refused;
use crate::targets::Fault;

/// A question failed.
pub(super) fn refused(fault: &Error) -> Refused {
    match fault.as_db_error() {
        Some(said) => error(said).into(),
        None => Fault::after(FailureCode::TargetBroke, fault.to_string()).into(),
    }
}

fn error(said: &DbError) -> SqlError {
    let mut words = said.message().to_owned();
    for more in [said.detail(), said.hint()].into_iter().flatten() {
        words.push_str(". ");
        words.push_str(more);
    }
    SqlError { fault: kind(said.code().code()), code: said.code().code().to_owned(), words }
}

/// What an SQLSTATE means.
pub(super) fn kind(code: &str) -> SqlFault {
    match code {
        "42501" | "25006" => SqlFault::NotAllowed,
        "42P01" | "42703" | "42883" | "3F000" | "42704" => SqlFault::NotFound,
        "55P03" => SqlFault::Conflict,
        "57014" => SqlFault::Limit,
        _ => match code.get(..2) {
            Some("22") => SqlFault::Value,
            Some("23") => SqlFault::Constraint,
            Some("40") => SqlFault::Conflict,
            Some("53" | "54") => SqlFault::Limit,
            _ => SqlFault::Refused,
        },
    }
}

/// A connection did not come about.
pub(super) fn unconnected(fault: &Error) -> Fault {
    let Some(said) = fault.as_db_error() else {
        let cause = std::error::Error::source(fault).map(ToString::to_string).unwrap_or_default();
        let words = if cause.is_empty() { fault.to_string() } else { format!("{fault}: {cause}") };
        // What TLS said comes through as words only.
        let tls = words.contains("TLS") || words.contains("certificate");
        let code = if tls { FailureCode::TargetTls } else { FailureCode::TargetUnreachable };
        return Fault::before(code, words);
    };
    let code = match said.code().code() {
        "28000" | "28P01" | "3D000" | "42501" => FailureCode::TargetLogin,
        _ => FailureCode::TargetUnreachable,
    };
    Fault::before(code, format!("{} ({})", said.message(), said.code().code()))
}
