//! The keeper of a connection on the real runtime: one refresh whatever the load, and tokens that outlive a process
//! that is killed at any step.

use std::sync::Barrier;
use std::time::Duration;

use drawbridge_contract::endpoints::{ReadConnection, RunOperation};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::uses::{OperationAnswer, OperationCall, OperationPath};
use drawbridge_domain::connection::Status;
use drawbridge_tests::answer::Answered;
use drawbridge_tests::browser::Browser;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{Desk, Stack, shared};
use drawbridge_tests::server::Server;
use drawbridge_tests::wait;
use serde_json::json;

fn list(connection: &Connection) -> OperationPath {
    OperationPath { connection: connection.summary.id.clone(), operation: "list-contacts".to_owned() }
}

fn use_it(browser: &Browser, connection: &Connection) -> Answered {
    browser.to::<RunOperation>().at(list(connection)).with(&OperationCall::default()).send()
}

#[track_caller]
fn works(answer: Answered) {
    let answer: OperationAnswer = answer.with_status(200).read();
    assert!(answer.done && answer.items.is_some_and(|items| !items.is_empty()));
}

#[test]
fn two_hundred_uses_of_an_expired_connection_make_one_refresh() {
    const COUNT: usize = 200;
    let stack = shared();
    let desk = stack.desk("Two hundred");
    let connection = desk.connected("Wanted by all", "ada");
    desk.switch(json!({ "kind": "expired_token" }));
    let barrier = Barrier::new(COUNT);
    let answers: Vec<Answered> = std::thread::scope(|scope| {
        let run = || {
            barrier.wait();
            use_it(&desk.user, &connection)
        };
        let threads: Vec<_> = (0..COUNT).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    answers.into_iter().for_each(works);
    assert_eq!(desk.refreshes(), (1, 1), "tried once, answered once");
    assert_eq!(desk.read(&connection).summary.state.status, Status::Active);
    assert!(desk.read(&connection).usage.calls > 0, "and they are counted");
}

#[test]
fn the_alarm_refreshes_without_anybody_asking() {
    let stack = shared();
    let desk = stack.desk("By the alarm");
    desk.switch(json!({ "kind": "access_token_ttl", "seconds": 8, "times": 1 }));
    let connection = desk.connected("Looked after", "grace");
    let due = connection.details.clone().unwrap().next_refresh_at.unwrap();
    wait::until("the refresh", Duration::from_secs(30), || (desk.refreshes() == (1, 1)).then_some(()));
    wait::until("the new tokens", Duration::from_secs(5), || {
        let now = desk.read(&connection).details.unwrap().next_refresh_at.unwrap();
        (now > due).then_some(())
    });
    works(use_it(&desk.user, &connection));
    assert_eq!(desk.refreshes(), (1, 1));
}

/// At which step the process is killed.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The provider is asked and has not done anything yet.
    Asked,
    /// The provider has answered; the tokens are noted, and the database does not take them.
    Noted,
    /// The tokens are in the database; the note may be there still.
    Stored,
    /// All is done and the answer may be under way.
    Done,
}

const STEPS: [Step; 4] = [Step::Asked, Step::Noted, Step::Stored, Step::Done];

const BROKEN: &str = "CREATE TRIGGER broken BEFORE UPDATE ON connection_secrets BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";

fn version(database: &Database, connection: &Connection) -> i64 {
    let id = connection.summary.id.to_string();
    database.number("SELECT version FROM connection_secrets WHERE connection_id = ?1", [id])
}

/// Kills the server in the middle of a refresh, and starts it again.
fn kill_at(
    step: Step,
    mut server: Server,
    sandbox: &Sandbox<'_>,
    who: &Browser,
    connection: &Connection,
) -> Server {
    let hang = match step {
        Step::Asked => Some(sandbox.switch(json!({ "kind": "timeout", "target": "token" }))),
        Step::Noted => {
            server = server.with_database(|database| database.run(BROKEN, [])).0;
            None
        }
        Step::Stored | Step::Done => None,
    };
    let state = server.state().to_owned();
    let before = version(&Database::open(&state), connection);
    sandbox.switch(json!({ "kind": "expired_token" }));
    let options = std::thread::scope(|scope| {
        let user = scope.spawn(|| {
            who.to::<RunOperation>().at(list(connection)).with(&OperationCall::default()).raw().try_send()
        });
        match step {
            Step::Asked => wait::until("the provider is asked", Duration::from_secs(20), || {
                sandbox.is_asked(hang.as_ref().unwrap()).then_some(())
            }),
            Step::Noted => {
                let answer = user.join().unwrap().unwrap();
                answer.problem(ProblemCode::Internal);
                return server.kill();
            }
            Step::Stored => {
                let database = Database::open(&state);
                wait::until("the tokens are stored", Duration::from_secs(20), || {
                    (version(&database, connection) > before).then_some(())
                });
            }
            Step::Done => {
                works(user.join().unwrap().unwrap());
                return server.kill();
            }
        }
        server.kill()
    });
    if let Some(hang) = hang {
        sandbox.off(&hang);
    }
    if matches!(step, Step::Noted) {
        Database::open(options.state.path()).run("DROP TRIGGER broken", []);
    }
    Server::start(options)
}

/// The provider, for one client.
struct Sandbox<'a> {
    all: &'a drawbridge_tests::sandbox::Sandbox,
    client: String,
}

impl Sandbox<'_> {
    fn switch(&self, mut switch: serde_json::Value) -> serde_json::Value {
        switch["clientId"] = self.client.clone().into();
        self.all.switch(&switch)
    }

    fn off(&self, switch: &serde_json::Value) {
        self.all.switch_off(switch);
    }

    fn is_asked(&self, switch: &serde_json::Value) -> bool {
        let all = self.all.control("GET", "switches", &serde_json::Value::Null);
        let mut all = all["switches"].as_array().unwrap().iter();
        all.any(|one| one["id"] == switch["id"] && one["used"].as_u64() > Some(0))
    }
}

fn rounds() -> usize {
    std::env::var("CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(STEPS.len())
}

#[test]
fn killed_at_any_step_of_a_refresh_it_never_loses_the_connection() {
    let stack = Stack::start();
    let desk = stack.desk("Killed while refreshing");
    let connection = desk.connected("Never lost", "ada");
    let (mut who, client) = (desk.user.clone(), desk.client.clone());
    drop(desk);
    let Stack { mut server, sandbox } = stack;
    for round in 0..rounds() {
        let step = STEPS[round % STEPS.len()];
        let of_client = Sandbox { all: &sandbox, client: client.clone() };
        server = kill_at(step, server, &of_client, &who, &connection);
        who = who.afresh();
        works(use_it(&who, &connection));
        let now = who.to::<ReadConnection>().at(Desk::at(&connection)).good();
        assert_eq!(now.summary.state.status, Status::Active, "round {round}, killed {step:?}");
    }
    let (tried, answered) = sandbox.token_calls(&client, "refresh_token");
    let hung = rounds().div_ceil(STEPS.len());
    assert_eq!(answered, tried - hung, "every refresh token was used once");
}
