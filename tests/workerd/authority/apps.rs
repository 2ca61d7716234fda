//! What an app may do, turned over while many call with its secret and with an access token of before.

use std::sync::Mutex;

use base64ct::{Base64, Encoding};
use drawbridge_contract::endpoints::{
    ActivateApp, ChangeAppSettings, DeleteApp, DisableApp, MakeApp, ReadApp, RotateAppSecret,
};
use drawbridge_contract::types::apps::{
    AppPath, AppWithSecret, ChangeApp, CreateApp, RotateSecret, TokenAlgorithm,
};
use drawbridge_domain::credential::Grace;
use drawbridge_domain::id::{AppId, Id};
use drawbridge_tests::answer::Answered;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::fixtures::{ADMIN, User, template};
use drawbridge_tests::server::{Options, Server};

use super::flip::{Probe, flip};

const FORM: &str = "application/x-www-form-urlencoded";
const SESSION: &str = "/api/v1/session";

/// The status before, and those after.
type Turn = (u16, &'static [u16]);

struct Robot {
    server: Server,
    ada: User,
    app: AppId,
    secret: Mutex<String>,
    /// Of before.
    token: String,
}

impl Robot {
    fn new() -> Self {
        let mut options = Options::on(template().copy());
        options.without_rates = true;
        let server = Server::start(options);
        let ada = User::sign_in(&server, ADMIN);
        let body = CreateApp {
            name: "Flip".to_owned(),
            description: String::new(),
            scopes: None,
            addresses: Vec::new(),
            expires_at: None,
            token_algorithm: TokenAlgorithm::EdDsa,
        };
        let made = ada.to::<MakeApp>().with(&body).good();
        let secret = secret(&server, &made);
        let granted = grant(&ada.stranger(), &made.app.id, &secret).with_status(200).json();
        let token = granted["access_token"].as_str().unwrap().to_owned();
        server.log().keep_out(&token);
        Self { server, ada, app: made.app.id, secret: Mutex::new(secret), token }
    }

    fn at(&self) -> AppPath {
        AppPath { app: self.app.clone() }
    }

    /// Asks for a token with the secret of before.
    fn issue(&self, browser: &Browser, secret: &str) -> u16 {
        grant(browser, &self.app, secret).status
    }

    fn call(&self, browser: &Browser) -> u16 {
        browser.raw("GET", SESSION).header("authorization", &format!("Bearer {}", self.token)).send().status
    }

    /// Both ways, before and after, while something is done.
    fn flip(&self, what: &str, secret: Turn, token: Turn, act: impl FnOnce()) {
        let known = self.secret.lock().unwrap().clone();
        let issue = |browser: &Browser| self.issue(browser, &known);
        let call = |browser: &Browser| self.call(browser);
        let probes = [
            Probe::new("secret", secret.0, secret.1, &issue),
            Probe::new("access token", token.0, token.1, &call),
        ];
        flip(what, &self.ada.stranger(), &probes, act);
    }

    fn change(&self, change: impl FnOnce(&mut ChangeApp)) {
        let (_, etag) = self.ada.to::<ReadApp>().at(self.at()).done();
        let mut body = ChangeApp::default();
        change(&mut body);
        self.ada.to::<ChangeAppSettings>().at(self.at()).if_match(&etag).with(&body).good();
    }

    fn from(&self, networks: &[&str]) {
        self.change(|body| body.addresses = Some(networks.iter().map(|text| (*text).to_owned()).collect()));
    }
}

fn secret(server: &Server, made: &AppWithSecret) -> String {
    let secret = made.secret.as_ref().unwrap().expose().to_owned();
    server.log().keep_out(&secret);
    secret
}

fn grant(browser: &Browser, app: &AppId, secret: &str) -> Answered {
    let basic = format!("Basic {}", Base64::encode_string(format!("{}:{secret}", app.as_str()).as_bytes()));
    let sent = browser.raw("POST", "/oauth/token").header("origin", "").header("authorization", &basic);
    sent.bytes(FORM, b"grant_type=client_credentials".to_vec()).send()
}

#[test]
fn an_app_is_off_on_moved_rotated_and_gone_from_the_next_call_on() {
    let robot = Robot::new();
    let (good, bad): (Turn, Turn) = ((200, &[401]), (401, &[200]));
    robot.flip("disabled", good, good, || drop(robot.ada.to::<DisableApp>().at(robot.at()).good()));
    robot.flip("activated", bad, bad, || drop(robot.ada.to::<ActivateApp>().at(robot.at()).good()));
    robot.flip("addresses", good, good, || robot.from(&["198.51.100.0/24", "2001:db8::/32"]));
    robot.flip("addresses back", bad, bad, || robot.from(&[]));
    // The secret of before is over; what was got with it is good for its hour.
    let rotated = Mutex::new(String::new());
    robot.flip("rotated", good, (200, &[200]), || {
        let body = RotateSecret { grace: Grace::Now };
        let made = robot.ada.to::<RotateAppSecret>().at(robot.at()).with(&body).good();
        *rotated.lock().unwrap() = secret(&robot.server, &made);
    });
    *robot.secret.lock().unwrap() = rotated.into_inner().unwrap();
    // Who asks often for what there is not waits, after some refusals.
    let gone: Turn = (200, &[401, 429]);
    robot.flip("deleted", gone, gone, || {
        robot.ada.to::<DeleteApp>().at(robot.at()).good();
    });
    robot.server.log().holds_no_secret();
}
