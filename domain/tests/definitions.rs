//! The connector definitions of `connectors/`: each is well formed, holds together and says what it should.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use drawbridge_domain::connector::{
        AuthScheme, Definition, KeyPlace, SANDBOX_ORIGIN, TokenAuthMethod, TokenBody, Values, Verdict, fill,
    };
    use serde_json::json;

    fn all() -> BTreeMap<String, Definition> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../connectors");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                let read = serde_json::from_str(&text);
                (name.clone(), read.unwrap_or_else(|error| panic!("{name}: {error}")))
            })
            .collect()
    }

    fn one(id: &str) -> Definition {
        all().remove(id).unwrap()
    }

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn url(definition: &Definition, way: &str, path: &str, values: &Values) -> String {
        let path = drawbridge_domain::connector::Template::new(path);
        definition.url(definition.auth_way(way).unwrap(), &path, values).unwrap()
    }

    #[test]
    fn every_definition_holds_together() {
        let definitions = all();
        assert!(definitions.len() >= 5);
        for (file, definition) in &definitions {
            assert_eq!(*file, definition.id, "the file is named after the id");
            if let Err(faults) = definition.check() {
                let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
                panic!("{file}:\n{}", list.join("\n"));
            }
        }
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        for definition in all().values() {
            let text = serde_json::to_string(definition).unwrap();
            assert_eq!(*definition, serde_json::from_str::<Definition>(&text).unwrap());
        }
    }

    #[test]
    fn only_the_sandbox_is_a_sandbox() {
        let sandboxes: BTreeSet<String> = all()
            .into_values()
            .filter(|definition| definition.sandbox)
            .map(|definition| definition.id)
            .collect();
        assert_eq!(sandboxes, BTreeSet::from(["sandbox-crm".to_owned()]));
    }

    #[test]
    fn every_default_fills_its_field() {
        for definition in all().values() {
            for way in &definition.auth {
                let filled = fill(definition.settings.iter().chain(&way.fields), &Values::new());
                let fields = definition.settings.iter().chain(&way.fields);
                for field in fields.filter(|field| field.default.is_some()) {
                    assert_eq!(field.check(&filled[&field.id]), Ok(()), "{} {}", definition.id, field.id);
                }
            }
        }
    }

    #[test]
    fn unknown_members_are_refused() {
        let mut text = serde_json::to_value(one("box")).unwrap();
        text["surprise"] = json!(1);
        assert!(serde_json::from_value::<Definition>(text).is_err());
        let mut text = serde_json::to_value(one("box")).unwrap();
        text["auth"][0]["scheme"]["oauthCode"]["surprise"] = json!(1);
        assert!(serde_json::from_value::<Definition>(text).is_err());
    }

    #[test]
    fn salesforce_calls_the_instance_that_the_token_answer_names() {
        let definition = one("salesforce");
        let way = definition.auth_way("oauth").unwrap();
        let oauth = way.oauth_code().unwrap();
        let sandbox = values(&[("loginHost", "test.salesforce.com")]);
        let token_url = oauth.token_url.expand(&sandbox).unwrap();
        assert_eq!(token_url, "https://test.salesforce.com/services/oauth2/token");
        assert_eq!(oauth.scopes.requested(&sandbox), ["api", "refresh_token", "openid"]);
        assert_eq!(oauth.default_expiry_seconds, None);

        let instance = oauth.token_values.iter().find(|value| value.id == "instanceUrl").unwrap();
        assert!(instance.required);
        assert!(instance.format.check("https://acme.my.salesforce.com").is_ok());
        for hostile in [
            "https://acme.my.salesforce.com.evil.example",
            "https://salesforce.com",
            "https://evil.example/x.salesforce.com",
            "https://acme.my.salesforce.com@evil.example",
            "http://acme.my.salesforce.com",
            "https://acme.my.salesforce.com:8443",
            "https://acme.my.salesforce.com/services",
        ] {
            assert!(instance.format.check(hostile).is_err(), "{hostile}");
        }
        let known = values(&[("instanceUrl", "https://acme.my.salesforce.com")]);
        let identity = definition.identity.as_ref().unwrap().call.as_ref().unwrap();
        let call = definition.url(way, &identity.path, &known).unwrap();
        assert_eq!(call, "https://acme.my.salesforce.com/services/oauth2/userinfo");
        assert!(definition.allows_url(&call, &known));

        let used_up = json!([{ "errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "too many" }]);
        assert_eq!(definition.validation.judge(&definition, 403, Some(&used_up)), Verdict::Unreachable);
        let denied = json!([{ "errorCode": "API_DISABLED_FOR_ORG", "message": "no" }]);
        assert_eq!(definition.validation.judge(&definition, 403, Some(&denied)), Verdict::Denied);
        assert_eq!(definition.error_text(&denied).as_deref(), Some("no"));
    }

    #[test]
    fn box_is_asked_for_its_user() {
        let definition = one("box");
        let none = Values::new();
        assert_eq!(url(&definition, "oauth", "/users/me", &none), "https://api.box.com/2.0/users/me");
        let oauth = definition.auth_way("oauth").unwrap().oauth_code().unwrap();
        assert!(!oauth.pkce);
        assert!(oauth.scopes.requested(&none).is_empty());
        assert_eq!(oauth.refresh.as_ref().unwrap().expiry_seconds, Some(60 * 86_400));
        assert_eq!(definition.validation.judge(&definition, 401, None), Verdict::Disproved);
    }

    #[test]
    fn zendesk_disproves_the_user_without_an_id() {
        let definition = one("zendesk");
        let judge =
            |status, body: serde_json::Value| definition.validation.judge(&definition, status, Some(&body));
        assert_eq!(judge(200, json!({ "user": { "id": 7, "name": "Ada" } })), Verdict::Proven);
        assert_eq!(judge(200, json!({ "user": { "id": null, "name": "Anonymous" } })), Verdict::Disproved);
        assert_eq!(judge(200, json!({})), Verdict::Disproved);
        assert_eq!(judge(429, json!({})), Verdict::Unreachable);
        assert_eq!(definition.validation.judge(&definition, 200, None), Verdict::Unexpected);

        let way = definition.auth_way("api-token").unwrap();
        let AuthScheme::Basic(basic) = &way.scheme else { panic!("basic") };
        let typed = values(&[("email", "ada@example.com"), ("apiToken", "secret")]);
        assert_eq!(basic.username.expand_text(&typed).unwrap(), "ada@example.com/token");

        let oauth = definition.auth_way("oauth").unwrap().oauth_code().unwrap();
        assert_eq!(oauth.token_body, TokenBody::Json);
        assert_eq!(oauth.extra_token_params["expires_in"].number(), Some(86_400));
        let hostile = values(&[("subdomain", "evil.example/")]);
        assert!(oauth.token_url.expand(&hostile).is_err());
    }

    #[test]
    fn http_takes_the_addresses_that_the_person_gives() {
        let definition = one("http");
        let mut typed =
            values(&[("baseUrl", "https://api.example.com/v1/"), ("validationPath", "/me?full=1")]);
        let path = &definition.validation.path;
        let way = definition.auth_way("api-key-header").unwrap();
        assert_eq!(definition.url(way, path, &typed).unwrap(), "https://api.example.com/v1/me?full=1");
        assert_eq!(definition.allowed_hosts(&typed), ["api.example.com"]);
        assert_eq!(definition.validation.judge(&definition, 204, None), Verdict::Proven);

        typed.extend(fill(&way.fields, &values(&[("apiKey", "k")])));
        let AuthScheme::ApiKey(key) = &way.scheme else { panic!("api key") };
        assert_eq!(key.place, KeyPlace::Header);
        assert_eq!(key.name.expand_text(&typed).unwrap(), "X-Api-Key");
        assert_eq!(key.value.expand_text(&typed).unwrap(), "k");
        typed.insert("keyPrefix".to_owned(), "Token".to_owned());
        assert_eq!(key.value.expand_text(&typed).unwrap(), "Token k");

        let way = definition.auth_way("oauth").unwrap();
        let oauth = way.oauth_code().unwrap();
        let typed =
            fill(&way.fields, &values(&[("tokenUrl", "https://id.example.com/t"), ("scopes", "a  b a")]));
        assert_eq!(oauth.scopes.join(&oauth.scopes.requested(&typed)), "a b");
        assert_eq!(oauth.token_auth_method.resolve(&typed), TokenAuthMethod::Basic);
        assert_eq!(oauth.revocation.as_ref().unwrap().url.expand_optional(&typed), Ok(None));
        assert_eq!(definition.allowed_hosts(&typed), ["id.example.com"]);
    }

    #[test]
    fn the_sandbox_speaks_http_with_its_own_origin_only() {
        let definition = one("sandbox-crm");
        let here = values(&[(SANDBOX_ORIGIN, "http://localhost:9555")]);
        assert_eq!(url(&definition, "oauth", "/me", &here), "http://localhost:9555/api/me");
        assert_eq!(url(&definition, "api-key", "/me", &here), "http://localhost:9555/generic/me");
        assert!(definition.allows_url("http://localhost:9555/api/me", &here));
        assert!(!definition.allows_url("http://localhost:9556/api/me", &here));
        assert!(!definition.allows_url("http://169.254.169.254/", &here));
        let oauth = definition.auth_way("oauth").unwrap().oauth_code().unwrap();
        assert_eq!(oauth.issuer.as_ref().unwrap().expand(&here).unwrap(), "http://localhost:9555");
        assert_eq!(oauth.builtin_client.as_ref().unwrap().client_id, "drawbridge-dev");
        let quota = json!({ "error": "quota" });
        assert_eq!(definition.validation.judge(&definition, 200, Some(&quota)), Verdict::Unreachable);
    }
}
