//! The command-line client against the real runtime.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use drawbridge_contract::endpoints::MakeToken;
use drawbridge_contract::types::tokens::CreateToken;
use drawbridge_domain::scopes::{ApiScope, ApiScopes};
use drawbridge_tests::fixtures::{Stack, User, shared};
use drawbridge_tests::places::Folder;
use serde_json::Value;

/// Somebody at a terminal, with settings of their own.
struct Terminal<'a> {
    stack: &'a Stack,
    settings: Arc<Folder>,
}

/// What came of a command.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn good(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    #[track_caller]
    fn fails(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.err
    }

    #[track_caller]
    fn json(self) -> Value {
        serde_json::from_str(&self.good()).unwrap()
    }
}

impl<'a> Terminal<'a> {
    /// Signed in with a token of this user's.
    fn new(stack: &'a Stack, user: &User, scopes: Option<ApiScopes>) -> Self {
        let body =
            CreateToken { name: "Terminal".to_owned(), expires_at: None, scopes, addresses: Vec::new() };
        let made = user.to::<MakeToken>().with(&body).good();
        let terminal = Self { stack, settings: Folder::new() };
        let told = terminal.sign_in("", made.secret.unwrap().expose()).good();
        assert!(told.contains(&user.who.tenant.name), "{told}");
        terminal
    }

    fn sign_in(&self, more: &str, secret: &str) -> Ran {
        self.stack.server.log().keep_out(secret);
        let ran = self.give(&format!("login --server {} {more}", self.stack.server.origin()), secret);
        assert!(!format!("{ran:?}").contains(secret));
        ran
    }

    fn run(&self, line: &str) -> Ran {
        self.give(line, "")
    }

    fn give(&self, line: &str, input: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drawbridge-under-test"));
        command.env_clear().env("XDG_CONFIG_HOME", self.settings.path()).current_dir(self.settings.path());
        command.args(line.split(' ').filter(|word| !word.is_empty()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may not read what it does not need.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn connections_live_from_the_command_line() {
    let stack = shared();
    let user = stack.tenant("CLI connections");
    let at = Terminal::new(&stack, &user, None);
    stack.server.log().keep_out("sandbox-key-grace");
    let add = "connections add CRM --connector sandbox-crm --auth api-key";
    let made = at.give(&format!("{add} --json"), "{\"apiKey\": \"sandbox-key-grace\"}").json();
    assert_eq!(made["state"]["status"], "active", "{made}");
    let id = made["id"].as_str().unwrap();
    assert!(at.give(add, "{\"apiKey\": \"sandbox-key-mallory\"}").fails(7).contains("Nothing was saved"));
    assert!(at.give(add, "{\"apiKey\": \"\"}").fails(7).contains("credentials.apiKey"));
    assert!(at.run("connections list --search crm").good().contains(id));
    assert_eq!(at.run("connections list -q --status active").good().trim(), id);
    assert!(at.run("connections show crm").good().contains("Grace Hopper"));
    assert!(at.run("connections test CRM").good().contains("works"));
    assert!(at.run("connections permissions CRM").good().contains("ada@example.org"));
    at.run("connections share CRM --everyone").good();
    at.run("groups add Sales").good();
    at.run("connections share CRM --group sales").good();
    at.run("connections share CRM --group Sales --level owner").good();
    let given = at.run("connections permissions CRM").good();
    assert!(given.contains("everyone") && given.contains("Sales") && given.lines().count() == 4, "{given}");
    at.run("connections unshare CRM --everyone").good();
    at.run("connections unshare CRM --everyone").fails(5);
    at.run("connections share CRM --user nobody@example.net").fails(5);
    assert!(at.run("connections access CRM --json").json()["reasons"].is_array());
    let called = at.run("connections call CRM list-contacts --param limit=2 --json").json();
    assert_eq!((&called["done"], &called["status"]), (&true.into(), &200.into()), "{called}");
    assert!(
        at.run("connections call CRM list-contacts --param limit=many").fails(7).contains("parameters.limit")
    );
    assert!(at.run("connectors show sandbox-crm").good().contains("list-contacts"));
    let add = "oauth-clients add Own --connector sandbox-crm --client-id own";
    stack.server.log().keep_out("not-to-be-told");
    let client = at.give(&format!("{add} -q"), "not-to-be-told").good();
    let waiting = format!("connections add Waiting --connector sandbox-crm --oauth-client {}", client.trim());
    assert!(at.run(&waiting).err.contains("in the console"));
    at.run("connections reconnect-link Waiting").fails(6);
    at.run("connections reconnect-link CRM").fails(6);
    assert!(at.run("oauth-clients delete own --yes").fails(6).contains("uses"));
    at.run("connections delete Waiting --yes").good();
    assert!(at.run("connections edit CRM --name Contacts").good().contains("Saved"));
    at.run("connections disable Contacts").good();
    assert!(at.run("connections disable Contacts").fails(6).contains("Request: req_"));
    at.run("connections call Contacts list-contacts").fails(6);
    at.run("connections enable Contacts").good();
    assert!(at.run("connections events Contacts").good().lines().count() > 2);
    assert!(at.run("connections delete Contacts").fails(2).contains("--yes"));
    at.run("connections delete Contacts --yes").good();
    at.run("connections show Contacts").fails(5);
    at.run("connections show con_0000000001zzzzzzzzzzzzzzzz").fails(5);
    assert!(at.run("connections list --deleted").good().contains("Contacts"));
    at.run("connections restore Contacts").good();
    assert_eq!(at.run("connections list --json").json()["name"], "Contacts");
}

#[test]
fn apps_and_tokens_live_from_the_command_line() {
    let stack = shared();
    let user = stack.tenant("CLI apps");
    let at = Terminal::new(&stack, &user, None);
    let made = at.run("apps add Nightly --scope read:connection --scope read:app --json").json();
    let (id, secret) = (made["app"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let app = Terminal { stack: &stack, settings: Folder::new() };
    assert!(app.sign_in(&format!("--app {id}"), secret).good().contains("the app Nightly"));
    assert!(app.run("whoami").good().contains("Automation administrator"));
    assert!(app.run("apps list").good().contains(id));
    let err = app.run("users list").fails(4);
    assert!(err.contains("Needed: read:user") && err.contains("Held: read:connection read:app"), "{err}");
    at.run("apps disable Nightly").good();
    app.run("apps list").fails(3);
    at.run("apps activate Nightly").good();
    app.run("apps list").good();
    assert!(at.run("apps secret Nightly").good().contains(secret));
    let rotated = at.run("apps rotate Nightly --grace hour -q").good();
    assert!(rotated.starts_with(id) && !rotated.contains(secret), "told anew");
    stack.server.log().keep_out(rotated.lines().nth(1).unwrap());
    at.run("apps edit Nightly --name Daily --expires 90d").good();
    assert!(at.run("apps show Daily").good().contains("works until"));
    at.run("apps delete Daily --yes").good();
    at.run("apps show Daily").fails(5);
    app.run("whoami").fails(3);

    let token = at.run("tokens add Short --expires 7d --scope read:connection -q").good();
    let other = Terminal { stack: &stack, settings: Folder::new() };
    other.sign_in("", token.trim()).good();
    other.run("connections list").good();
    other.run("apps list").fails(4);
    assert!(at.run("tokens reveal Short").good().contains(token.trim()));
    assert!(at.run("tokens delete Short --yes").fails(6).contains("error:"));
    let rotated = at.run("tokens rotate Short --grace now --yes -q").good();
    stack.server.log().keep_out(rotated.trim());
    assert!(other.run("connections list").fails(3).contains("login"));
    at.run("tokens revoke Short --yes").good();
    assert!(at.run("tokens list").good().contains("revoked"));
    at.run("tokens delete Short --yes").good();
    assert_eq!(at.run("tokens list -q").good().lines().count(), 1, "the one that asks");
}

#[test]
fn people_live_from_the_command_line() {
    let stack = shared();
    let user = stack.tenant("CLI people");
    let at = Terminal::new(&stack, &user, None);
    let invite = "users invite grace@example.net --first-name Grace --last-name Hopper --role designer";
    let link = at.run(&format!("{invite} --idempotency-key once")).good();
    assert!(link.trim().starts_with(stack.server.origin()), "{link}");
    let again = at.run(&format!("{invite} --idempotency-key once"));
    assert!(again.fails(1).contains("users reinvite"), "the link is told once");
    at.run(&invite.replace("Grace", "Ada")).fails(7);
    assert!(at.run("users list --role designer").good().contains("grace@example.net"));
    at.run("users role grace@example.net developer").good();
    assert!(at.run("users show GRACE@example.net").good().contains("Developer"));
    at.run("groups add Sales --description Sellers").good();
    at.run("groups add-member Sales grace@example.net").good();
    assert!(at.run("groups members Sales").good().contains("Hopper"));
    at.run("groups remove-member Sales grace@example.net").good();
    at.run("groups delete Sales --yes").good();
    let me = user.who.user.email.as_str();
    at.run(&format!("users role {me} designer")).fails(6);
    at.run("users remove grace@example.net --yes").good();
    at.run("users show grace@example.net").fails(5);
    at.run("users list --state invited -q").good();
}

#[test]
fn the_audit_log_is_exported_and_verified() {
    let stack = shared();
    let user = stack.tenant("CLI audit");
    let at = Terminal::new(&stack, &user, None);
    for number in 0..5 {
        at.run(&format!("groups add Group-{number}")).good();
    }
    assert!(at.run("audit list --action group.created --limit 3").good().lines().count() == 4);
    // The last records get their hashes in a moment at the latest.
    drawbridge_tests::wait::until("a sealed log", std::time::Duration::from_secs(30), || {
        at.run("audit verify --json").json()["unsealed"].as_i64().filter(|unsealed| *unsealed == 0)
    });
    at.run("audit export --output log.ndjson").good();
    let file = at.settings.path().join("log.ndjson");
    let log = fs::read_to_string(&file).unwrap();
    assert_eq!(log.matches("group.created").count(), 5);
    assert_eq!(log, at.run("audit export").good());
    assert!(at.run("audit verify log.ndjson").good().contains("the chain holds"));
    fs::write(&file, log.replace("Group-3", "Group-4")).unwrap();
    assert!(at.run("audit verify log.ndjson").fails(1).contains("not as it was written"));
    let table = at.run("audit export --format csv --action group.created").good();
    assert_eq!(table.lines().count(), 6, "{table}");
}

#[test]
fn a_thousand_are_listed_and_a_narrow_token_is_told_what_it_lacks() {
    let stack = shared();
    let user = stack.in_tenant("Thousand");
    let at = Terminal::new(&stack, &user, Some(ApiScopes::of(&[ApiScope::ReadConnection])));
    let all = at.run("connections list --json").good();
    let ids: std::collections::BTreeSet<String> = all
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((all.lines().count(), ids.len()), (1000, 1000));
    assert_eq!(at.run("connections list -q --limit 250").good().lines().count(), 250);
    let err = at.run("audit export").fails(4);
    assert!(err.contains("Needed: read:audit"), "{err}");
    let other = Terminal { stack: &stack, settings: Folder::new() };
    other.sign_in("", "dbr_pat_0000000000000000000000000000003YB4sD").fails(2);
    other.run("whoami").fails(3);
}
