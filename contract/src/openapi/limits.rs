//! What the rules of `domain` and the handlers demand of values beyond their types, and which values may be null.

use std::collections::BTreeSet;

use drawbridge_domain::{account, credential, gateway, grants, network, sso, text, webhook};
use serde_json::{Map, Value, json};

/// What no name holds: control characters and what cannot be seen (`domain::text`).
const UNSEEN: &str =
    "\\x00-\\x1f\\x7f-\\x9f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb";

/// A text without some characters that is cut at its ends, and must not be empty then.
fn name_without(forbidden: &str, most: usize) -> Value {
    let seen = format!("[^{UNSEEN}{forbidden}]*");
    let pattern = format!("^{seen}[^\\s{UNSEEN}{forbidden}]{seen}$");
    json!({ "minLength": 1, "maxLength": most, "pattern": pattern })
}

fn name(most: usize) -> Value {
    name_without("<>", most)
}

fn connection_name() -> Value {
    let forbidden: String =
        text::CONNECTION_NAME_FORBIDDEN.chars().flat_map(|character| ['\\', character]).collect();
    // Of letters and digits a backslash would make something else.
    let forbidden =
        forbidden.replace("\\<", "<").replace("\\>", ">").replace("\\\"", "\"").replace("\\'", "'");
    let forbidden = ["%", "#", "!", "@", "~", "=", ",", ";", "`"]
        .iter()
        .fold(forbidden, |text, plain| text.replace(&format!("\\{plain}"), plain));
    name_without(&forbidden, text::CONNECTION_NAME_MAX)
}

fn at_most(most: usize) -> Value {
    json!({ "maxLength": most })
}

/// Bytes in hexadecimal digits.
fn digits(bytes: usize) -> Value {
    json!({ "pattern": format!("^[0-9a-f]{{{}}}$", 2 * bytes) })
}

/// The limits, by type and field.
fn limits() -> Vec<(&'static str, &'static str, Value)> {
    let email = || json!({ "format": "email", "maxLength": 254 });
    let password = || json!({ "minLength": account::PASSWORD_MIN, "maxLength": account::PASSWORD_MAX });
    let addresses = || json!({ "maxItems": network::NETWORKS_MAX });
    vec![
        ("SetUp", "tenantName", name(100)),
        ("SetUp", "email", email()),
        ("SetUp", "firstName", name(100)),
        ("SetUp", "lastName", name(100)),
        ("SetUp", "password", password()),
        ("ChangePassword", "newPassword", password()),
        ("InviteUser", "email", email()),
        ("InviteUser", "firstName", name(100)),
        ("InviteUser", "lastName", name(100)),
        ("ChangeUser", "firstName", name(100)),
        ("ChangeUser", "lastName", name(100)),
        ("CreateTenant", "name", name(100)),
        ("ChangeTenant", "name", name(100)),
        ("CreateGroup", "name", name(100)),
        ("CreateGroup", "description", at_most(text::DESCRIPTION_MAX)),
        ("ChangeGroup", "name", name(100)),
        ("ChangeGroup", "description", at_most(text::DESCRIPTION_MAX)),
        ("CreateConnection", "name", connection_name()),
        ("ChangeConnection", "name", connection_name()),
        ("CreateOAuthClient", "name", name(100)),
        ("ChangeOAuthClient", "name", name(100)),
        ("CreateApp", "name", name(credential::NAME_MAX)),
        ("CreateApp", "description", at_most(credential::DESCRIPTION_MAX)),
        ("CreateApp", "addresses", addresses()),
        ("ChangeApp", "name", name(credential::NAME_MAX)),
        ("ChangeApp", "description", at_most(credential::DESCRIPTION_MAX)),
        ("ChangeApp", "addresses", addresses()),
        ("CreateToken", "name", name(credential::NAME_MAX)),
        ("CreateToken", "addresses", addresses()),
        ("ChangeToken", "name", name(credential::NAME_MAX)),
        ("ChangeToken", "addresses", addresses()),
        ("CreateWebhook", "name", name(100)),
        (
            "CreateWebhook",
            "url",
            json!({ "format": "uri", "maxLength": webhook::URL_MAX, "pattern": "^https://" }),
        ),
        ("CreateWebhook", "events", json!({ "minItems": 1, "uniqueItems": true })),
        ("ChangeWebhook", "name", name(100)),
        (
            "ChangeWebhook",
            "url",
            json!({ "format": "uri", "maxLength": webhook::URL_MAX, "pattern": "^https://" }),
        ),
        ("ChangeWebhook", "events", json!({ "minItems": 1, "uniqueItems": true })),
        ("CreateGateway", "name", name(gateway::NAME_MAX)),
        ("ChangeGateway", "name", name(gateway::NAME_MAX)),
        ("Enrol", "key", digits(32)),
        ("Enrol", "signature", digits(64)),
        ("Leave", "signature", digits(64)),
        (
            "ChangeSso",
            "issuer",
            json!({ "format": "uri", "maxLength": sso::ISSUER_MAX, "pattern": "^https://" }),
        ),
        ("ChangeSso", "label", name(100)),
        ("ChangeSso", "scopes", at_most(300)),
        ("ChangeSso", "defaultRole", {
            let mut roles: Vec<Value> = sso::DEFAULT_ROLES.iter().map(|role| role.code().into()).collect();
            roles.push(Value::Null);
            json!({ "enum": roles })
        }),
        ("NameDomain", "domain", json!({ "minLength": 3, "maxLength": 240 })),
        ("NewPermissions", "grants", json!({ "maxItems": grants::MAX_GRANTS })),
        (
            "CredentialPolicy",
            "maxTokenDays",
            json!({ "minimum": credential::TOKEN_DAYS_MIN, "maximum": credential::TOKEN_DAYS_MAX }),
        ),
        ("OperationCall", "pageSize", json!({ "minimum": 1 })),
    ]
}

/// Writes the limits into the schemas.
pub(super) fn apply(schemas: &mut Map<String, Value>) {
    for (schema, field, limit) in limits() {
        let place = schemas.get_mut(schema).and_then(|schema| schema["properties"].get_mut(field));
        if let (Some(place), Some(limit)) = (place.and_then(Value::as_object_mut), limit.as_object()) {
            place.extend(limit.clone());
        }
    }
}

/// Takes null out of what is never null: answers leave out what is absent, addresses cannot say it.
pub(super) fn without_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array_mut() {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema["type"] = only;
        }
    }
    let forms = schema["anyOf"].as_array().cloned();
    if let Some(mut forms) = forms {
        forms.retain(|form| form["type"] != "null");
        if let (1, Some(object)) = (forms.len(), schema.as_object_mut()) {
            object.remove("anyOf");
            if let Some(Value::Object(only)) = forms.pop() {
                object.extend(only);
            }
        }
    }
    // Indexing wrote a null where nothing was.
    if let Some(object) = schema.as_object_mut() {
        object.retain(|name, value| !(value.is_null() && ["type", "anyOf"].contains(&name.as_str())));
    }
}

/// Takes it out of all that only answers have.
pub(super) fn answers_without_null(schemas: &mut Map<String, Value>, sent: &BTreeSet<String>) {
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| !sent.contains(name.as_str())) {
        for property in schema["properties"].as_object_mut().into_iter().flat_map(Map::values_mut) {
            without_null(property);
        }
        if let Some(object) = schema.as_object_mut() {
            object.retain(|_, value| !value.is_null());
        }
    }
}

/// The schemas that a schema leads to.
pub(super) fn reached(schema: &Value, schemas: &Map<String, Value>, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(name) =
                fields.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next())
                && found.insert(name.to_owned())
                && let Some(next) = schemas.get(name)
            {
                reached(next, schemas, found);
            }
            fields.values().for_each(|value| reached(value, schemas, found));
        }
        Value::Array(values) => values.iter().for_each(|value| reached(value, schemas, found)),
        _ => {}
    }
}
