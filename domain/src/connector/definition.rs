//! A connector's definition as a whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AnswerRule, AuthWay, Call, Field, Identity, Operation, Pointer, Template, TemplateError, Through, Values,
};

/// One connector: how to sign in to a third-party service, which hosts it has, what it can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// Stable id in kebab-case; also the name of the file.
    pub id: String,
    /// The service's own name.
    pub name: String,
    /// One sentence: what the service is for.
    pub description: String,
    /// Where it is sorted in the catalogue.
    pub category: Category,
    /// Name of the icon, in kebab-case.
    pub icon: String,
    /// Links to the provider's own documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docs: Vec<Link>,
    /// Offered in development only; never part of a production build.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
    /// Its service stands in an organisation's own network; then there are no hosts and no base URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Through>,
    /// Where calls may go: an exact host, `*.` and a domain, or a host with placeholders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// What every relative path of a call is appended to, unless the way to authenticate says otherwise.
    #[serde(default, skip_serializing_if = "Template::is_empty")]
    pub base_url: Template,
    /// Headers sent with every call.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// What a connection must say whichever way it authenticates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Field>,
    /// The ways to authenticate, the recommended one first.
    pub auth: Vec<AuthWay>,
    /// The call that proves the credentials; a database is asked whether it takes the login.
    #[serde(default, skip_serializing_if = "Call::is_empty")]
    pub validation: Call,
    /// How to learn as whom a connection is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Rules for reading any answer of this service, after a call's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_rules: Vec<AnswerRule>,
    /// Where an error answer keeps its message; the first that is there counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub error_message: Vec<Pointer>,
    /// The answer's header with the provider's own request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id_header: Option<String>,
    /// What the connector can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// How lists are read page by page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paging: Option<Paging>,
    /// How often the service may be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// What surprises people about this service, in plain sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quirks: Vec<String>,
}

impl Definition {
    /// The way to authenticate with this id.
    pub fn auth_way(&self, id: &str) -> Option<&AuthWay> {
        self.auth.iter().find(|way| way.id == id)
    }

    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The whole URL of a path template: an absolute one as it is, a relative one after the base URL.
    pub fn url(&self, way: &AuthWay, path: &Template, values: &Values) -> Result<String, TemplateError> {
        let path = path.expand(values)?;
        // A gateway's target has its own base URL, which nobody here knows.
        if !path.starts_with('/') || self.gateway.is_some() {
            return Ok(path);
        }
        let mut base = way.base_url.as_ref().unwrap_or(&self.base_url).expand(values)?;
        base.truncate(base.trim_end_matches('/').len());
        Ok(base + &path)
    }

    /// The hosts that a connection with these values may call, for [`super::host_allowed`].
    ///
    /// A pattern that names a value which is not there (yet) allows nothing and is left out.
    pub fn allowed_hosts(&self, values: &Values) -> Vec<String> {
        self.hosts.iter().filter_map(|pattern| super::host::expand_pattern(pattern, values).ok()).collect()
    }

    /// Whether a connection with these values may call this URL: `https`, a public host, and one of this
    /// connector's.
    ///
    /// Plain `http` passes only in a sandbox definition and only towards the sandbox's own origin.
    ///
    /// Through a gateway everything is a path; which of them the target has to offer, the gateway says.
    pub fn allows_url(&self, url: &str, values: &Values) -> bool {
        if let Some(through) = &self.gateway {
            return !through.is_database() && super::host::is_url_path(url);
        }
        let Some((secure, authority)) = super::host::scheme_and_authority(url) else { return false };
        if !secure {
            let sandbox =
                values.get(super::SANDBOX_ORIGIN).and_then(|o| super::host::scheme_and_authority(o));
            return cfg!(feature = "sandbox") && self.sandbox && sandbox == Some((false, authority));
        }
        super::host_allowed(&self.allowed_hosts(values), authority)
    }

    /// The message of an error answer, where this service keeps one.
    pub fn error_text(&self, body: &serde_json::Value) -> Option<String> {
        self.error_message.iter().find_map(|pointer| pointer.text(body))
    }
}

/// A link to a document of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Link {
    /// What the document is about.
    pub label: String,
    /// Its address.
    pub url: String,
}

/// Where a connector is sorted in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// Reports and data warehouses.
    Analytics,
    /// Chat, meetings and mail.
    Communication,
    /// Files and documents.
    Content,
    /// Customers and sales.
    Crm,
    /// Databases.
    Data,
    /// Code and delivery, and what developers use.
    Development,
    /// Invoices and payments.
    Finance,
    /// Anything with an HTTP interface.
    Generic,
    /// Employees and applicants.
    People,
    /// Campaigns and forms.
    Marketing,
    /// Tasks, calendars and projects.
    Productivity,
    /// Electronic signatures.
    Signing,
    /// Tickets and service desks.
    Support,
}

impl Category {
    /// The words that the console shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Analytics => "Analytics",
            Self::Communication => "Communication",
            Self::Content => "Files and content",
            Self::Crm => "CRM and sales",
            Self::Data => "Databases",
            Self::Development => "Development",
            Self::Finance => "Finance",
            Self::Generic => "Any service",
            Self::People => "People",
            Self::Marketing => "Marketing",
            Self::Productivity => "Productivity",
            Self::Signing => "Signing",
            Self::Support => "Support",
        }
    }
}

/// How the service hands out a list page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Paging {
    /// By which principle.
    pub style: PagingStyle,
    /// Where the answer keeps the next page's cursor or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Pointer>,
    /// Where the answer says whether there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Pointer>,
    /// The query parameter that takes cursor, offset or page number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The query parameter that takes the page's size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_parameter: Option<String>,
    /// The largest page that the service gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<u32>,
}

/// By which principle a list is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PagingStyle {
    /// The answer holds a cursor for the next page.
    Cursor,
    /// The answer holds the next page's address or path.
    NextUrl,
    /// The caller says how many entries to skip.
    Offset,
    /// The caller says which page.
    Page,
    /// The `Link` header names the next page.
    LinkHeader,
}

/// How often a service may be called, as far as its provider says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimit {
    /// Calls in one window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// Length of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_seconds: Option<u32>,
    /// The header that says how many calls are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_header: Option<String>,
    /// Whether a refusal carries `Retry-After`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retry_after: bool,
    /// What else there is to know, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
