//! What SQL Server has against something.

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::sql::{SqlError, SqlFault};
use tiberius::error::Error;

use super::super::Refused;
use crate::targets::Fault;

/// A question failed.
pub(super) fn refused(fault: &Error) -> Refused {
    match fault {
        Error::Server(said) => {
            let (code, words) = (said.code().to_string(), said.message().to_owned());
            SqlError { fault: kind(said.code()), code, words }.into()
        }
        other => Fault::after(FailureCode::TargetBroke, other.to_string()).into(),
    }
}

/// What a number means.
const fn kind(code: u32) -> SqlFault {
    match code {
        207 | 208 | 2812 | 4121 | 15151 | 1088 => SqlFault::NotFound,
        201 | 8144 | 8145 | 8146 | 313 | 214 => SqlFault::Question,
        229 | 230 | 262 | 297 | 300 | 3704 | 3906 | 15247 | 33_504 => SqlFault::NotAllowed,
        271 | 273 | 334 | 515 | 544 | 547 | 550 | 2601 | 2627 | 8102 => SqlFault::Constraint,
        1204 | 1205 | 1222 | 3960 | 41_302 | 41_305 | 41_325 => SqlFault::Conflict,
        220 | 232 | 241 | 242 | 244 | 245 | 248 | 295 | 296 | 402 | 529 | 2628 | 6522 | 8114 | 8115
        | 8134 | 8152 | 8169 | 9420 => SqlFault::Value,
        701 | 802 | 1101 | 1105 | 8623 | 8645 | 9002 | 10_928 | 10_929 => SqlFault::Limit,
        _ => SqlFault::Refused,
    }
}

/// A connection did not come about.
pub(super) fn unconnected(fault: &Error) -> Fault {
    let code = match fault {
        Error::Server(said) => match said.code() {
            4060 | 4063 | 4064 | 18_401 | 18_450..=18_489 | 40_532 | 40_615 => FailureCode::TargetLogin,
            _ => FailureCode::TargetUnreachable,
        },
        _ => FailureCode::TargetUnreachable,
    };
    let words = match fault {
        Error::Server(said) => format!("{} ({})", said.message(), said.code()),
        other => other.to_string(),
    };
    Fault::before(code, words)
}
