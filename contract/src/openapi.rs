//! The OpenAPI 3.1 document, made from the endpoint table.

#![expect(
    clippy::indexing_slicing,
    reason = "reading a JSON value by a name that is not there gives null, and this runs when the project is built, never in the product"
)]

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::endpoint::{Access, Endpoint, Info, Method};
use crate::endpoints::{Visitor, visit_all};
use crate::problem::{Problem, ProblemCode};

/// The whole document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        "/components/schemas".clone_into(settings.definitions_path.to_mut());
        settings.meta_schema = None;
    });
    let mut collector = Collector { schemas: settings.into_generator(), paths: Map::new() };
    let problem = collector.schema::<Problem>();
    visit_all(&mut collector);
    let Collector { mut schemas, paths } = collector;
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Drawbridge",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The control plane for a tenant's integrations.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": {
                "Problem": {
                    "description": "An error (RFC 9457).",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
            "securitySchemes": {
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-session",
                    "description": "The console's session; unsafe methods need a same-origin Origin header too.",
                },
            },
        },
    })
}

struct Collector {
    schemas: SchemaGenerator,
    paths: Map<String, Value>,
}

impl Collector {
    fn schema<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    /// The properties of a type, for those that become parameters.
    fn parameters<T: JsonSchema>(&mut self, place: &str) -> Vec<Value> {
        let schema = T::json_schema(&mut self.schemas).to_value();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, property)| {
                let mut property = property.clone();
                let description = property.as_object_mut().and_then(|object| object.remove("description"));
                json!({
                    "name": name, "in": place, "description": description,
                    "required": place == "path" || required.contains(&name.as_str()), "schema": property,
                })
            })
            .collect()
    }
}

fn header(name: &str, description: &str, required: bool) -> Value {
    json!({
        "name": name, "in": "header", "description": description, "required": required,
        "schema": { "type": "string", "maxLength": 255 },
    })
}

fn is_empty(schema: &Value) -> bool {
    schema["$ref"] == "#/components/schemas/Nothing"
}

/// The problems that an endpoint can answer: its own and those that follow from what it takes.
fn problems(info: &Info, has_body: bool) -> Vec<ProblemCode> {
    use ProblemCode as P;
    let mut list = info.problems.to_vec();
    list.extend([P::BadRequest, P::Internal, P::NotReady]);
    if info.access != Access::Public {
        list.push(P::Unauthenticated);
    }
    if matches!(info.access, Access::Role(_)) {
        list.push(P::NeedsRole);
    }
    if !info.method.is_safe() || info.is_socket() {
        list.push(P::CrossSite);
    }
    if has_body {
        list.extend([P::NotJson, P::BodyTooLarge, P::UnsupportedMediaType, P::InvalidFields]);
    }
    if info.if_match {
        list.extend([P::PreconditionFailed, P::PreconditionRequired]);
    }
    if info.idempotent {
        list.push(P::IdempotencyMismatch);
    }
    list.sort_by_key(|code| (code.status(), code.code()));
    list.dedup();
    list
}

impl Visitor for Collector {
    fn visit<E: Endpoint<Params: JsonSchema, Query: JsonSchema, Body: JsonSchema, Answer: JsonSchema>>(
        &mut self,
    ) {
        let info = E::INFO;
        let mut parameters = self.parameters::<E::Params>("path");
        parameters.extend(self.parameters::<E::Query>("query"));
        if info.if_match {
            parameters.push(header("If-Match", "The `ETag` of the version that is to be changed.", true));
        }
        if info.idempotent {
            parameters.push(header(
                "Idempotency-Key",
                "A text of the caller's choice; the same key with the same request is carried out once.",
                false,
            ));
        }
        let body = self.schema::<E::Body>();
        let has_body = !is_empty(&body);
        let answer = self.schema::<E::Answer>();
        let mut success = json!({ "description": info.summary });
        success["headers"] = json!({
            "X-Request-Id": { "description": "Names this request in the logs.", "schema": { "type": "string" } },
        });
        if info.etag {
            success["headers"]["ETag"] =
                json!({ "description": "The version, for If-Match.", "schema": { "type": "string" } });
        }
        if info.success != 204 && !info.is_socket() {
            let content = info.media.iter().map(|media| {
                let schema =
                    if *media == "application/json" { answer.clone() } else { json!({ "type": "string" }) };
                ((*media).to_owned(), json!({ "schema": schema }))
            });
            success["content"] = content.collect::<Map<_, _>>().into();
        }
        let mut responses = Map::new();
        responses.insert(info.success.to_string(), success);
        for code in problems(&info, has_body) {
            let entry = responses
                .entry(code.status().to_string())
                .or_insert_with(|| json!({ "$ref": "#/components/responses/Problem", "description": "" }));
            let mut words = entry["description"].as_str().unwrap_or_default().to_owned();
            if !words.is_empty() {
                words.push_str(" · ");
            }
            words = format!("{words}`{}`: {}.", code.code(), code.title());
            entry["description"] = words.into();
        }
        let mut operation = json!({
            "operationId": info.name,
            "summary": info.summary,
            "tags": [info.tag],
            "responses": responses,
        });
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if has_body {
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": body } } });
        }
        operation["security"] = match info.access {
            Access::Public => json!([]),
            Access::SignedIn => json!([{ "session": [] }]),
            Access::Role(role) => {
                operation["x-role"] = role.code().into();
                json!([{ "session": [] }])
            }
        };
        // OpenAPI has no parameter for the rest of a path; slashes in this one are sent as they are.
        let path = self.paths.entry(info.path.replace("{*", "{")).or_insert_with(|| json!({}));
        if info.method == Method::Any {
            for method in ["get", "post", "put", "patch", "delete"] {
                operation["operationId"] = format!("{}By{}", info.name, method.to_ascii_uppercase()).into();
                path[method] = operation.clone();
            }
        } else {
            path[info.method.as_str().to_ascii_lowercase()] = operation;
        }
    }
}
