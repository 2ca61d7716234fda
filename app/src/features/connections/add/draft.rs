//! What was typed for a new connection: checked with the server's own rules, and made into a request.

use std::collections::BTreeMap;

use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::CreateConnection;
use drawbridge_contract::types::connectors::{Connector, ConnectorAuthWay};
use drawbridge_domain::connector::Field;
use drawbridge_domain::id::{Id, OAuthClientId};
use drawbridge_domain::text;

use crate::features::connections::{gateway, words};

/// What was typed, by the paths that the server uses for the fields: `name`, `auth`, `oauthClient`,
/// `settings.subdomain`, `credentials.apiKey`.
pub(super) type Typed = BTreeMap<String, String>;

/// What is wrong with it, in words, by the same paths.
pub(super) type Faults = BTreeMap<String, String>;

/// The path of the connection's name.
pub(super) const NAME: &str = "name";
/// The path of the way to authenticate.
pub(super) const AUTH: &str = "auth";
/// The path of the OAuth client.
pub(super) const CLIENT: &str = "oauthClient";

/// The path of a field.
pub(super) fn path(field: &Field) -> String {
    [if field.secret { "credentials." } else { "settings." }, &field.id].concat()
}

/// The way that was chosen, or else the recommended one.
pub(super) fn way<'a>(connector: &'a Connector, typed: &Typed) -> Option<&'a ConnectorAuthWay> {
    let chosen = typed.get(AUTH);
    connector.auth.iter().find(|way| Some(&way.id) == chosen).or_else(|| connector.auth.first())
}

/// All that is asked for: the connector's own settings, then the way's fields.
pub(super) fn fields<'a>(
    connector: &'a Connector,
    way: &'a ConnectorAuthWay,
) -> impl Iterator<Item = &'a Field> {
    connector.settings.iter().chain(&way.fields)
}

/// Whether the way needs a client that the organisation registered.
pub(super) fn needs_client(way: &ConnectorAuthWay) -> bool {
    way.client.as_ref().is_some_and(|client| !client.built_in)
}

/// What a field holds: what was typed, or what it starts with.
fn value<'a>(typed: &'a Typed, field: &'a Field) -> &'a str {
    typed.get(&path(field)).map_or_else(|| field.default.as_deref().unwrap_or_default(), String::as_str)
}

/// What is wrong with what was typed.
pub(super) fn faults(connector: &Connector, typed: &Typed) -> Faults {
    let mut faults = Faults::new();
    if let Err(fault) = text::connection_name(typed.get(NAME).map_or("", String::as_str)) {
        faults.insert(NAME.to_owned(), fault.to_string());
    }
    let Some(way) = way(connector, typed) else { return faults };
    for field in fields(connector, way) {
        if let Err(fault) = field.check(value(typed, field)) {
            faults.insert(path(field), fault.to_string());
        }
    }
    for path in gateway::paths(way.login) {
        if typed.get(*path).is_none_or(String::is_empty) {
            faults.insert((*path).to_owned(), words::FILL_IN.to_owned());
        }
    }
    if needs_client(way) && typed.get(CLIENT).is_none_or(String::is_empty) {
        faults.insert(CLIENT.to_owned(), words::CLIENT_MISSING.to_owned());
    }
    faults
}

/// The request that makes the connection; call it once there are no [`faults`].
pub(super) fn request(connector: &Connector, typed: &Typed) -> Option<CreateConnection> {
    let way = way(connector, typed)?;
    let mut request = CreateConnection {
        connector: connector.summary.id.clone(),
        name: typed.get(NAME).map_or("", String::as_str).trim().to_owned(),
        auth: way.id.clone(),
        settings: BTreeMap::new(),
        credentials: BTreeMap::new(),
        oauth_client: None,
        // Sealed when it is sent.
        sealed: Vec::new(),
    };
    for field in fields(connector, way) {
        let value = field.clean(value(typed, field));
        if value.is_empty() {
            continue;
        }
        if field.secret {
            request.credentials.insert(field.id.clone(), SecretText::new(value));
        } else {
            request.settings.insert(field.id.clone(), value);
        }
    }
    if needs_client(way) {
        request.oauth_client = typed.get(CLIENT).and_then(|client| OAuthClientId::parse(client).ok());
    }
    Some(request)
}

/// Whether something was typed that would be lost. A choice among ways is not something typed.
pub(super) fn is_dirty(connector: Option<&Connector>, typed: &Typed) -> bool {
    typed.iter().any(|(path_of, value)| {
        let start = connector.and_then(|connector| {
            let mut all = connector.settings.iter().chain(connector.auth.iter().flat_map(|way| &way.fields));
            all.find(|field| path(field) == *path_of).and_then(|field| field.default.as_deref())
        });
        path_of != AUTH && path_of != CLIENT && value.trim() != start.unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn connector() -> Connector {
        serde_json::from_value(json!({
            "id": "zendesk", "name": "Zendesk", "description": "Support.", "category": "support",
            "icon": "zendesk", "sandbox": false, "docs": [], "quirks": [], "operations": [],
            "settings": [{
                "id": "subdomain", "label": "Subdomain", "format": "subdomain", "required": true,
                "prefix": "https://", "suffix": ".zendesk.com"
            }],
            "auth": [
                { "id": "oauth", "label": "Sign in", "fields": [], "interactive": true,
                  "client": { "builtIn": false, "redirectUrl": "https://d.example/oauth/callback" } },
                { "id": "token", "label": "API token", "interactive": false, "fields": [
                    { "id": "email", "label": "Email", "kind": "email", "format": "email", "required": true },
                    { "id": "apiToken", "label": "API token", "format": "token", "required": true, "secret": true },
                    { "id": "place", "label": "Place", "kind": "select", "default": "header",
                      "options": [{ "value": "header", "label": "Header" }, { "value": "query", "label": "Query" }] }
                ] }
            ]
        }))
        .unwrap()
    }

    fn typed(entries: &[(&str, &str)]) -> Typed {
        entries.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_recommended_way_is_taken_until_another_is_chosen() {
        let connector = connector();
        assert_eq!(way(&connector, &typed(&[])).unwrap().id, "oauth");
        assert_eq!(way(&connector, &typed(&[("auth", "token")])).unwrap().id, "token");
        assert_eq!(way(&connector, &typed(&[("auth", "gone")])).unwrap().id, "oauth");
    }

    #[test]
    fn each_field_is_checked_under_the_servers_path() {
        let connector = connector();
        let found = faults(&connector, &typed(&[]));
        assert_eq!(found.keys().collect::<Vec<_>>(), ["name", "oauthClient", "settings.subdomain"]);
        let found =
            faults(&connector, &typed(&[("auth", "token"), ("name", "a<b"), ("settings.email", "x")]));
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            ["credentials.apiToken", "name", "settings.email", "settings.subdomain"]
        );
        assert_eq!(found["name"], "The character < is not allowed here.");
    }

    #[test]
    fn the_request_is_clean_and_keeps_secrets_apart() {
        let connector = connector();
        let typed = typed(&[
            ("auth", "token"),
            ("name", "  Support EU "),
            ("settings.subdomain", "https://Acme.zendesk.com/agent"),
            ("settings.email", "ada@example.com"),
            ("credentials.apiToken", "s3cret"),
        ]);
        assert!(faults(&connector, &typed).is_empty());
        let request = request(&connector, &typed).unwrap();
        assert_eq!(request.name, "Support EU");
        assert_eq!(request.settings["subdomain"], "acme");
        assert_eq!(request.settings["place"], "header");
        assert_eq!(request.credentials["apiToken"].expose(), "s3cret");
        assert_eq!(request.oauth_client, None);
        assert!(!format!("{request:?}").contains("s3cret"));
    }

    #[test]
    fn the_client_goes_along_only_where_one_is_needed() {
        let connector = connector();
        let client = "oac_0000000001zzzzzzzzzzzzzzzz";
        let mut entries = typed(&[("name", "N"), ("settings.subdomain", "acme"), ("oauthClient", client)]);
        assert!(faults(&connector, &entries).is_empty());
        assert_eq!(request(&connector, &entries).unwrap().oauth_client.unwrap().as_str(), client);
        entries.insert(AUTH.to_owned(), "token".to_owned());
        assert_eq!(request(&connector, &entries).unwrap().oauth_client, None);
    }

    #[test]
    fn credentials_for_a_target_are_asked_for_and_never_in_the_request() {
        let connector: Connector = serde_json::from_value(json!({
            "id": "postgres", "name": "PostgreSQL", "description": "A database.", "category": "data",
            "icon": "postgres", "sandbox": false, "docs": [], "quirks": [], "operations": [], "target": "postgres",
            "settings": [
                { "id": "gateway", "label": "Gateway", "kind": "gateway", "required": true },
                { "id": "target", "label": "Target", "kind": "target", "required": true }
            ],
            "auth": [
                { "id": "password", "label": "Password", "fields": [], "interactive": false, "login": "password" },
                { "id": "kept", "label": "Kept", "fields": [], "interactive": false, "login": "kept" }
            ]
        }))
        .unwrap();
        let mut typed = typed(&[
            ("name", "Orders"),
            ("settings.gateway", "gw_0000000001zzzzzzzzzzzzzzzz"),
            ("settings.target", "orders"),
        ]);
        let found = faults(&connector, &typed);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["sealed.password", "sealed.username"]);
        typed.insert("sealed.username".to_owned(), "ada".to_owned());
        typed.insert("sealed.password".to_owned(), "s3cret".to_owned());
        assert!(faults(&connector, &typed).is_empty());
        let request = request(&connector, &typed).unwrap();
        assert_eq!(request.settings["target"], "orders");
        let text = drawbridge_contract::json::write(&request).unwrap();
        assert!(!text.contains("s3cret") && !text.contains("ada"), "{text}");
        assert!(is_dirty(Some(&connector), &typed));
        typed.insert(AUTH.to_owned(), "kept".to_owned());
        typed.remove("sealed.password");
        assert!(faults(&connector, &typed).is_empty());
        typed.insert("settings.target".to_owned(), "no target".to_owned());
        assert_eq!(faults(&connector, &typed)["settings.target"], "Choose one of the options.");
    }

    #[test]
    fn only_what_was_typed_is_worth_asking_about() {
        let connector = connector();
        for nothing in [&[][..], &[("name", " ")], &[("auth", "token")], &[("settings.place", "header")]] {
            assert!(!is_dirty(Some(&connector), &typed(nothing)), "{nothing:?}");
        }
        assert!(is_dirty(Some(&connector), &typed(&[("name", "x")])));
        assert!(is_dirty(Some(&connector), &typed(&[("settings.place", "query")])));
        assert!(is_dirty(None, &typed(&[("credentials.apiToken", "x")])));
    }
}
