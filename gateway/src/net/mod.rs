//! Ways out: addresses, the company's proxy, TLS.

pub(crate) mod address;
pub(crate) mod dial;
pub(crate) mod proxy;
pub(crate) mod tls;

use std::fmt;

use drawbridge_contract::link::FailureCode;
use tokio::io::{AsyncRead, AsyncWrite};

pub(crate) use address::Address;
pub(crate) use dial::dial;
pub(crate) use proxy::Proxy;
pub(crate) use tls::Tls;

/// Something that is read and written like a socket.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A socket, with TLS or without.
pub(crate) type Stream = Box<dyn Wire>;

/// Why no connection came about: at which step, and what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NetFault {
    /// The name has no address.
    Name(String),
    /// Nobody listens, or nothing comes back.
    Unreachable(String),
    /// The proxy is there and does not let us through.
    Proxy(String),
    /// TLS did not come about.
    Tls(String),
}

impl NetFault {
    /// The same as a reason for a failed call.
    pub(crate) const fn code(&self) -> FailureCode {
        match self {
            Self::Name(_) => FailureCode::TargetNameUnknown,
            Self::Unreachable(_) | Self::Proxy(_) => FailureCode::TargetUnreachable,
            Self::Tls(_) => FailureCode::TargetTls,
        }
    }
}

impl fmt::Display for NetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(what) | Self::Unreachable(what) | Self::Proxy(what) | Self::Tls(what) => {
                f.write_str(what)
            }
        }
    }
}
