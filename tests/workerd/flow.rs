//! The authorization code flow from end to end.

use drawbridge_contract::types::connections::AuthorizeIn;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::time::{HOUR, MINUTE};
use drawbridge_tests::fixtures::shared;
use drawbridge_tests::provider::{Visitor, parameter};

#[test]
fn a_person_signs_in_consents_and_the_connection_is_proved() {
    let stack = shared();
    let desk = stack.desk("Whole flow");
    let pending = desk.pending("Ada's contacts");
    assert_eq!((pending.summary.state.status, pending.summary.state.reason), (Status::Pending, Reason::AwaitingSignIn));

    let address = desk.authorize(&pending, AuthorizeIn::PopUp);
    let sent = |name: &str| parameter(&address, name).unwrap_or_default();
    assert_eq!(sent("response_type"), "code");
    assert_eq!(sent("client_id"), desk.client);
    assert_eq!(sent("redirect_uri"), format!("{}/oauth/callback", stack.server.origin()));
    assert_eq!(sent("code_challenge_method"), "S256");
    assert_eq!(sent("code_challenge").len(), 43);
    assert_eq!(sent("state").len(), 43);
    assert_eq!(sent("scope"), "openid profile email offline_access contacts:read contacts:write");

    let callback = desk.visit(&address, &mut Visitor::new("ada"));
    let ending = desk.user.navigate(&callback).with_status(200);
    assert!(ending.text().contains("You are connected as Ada Lovelace."), "{ending:?}");

    let connection = desk.read(&pending);
    assert_eq!((connection.summary.state.status, connection.summary.state.reason), (Status::Active, Reason::Proved));
    assert_eq!(connection.verified_by.as_deref(), Some("GET /api/me"));
    assert!(connection.summary.last_verified_at.is_some() && connection.pending_until.is_none());
    let who = connection.connected_as.unwrap();
    assert_eq!((who.id.as_str(), who.email.as_deref()), ("ada", Some("ada@sandbox.example")));
    let details = connection.details.unwrap();
    assert_eq!(details.scopes, sent("scope").split(' ').collect::<Vec<_>>());
    let life = details.token_expires_at.unwrap().since(connection.summary.created_at);
    assert!((59 * MINUTE..=61 * MINUTE).contains(&life), "an hour from the provider, {life} ms here");
    let until_refresh = details.next_refresh_at.unwrap().since(details.token_expires_at.unwrap());
    assert_eq!(until_refresh, -15 * MINUTE);
    assert!(life < HOUR + MINUTE);
    assert_eq!(stack.sandbox.token_calls(&desk.client, "authorization_code"), (1, 1));
}
