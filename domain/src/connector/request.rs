//! The call that an operation makes, from what its caller gave.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::expansion::encode;
use super::{
    AuthWay, BodyEncoding, Definition, FieldFault, Method, Operation, PagingStyle, Parameter, ParameterPlace,
    ParameterType, SqlVerb, Values, bytes, named,
};

/// What a caller gives: values by the parameters' ids.
pub type Given = BTreeMap<String, Value>;

/// The most bytes of a parameter that does not stand in the body.
const LONGEST: usize = 4096;
/// The most entries of a list that does not stand in the body.
const MOST: usize = 200;

/// A call to a service, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body and its media type.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// What is asked of a database, where that is what the call is: then there is a question in the body, and nothing
    /// else.
    pub sql: Option<SqlVerb>,
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageAsked {
    /// Where it begins: what the page before answered as `next`.
    pub cursor: Option<String>,
    /// The most entries.
    pub size: Option<u32>,
}

/// What is wrong with one of the values given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterFault {
    /// The parameter's id, or the unknown name that was given.
    pub parameter: String,
    /// What is wrong.
    pub fault: GivenFault,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenFault {
    /// The operation has no such parameter.
    Unknown,
    /// Of another type than wanted.
    Type(ParameterType),
    /// Not as a text must be.
    Text(FieldFault),
    /// It would leave its place in the address.
    Place,
    /// The operation has no pages.
    NotPaged,
    /// Not the name of a table, a view or a procedure.
    NotAName,
    /// Not base64.
    NotBytes,
}

impl GivenFault {
    /// A short code for the API's answer.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown_field",
            Self::Type(_) => "wrong_type",
            Self::Text(fault) => fault.code(),
            Self::Place => "not_possible_here",
            Self::NotPaged => "not_paged",
            Self::NotAName => "not_a_name",
            Self::NotBytes => "not_base64",
        }
    }
}

impl fmt::Display for GivenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("This operation has no such parameter."),
            Self::Type(kind) => write!(f, "Give {}.", kind.words()),
            Self::Text(fault) => fault.fmt(f),
            Self::Place => f.write_str("This value cannot stand in the address of the call."),
            Self::NotPaged => f.write_str("This operation does not answer page by page."),
            Self::NotAName => f.write_str(
                "Give a name such as dbo.Customers. A part with a dot in it stands between double quotes.",
            ),
            Self::NotBytes => f.write_str("Give the bytes in base64."),
        }
    }
}

impl ParameterType {
    /// What is wanted, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Strings => "a list of texts",
            Self::Json => "a JSON value",
            Self::Name => "a name",
        }
    }

    fn fits(self, value: &Value) -> bool {
        match self {
            Self::String | Self::Name => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
            Self::Strings => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            Self::Json => true,
        }
    }
}

impl Parameter {
    /// Whether a value that was given is one that it takes.
    pub fn check(&self, value: &Value) -> Result<(), GivenFault> {
        if !self.kind.fits(value) {
            return Err(GivenFault::Type(self.kind));
        }
        match value {
            Value::String(text) => self.check_text(text),
            Value::Array(list) if self.kind == ParameterType::Strings => {
                if self.place != ParameterPlace::Body && list.len() > MOST {
                    return Err(GivenFault::Text(FieldFault::TooLong { most: MOST }));
                }
                list.iter().filter_map(Value::as_str).try_for_each(|text| self.check_text(text))
            }
            _ => Ok(()),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), GivenFault> {
        let bad = |fault| Err(GivenFault::Text(fault));
        if self.kind == ParameterType::Name && named::parse(text).is_none() {
            return Err(GivenFault::NotAName);
        }
        if self.place != ParameterPlace::Body {
            if text.len() > LONGEST {
                return bad(FieldFault::TooLong { most: LONGEST });
            }
            if text.chars().any(char::is_control) {
                return bad(FieldFault::ControlCharacter);
            }
        }
        if self.place == ParameterPlace::Header
            && let Some(found) = text.chars().find(|c| !c.is_ascii())
        {
            return bad(FieldFault::Character { found });
        }
        if text.is_empty() {
            return Ok(());
        }
        if !self.options.is_empty() && !self.options.iter().any(|option| option.value == text) {
            return bad(FieldFault::NotAnOption);
        }
        self.format.check(text).map_err(GivenFault::Text)
    }

    /// The value as it stands in the path.
    fn in_path(&self, value: &Value) -> String {
        let text = as_text(value);
        if self.quoted { text.replace('\'', "''") } else { text }
    }

    /// What counts of what was given: the value, else the preset one. An empty text counts only in a body.
    fn value<'a>(&'a self, given: &'a Given) -> Option<&'a Value> {
        let counts = |value: &&Value| {
            let empty = value.as_str().is_some_and(str::is_empty);
            !value.is_null() && (!empty || (self.place == ParameterPlace::Body && !self.required))
        };
        given.get(&self.id).filter(counts).or(self.default.as_ref())
    }
}

/// A value as it stands in an address or a header.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

impl Definition {
    /// The call that the operation makes with these values; all faults at once.
    pub fn request(
        &self,
        operation: &Operation,
        way: &AuthWay,
        values: &Values,
        given: &Given,
        page: &PageAsked,
    ) -> Result<Request, Vec<ParameterFault>> {
        let mut faults = check(operation, given);
        if operation.encoding == BodyEncoding::Bytes {
            let body =
                operation.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Body);
            let bad = body.filter(|parameter| {
                parameter
                    .value(given)
                    .and_then(Value::as_str)
                    .is_some_and(|text| bytes::decode(text).is_none())
            });
            faults.extend(bad.map(|parameter| ParameterFault {
                parameter: parameter.id.clone(),
                fault: GivenFault::NotBytes,
            }));
        }
        if !operation.answer.paged && (page.cursor.is_some() || page.size.is_some()) {
            faults.push(ParameterFault { parameter: String::new(), fault: GivenFault::NotPaged });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut all = values.clone();
        let mut query: Vec<(String, String)> =
            operation.query.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let fixed = self.headers.iter().chain(&operation.headers);
        let mut headers: Vec<(String, String)> =
            fixed.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut body = Body::default();
        for parameter in &operation.parameters {
            let Some(value) = parameter.value(given) else { continue };
            match parameter.place {
                ParameterPlace::Path => drop(all.insert(parameter.id.clone(), parameter.in_path(value))),
                ParameterPlace::Query => query.push((parameter.wire_name().to_owned(), as_text(value))),
                ParameterPlace::Header => headers.push((parameter.wire_name().to_owned(), as_text(value))),
                ParameterPlace::Body => body.put(parameter, value),
            }
        }
        if let Some(verb) = operation.sql {
            let question = body.question(verb);
            return Ok(Request {
                method: Method::Post,
                url: String::new(),
                headers: Vec::new(),
                body: Some(("application/json", question.to_string().into_bytes())),
                sql: Some(verb),
            });
        }
        self.page(page, &mut query);
        let url = self.url(way, &operation.path, &all).map_err(|error| {
            let named = operation.parameters.iter().find(|parameter| error.names(&parameter.id));
            let parameter = named.map(|parameter| parameter.id.clone()).unwrap_or_default();
            vec![ParameterFault { parameter, fault: GivenFault::Place }]
        })?;
        Ok(Request {
            method: operation.method,
            url: with_query(url, &query),
            headers,
            body: body.written(operation.encoding),
            sql: None,
        })
    }

    /// Adds what asks for a page; a page that is an address of its own replaces the whole address elsewhere.
    fn page(&self, page: &PageAsked, query: &mut Vec<(String, String)>) {
        let Some(paging) = &self.paging else { return };
        let mut put = |name: &Option<String>, value: String| {
            if let Some(name) = name {
                query.retain(|(known, _)| known != name);
                query.push((name.clone(), value));
            }
        };
        if let Some(size) = page.size {
            let most = paging.max_size.unwrap_or(u32::MAX);
            put(&paging.size_parameter, size.min(most).to_string());
        }
        if let Some(cursor) = &page.cursor
            && !matches!(paging.style, PagingStyle::NextUrl | PagingStyle::LinkHeader)
        {
            put(&paging.parameter, cursor.clone());
        }
    }
}

/// What is wrong with the values given.
fn check(operation: &Operation, given: &Given) -> Vec<ParameterFault> {
    let fault = |parameter: &str, fault| ParameterFault { parameter: parameter.to_owned(), fault };
    let unknown = given.keys().filter(|name| operation.parameter(name).is_none());
    let mut faults: Vec<_> = unknown.map(|name| fault(name, GivenFault::Unknown)).collect();
    for parameter in &operation.parameters {
        match parameter.value(given) {
            None if parameter.required => {
                faults.push(fault(&parameter.id, GivenFault::Text(FieldFault::Required)));
            }
            None => {}
            Some(value) => {
                if let Err(wrong) = parameter.check(value) {
                    faults.push(fault(&parameter.id, wrong));
                }
            }
        }
    }
    faults
}

/// An address with more parameters in its query.
pub(super) fn with_query(mut url: String, query: &[(String, String)]) -> String {
    for (name, value) in query {
        url.push(if url.contains('?') { '&' } else { '?' });
        // A dollar sign stands for itself in a query (RFC 3986), and not every service knows it otherwise.
        for (at, part) in name.split('$').enumerate() {
            url.push_str(if at > 0 { "$" } else { "" });
            encode(part, &mut url);
        }
        url.push('=');
        encode(value, &mut url);
    }
    url
}

/// The body's parameters, as they come.
#[derive(Default)]
struct Body {
    whole: Option<Value>,
    form: Vec<(String, String)>,
}

impl Body {
    fn put(&mut self, parameter: &Parameter, value: &Value) {
        self.form.push((parameter.wire_name().to_owned(), as_text(value)));
        let own = format!("/{}", parameter.id);
        let at = parameter.at.as_ref().map_or(own.as_str(), super::Pointer::as_str);
        let whole = self.whole.get_or_insert_with(|| Value::Object(Map::new()));
        let mut here = whole;
        for step in at.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            let Some(object) = here.as_object_mut() else { return };
            here = object.entry(step).or_insert(Value::Null);
        }
        let name = value.as_str().filter(|_| parameter.kind == ParameterType::Name).and_then(named::asked);
        *here = name.unwrap_or_else(|| value.clone());
    }

    /// The question for a database: its verb is the only member of the object.
    fn question(self, verb: SqlVerb) -> Value {
        let mut question = Map::new();
        question.insert(verb.code().to_owned(), self.whole.unwrap_or_else(|| Value::Object(Map::new())));
        Value::Object(question)
    }

    fn written(self, encoding: BodyEncoding) -> Option<(&'static str, Vec<u8>)> {
        if encoding == BodyEncoding::Bytes {
            let (_, text) = self.form.first()?;
            return Some(("application/octet-stream", bytes::decode(text).unwrap_or_default()));
        }
        let whole = self.whole?;
        Some(match encoding {
            BodyEncoding::Json | BodyEncoding::Bytes => ("application/json", whole.to_string().into_bytes()),
            BodyEncoding::Form => {
                let text = with_query(String::new(), &self.form);
                ("application/x-www-form-urlencoded", text.trim_start_matches('?').as_bytes().to_vec())
            }
        })
    }
}
