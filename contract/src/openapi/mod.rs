//! The OpenAPI 3.1 document, made from the endpoint table.

#![expect(
    clippy::indexing_slicing,
    reason = "reading a JSON value by a name that is not there gives null, and this runs when the project is built, never in the product"
)]

mod examples;
mod limits;
mod operation;
mod plain;
mod problems;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::endpoint::{Endpoint, Info, Method};
use crate::endpoints::{Visitor, visit_all};
use crate::problem::Problem;

/// The whole document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        "/components/schemas".clone_into(settings.definitions_path.to_mut());
        settings.meta_schema = None;
    });
    let mut collector = Collector {
        schemas: settings.into_generator(),
        paths: plain::paths(),
        responses: BTreeMap::new(),
        bodies: Vec::new(),
    };
    collector.schema::<Problem>();
    visit_all(&mut collector);
    let Collector { schemas, mut paths, responses, bodies } = collector;
    let schemas = schemas_of(schemas, &bodies);
    examples::add(&mut paths, &schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Drawbridge",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The control plane for a tenant's integrations.",
            "description": words::INTRODUCTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "This deployment." }],
        "tags": words::tags(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "examples": problems::examples(),
            "headers": words::headers(),
            "parameters": words::parameters(),
            "securitySchemes": words::security_schemes(),
        },
    })
}

/// All schemas, with the limits that are no matter of types.
fn schemas_of(mut generator: SchemaGenerator, bodies: &[Value]) -> Map<String, Value> {
    let mut schemas = generator.take_definitions(true);
    schemas.extend(plain::schemas());
    // What nothing has is told by leaving it out.
    schemas.remove("Nothing");
    limits::apply(&mut schemas);
    let mut sent = BTreeSet::new();
    for body in bodies {
        limits::reached(body, &schemas, &mut sent);
    }
    limits::answers_without_null(&mut schemas, &sent);
    schemas
}

struct Collector {
    schemas: SchemaGenerator,
    paths: Map<String, Value>,
    /// The answers with problems, by their names.
    responses: BTreeMap<String, Value>,
    /// The schemas of what is sent.
    bodies: Vec<Value>,
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
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties
            .map(|(name, property)| {
                let mut property = property.clone();
                limits::without_null(&mut property);
                let object = property.as_object_mut();
                let description = object.and_then(|object| {
                    object.remove("default").filter(|value| !value.is_null());
                    object.remove("description")
                });
                if name == "search" || name == "filter" {
                    property["maxLength"] = drawbridge_domain::limits::MAX_SEARCH.into();
                }
                json!({
                    "name": name, "in": place, "description": operation::plain_words(description.as_ref()),
                    "required": place == "path" || required.contains(&name.as_str()), "schema": property,
                })
            })
            .collect()
    }
}

impl Visitor for Collector {
    fn visit<E: Endpoint<Params: JsonSchema, Query: JsonSchema, Body: JsonSchema, Answer: JsonSchema>>(
        &mut self,
    ) {
        let info: &Info = &E::INFO;
        let mut parameters = self.parameters::<E::Params>("path");
        parameters.extend(self.parameters::<E::Query>("query"));
        let body = self.schema::<E::Body>();
        let body = Some(body).filter(|body| !operation::is_nothing(body));
        let answer = self.schema::<E::Answer>();
        self.bodies.extend(body.clone());
        let problems = problems::of(info, body.is_some());
        let mut operation = operation::operation(info, parameters, body, &answer);
        for (status, codes) in &problems {
            let name = problems::name(*status, codes);
            operation["responses"][status.to_string()] =
                json!({ "$ref": format!("#/components/responses/{name}") });
            self.responses.entry(name).or_insert_with(|| problems::response(*status, codes));
        }
        // OpenAPI has no parameter for the rest of a path; slashes in this one are sent as they are.
        let path = self.paths.entry(info.path.replace("{*", "{")).or_insert_with(|| json!({}));
        if info.method == Method::Any {
            for method in ["get", "post", "put", "patch", "delete"] {
                path[method] = operation::passing_through(&operation, method);
            }
        } else {
            path[info.method.as_str().to_ascii_lowercase()] = operation;
        }
    }
}
