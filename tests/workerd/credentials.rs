//! Ways to authenticate without a browser: proved when made, refused with what the provider says.

use drawbridge_contract::endpoints::{ListConnections, MakeConnection, TestConnection};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::{Connection, CreateConnection};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_tests::fixtures::{Desk, User, by_key, shared};
use serde_json::json;

fn count(user: &User) -> usize {
    user.to::<ListConnections>().good().items.len()
}

fn by_client(name: &str, id: &str, secret: &str) -> CreateConnection {
    CreateConnection {
        connector: "sandbox-crm".to_owned(),
        name: name.to_owned(),
        auth: "client-credentials".to_owned(),
        settings: [("clientId".to_owned(), id.to_owned())].into(),
        credentials: [("clientSecret".to_owned(), SecretText::new(secret.to_owned()))].into(),
        oauth_client: None,
        sealed: Vec::new(),
    }
}

#[test]
fn an_api_key_is_proved_when_it_is_typed_in() {
    let stack = shared();
    let user = stack.tenant("API keys");
    stack.server.log().keep_out("sandbox-key-grace");
    let (made, etag) = user.to::<MakeConnection>().with(&by_key("Grace by key", "sandbox-key-grace")).done();
    assert_eq!((made.summary.state.status, made.summary.state.reason), (Status::Active, Reason::Proved));
    assert_eq!(made.connected_as.clone().unwrap().name.as_deref(), Some("Grace Hopper"));
    assert_eq!(made.verified_by.as_deref(), Some("GET /generic/me"));
    let details = made.details.clone().unwrap();
    assert_eq!((details.secrets_set, details.token_expires_at), (vec!["apiKey".to_owned()], None));
    let (read, now): (Connection, _) =
        user.to::<drawbridge_contract::endpoints::ReadConnection>().at(Desk::at(&made)).done();
    assert_eq!((read, now), (made.clone(), etag), "what was answered is what is stored");
    let tested = user.to::<TestConnection>().at(Desk::at(&made)).good();
    assert!(tested.summary.last_verified_at >= made.summary.last_verified_at);
}

#[test]
fn what_the_provider_refuses_is_not_made() {
    let stack = shared();
    let user = stack.tenant("Refused keys");
    stack.server.log().keep_out("sandbox-key-mallory");
    let problem = user
        .to::<MakeConnection>()
        .with(&by_key("Wrong key", "sandbox-key-mallory"))
        .refused(ProblemCode::CredentialsRefused);
    assert!(problem.detail.contains("Nothing was saved") && problem.detail.contains("says"), "{problem:?}");
    assert!(!problem.detail.contains("mallory"), "the key is not repeated: {problem:?}");
    let switch = json!({ "kind": "status", "status": 503, "path": "/generic/me", "accountId": "alan" });
    let switch = stack.sandbox.switch(&switch);
    let problem = user
        .to::<MakeConnection>()
        .with(&by_key("Down", "sandbox-key-alan"))
        .refused(ProblemCode::ProviderUnavailable);
    assert!(problem.detail.contains("The sandbox is being maintained."), "{problem:?}");
    stack.sandbox.switch_off(&switch);
    assert_eq!(count(&user), 0);
    for (key, field) in
        [("", "credentials.apiKey"), ("two words", "credentials.apiKey"), ("zwölf", "credentials.apiKey")]
    {
        let problem =
            user.to::<MakeConnection>().with(&by_key("Bad key", key)).refused(ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].path, field, "{problem:?}");
    }
}

#[test]
fn an_application_connects_as_itself_and_gets_new_tokens_by_itself() {
    let stack = shared();
    let desk = stack.desk("Client credentials");
    let secret = stack.sandbox.client(&desk.client, stack.server.origin());
    let made =
        desk.user.to::<MakeConnection>().with(&by_client("The application", &desk.client, &secret)).good();
    assert_eq!(made.connected_as.clone().unwrap().id, format!("client:{}", desk.client));
    let details = made.details.clone().unwrap();
    assert_eq!(details.scopes, ["contacts:read", "contacts:write"]);
    assert!(details.token_expires_at.is_some() && details.next_refresh_at.is_some());
    assert_eq!(desk.read(&made), made, "what was answered is what is stored");
    desk.switch(json!({ "kind": "expired_token" }));
    let tested = desk.test(&made);
    assert_eq!(tested.summary.state.status, Status::Active);
    assert_eq!(stack.sandbox.token_calls(&desk.client, "client_credentials"), (2, 2));

    let wrong = by_client("Wrong secret", &desk.client, "certainly-not-the-secret");
    stack.server.log().keep_out("certainly-not-the-secret");
    let problem = desk.user.to::<MakeConnection>().with(&wrong).refused(ProblemCode::CredentialsRefused);
    assert!(problem.detail.contains(Reason::ClientRefused.words()), "{problem:?}");
    assert_eq!(count(&desk.user), 1);
}
