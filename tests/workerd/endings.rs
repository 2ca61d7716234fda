//! Sign-ins that end otherwise: denied, refused, somebody else, a wrong answer.

use drawbridge_contract::endpoints::ChangeOAuthClientSettings;
use drawbridge_contract::endpoints::ReadOAuthClient;
use drawbridge_contract::types::SecretText;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::oauth_clients::{ChangeOAuthClient, OAuthClientPath};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_tests::answer::Answered;
use drawbridge_tests::fixtures::{Desk, shared};
use drawbridge_tests::provider::Visitor;
use serde_json::json;

/// The pop-up said that nothing was connected, in these words.
#[track_caller]
fn said(ending: &Answered, words: &str) {
    let text = ending.text().replace("&#39;", "'");
    assert!(text.contains("data-ok=\"false\"") && text.contains(words), "no “{words}” in {ending:?}");
}

/// The connection is still pending, for this reason, and a good sign-in afterwards mends it.
#[track_caller]
fn pending_and_mended(desk: &Desk<'_>, pending: &Connection, reason: Reason) {
    let now = desk.read(pending);
    assert_eq!((now.summary.state.status, now.summary.state.reason), (Status::Pending, reason));
    assert!(now.connected_as.is_none() && now.details.unwrap().token_expires_at.is_none());
    desk.sign_in(pending, &mut Visitor::new("ada")).with_status(200);
    assert_eq!(desk.read(pending).summary.state.status, Status::Active);
}

#[test]
fn a_person_who_denies_reads_the_providers_words_and_can_try_again() {
    let stack = shared();
    let desk = stack.desk("Denied");
    let pending = desk.pending("Not today");
    let ending = desk.sign_in(&pending, &mut Visitor::new("ada").who_denies());
    said(&ending, "The provider says: “The person refused access.”");
    pending_and_mended(&desk, &pending, Reason::DeniedByUser);
}

#[test]
fn errors_of_the_authorization_endpoint_have_their_own_reasons() {
    let stack = shared();
    let desk = stack.desk("Authorization errors");
    for (error, reason) in [
        ("temporarily_unavailable", Reason::ProviderError),
        ("server_error", Reason::ProviderError),
        ("access_denied", Reason::DeniedByUser),
        ("invalid_scope", Reason::ConsentNeeded),
        ("unauthorized_client", Reason::ClientRefused),
        ("something_of_their_own", Reason::SignInRefused),
    ] {
        let pending = desk.pending(&format!("Answer {}", error.replace('_', " ")));
        let words = format!("Because <b>{error}</b>");
        desk.switch(json!({ "kind": "authorize_error", "error": error, "description": words, "times": 1 }));
        let ending = desk.sign_in(&pending, &mut Visitor::new("ada"));
        said(&ending, &format!("“Because &lt;b&gt;{error}&lt;/b&gt;”"));
        let now = desk.read(&pending);
        assert_eq!(
            (now.summary.state.status, now.summary.state.reason),
            (Status::Pending, reason),
            "{error}"
        );
        assert_eq!(now.summary.state.provider_words, Some(words));
    }
}

#[test]
fn somebody_else_at_the_provider_is_refused_and_the_connection_goes_on_as_it_was() {
    let stack = shared();
    let desk = stack.desk("Somebody else");
    let connection = desk.connected("Pinned to Ada", "ada");
    desk.switch(json!({ "kind": "other_identity", "as": "alan", "times": 1 }));
    let ending = desk.sign_in(&connection, &mut Visitor::new("ada"));
    said(&ending, Reason::WrongIdentity.words());
    let after = desk.read(&connection);
    assert_eq!(after.connected_as, connection.connected_as);
    assert_eq!(after.summary.state, connection.summary.state);
    assert_eq!(desk.test(&connection).summary.state.status, Status::Active);
    // The tokens are still Ada's, and so is what they are refreshed to.
    desk.switch(json!({ "kind": "expired_token" }));
    let refreshed = desk.test(&connection);
    assert_eq!(refreshed.connected_as.unwrap().id, "ada");
    // The same person may sign in again.
    desk.sign_in(&connection, &mut Visitor::new("ada")).with_status(200);
    assert_eq!(desk.read(&connection).summary.state.status, Status::Active);
}

#[test]
fn an_answer_of_another_issuer_or_of_none_is_refused() {
    let stack = shared();
    let desk = stack.desk("Issuers");
    let pending = desk.pending("Mixed up");
    for iss in [json!("https://issuer.example"), json!(null)] {
        desk.switch(json!({ "kind": "token_extra", "target": "authorize", "iss": iss, "times": 1 }));
        let ending = desk.sign_in(&pending, &mut Visitor::new("ada")).with_status(400);
        assert_eq!(ending.header("x-refusal"), Some("flow_wrong_issuer"), "{ending:?}");
        assert!(ending.text().contains("another server than the one that was asked"), "{ending:?}");
    }
    assert_eq!(stack.sandbox.token_calls(&desk.client, "authorization_code").0, 0, "the code went nowhere");
    pending_and_mended(&desk, &pending, Reason::AwaitingSignIn);
}

#[test]
fn token_answers_that_are_no_good_leave_the_connection_pending_with_the_reason() {
    let stack = shared();
    let desk = stack.desk("Token answers");
    for (name, switch, reason) in [
        ("no token", json!({ "kind": "token_extra", "omit": ["access_token"] }), Reason::Nonsense),
        ("odd type", json!({ "kind": "token_extra", "set": { "token_type": "mac" } }), Reason::Nonsense),
        ("half an answer", json!({ "kind": "malformed_json", "target": "token" }), Reason::Nonsense),
        ("a page", json!({ "kind": "not_json_content_type", "target": "token" }), Reason::Nonsense),
        ("down", json!({ "kind": "status", "target": "token", "status": 503 }), Reason::ProviderError),
        (
            "too often",
            json!({ "kind": "status", "target": "token", "status": 429, "retryAfter": 7 }),
            Reason::RateLimited,
        ),
        ("closed", json!({ "kind": "close", "target": "token" }), Reason::Unreachable),
        (
            "error as success",
            json!({ "kind": "ok_with_error_body", "target": "token", "error": "invalid_grant" }),
            Reason::SignInRefused,
        ),
        (
            "sent elsewhere",
            json!({ "kind": "redirect", "target": "token", "location": "http://169.254.169.254/" }),
            Reason::Nonsense,
        ),
        ("huge", json!({ "kind": "huge_body", "target": "token", "bytes": 3_000_000 }), Reason::Nonsense),
    ] {
        let pending = desk.pending(&format!("Token endpoint {name}"));
        let mut once = switch;
        once["times"] = 1.into();
        desk.switch(once);
        let ending = desk.sign_in(&pending, &mut Visitor::new("ada"));
        said(&ending, reason.words());
        let now = desk.read(&pending).summary.state;
        // A provider that fails says nothing of the person: what was pending may be tried again.
        let status = if reason.disproves() { Status::Pending } else { Status::Degraded };
        assert!(now.status == Status::Pending || now.status == status, "{name}: {now:?}");
        assert_eq!(now.reason, reason, "{name}");
    }
    let pending = desk.pending("Token endpoint at last");
    desk.sign_in(&pending, &mut Visitor::new("ada")).with_status(200);
    assert_eq!(desk.read(&pending).summary.state.status, Status::Active);
}

#[test]
fn a_wrong_client_secret_is_told_as_that_and_mended_by_a_developer() {
    let stack = shared();
    let desk = stack.desk("Client secret");
    let at = || OAuthClientPath { client: desk.registered.id.clone() };
    let right = stack.sandbox.client(&desk.client, stack.server.origin());
    let change = |secret: &str| {
        let (_, etag) = desk.user.to::<ReadOAuthClient>().at(at()).done();
        stack.server.log().keep_out(secret);
        let body = ChangeOAuthClient {
            name: None,
            client_id: None,
            client_secret: Some(SecretText::new(secret.to_owned())),
        };
        desk.user.to::<ChangeOAuthClientSettings>().at(at()).if_match(&etag).with(&body).good();
    };
    change("a secret with a plus + and a colon : in it".replace(' ', "_").as_str());
    let pending = desk.pending("Mistyped");
    said(&desk.sign_in(&pending, &mut Visitor::new("ada")), Reason::ClientRefused.words());
    change(&right);
    pending_and_mended(&desk, &pending, Reason::ClientRefused);
}
