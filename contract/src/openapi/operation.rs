//! One operation of the document: what it is, what it takes, what it answers, who may call it.

use drawbridge_domain::scopes::ApiScope;
use serde_json::{Map, Value, json};

use crate::endpoint::{Access, Info, Method, Reach};

/// What is sent or answered where there is nothing to say.
const NOTHING: &str = "#/components/schemas/Nothing";

/// Whether a schema says that there is nothing.
pub(super) fn is_nothing(schema: &Value) -> bool {
    schema["$ref"] == NOTHING
}

/// A component by its kind and name.
pub(super) fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The name of an operation: that of its endpoint, as names are in JSON.
fn name(info: &Info) -> String {
    let mut letters = info.name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// The words of a comment in the code, on lines as a reader of Markdown has them.
pub(super) fn plain_words(words: Option<&Value>) -> Value {
    let words = words.and_then(Value::as_str).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// The operation without the problems that it can answer.
pub(super) fn operation(
    info: &Info,
    mut parameters: Vec<Value>,
    body: Option<Value>,
    answer: &Value,
) -> Value {
    if info.if_match {
        parameters.push(component("parameters", "If-Match"));
    }
    if info.idempotent {
        parameters.push(component("parameters", "Idempotency-Key"));
    }
    let mut operation = json!({
        "operationId": name(info),
        "summary": info.summary,
        "description": description(info),
        "tags": [info.tag],
        "responses": { info.success.to_string(): success(info, answer) },
        "security": security(info),
    });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = body {
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": body } } });
    }
    if let Access::Role(role) = info.access {
        operation["x-role"] = role.code().into();
    }
    if let Some(scopes) = scopes(info) {
        operation["x-scopes"] = scopes.into();
    }
    operation
}

fn description(info: &Info) -> String {
    let mut words = info.description.split_whitespace().collect::<Vec<_>>().join(" ");
    // References of the code's documents are none here.
    words = words.replace("[`", "`").replace("`]", "`");
    let who = match info.access {
        Access::Public => "Anybody may call it.".to_owned(),
        Access::SignedIn => "For every role.".to_owned(),
        Access::Role(role) => format!("For the role {role} and above."),
    };
    let reach = match info.reach {
        _ if info.access == Access::Public => String::new(),
        Reach::SessionOnly => " Not for apps and tokens.".to_owned(),
        Reach::Any => " Apps and tokens need no scope.".to_owned(),
        Reach::Scope(scope) => format!(" Apps and tokens need the scope `{scope}`."),
        Reach::Full => " Apps and tokens need full access.".to_owned(),
    };
    format!("{words}\n\n{who}{reach}")
}

/// The scopes that an app or a token needs; `None` where there is no way for them.
fn scopes(info: &Info) -> Option<Vec<&'static str>> {
    match info.reach {
        _ if info.access == Access::Public => None,
        Reach::SessionOnly => None,
        Reach::Any => Some(Vec::new()),
        Reach::Scope(scope) => Some(vec![scope.code()]),
        Reach::Full => Some(ApiScope::ALL.iter().map(|scope| scope.code()).collect()),
    }
}

fn security(info: &Info) -> Value {
    if info.access == Access::Public {
        return json!([]);
    }
    match scopes(info) {
        None => json!([{ "session": [] }]),
        Some(scopes) => json!([{ "session": [] }, { "bearer": scopes }, { "oauth": scopes }]),
    }
}

fn success(info: &Info, answer: &Value) -> Value {
    let mut names = vec!["X-Request-Id"];
    if info.etag {
        names.push("ETag");
    }
    if info.idempotent {
        names.push("Idempotent-Replayed");
    }
    if scopes(info).is_some() {
        names.extend(["RateLimit", "RateLimit-Policy", "Drawbridge-Token-Expires"]);
    }
    let headers: Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), component("headers", name))).collect();
    let mut success = json!({ "description": format!("Done: {}.", lower(info.summary)), "headers": headers });
    if info.is_socket() {
        success["description"] = "The WebSocket is open.".into();
        // Messages that are no JSON have a document of their own.
        if !is_nothing(answer) {
            success["x-message"] = answer.clone();
        }
    } else if info.success != 204 {
        let content = info.media.iter().map(|media| {
            let schema =
                if *media == "application/json" { answer.clone() } else { json!({ "type": "string" }) };
            ((*media).to_owned(), json!({ "schema": schema }))
        });
        success["content"] = content.collect::<Map<_, _>>().into();
    }
    success
}

/// A summary within a sentence.
fn lower(summary: &str) -> String {
    let mut letters = summary.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// An operation that passes requests through, by one method: what the provider answers, whatever it is, is the answer.
pub(super) fn passing_through(operation: &Value, method: &str) -> Value {
    let mut operation = operation.clone();
    let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
    operation["operationId"] = format!("{name}By{}", method.to_ascii_uppercase()).into();
    let summary = operation["summary"].as_str().unwrap_or_default().to_owned();
    operation["summary"] = format!("{summary} ({})", method.to_ascii_uppercase()).into();
    if let Some(responses) = operation["responses"].as_object_mut() {
        responses.remove("200");
        let headers: Map<String, Value> = ["X-Request-Id", "X-Answered-By", "RateLimit", "RateLimit-Policy"]
            .into_iter()
            .map(|name| (name.to_owned(), component("headers", name)))
            .collect();
        responses.insert(
            "default".to_owned(),
            json!({
                "description": "The provider's own answer, with its status and body as they are.",
                "headers": headers, "content": { "*/*": {} },
            }),
        );
    }
    if !Method::Get.as_str().eq_ignore_ascii_case(method) && method != "delete" {
        operation["requestBody"] = json!({
            "description": "Whatever the provider takes; at most 1 GiB.", "required": false,
            "content": { "*/*": {} },
        });
    }
    operation
}
