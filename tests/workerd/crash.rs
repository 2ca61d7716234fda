//! The runtime is killed in the middle of many writes, again and again: what was acknowledged is there, what is
//! there is whole.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use drawbridge_contract::endpoints::{
    ChangeTenantSettings, ListConnections, MakeConnection, MakeTenant, ReadOwnSession, ReadTenant,
};
use drawbridge_contract::types::connections::Connection;
use drawbridge_contract::types::tenants::{ChangeTenant, CreateTenant, TenantRef};
use drawbridge_domain::id::Id;
use drawbridge_tests::audit;
use drawbridge_tests::database::Database;
use drawbridge_tests::fixtures::{Stack, User, by_key, template};
use drawbridge_tests::server::Server;

const ROUNDS: u64 = 6;
const LIMIT: Duration = Duration::from_secs(50);

/// What the server said it had done, and what was tried.
#[derive(Default)]
struct Acknowledged {
    tenants: BTreeMap<String, String>,
    connections: BTreeMap<String, String>,
    /// Names that the tenant was given, acknowledged or not, and how many of them were acknowledged.
    names: Vec<String>,
    renamed: usize,
}

/// Writes as fast as it goes until the server is gone.
fn write(user: &User, round: u64, done: &Mutex<Acknowledged>, gone: &AtomicBool) {
    let running = || !gone.load(Ordering::Relaxed);
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || {
                for number in 0.. {
                    let name = format!("Tenant {round} {thread} {number}");
                    let request = user.to::<MakeTenant>().with(&CreateTenant { name: name.clone() }).raw();
                    let Some(answer) = request.try_send().filter(|_| running()) else { return };
                    let made: TenantRef = answer.with_status(201).read();
                    done.lock().unwrap().tenants.insert(made.id.as_str().to_owned(), name);
                }
            });
            scope.spawn(move || {
                for number in 0.. {
                    let name = format!("Connection {round} {thread} {number}");
                    let request = user.to::<MakeConnection>().with(&by_key(&name, "sandbox-key-ada")).raw();
                    let Some(answer) = request.try_send().filter(|_| running()) else { return };
                    let made: Connection = answer.with_status(201).read();
                    done.lock().unwrap().connections.insert(made.summary.id.as_str().to_owned(), name);
                }
            });
        }
        scope.spawn(move || {
            for number in 0.. {
                let Some(answer) = user.to::<ReadTenant>().raw().try_send().filter(|_| running()) else {
                    return;
                };
                let etag = answer.header("etag").unwrap().to_owned();
                let name = format!("Renamed {round} {number}");
                done.lock().unwrap().names.push(name.clone());
                let request = user
                    .to::<ChangeTenantSettings>()
                    .if_match(&etag)
                    .with(&ChangeTenant { name: Some(name), credentials: None })
                    .raw();
                let Some(answer) = request.try_send().filter(|_| running()) else { return };
                answer.with_status(200);
                let mut done = done.lock().unwrap();
                done.renamed = done.names.len();
            }
        });
    });
}

fn check(database: &Database, user: &User, done: &Acknowledged) {
    let known = |sql: &str| -> BTreeMap<String, String> {
        let ids = database.texts(&format!("SELECT id FROM {sql} ORDER BY id"), []);
        ids.into_iter().zip(database.texts(&format!("SELECT name FROM {sql} ORDER BY id"), [])).collect()
    };
    let (tenants, connections) = (known("tenants"), known("connections"));
    for (all, acknowledged) in [(&tenants, &done.tenants), (&connections, &done.connections)] {
        for (id, name) in acknowledged {
            assert_eq!(all.get(id), Some(name), "{id} was acknowledged");
            let records = database.number("SELECT COUNT(*) FROM audit WHERE object_id = ?1", [id]);
            assert_eq!(records, 1, "the record of {id}");
        }
    }
    let name = &tenants[user.who.tenant.id.as_str()];
    let possible = &done.names[done.renamed.saturating_sub(1)..];
    assert!(done.renamed == 0 || possible.contains(name), "it is called {name}, of {possible:?}");
    // Nothing is half written.
    for sql in [
        "SELECT id FROM connections c WHERE c.tenant_id = ?1 AND (
           NOT EXISTS (SELECT 1 FROM connection_secrets s WHERE s.connection_id = c.id)
           OR NOT EXISTS (SELECT 1 FROM connection_grants g WHERE g.connection_id = c.id AND g.level = 'owner')
           OR NOT EXISTS (SELECT 1 FROM connection_events e WHERE e.connection_id = c.id)
           OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.object_id = c.id AND a.action = 'connection.created')
           OR c.status <> 'active' OR c.last_verified_at = 0 OR c.connected_as IS NULL)",
        "SELECT connection_id FROM connection_secrets WHERE ?1 = ?1 AND connection_id NOT IN (SELECT id FROM connections)",
        "SELECT connection_id FROM connection_grants WHERE ?1 = ?1 AND connection_id NOT IN (SELECT id FROM connections)",
        "SELECT id FROM tenants t WHERE ?1 = ?1 AND t.slug <> 'elsewhere' AND (
           NOT EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = t.id AND u.role = 'globalAdministrator')
           OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.tenant_id = t.id AND a.action = 'tenant.created'))",
        "SELECT object_id FROM audit WHERE ?1 = ?1 AND action = 'connection.created'
           AND object_id NOT IN (SELECT id FROM connections)",
    ] {
        assert_eq!(database.texts(sql, [user.who.tenant.id.as_str()]), Vec::<String>::new(), "{sql}");
    }
    assert_eq!(database.texts("SELECT * FROM pragma_integrity_check", []), ["ok"]);
    assert_eq!(database.texts("SELECT \"table\" FROM pragma_foreign_key_check", []), Vec::<String>::new());
    audit::verify(database);
}

/// A number that differs from run to run, below `most`.
fn any(most: u64) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) % most
}

#[test]
fn killed_at_any_moment_it_loses_nothing_that_it_acknowledged() {
    let began = Instant::now();
    let stack = Stack::start();
    let mut user = stack.tenant("Killed");
    let Stack { mut server, sandbox } = stack;
    let done = Mutex::new(Acknowledged::default());
    let mut rounds = 0;
    for round in 0..ROUNDS {
        if began.elapsed() > LIMIT {
            break;
        }
        let gone = AtomicBool::new(false);
        let already = done.lock().unwrap().connections.len();
        let options = std::thread::scope(|scope| {
            scope.spawn(|| write(&user, round, &done, &gone));
            drawbridge_tests::wait::until("some writes", Duration::from_secs(30), || {
                (done.lock().unwrap().connections.len() >= already + 3).then_some(())
            });
            std::thread::park_timeout(Duration::from_millis(any(400)));
            let options = server.kill();
            gone.store(true, Ordering::Relaxed);
            options
        });
        check(&Database::open(options.state.path()), &user, &done.lock().unwrap());
        server = Server::start(options);
        user = user.afresh();
        assert_eq!(user.to::<ReadOwnSession>().good().session, user.who.session);
        let counts = user.to::<ListConnections>().good().counts;
        assert!(counts.active as usize >= done.lock().unwrap().connections.len());
        assert_eq!(counts.pending + counts.invalid + counts.degraded, 0);
        rounds += 1;
    }
    assert!(rounds >= 2, "only {rounds} rounds in {:?}", began.elapsed());
    let made = done.lock().unwrap();
    assert!(!made.tenants.is_empty() && made.renamed > 0, "there was a load");
    drop((server, sandbox));
}

#[test]
fn the_check_of_the_chain_finds_what_was_altered_or_taken_away() {
    let whole = template();
    assert!(audit::verify(&Database::open(whole.copy().path())) >= 2);
    for harm in [
        "UPDATE audit SET actor_name = 'Somebody else' WHERE seq = 1",
        "UPDATE audit SET at = at + 1",
        "DELETE FROM audit",
        "UPDATE tenants SET audit_hash = '' WHERE audit_seq > 0",
    ] {
        let harmed = whole.copy();
        let database = Database::open(harmed.path());
        for trigger in
            database.texts("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'", [])
        {
            database.run(&format!("DROP TRIGGER {trigger}"), []);
        }
        assert!(database.run(harm, []) > 0, "{harm}");
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| audit::verify(&database)));
        assert!(found.is_err(), "not found: {harm}");
    }
}
