//! Connector definitions: what a third-party service is called, how one signs in to it, which hosts it
//! has and which operations it offers. Data only; the files stand in `connectors/`, one per connector.

mod answer;
mod auth;
mod bytes;
mod check;
mod check_auth;
mod check_operations;
mod check_through;
mod definition;
mod expansion;
mod fault;
mod field;
mod field_fault;
mod format;
mod host;
mod named;
mod oauth;
mod operation;
mod page;
mod pointer;
mod request;
mod scopes;
mod template;
mod through;
mod token;

pub use answer::{AnswerRule, AnswerTest, Call, Expected, Identity, Verdict};
pub use auth::{ApiKey, AuthScheme, AuthWay, Basic, Bearer, KeyPlace};
pub use definition::{Category, Definition, Link, Paging, PagingStyle, RateLimit};
pub use fault::{DefinitionFault, Problem};
pub use field::{Choice, Field, FieldKind, fill};
pub use field_fault::FieldFault;
pub use format::{Characters, Format};
pub use host::{host_allowed, url_authority};
pub use oauth::{BuiltinClient, OauthClientCredentials, OauthCode, OwnClient};
pub use operation::{
    Answer, BodyEncoding, Method, Operation, OperationType, Parameter, ParameterPlace, ParameterType,
};
pub use page::{Entry, page_address, page_path};
pub use pointer::Pointer;
pub use request::{Given, GivenFault, PageAsked, ParameterFault, Request};
pub use scopes::{Scope, ScopeSeparator, Scopes};
pub use template::{SANDBOX_ORIGIN, Template, TemplateError, Values, expand, expand_text};
pub use through::{AtTarget, GATEWAY, Login, SqlVerb, TARGET, Through, Ticket};
pub use token::{
    Refresh, Registration, Revocation, RevocationStyle, RevokedToken, TokenAuthMethod, TokenBody, TokenValue,
};

#[cfg(test)]
mod tests;
