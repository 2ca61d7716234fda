//! Restarts and the daily job: what stays, what is swept, what has run out of time.

use std::time::Duration;

use drawbridge_contract::endpoints::{ListConnections, ReadConnection, ReadOwnSession};
use drawbridge_contract::problem::ProblemCode;
use drawbridge_contract::types::connections::AuthorizeIn;
use drawbridge_domain::connection::Status;
use drawbridge_domain::id::Id;
use drawbridge_domain::time::{DAY, HOUR, MINUTE};
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{Desk, Stack};
use drawbridge_tests::provider::Visitor;
use drawbridge_tests::server::Server;
use drawbridge_tests::wait::until;

#[test]
fn a_restart_keeps_sessions_and_the_daily_job_sweeps_what_is_over() {
    let stack = Stack::start();
    let desk = stack.desk("Upkeep");
    let kept = desk.connected("Kept", "ada");
    let fresh = desk.pending("Still pending");
    let old = desk.pending("Pending too long");
    let late = desk.pending("Late");
    let waiting = desk.visit(&desk.authorize(&fresh, AuthorizeIn::PopUp), &mut Visitor::new("grace"));
    let too_late = desk.visit(&desk.authorize(&late, AuthorizeIn::PopUp), &mut Visitor::new("ada"));
    desk.authorize(&old, AuthorizeIn::PopUp);
    let idle = stack.person(drawbridge_tests::fixtures::OTHER);

    let (user, log) = (desk.user.clone(), std::sync::Arc::clone(stack.server.log()));
    let (client, Stack { server, sandbox }) = (desk.client.clone(), stack);
    let (server, ()) = server.with_database(|database| {
        let past = |id: &str, table: &str, column: &str, by: i64, key: &str| {
            let changed = database
                .run(&format!("UPDATE {table} SET {column} = {column} - ?2 WHERE {key} = ?1"), (id, by));
            assert_eq!(changed, 1, "{table}.{column}");
        };
        past(old.summary.id.as_str(), "connections", "pending_until", 31 * MINUTE, "id");
        past(late.summary.id.as_str(), "oauth_flows", "expires_at", 11 * MINUTE, "connection_id");
        past(idle.who.session.as_str(), "sessions", "last_used_at", 13 * HOUR, "id");
    });

    let user = user.afresh();
    assert_eq!(user.to::<ReadOwnSession>().good().session, user.who.session, "the session survived");
    idle.afresh().to::<ReadOwnSession>().refused(ProblemCode::Unauthenticated);
    // Over, and shown as such before anything is swept.
    user.to::<ReadConnection>().at(Desk::at(&old)).refused(ProblemCode::NotFound);
    let ending = user.navigate(&too_late).with_status(410);
    assert_eq!(ending.header("x-refusal"), Some("flow_expired"));
    assert!(ending.text().contains("longer than 10 minutes"), "{ending:?}");
    assert_eq!(user.to::<ReadConnection>().at(Desk::at(&late)).good(), late, "nothing was changed");
    // A sign-in that was under way goes on after the restart.
    user.navigate(&waiting).with_status(200);
    assert_eq!(sandbox.token_calls(&client, "authorization_code").0, 2, "the late one's code went nowhere");

    let swept = |database: &Database, id: &str| {
        ["connection_secrets", "connection_grants", "connection_events", "oauth_flows"].map(|table| {
            database.number(&format!("SELECT COUNT(*) FROM {table} WHERE connection_id = ?1"), [id])
        })
    };
    let (server, ()) = server.with_database(|database| {
        assert_eq!(swept(database, old.summary.id.as_str()), [1; 4], "reading sweeps nothing");
        database
            .run("UPDATE oauth_flows SET expires_at = expires_at - ?1 WHERE used_at IS NOT NULL", [2 * DAY]);
    });
    server.run_scheduled();
    let options = server.stop();
    let database = Database::open(options.state.path());
    assert_eq!(swept(&database, old.summary.id.as_str()), [0; 4], "nothing of it is left");
    assert_eq!(
        database.number("SELECT COUNT(*) FROM connections WHERE id = ?1", [old.summary.id.as_str()]),
        0
    );
    assert_eq!(
        database.number("SELECT COUNT(*) FROM sessions WHERE id = ?1", [idle.who.session.as_str()]),
        0
    );
    assert_eq!(database.number("SELECT COUNT(*) FROM oauth_flows WHERE used_at IS NOT NULL", []), 0);
    assert_eq!(
        database.number(
            "SELECT COUNT(*) FROM connections WHERE id IN (?1, ?2, ?3)",
            [kept.summary.id.as_str(), fresh.summary.id.as_str(), late.summary.id.as_str(),]
        ),
        3,
        "and nothing else was swept"
    );
    drawbridge_tests::audit::verify(&database);
    drop(database);
    let server = Server::start(options);
    let list = user.afresh().to::<ListConnections>().good();
    assert_eq!((list.counts.active, list.counts.pending), (2, 1));
    assert!(list.items.iter().all(|one| one.state.status != Status::Invalid));
    drop(server);
    log.holds_no_secret();
}

/// As they do with `npm start`: nobody triggers anything.
#[test]
fn the_schedules_run_by_themselves_from_the_start_on() {
    let stack = Stack::start();
    let desk = stack.desk("By the clock");
    let (made, user) = (desk.connected("Checked", "ada"), desk.user.clone());
    let Stack { server, sandbox: _sandbox } = stack;
    let mut options = server.stop();
    let id = made.summary.id.as_str();
    let database = Database::open(options.state.path());
    // Before those of the template, which are all due.
    let late = "UPDATE connections SET check_at = -1, last_verified_at = last_verified_at - ?2 WHERE id = ?1";
    assert_eq!(database.run(late, (id, 2 * DAY)), 1);
    drop(database);
    options.schedules = true;
    let server = Server::start(options);
    let user = user.afresh();
    until("the check that is due", Duration::from_secs(30), || {
        let now = user.to::<ReadConnection>().at(Desk::at(&made)).good();
        (now.summary.last_verified_at >= made.summary.last_verified_at).then_some(())
    });
    drop(server);
}
