//! A request as it came in, and the facts about it that are kept.

use drawbridge_domain::id::RequestId;
use http::{HeaderMap, Method};
use url::Url;

use crate::ports::Stream;
use crate::services::Settings;

/// Where Cloudflare, or another network before the Worker, says the client's address.
const CLIENT_ADDRESS: &str = "cf-connecting-ip";

/// A request's body.
#[derive(Debug)]
pub enum Body {
    /// Read whole.
    Read(Vec<u8>),
    /// Not read yet.
    Stream(Stream),
}

impl Body {
    /// The whole body; `Ok(None)` when it is larger than that, and then it is not read to its end.
    pub async fn read(self, most: usize) -> Result<Option<Vec<u8>>, String> {
        match self {
            Self::Read(bytes) => Ok(Some(bytes).filter(|bytes| bytes.len() <= most)),
            Self::Stream(stream) => Ok(stream.read(most).await?.ok()),
        }
    }
}

/// A request as it came in.
#[derive(Debug)]
pub struct Incoming {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The country that the network sees, as two letters.
    pub country: String,
}

/// What is kept of a request, for the audit log and for computing addresses.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The request.
    pub id: RequestId,
    /// The network address of the client.
    pub address: String,
    /// The country that the network sees.
    pub country: String,
    /// The browser or program, cut to 256 characters.
    pub user_agent: String,
    /// Our own address, as browsers see it.
    pub origin: String,
}

impl Incoming {
    /// A header's text; `None` when it is absent, repeated or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    }

    pub(super) fn facts(&self, settings: &Settings, id: RequestId) -> Facts {
        let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(256).collect::<String>();
        // One that is there and cannot be read is nobody's: only where it is not there does the deployment's word count.
        let address = if self.headers.contains_key(CLIENT_ADDRESS) {
            self.header(CLIENT_ADDRESS).unwrap_or_default()
        } else {
            &settings.client_address
        };
        Facts {
            id,
            address: clean(address),
            country: clean(&self.country),
            user_agent: clean(self.header("user-agent").unwrap_or_default()),
            origin: settings.public_origin.clone().unwrap_or_else(|| self.url.origin().ascii_serialization()),
        }
    }
}
