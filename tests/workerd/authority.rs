//! What apps and tokens may do, turned over while many call; and that who is known costs the database nothing.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use drawbridge_contract::endpoints::{
    ChangeTenantSettings, ChangeUserSettings, MakeApp, MakeToken, ReactivateUser, ReadTenant, ReadToken,
    ReadUser, RevokeToken, SuspendUser,
};
use drawbridge_contract::types::apps::{CreateApp, TokenAlgorithm};
use drawbridge_contract::types::people::{ChangeUser, UserPath};
use drawbridge_contract::types::tenants::{ChangeTenant, CredentialPolicy};
use drawbridge_contract::types::tokens::{CreateToken, TokenPath, TokenWithSecret};
use drawbridge_domain::id::Id;
use drawbridge_domain::role::Role;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{ADMIN, DESIGNER, User, template};
use drawbridge_tests::server::{Options, Server};

/// How many call at once.
const CLIENTS: usize = 50;
/// How often each has called before the flip and calls after it, at least.
const CALLS: usize = 3;
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

    fn program(&self) -> Program {
        let secret = self.token.secret.as_ref().unwrap().expose();
        self.server.log().keep_out(secret);
        Program { browser: self.ada.stranger(), secret: secret.to_owned() }
    }

    /// Turns something over while many call: of the calls that begin after its answer, each has this status.
    fn flip(&self, what: &str, before: u16, after: u16, act: impl FnOnce()) {
        let program = self.program();
        let (calls, flipped) = (Mutex::new(Vec::new()), Mutex::new(None::<Instant>));
        let ready = AtomicUsize::new(0);
        // Whoever calls ends by then, also when the flip never comes.
        let end = Instant::now() + Duration::from_mins(3);
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                let own = Program { browser: program.browser.afresh(), secret: program.secret.clone() };
                let (calls, flipped, ready) = (&calls, &flipped, &ready);
                scope.spawn(move || {
                    let (mut good, mut late) = (0, 0);
                    while late < CALLS && Instant::now() < end {
                        let begun = Instant::now();
                        let status = own.status(APPS);
                        calls.lock().unwrap().push((begun, status));
                        good += usize::from(status == before);
                        if good == CALLS {
                            ready.fetch_add(1, Ordering::Relaxed);
                            good += 1;
                        }
                        late += usize::from(flipped.lock().unwrap().is_some_and(|at| begun > at));
                    }
                });
            }
            drawbridge_tests::wait::until("all of them call", Duration::from_mins(1), || {
                (ready.load(Ordering::Relaxed) == CLIENTS).then_some(())
            });
            act();
            *flipped.lock().unwrap() = Some(Instant::now());
        });
        let at = flipped.lock().unwrap().unwrap();
        let calls = calls.into_inner().unwrap();
        let late: Vec<u16> =
            calls.iter().filter(|(begun, _)| *begun > at).map(|(_, status)| *status).collect();
        assert!(late.len() >= CLIENTS * CALLS, "{what}: {}", late.len());
        assert!(late.iter().all(|status| *status == after), "{what}: {late:?}");
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
    fn status(&self, path: &str) -> u16 {
        let call = self.browser.raw("GET", path).header("authorization", &format!("Bearer {}", self.secret));
        call.send().status
    }
}

#[test]
fn nothing_that_begins_after_the_answer_is_decided_by_what_was_before() {
    let stage = Stage::new();
    stage.flip("role", 200, 403, || stage.role(Role::Designer));
    stage.flip("role back", 403, 200, || stage.role(Role::Developer));
    stage.flip("policy", 200, 401, || stage.longest(30));
    stage.flip("policy back", 401, 200, || stage.longest(366));
    stage.flip("suspended", 200, 401, || drop(stage.ada.to::<SuspendUser>().at(stage.dora()).good()));
    stage.flip("reactivated", 401, 200, || drop(stage.ada.to::<ReactivateUser>().at(stage.dora()).good()));
    let dora = User::sign_in(&stage.server, DESIGNER);
    let token = TokenPath { token: stage.token.token.id.clone() };
    stage.flip("revoked", 200, 401, || drop(dora.to::<RevokeToken>().at(token).good()));
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
