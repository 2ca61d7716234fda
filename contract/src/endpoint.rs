//! What an endpoint is: method, path, who may call it, what is audited, and its types.

use drawbridge_domain::role::Role;
use drawbridge_domain::scopes::ApiScope;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::json;
use crate::problem::ProblemCode;

/// The HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or does.
    Post,
    /// Replaces.
    Put,
    /// Changes parts.
    Patch,
    /// Removes.
    Delete,
    /// Any at all: the request passes through.
    Any,
}

impl Method {
    /// The method as it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Any => "ANY",
        }
    }

    /// Whether the method changes nothing (RFC 9110 §9.2.1).
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get)
    }
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the endpoint's own rules decide.
    Public,
    /// Anybody with a session in a tenant, whatever the role.
    SignedIn,
    /// Users with at least this role. Which objects they see is a matter of the object.
    Role(Role),
}

/// What an app or a personal access token needs to call an endpoint, beside the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It cannot: this concerns the browser's sign-in, the account, or its person alone.
    SessionOnly,
    /// Nothing: it is about the caller.
    Any,
    /// This scope.
    Scope(ApiScope),
    /// Full access: there is no scope of its own.
    Full,
}

/// What a call leaves in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// Nothing: it only reads, or what it writes is no act of a person.
    None,
    /// Records of these actions.
    Records(&'static [&'static str]),
    /// Counted on the object instead of recorded one by one, for the reason given; what is out of the ordinary
    /// leaves records of these actions.
    Counted {
        /// Why a record each would be too many.
        why: &'static str,
        /// The actions that are recorded all the same.
        records: &'static [&'static str],
    },
}

/// All about an endpoint that is not a type.
#[derive(Debug)]
pub struct Info {
    /// The endpoint's name, as `operationId` in OpenAPI.
    pub name: &'static str,
    /// One line for a reader of the API's description.
    pub summary: &'static str,
    /// What more there is to say; only for the API's description.
    #[cfg(feature = "openapi")]
    pub description: &'static str,
    /// The section of the API that it belongs to.
    pub tag: &'static str,
    /// The method.
    pub method: Method,
    /// The path, parameters in braces, from the root.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What an app or a token needs.
    pub reach: Reach,
    /// Whether it is programs that call it, which prove by themselves who they are: a browser has nothing that would help
    /// there, so that it is not asked from which page it comes.
    pub by_machines: bool,
    /// What a call leaves in the audit log.
    pub audit: Audit,
    /// The status of a success.
    pub success: u16,
    /// Whether the answer carries an `ETag`.
    pub etag: bool,
    /// Whether the call must say in `If-Match` which version it changes.
    pub if_match: bool,
    /// Whether the call takes an `Idempotency-Key`.
    pub idempotent: bool,
    /// The media types that a success may have; anything but JSON comes piece by piece.
    pub media: &'static [&'static str],
    /// The problems of its own, beside those that every endpoint has.
    pub problems: &'static [ProblemCode],
}

impl Info {
    /// What most endpoints have in common, to be completed.
    pub const BASE: Self = Self {
        name: "",
        summary: "",
        #[cfg(feature = "openapi")]
        description: "",
        tag: "",
        method: Method::Get,
        path: "",
        access: Access::Role(Role::GlobalAdministrator),
        reach: Reach::SessionOnly,
        by_machines: false,
        audit: Audit::None,
        success: 200,
        etag: false,
        if_match: false,
        idempotent: false,
        media: &["application/json"],
        problems: &[],
    };

    /// Whether it shows a secret again: it reads, and leaves a record of that.
    pub const fn shows_secret(&self) -> bool {
        self.method.is_safe() && matches!(self.audit, Audit::Records(_))
    }

    /// Whether a success is a WebSocket.
    pub const fn is_socket(&self) -> bool {
        self.success == 101
    }
}

/// One endpoint of the API.
pub trait Endpoint: 'static {
    /// All about it that is not a type.
    const INFO: Info;
    /// The path's parameters; field names are those in braces.
    type Params: Serialize + DeserializeOwned;
    /// The query's parameters.
    type Query: Serialize + DeserializeOwned;
    /// The request's body.
    type Body: Serialize + DeserializeOwned;
    /// The body of a success.
    type Answer: Serialize + DeserializeOwned;
}

/// The address of a call: the path with its parameters filled in, and the query.
pub fn address<E: Endpoint>(params: &E::Params, query: &E::Query) -> String {
    fill(E::INFO.path, &json::write(params).unwrap_or_default(), &json::write(query).unwrap_or_default())
}

/// Fills in a path and adds the query; both are flat objects of JSON.
fn fill(path: &str, params: &str, query: &str) -> String {
    let (params, query) = (json::pairs(params).unwrap_or_default(), json::pairs(query).unwrap_or_default());
    let mut address = String::with_capacity(path.len() + 64);
    for (place, segment) in path.split('/').enumerate() {
        if place > 0 {
            address.push('/');
        }
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(wanted) => {
                let name = wanted.trim_start_matches('*');
                let value = params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
                // `{*path}` is the rest of the address, slashes and all.
                let parts = value.unwrap_or_default().split('/').enumerate();
                for (place, part) in parts {
                    if place > 0 {
                        address.push_str(if name == wanted { "%2F" } else { "/" });
                    }
                    encode(part, &mut address);
                }
            }
            None => address.push_str(segment),
        }
    }
    let mut separator = '?';
    for (name, value) in &query {
        address.push(separator);
        separator = '&';
        encode(name, &mut address);
        address.push('=');
        encode(value, &mut address);
    }
    address
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3.
pub fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for digit in [byte >> 4, byte & 15] {
                into.push(char::from_digit(u32::from(digit), 16).unwrap_or_default().to_ascii_uppercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_and_empty_filters_left_out() {
        let address = fill(
            "/api/v1/things/{thing}/parts",
            "{\"thing\":\"a/b ü\"}",
            "{\"q\":\"x&y\",\"cursor\":null,\"pageSize\":50}",
        );
        assert_eq!(address, "/api/v1/things/a%2Fb%20%C3%BC/parts?pageSize=50&q=x%26y");
        let several = "{\"id[]\":[\"a\",\"b&c\"],\"x\":[]}";
        assert_eq!(fill("/things", "{}", several), "/things?id%5B%5D=a&id%5B%5D=b%26c");
        assert_eq!(fill("/api/{*path}", "{\"path\":\"a/b c\"}", "{}"), "/api/a/b%20c");
    }
}
