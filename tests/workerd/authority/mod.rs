//! What apps and tokens may do, turned over while many call; and that who is known costs the database nothing.

mod apps;
mod flip;
mod uses;

use std::time::Duration;

use drawbridge_contract::endpoints::{
    ChangeTenantSettings, ChangeTokenSettings, ChangeUserSettings, MakeApp, MakeToken, ReactivateUser,
    ReadTenant, ReadToken, ReadUser, RevokeToken, SuspendUser,
};
use drawbridge_contract::types::apps::{CreateApp, TokenAlgorithm};
use drawbridge_contract::types::people::{ChangeUser, UserPath};
use drawbridge_contract::types::tenants::{ChangeTenant, CredentialPolicy};
use drawbridge_contract::types::tokens::{ChangeToken, CreateToken, TokenPath, TokenWithSecret};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{ADMIN, DESIGNER, User, template};
use drawbridge_tests::server::{Options, Server};

use flip::{Probe, flip};

/// What a Developer may read, and a Designer not.
const APPS: &str = "/api/v1/apps";

struct Stage {
    server: Server,
    ada: User,
    dora: User,
    token: TokenWithSecret,
}

impl Stage {
    fn new() -> Self {
        let mut options = Options::on(template().copy());
        options.without_rates = true;
        let server = Server::start(options);
        let (ada, dora) = (User::sign_in(&server, ADMIN), User::sign_in(&server, DESIGNER));
        change_role(&ada, &dora, Role::Developer);
        let body =
            CreateToken { name: "Flip".to_owned(), expires_at: None, scopes: None, addresses: Vec::new() };
        let token = dora.to::<MakeToken>().with(&body).good();
        Self { server, ada, dora, token }
    }

    fn dora(&self) -> UserPath {
        UserPath { user: self.dora.who.user.id.clone() }
    }

    fn role(&self, role: Role) {
        change_role(&self.ada, &self.dora, role);
    }

    fn longest(&self, days: u16) {
        let (_, etag) = self.ada.to::<ReadTenant>().done();
        let policy = CredentialPolicy { show_secrets_once: false, max_token_days: days };
        let body = ChangeTenant { name: None, credentials: Some(policy) };
        self.ada.to::<ChangeTenantSettings>().if_match(&etag).with(&body).good();
    }

    fn addresses(&self, addresses: &[&str]) {
        let at = || TokenPath { token: self.token.token.id.clone() };
        let (_, etag) = self.ada.to::<ReadToken>().at(at()).done();
        let addresses = addresses.iter().map(|text| (*text).to_owned()).collect();
        let body = ChangeToken { name: None, scopes: None, addresses: Some(addresses) };
        self.ada.to::<ChangeTokenSettings>().at(at()).if_match(&etag).with(&body).good();
    }

    fn program(&self) -> Program {
        let secret = self.token.secret.as_ref().unwrap().expose();
        self.server.log().keep_out(secret);
        Program { browser: self.ada.stranger(), secret: secret.to_owned() }
    }
}

fn change_role(by: &User, of: &User, role: Role) {
    let at = || UserPath { user: of.who.user.id.clone() };
    let (_, etag) = by.to::<ReadUser>().at(at()).done();
    let body = ChangeUser { role: Some(role), ..ChangeUser::default() };
    by.to::<ChangeUserSettings>().at(at()).if_match(&etag).with(&body).good();
}

struct Program {
    browser: Browser,
    secret: String,
}

impl Program {
    /// The same with connections of its own.
    fn on(&self, browser: &Browser) -> Self {
        Self { browser: browser.clone(), secret: self.secret.clone() }
    }

    fn status(&self, path: &str) -> u16 {
        let call = self.browser.raw("GET", path).header("authorization", &format!("Bearer {}", self.secret));
        call.send().status
    }
}

#[test]
fn nothing_that_begins_after_the_answer_is_decided_by_what_was_before() {
    let stage = Stage::new();
    let program = stage.program();
    let token = |browser: &Browser| program.on(browser).status(APPS);
    let session = |_: &Browser| stage.dora.afresh().raw("GET", APPS).send().status;
    let both = |before: u16, after: &'static [u16], session_after: &'static [u16]| {
        // A session that is over is no way to call any more.
        let by_session = (before != 401).then(|| Probe::new("session", before, session_after, &session));
        [Some(Probe::new("token", before, after, &token)), by_session]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let turn = |what: &str, probes: &[Probe<'_>], act: &dyn Fn()| flip(what, &program.browser, probes, act);
    turn("role", &both(200, &[403], &[403]), &|| stage.role(Role::Designer));
    turn("role back", &both(403, &[200], &[200]), &|| stage.role(Role::Developer));
    turn("policy", &both(200, &[401], &[200]), &|| stage.longest(30));
    turn("policy back", &both(401, &[200], &[200]), &|| stage.longest(366));
    let token_path = || TokenPath { token: stage.token.token.id.clone() };
    turn("addresses", &both(200, &[401], &[200]), &|| stage.addresses(&["198.51.100.0/24"]));
    turn("addresses back", &both(401, &[200], &[200]), &|| stage.addresses(&[]));
    turn("suspended", &both(200, &[401], &[401]), &|| {
        drop(stage.ada.to::<SuspendUser>().at(stage.dora()).good());
    });
    turn("reactivated", &both(401, &[200], &[200]), &|| {
        drop(stage.ada.to::<ReactivateUser>().at(stage.dora()).good());
    });
    turn("revoked", &both(200, &[401], &[200])[..1], &|| {
        drop(User::sign_in(&stage.server, DESIGNER).to::<RevokeToken>().at(token_path()).good());
    });
    stage.server.log().holds_no_secret();
}

#[test]
fn the_last_use_is_written_and_a_restart_forgets_nothing() {
    let stage = Stage::new();
    let id = stage.token.token.id.clone();
    let program = stage.program();
    assert_eq!(program.status(APPS), 200);
    let shown = || {
        let token = stage.dora.to::<ReadToken>().at(TokenPath { token: id.clone() });
        token.good().last_used
    };
    let used = drawbridge_tests::wait::until("the use", Duration::from_secs(30), shown);
    assert!(!used.address.is_empty() || used.country.is_none());
    let secret = program.secret.clone();
    let options = stage.server.stop();
    let database = Database::open(options.state.path());
    let columns = "last_used_at IS NOT NULL AND last_used_at = secret_used_at AND version = 1";
    let sql = format!("SELECT COUNT(*) FROM tokens WHERE id = ?1 AND {columns}");
    assert_eq!(database.number(&sql, [id.as_str()]), 1);
    drop(database);
    let server = Server::start(options);
    let program = Program { browser: server.browser(), secret };
    assert_eq!(program.status(APPS), 200);
    assert_eq!(program.status("/api/v1/session"), 200);
}

/// The tables that say what apps and tokens may do.
const TABLES: [&str; 4] = ["apps", "tokens", "users", "tenants"];

#[test]
fn who_is_known_is_answered_without_a_statement() {
    let stage = Stage::new();
    let body = CreateApp {
        name: "Warm".to_owned(),
        description: String::new(),
        scopes: None,
        addresses: Vec::new(),
        expires_at: None,
        token_algorithm: TokenAlgorithm::EdDsa,
    };
    let made = stage.dora.to::<MakeApp>().with(&body).good();
    let secret = made.secret.as_ref().unwrap().expose();
    stage.server.log().keep_out(secret);
    let stranger = stage.ada.stranger();
    let ask = |path: &str, more: &str| {
        let form = format!("client_id={}&client_secret={secret}&{more}", made.app.id);
        let sent = stranger.raw("POST", path).header("origin", "");
        sent.bytes("application/x-www-form-urlencoded", form.into_bytes()).send().with_status(200).json()
    };
    let issued = || {
        let token = ask("/oauth/token", "grant_type=client_credentials")["access_token"].clone();
        let token = token.as_str().unwrap().to_owned();
        stage.server.log().keep_out(&token);
        token
    };
    let app = Program { browser: stranger.afresh(), secret: issued() };
    let person = stage.program();
    let active = || ask("/oauth/introspect", &format!("token={}", app.secret))["active"].clone();
    let all = || (person.status("/api/v1/session"), app.status("/api/v1/session"), active());
    let known = (200, 200, true.into());
    assert_eq!(all(), known);
    let database = Database::open(stage.server.state());
    for table in TABLES {
        database.run(&format!("ALTER TABLE {table} RENAME TO {table}_away"), []);
    }
    // Whatever asks one of these tables fails now.
    assert_eq!(person.status(APPS), 500);
    for _ in 0..20 {
        assert_eq!(all(), known);
        issued();
    }
    for table in TABLES {
        database.run(&format!("ALTER TABLE {table}_away RENAME TO {table}"), []);
    }
    assert_eq!(person.status(APPS), 200);
    stage.server.log().holds_no_secret();
}
