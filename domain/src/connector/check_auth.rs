//! Whether the ways to authenticate hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Check, Names, is_kebab};
use super::format::is_key_header;
use super::template::is_name;
use super::{
    ApiKey, AuthScheme, AuthWay, KeyPlace, OauthClientCredentials, OauthCode, Problem, SANDBOX_ORIGIN,
    Scopes, Template, TokenAuthMethod, TokenValue,
};

impl Check<'_> {
    /// Checks every way, and keeps the names that calls may use after it.
    pub(super) fn ways(&mut self, settings: &Names) {
        let mut seen = BTreeSet::new();
        let definition = self.definition;
        for way in &definition.auth {
            let at = format!("auth.{}", way.id);
            self.require(is_kebab(&way.id), &at, Problem::NotKebabCase);
            self.require(seen.insert(&way.id), &at, Problem::Twice);
            self.text(format!("{at}.label"), &way.label, 80);
            self.fields(&format!("{at}.fields"), &way.fields);
            for field in &way.fields {
                self.require(
                    !settings.samples.contains_key(&field.id),
                    format!("{at}.fields"),
                    Problem::Twice,
                );
            }
            let names = settings.with_way(way);
            if let Some(base) = &way.base_url {
                self.url(&format!("{at}.baseUrl"), base, way, &names);
            }
            self.scheme(&at, way, &names);
            self.ways.push((way, names));
        }
    }

    fn scheme(&mut self, at: &str, way: &AuthWay, names: &Names) {
        match &way.scheme {
            AuthScheme::OauthCode(oauth) => self.oauth_code(at, way, oauth, names),
            AuthScheme::OauthClientCredentials(oauth) => self.client_credentials(at, way, oauth, names),
            AuthScheme::Basic(basic) => {
                self.plain(&format!("{at}.username"), &basic.username, names);
                self.plain(&format!("{at}.password"), &basic.password, names);
                let secret = names_secret(&basic.username, names) || names_secret(&basic.password, names);
                self.require(secret, format!("{at}.password"), Problem::NotSecret);
            }
            AuthScheme::ApiKey(key) => self.api_key(at, key, names),
            AuthScheme::Bearer(bearer) => self.credential(&format!("{at}.token"), &bearer.token, names),
            AuthScheme::Gateway(_) => {}
        }
    }

    fn credential(&mut self, at: &str, template: &Template, names: &Names) {
        self.plain(at, template, names);
        self.require(names_secret(template, names), at, Problem::NotSecret);
    }

    fn api_key(&mut self, at: &str, key: &ApiKey, names: &Names) {
        self.credential(&format!("{at}.value"), &key.value, names);
        let at = format!("{at}.name");
        self.plain(&at, &key.name, names);
        self.require(
            !names_secret(&key.name, names),
            &at,
            Problem::SecretExposed { name: "name".to_owned() },
        );
        let name = key.name.as_str();
        if !name.contains('{') {
            let good = match key.place {
                KeyPlace::Header => is_key_header(name),
                KeyPlace::Query => !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic()),
            };
            self.require(good, at, Problem::Header);
        }
    }

    fn oauth_code(&mut self, at: &str, way: &AuthWay, oauth: &OauthCode, names: &Names) {
        // What the token answer brings is not there yet when a token is asked for.
        let mut early = names.clone();
        early.samples.retain(|name, _| !oauth.token_values.iter().any(|value| value.id == *name));
        self.url(&format!("{at}.authorizationUrl"), &oauth.authorization_url, way, &early);
        self.url(&format!("{at}.tokenUrl"), &oauth.token_url, way, &early);
        if let Some(revocation) = &oauth.revocation {
            self.url(&format!("{at}.revocation.url"), &revocation.url, way, names);
        }
        if let Some(issuer) = &oauth.issuer {
            self.url(&format!("{at}.issuer"), issuer, way, &early);
        }
        self.params(&format!("{at}.extraAuthorizationParams"), &oauth.extra_authorization_params, &early);
        self.params(&format!("{at}.extraTokenParams"), &oauth.extra_token_params, &early);
        self.scopes(&format!("{at}.scopes"), way, &oauth.scopes);
        self.token_auth(&format!("{at}.tokenAuthMethod"), way, &oauth.token_auth_method);
        // A client without a secret is protected by nothing but PKCE.
        let protected = oauth.pkce || oauth.token_auth_method != TokenAuthMethod::None;
        self.require(protected, format!("{at}.pkce"), Problem::NotSecret);
        if let Some(scope) = oauth.refresh.as_ref().and_then(|refresh| refresh.scope.as_ref()) {
            let asked = |known: &super::Scope| known.name == *scope && (known.default || known.required);
            self.require(
                oauth.scopes.known.iter().any(asked),
                format!("{at}.refresh.scope"),
                Problem::Scopes,
            );
        }
        self.token_values(at, &oauth.token_values);
        if let Some(registration) = &oauth.registration {
            self.https(format!("{at}.registration.url"), &registration.url);
            self.text(format!("{at}.registration.help"), &registration.help, 800);
        }
        if let Some(own) = &oauth.own_client {
            self.plain(&format!("{at}.ownClient.clientId"), &own.client_id, &early);
            self.credential(&format!("{at}.ownClient.clientSecret"), &own.client_secret, &early);
        } else {
            let url = oauth.token_url.as_str();
            let fixed = url.starts_with("https://") || url.starts_with("{sandboxOrigin}/");
            self.require(fixed, format!("{at}.tokenUrl"), Problem::ClientExposed);
        }
        if oauth.builtin_client.is_some() {
            self.require(self.definition.sandbox, format!("{at}.builtinClient"), Problem::SandboxOnly);
        }
    }

    fn client_credentials(&mut self, at: &str, way: &AuthWay, oauth: &OauthClientCredentials, names: &Names) {
        let mut early = names.clone();
        early.samples.retain(|name, _| !oauth.token_values.iter().any(|value| value.id == *name));
        self.url(&format!("{at}.tokenUrl"), &oauth.token_url, way, &early);
        self.plain(&format!("{at}.clientId"), &oauth.client_id, &early);
        self.credential(&format!("{at}.clientSecret"), &oauth.client_secret, &early);
        self.params(&format!("{at}.extraTokenParams"), &oauth.extra_token_params, &early);
        self.scopes(&format!("{at}.scopes"), way, &oauth.scopes);
        let method = &oauth.token_auth_method;
        self.token_auth(&format!("{at}.tokenAuthMethod"), way, method);
        self.require(*method != TokenAuthMethod::None, format!("{at}.tokenAuthMethod"), Problem::NotSecret);
        self.token_values(at, &oauth.token_values);
    }

    /// Parameters beside the standard ones, which they may not replace.
    fn params(&mut self, at: &str, params: &BTreeMap<String, Template>, names: &Names) {
        const STANDARD: &[&str] = &[
            "client_id",
            "client_secret",
            "code",
            "code_challenge",
            "code_challenge_method",
            "code_verifier",
            "grant_type",
            "redirect_uri",
            "refresh_token",
            "response_type",
            "scope",
            "state",
        ];
        for (name, value) in params {
            let at = format!("{at}.{name}");
            self.require(!STANDARD.contains(&name.as_str()), &at, Problem::Twice);
            self.plain(&at, value, names);
            if let Some(secret) = value.names().into_iter().find(|name| names.secrets.contains(*name)) {
                self.fault(at, Problem::SecretExposed { name: secret.to_owned() });
            }
        }
    }

    fn scopes(&mut self, at: &str, way: &AuthWay, scopes: &Scopes) {
        let mut seen = BTreeSet::new();
        for scope in &scopes.known {
            let at = format!("{at}.{}", scope.name);
            let good = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
            self.require(!scope.name.is_empty() && scope.name.bytes().all(good), &at, Problem::Scopes);
            self.require(seen.insert(&scope.name), &at, Problem::Twice);
            self.text(at, &scope.description, 120);
        }
        if let Some(field) = &scopes.field {
            self.require(self.field(way, field).is_some(), at, Problem::Unknown { name: field.clone() });
        }
    }

    fn token_auth(&mut self, at: &str, way: &AuthWay, method: &TokenAuthMethod) {
        if let TokenAuthMethod::Field(name) = method {
            let good = self.field(way, name).is_some_and(|field| {
                !field.options.is_empty()
                    && field.options.iter().all(|o| o.value == "basic" || o.value == "post")
            });
            self.require(good, at, Problem::Options);
        }
    }

    fn field<'s>(&'s self, way: &'s AuthWay, id: &str) -> Option<&'s super::Field> {
        way.fields.iter().chain(&self.definition.settings).find(|field| field.id == id)
    }

    fn token_values(&mut self, at: &str, values: &[TokenValue]) {
        let mut seen = BTreeSet::new();
        for value in values {
            let at = format!("{at}.tokenValues.{}", value.id);
            self.require(is_name(&value.id) && value.id != SANDBOX_ORIGIN, &at, Problem::NotAName);
            self.require(seen.insert(&value.id), &at, Problem::Twice);
            self.require(value.format.is_well_formed(), &at, Problem::Format);
            // An answer may not hand out its tokens under another name, where they would not be sealed.
            let token = ["access_token", "refresh_token", "id_token"].contains(&value.from.as_str());
            self.require(!token && !value.from.is_empty(), at, Problem::NotSecret);
        }
    }
}

fn names_secret(template: &Template, names: &Names) -> bool {
    template.names().into_iter().any(|name| names.secrets.contains(name))
}
