//! What decides about the use of a connection, turned over while many use it with a token.

use drawbridge_contract::endpoints::{
    DeleteConnection, DisableConnection, EnableConnection, MakeConnection, MakeToken,
    ReadConnectionPermissions, SaveConnectionPermissions,
};
use drawbridge_contract::types::connections::ConnectionPath;
use drawbridge_contract::types::permissions::{NewGrant, NewPermissions};
use drawbridge_contract::types::tokens::CreateToken;
use drawbridge_domain::access::Level;
use drawbridge_domain::grants::PrincipalKind;
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::fixtures::{ADMIN, DESIGNER, User, by_key, template};
use drawbridge_tests::sandbox::Sandbox;
use drawbridge_tests::server::{Options, Server};

use super::change_role;
use super::flip::{Probe, flip};

#[test]
fn a_use_that_begins_after_the_answer_goes_by_what_is_so_then() {
    let sandbox = Sandbox::start();
    let mut options = Options::on(template().copy());
    options.sandbox = Some(sandbox.origin().to_owned());
    options.without_rates = true;
    let server = Server::start(options);
    let (ada, dora) = (User::sign_in(&server, ADMIN), User::sign_in(&server, DESIGNER));
    change_role(&ada, &dora, Role::Developer);
    let connection = ada.to::<MakeConnection>().with(&by_key("Turned", "sandbox-key-alan")).good();
    let body = CreateToken { name: "Uses".to_owned(), expires_at: None, scopes: None, addresses: Vec::new() };
    let token = dora.to::<MakeToken>().with(&body).good();
    let secret = token.secret.as_ref().unwrap().expose().to_owned();
    server.log().keep_out(&secret);
    let at = || ConnectionPath { connection: connection.summary.id.clone() };
    let give = |to_dora: bool| {
        let (_, etag) = ada.to::<ReadConnectionPermissions>().at(at()).done();
        let grant = |user: &User, level| {
            let id = user.who.user.id.as_str().to_owned();
            NewGrant { kind: PrincipalKind::User, id, level }
        };
        let mut grants = vec![grant(&ada, Level::Owner)];
        grants.extend(to_dora.then(|| grant(&dora, Level::User)));
        let body = NewPermissions { grants };
        ada.to::<SaveConnectionPermissions>().at(at()).if_match(&etag).with(&body).good();
    };
    let target = format!("/api/v1/connections/{}/proxy/me", connection.summary.id);
    let use_it = |browser: &Browser| {
        browser.raw("GET", &target).header("authorization", &format!("Bearer {secret}")).send().status
    };
    let stranger = ada.stranger();
    let turn = |what: &str, before: u16, after: &'static [u16], act: &dyn Fn()| {
        flip(what, &stranger, &[Probe::new("use", before, after, &use_it)], act);
    };
    turn("given", 404, &[200], &|| give(true));
    turn("disabled", 200, &[409], &|| drop(ada.to::<DisableConnection>().at(at()).good()));
    turn("enabled", 409, &[200], &|| drop(ada.to::<EnableConnection>().at(at()).good()));
    turn("taken away", 200, &[404], &|| give(false));
    turn("given again", 404, &[200], &|| give(true));
    turn("deleted", 200, &[404], &|| {
        ada.to::<DeleteConnection>().at(at()).good();
    });
    server.log().holds_no_secret();
}
