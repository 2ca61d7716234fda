//! The authorization code flow from end to end.

use drawbridge_contract::endpoints::ListConnections;
use drawbridge_contract::types::connections::{AuthorizeIn, ConnectionList};
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::id::Id;
use drawbridge_domain::time::MINUTE;
use drawbridge_tests::fixtures::shared;
use drawbridge_tests::provider::{Visitor, parameter};

#[test]
fn a_person_signs_in_consents_and_the_connection_is_proved() {
    let stack = shared();
    let desk = stack.desk("Whole flow");
    let pending = desk.pending("Contacts of Ada");
    let state = &pending.summary.state;
    assert_eq!((state.status, state.reason), (Status::Pending, Reason::AwaitingSignIn));

    let address = desk.authorize(&pending, AuthorizeIn::PopUp);
    let sent = |name: &str| parameter(&address, name).unwrap_or_default();
    assert_eq!(sent("response_type"), "code");
    assert_eq!(sent("client_id"), desk.client);
    assert_eq!(sent("redirect_uri"), format!("{}/oauth/callback", stack.server.origin()));
    assert_eq!(sent("code_challenge_method"), "S256");
    assert_eq!((sent("code_challenge").len(), sent("state").len()), (43, 43), "256 bits each");
    assert_eq!(sent("scope"), "openid profile email offline_access contacts:read contacts:write");

    let callback = desk.visit(&address, &mut Visitor::new("ada"));
    let ending = desk.user.navigate(&callback).with_status(200);
    assert!(ending.text().contains("You are connected as Ada Lovelace."), "{ending:?}");

    let connection = desk.read(&pending);
    let state = &connection.summary.state;
    assert_eq!((state.status, state.reason), (Status::Active, Reason::Proved));
    assert_eq!(connection.verified_by.as_deref(), Some("GET /api/me"));
    assert!(connection.summary.last_verified_at.is_some() && connection.pending_until.is_none());
    let who = connection.connected_as.clone().unwrap();
    assert_eq!((who.id.as_str(), who.email.as_deref()), ("ada", Some("ada@sandbox.example")));
    let details = connection.details.clone().unwrap();
    assert_eq!(details.scopes, sent("scope").split(' ').collect::<Vec<_>>());
    assert_eq!(details.oauth_client.unwrap().id, desk.registered.id);
    let (expires, refresh) = (details.token_expires_at.unwrap(), details.next_refresh_at.unwrap());
    let life = expires.since(connection.summary.created_at);
    assert!((59 * MINUTE..=61 * MINUTE).contains(&life), "an hour at the provider, {life} ms here");
    assert_eq!(expires.since(refresh), 15 * MINUTE);

    // The provider takes no code without its verifier, and this client only by client_secret_basic.
    assert_eq!(stack.sandbox.token_calls(&desk.client, "authorization_code"), (1, 1));
    assert_eq!(
        desk.history(&connection),
        [(Status::Active, Reason::Proved), (Status::Pending, Reason::AwaitingSignIn)]
    );
    let list: ConnectionList = desk.user.to::<ListConnections>().good();
    assert_eq!((list.items.len(), list.counts.active, list.counts.pending), (1, 1, 0));
}

#[test]
fn in_the_consoles_own_window_the_console_comes_back() {
    let stack = shared();
    let desk = stack.desk("Full page");
    let pending = desk.pending("In the page");
    let address = desk.authorize(&pending, AuthorizeIn::Page);
    let ending = desk.user.navigate(&desk.visit(&address, &mut Visitor::new("grace"))).with_status(303);
    let list = format!("/t/{}/automate/connections", desk.user.who.tenant.slug);
    let id = pending.summary.id.as_str();
    assert_eq!(ending.header("location"), Some(format!("{list}?connected={id}").as_str()));

    let address = desk.authorize(&pending, AuthorizeIn::Page);
    let ending =
        desk.user.navigate(&desk.visit(&address, &mut Visitor::new("grace").who_denies())).with_status(303);
    assert_eq!(ending.header("location"), Some(format!("{list}?failed={id}").as_str()));
    assert_eq!(desk.read(&pending).summary.state.status, Status::Active, "the first sign-in still holds");
}

#[test]
fn the_connection_tells_the_scopes_that_were_given_and_not_those_asked_for() {
    let stack = shared();
    let desk = stack.desk("Scopes");
    let pending = desk.pending("Read only");
    desk.sign_in(&pending, &mut Visitor::new("alan").who_allows_only(&["contacts:read"])).with_status(200);
    let scopes = desk.read(&pending).details.unwrap().scopes;
    assert!(scopes.iter().any(|scope| scope == "contacts:read"), "{scopes:?}");
    assert!(!scopes.iter().any(|scope| scope == "contacts:write"), "{scopes:?}");
}

#[test]
fn the_client_that_comes_with_the_connector_needs_no_registration() {
    let stack = shared();
    let desk = stack.desk("Built in");
    let mut body = desk.body("Without a client");
    body.oauth_client = None;
    let pending = desk.user.to::<drawbridge_contract::endpoints::MakeConnection>().with(&body).good();
    let address = desk.authorize(&pending, AuthorizeIn::PopUp);
    assert_eq!(parameter(&address, "client_id").as_deref(), Some("drawbridge-dev"));
    desk.user.navigate(&desk.visit(&address, &mut Visitor::new("ada"))).with_status(200);
    let connection = desk.read(&pending);
    assert_eq!(connection.summary.state.status, Status::Active);
    assert_eq!(connection.details.unwrap().oauth_client, None);
}
