//! Examples: what is sent is written by hand, what is answered is put together from the schemas.

use serde_json::{Map, Value, json};

/// How deep an example goes.
const DEEPEST: usize = 8;

/// Adds an example to every body that has none.
pub(super) fn add(paths: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        let sent = operation.pointer_mut("/requestBody/content/application~1json");
        if let Some(content) = sent.and_then(Value::as_object_mut) {
            let example = content.get("schema").map(|schema| sent_example(schema, schemas));
            content.entry("example").or_insert(example.unwrap_or_default());
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut) {
            let contents = response.get_mut("content").and_then(Value::as_object_mut);
            for (media, content) in contents.into_iter().flat_map(Map::iter_mut) {
                let Some(content) = content.as_object_mut() else { continue };
                let example = match (media.as_str(), content.get("schema")) {
                    ("application/json", Some(schema)) => sample(schema, "", schemas, 0),
                    ("text/csv" | "text/csv; charset=utf-8", _) => {
                        json!(
                            "seq,at,actor,action\r\n1,2026-11-22T09:30:00.000Z,Ada Lovelace,tenant.created\r\n"
                        )
                    }
                    ("application/x-ndjson", _) => json!("{\"hashed\":\"…\",\"hash\":\"…\"}\n"),
                    _ => continue,
                };
                content.entry("example").or_insert(example);
            }
        }
    }
}

fn sent_example(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let name = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()).unwrap_or_default();
    match name {
        "ChangeApp" => json!({ "description": "Nightly report", "scopes": ["read:connection"] }),
        "ChangeConnection" => json!({ "name": "Salesforce Europe" }),
        "ChangeGateway" => json!({ "name": "Berlin data centre" }),
        "ChangeGroup" => json!({ "name": "Sales Europe" }),
        "ChangeOAuthClient" => json!({ "name": "Production" }),
        "ChangeSso" => json!({ "label": "Acme ID", "autoJoin": true }),
        "ChangeTenant" => json!({ "credentials": { "showSecretsOnce": true, "maxTokenDays": 90 } }),
        "ChangeToken" | "CreateToken" => json!({ "name": "Laptop", "scopes": ["read:connection"] }),
        "ChangeUser" => json!({ "role": "developer" }),
        "ChangeWebhook" => json!({ "events": ["connection.invalid", "connection.recovered"] }),
        "CreateApp" => json!({
            "name": "Nightly report", "description": "Lists connections that do not work.",
            "scopes": ["read:connection", "read:user"], "addresses": ["192.0.2.0/24"],
        }),
        "CreateConnection" => json!({
            "connector": "zendesk", "name": "Zendesk support", "auth": "api-token",
            "settings": { "subdomain": "acme" }, "credentials": { "email": "ada@example.com", "token": "…" },
        }),
        "CreateWebhook" => json!({
            "name": "Operations", "url": "https://hooks.example.net/drawbridge", "events": ["connection.invalid"],
        }),
        "Enrol" => json!({
            "code": "4TQ9-7KXM-2HVB", "key": "5f".repeat(32), "signature": "a4".repeat(64), "version": "2.3.0",
            "machine": "GW01", "platform": "linux/x86_64",
        }),
        "Leave" => json!({
            "gateway": "gw_01kafz2b5e4q8x7w9r3t6y1m0c", "replica": "gwr_01kafz2b5e4q8x7w9r3t6y1m0c",
            "at": 1_795_000_000_000_i64, "signature": "a4".repeat(64),
        }),
        "OperationCall" => json!({ "parameters": { "limit": 5 }, "pageSize": 5 }),
        "NewPermissions" => json!({ "grants": [
            { "kind": "everyone", "level": "user" },
            { "kind": "user", "id": "usr_01kafz2b5e4q8x7w9r3t6y1m0c", "level": "owner" },
        ] }),
        _ => sample(schema, "", schemas, 0),
    }
}

/// A value that fits the schema, of a field with that name.
fn sample(schema: &Value, field: &str, schemas: &Map<String, Value>, depth: usize) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        if let Some(value) = of_type(name) {
            return value;
        }
        return schemas.get(name).map_or(Value::Null, |schema| sample(schema, field, schemas, depth + 1));
    }
    if let Some(example) = schema["examples"].as_array().and_then(|examples| examples.first()) {
        return example.clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    for forms in ["oneOf", "anyOf"] {
        if let Some(first) = schema[forms].as_array().and_then(|forms| forms.first()) {
            return sample(first, field, schemas, depth + 1);
        }
    }
    match schema["type"].as_str().unwrap_or_default() {
        "object" => object(schema, schemas, depth),
        "array" if depth < DEEPEST => json!([sample(&schema["items"], field, schemas, depth + 1)]),
        "array" => json!([]),
        "boolean" => json!(
            field == "viewable"
                || field == "interactive"
                || field == "enabled"
                || field == "done"
                || field == "active"
        ),
        "integer" | "number" => number(field, schema),
        "string" => text(field, schema).into(),
        // Anything.
        _ => json!({}),
    }
}

fn object(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Value {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let wanted = |name: &str| required.contains(&name) || ["secret", "link", "nextLink"].contains(&name);
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(|(name, _)| wanted(name))
        .map(|(name, property)| (name.clone(), sample(property, name, schemas, depth + 1)))
        .collect::<Map<_, _>>()
        .into()
}

/// The value of a type of which the first that comes to mind would not do.
fn of_type(name: &str) -> Option<Value> {
    Some(match name {
        "Role" => json!("designer"),
        "RoleName" => json!("Designer"),
        "Status" | "UserState" => json!("active"),
        "Reason" => json!("proved"),
        "Level" => json!("owner"),
        "Network" => json!("192.0.2.0/24"),
        "SecretText" => json!("correct horse battery staple"),
        "ApiScopes" => json!(["read:connection", "read:user"]),
        "LiveMessage" => json!({ "changes": [{ "topic": "connections" }] }),
        _ => return None,
    })
}

fn number(field: &str, schema: &Value) -> Value {
    match field {
        "status" => json!(200),
        "most" => json!(1000),
        "maxTokenDays" => json!(365),
        "milliseconds" => json!(184),
        _ => schema["minimum"].as_i64().filter(|least| *least > 0).unwrap_or(1).into(),
    }
}

fn text(field: &str, schema: &Value) -> String {
    let known = match field {
        "email" => "ada@example.com",
        "firstName" => "Ada",
        "lastName" => "Lovelace",
        "tenantName" => "Acme",
        "slug" => "acme",
        "issuer" => "https://id.example.com",
        "domain" => "example.com",
        "url" | "redirectUrl" | "authorizationUrl" => "https://example.com/path",
        "link" => "https://drawbridge.example/invitation#…",
        "nextLink" => "https://drawbridge.example/tenants/v1/users?cursor=WyJuYW1lIl0",
        "icon" | "connector" | "contractId" | "appId" => "zendesk",
        "contractName" => "Zendesk",
        "displayName" => "Zendesk support",
        "address" => "192.0.2.7",
        "country" => "NL",
        "hint" => "dbr_pat_…x7Qf",
        "requestId" => "req_01kafz2b5e4q8x7w9r3t6y1m0c",
        "action" => "connection.created",
        "event" => "connection.invalid",
        "clientId" => "3MVG9lKcPoNINVBIPJjdw1J9LLM82Hn",
        "operation" | "operationId" => "list-tickets",
        "token" => "c2VjcmV0LW9mLXRoZS1saW5r",
        "description" => "What it is for.",
        "message" => "Fill this in.",
        "code" => "missing",
        "path" => "name",
        "hash" | "previousHash" => "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
        "userAgent" => "curl/8.14.1",
        "auth" => "oauth",
        "name" | "label" => "Sales Europe",
        "id" => "tickets",
        _ => "text",
    };
    let most = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok());
    known.chars().take(most.unwrap_or(usize::MAX)).collect()
}
