//! Master keys: a wrong one, the right one again, a new one beside the old one, and the old one taken away.

use drawbridge_contract::endpoint::Method;
use drawbridge_contract::endpoints::{MakeConnection, ReadConnection, TABLE, TestConnection};
use drawbridge_contract::plain;
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_domain::connection::Status;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{Desk, Stack, User, by_key};
use drawbridge_tests::server::{KEY, Options, SECOND_KEY, Server};
use serde_json::json;

fn with_keys(options: Options, keys: &str) -> Server {
    Server::start(Options { keys: keys.to_owned(), ..options })
}

/// Every address answers 503 with words about the key, and nothing is written.
fn is_closed(options: Options, keys: &str, words: &str) -> Options {
    let before = Database::open(options.state.path()).dump();
    let server = with_keys(options, keys);
    assert_eq!(server.ready()["status"], 503, "{:?}", server.ready());
    assert_eq!(server.ready()["body"]["code"], "wrong_master_key");
    let browser = server.browser();
    for info in TABLE {
        let path = info.path.split('/').map(|part| if part.starts_with('{') { "some_id" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let method = if info.method == Method::Any { Method::Post } else { info.method };
        let mut request = browser.raw(method.as_str(), &path);
        if !matches!(info.method, Method::Get | Method::Delete) {
            request = request.json(&json!({}));
        }
        let problem = request.send().problem(ProblemCode::WrongMasterKey);
        assert!(
            problem.detail.contains(words) && problem.detail.contains("nothing was changed"),
            "{problem:?}"
        );
    }
    for path in [plain::READY.path, plain::OAUTH_CALLBACK.path] {
        browser.navigate(path).problem(ProblemCode::WrongMasterKey);
    }
    browser.raw("GET", plain::HEALTH.path).send().with_status(200).json();
    server.run_scheduled();
    let options = server.stop();
    assert_eq!(Database::open(options.state.path()).dump(), before, "the database is as it was");
    options
}

fn sealed_with(options: &Options, key: &str) -> (i64, i64) {
    let database = Database::open(options.state.path());
    let all = "SELECT sealed FROM connection_secrets UNION ALL SELECT sealed_secret FROM oauth_clients";
    let total = database.number(&format!("SELECT COUNT(*) FROM ({all})"), []);
    let with = format!("v1.{key}.");
    (
        database.number(
            &format!("SELECT COUNT(*) FROM ({all}) WHERE substr(sealed, 1, length(?1)) = ?1"),
            [with],
        ),
        total,
    )
}

#[test]
fn nothing_is_overwritten_with_a_wrong_key_and_a_new_key_takes_over() {
    let stack = Stack::start();
    let desk = stack.desk("Master keys");
    let (by_oauth, waiting) = (desk.connected("By sign-in", "ada"), desk.pending("Not yet"));
    let typed = desk.user.to::<MakeConnection>().with(&by_key("By key", "sandbox-key-ada")).good();
    let user = desk.user.clone();
    let log = std::sync::Arc::clone(stack.server.log());
    let Stack { server, sandbox } = stack;
    let mut options = server.stop();

    let wrong = "k1:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    options = is_closed(options, wrong, "The master key “k1” is not the one that sealed");
    options = is_closed(options, SECOND_KEY, "sealed with the master key “k1”, which is not in MASTER_KEYS");

    let good = |user: &User, connection: &Connection| {
        let tested = user.to::<TestConnection>().at(Desk::at(connection)).good();
        assert_eq!(tested.summary.state.status, Status::Active, "{:?}", tested.summary.state);
    };
    let server = with_keys(options, KEY);
    let user = user.afresh();
    for connection in [&by_oauth, &typed] {
        good(&user, connection);
    }
    options = server.stop();

    // Both keys: the old one opens, the new one seals.
    let server = with_keys(options, &format!("{SECOND_KEY},{KEY}"));
    let user = user.afresh();
    good(&user, &typed);
    sandbox.switch(&json!({ "kind": "expired_token" }));
    good(&user, &by_oauth);
    let newer = user.to::<MakeConnection>().with(&by_key("Newer", "sandbox-key-grace")).good();
    options = server.stop();
    let (with_new, total) = sealed_with(&options, "k2");
    assert_eq!((with_new, total), (2, 5), "the refreshed one and the newer one");

    // The old key is still needed, and that is said.
    options = is_closed(options, SECOND_KEY, "“k1”, which is not in MASTER_KEYS");

    let server = with_keys(options, &format!("{SECOND_KEY},{KEY}"));
    server.run_scheduled();
    options = server.stop();
    assert_eq!(sealed_with(&options, "k2"), (total, total), "the daily job sealed all of them again");

    let server = with_keys(options, SECOND_KEY);
    assert_eq!(server.ready()["status"], 200, "the old key can go: {:?}", server.ready());
    let user = user.afresh();
    for connection in [&by_oauth, &typed, &newer] {
        good(&user, connection);
    }
    user.to::<ReadConnection>().at(Desk::at(&waiting)).good();
    options = server.stop();
    is_closed(options, KEY, "“k2”, which is not in MASTER_KEYS");
    log.holds_no_secret();
}
