//! What `MySQL` and `MariaDB` have against something.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::sql::{SqlError, SqlFault};
use mysql_async::{DriverError, Error, IoError};

use super::super::Refused;
use crate::targets::Fault;

/// A question failed.
pub(super) fn refused(fault: &Error) -> Refused {
    match fault {
        Error::Server(said) => {
            let (code, words) = (said.code.to_string(), said.message.clone());
            SqlError { fault: kind(said.code), code, words }.into()
        }
        other => Fault::after(FailureCode::TargetBroke, other.to_string()).into(),
    }
}

/// What a number means.
const fn kind(code: u16) -> SqlFault {
    match code {
        1146 | 1054 | 1305 | 1051 | 1176 | 1318 => SqlFault::NotFound,
        1044 | 1142 | 1143 | 1227 | 1290 | 1370 | 1410 | 1471 | 1836 => SqlFault::NotAllowed,
        1048 | 1062 | 1216 | 1217 | 1364 | 1451 | 1452 | 1557 | 1586 | 1761 | 1762 | 3819 | 4025 => {
            SqlFault::Constraint
        }
        1020 | 1205 | 1213 => SqlFault::Conflict,
        1264 | 1265 | 1292 | 1365 | 1366 | 1367 | 1406 | 1411 | 1416 | 1525 | 1690 | 3140 | 3141 | 4078 => {
            SqlFault::Value
        }
        1040 | 1104 | 1114 | 1153 | 1226 | 1317 | 1969 | 3024 => SqlFault::Limit,
        _ => SqlFault::Refused,
    }
}

/// A connection did not come about.
pub(super) fn unconnected(fault: &Error) -> Fault {
    let code = match fault {
        Error::Server(said) if matches!(said.code, 1044 | 1045 | 1049 | 1130 | 1698 | 1820 | 1862 | 3118) => {
            FailureCode::TargetLogin
        }
        Error::Io(IoError::Tls(_)) | Error::Driver(DriverError::NoClientSslFlagFromServer) => {
            FailureCode::TargetTls
        }
        // TLS that breaks off in its handshake comes as a fault of the socket.
        Error::Io(IoError::Io(inner)) if inner.to_string().contains("certificate") => FailureCode::TargetTls,
        _ => FailureCode::TargetUnreachable,
    };
    Fault::before(code, fault.to_string())
}
