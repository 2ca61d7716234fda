use std::fs;

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Call, CallKind};
use drawbridge_contract::link::sealed::CredentialsWanted;
use drawbridge_contract::link::sql::SqlFault;
use drawbridge_contract::link::{Cancelled, TargetState};
use serde_json::{Value, json};

use super::server::{Server, program};
use super::{against, ask, call, sealed, told};
use crate::agent::Place;
use crate::peer::{Link, Peer};

const SCHEMA: &str = r#"
CREATE ROLE ada LOGIN PASSWORD 'pÄss🔑';
CREATE TYPE mood AS ENUM ('fine', 'so so');
CREATE DOMAIN short AS varchar(5);
CREATE TABLE "Odd ""Names""" (
    "Id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "select" text UNIQUE, b boolean, i2 smallint, i8 bigint,
    n numeric(38, 10), free numeric, f4 real, f8 double precision, c char(4), v short, d date, t time, ts timestamp,
    tz timestamptz, raw bytea, u uuid, j jsonb, tags text[], grid int[], mood mood, span interval, addr inet, cash money
);
CREATE TABLE many (id int PRIMARY KEY, parent int REFERENCES many (id), pad text NOT NULL DEFAULT repeat('x', 1000));
INSERT INTO many SELECT g FROM generate_series(1, 3000) g;
CREATE VIEW few AS SELECT id FROM many WHERE id <= 3;
CREATE TABLE secret (id int);
CREATE SCHEMA other;
CREATE TABLE other.many (id int);
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
CREATE FUNCTION twice(s text) RETURNS text LANGUAGE sql AS 'SELECT s || s';
CREATE FUNCTION upto(most int, step int DEFAULT 1) RETURNS TABLE (n int, addr inet) LANGUAGE sql
    AS 'SELECT g, ''10.0.0.1''::inet FROM generate_series(1, most, step) g';
CREATE FUNCTION two(IN a numeric, OUT half numeric, OUT words text) LANGUAGE sql AS $$SELECT a / 2, 'half of ' || a$$;
CREATE PROCEDURE add_up(IN a int, INOUT total bigint) LANGUAGE plpgsql AS 'BEGIN total := total + a; END';
GRANT SELECT, INSERT, UPDATE, DELETE ON "Odd ""Names""", many, few, other.many TO ada;
GRANT USAGE ON SCHEMA other TO ada;
"#;

fn start() -> Server {
    let mut server = Server::new("postgres");
    let bin = program("POSTGRES_BIN");
    let password = server.file("password", "b0ss");
    let data = server.folder.join("data");
    // Its hash is not SHA-256, so that a binding with the wrong one is found out.
    let (certificate, key) = server.certificate(&["-newkey", "rsa:2048", "-sha384"]);
    let mut init = server.command(&format!("{bin}/initdb"));
    init.arg("-D").arg(&data).args([
        "-U",
        "boss",
        "--auth=scram-sha-256",
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
    ]);
    init.arg("--pwfile").arg(&password);
    Server::run(&mut init);
    let port = server.port.to_string();
    let mut run = server.command(&format!("{bin}/postgres"));
    run.arg("-D").arg(&data).args([
        "-p",
        &port,
        "-h",
        "localhost",
        "-k",
        "",
        "-c",
        "fsync=off",
        "-c",
        "ssl=on",
    ]);
    run.arg("-c").arg(format!("ssl_cert_file={}", certificate.display()));
    run.arg("-c").arg(format!("ssl_key_file={}", key.display()));
    run.args(["-c", "log_connections=on", "-c", "log_statement=all"]);
    server.start(&mut run);
    let mut client = server.command(&format!("{bin}/psql"));
    client.env("PGPASSWORD", "b0ss").args(["-h", "localhost", "-p", &port, "-U", "boss", "-d", "postgres"]);
    let schema = server.file("schema.sql", SCHEMA);
    Server::run(client.args(["-v", "ON_ERROR_STOP=1", "-q", "-f"]).arg(schema));
    server
}

fn targets(server: &Server) -> String {
    let certificate = server.folder.join("server.pem");
    let copy = std::env::temp_dir().join(format!("gateway-real-pg-{}.pem", std::process::id()));
    fs::copy(certificate, &copy).unwrap();
    let one = |name: &str, more: &str| {
        format!(
            "[[target]]\nname = \"{name}\"\nkind = \"postgres\"\nhost = \"localhost\"\nport = {}\n\
             database = \"postgres\"\n{more}\n",
            server.port
        )
    };
    let trusted = format!("ca_file = \"{}\"\n", copy.display());
    let here = "login = \"gateway\"\nuser = \"ada\"\npassword_env = \"PG_PASSWORD\"\n";
    [
        one("pg", &format!("{trusted}{here}")),
        one("brought", &trusted),
        one("plain", &format!("encryption = \"off\"\n{here}")),
        one("unknown", here),
        one("wrong", &format!("{trusted}{}", here.replace("ada", "eve"))),
        one("small", &format!("{trusted}{here}rows = 10\n")),
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn postgres_is_asked() {
    let server = start();
    let mut peer = Peer::start().await;
    let mut place = Place::new();
    place.variables = vec![("PG_PASSWORD".to_owned(), "pÄss🔑".to_owned())];
    place.configure(&peer, &targets(&server));
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let tested = place.command(&["targets", "test"]).await;
    let said = String::from_utf8_lossy(&tested.stdout).into_owned();
    assert!(said.contains("ok      pg: PostgreSQL 1") && said.contains("takes the login ada"), "{said}");
    assert!(said.contains("ok      brought: can be reached"), "{said}");
    assert!(
        said.contains("failed  wrong: password authentication failed") && !said.contains("pÄss"),
        "{said}"
    );
    let agent = place.run();
    let mut link = peer.link().await;
    let pg = call("pg", CallKind::Sql, None);
    logins(&mut link, &peer, &pg).await;
    catalogue(&mut link, &pg).await;
    every_type(&mut link, &pg).await;
    filters(&mut link, &pg).await;
    changes(&mut link, &pg).await;
    procedures(&mut link, &pg).await;
    limits(&mut link, &pg).await;
    hostile(&mut link, &pg).await;
    stopped(&mut link, &pg, &server).await;
    let log = agent.log();
    assert!(!log.contains("pÄss🔑"), "{log}");
    // What the server heard was parameters: no value stands in a statement.
    assert!(!server.log().contains("statement: SELECT \"Id\""), "{}", server.log());
}

async fn logins(link: &mut Link, peer: &Peer, pg: &Call) {
    let check = json!({"check": {}});
    let row = |answer: Value| answer["rows"][0].clone();
    let found = row(told(link, pg, check.clone()).await);
    assert_eq!((found["product"].as_str(), found["user"].as_str()), (Some("PostgreSQL"), Some("ada")));
    let plain = call("plain", CallKind::Sql, None);
    assert_eq!(row(told(link, &plain, check.clone()).await)["database"], "postgres");
    let failed = |target: &str| call(target, CallKind::Sql, None);
    for (target, code) in [
        ("unknown", FailureCode::TargetTls),
        ("wrong", FailureCode::TargetLogin),
        ("brought", FailureCode::CredentialsNeeded),
    ] {
        let failure = ask(link, &failed(target), &check).await.unwrap_err();
        assert_eq!((failure.code, failure.reached), (code, false), "{target}: {}", failure.detail);
    }
    let with = |text: String| call("brought", CallKind::Sql, Some(text));
    let good = sealed(link, peer, "brought", "ada", "pÄss🔑");
    assert_eq!(row(told(link, &with(good.clone()), check.clone()).await)["user"], "ada");
    let bad = sealed(link, peer, "brought", "ada", "other");
    let failure = ask(link, &with(bad), &check).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::TargetLogin, "a connection that waits is not another's");
    let other = sealed(link, peer, "pg", "ada", "pÄss🔑");
    let failure = ask(link, &with(other), &check).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::CredentialsUnreadable);
    let taken = Call { credentials: Some(good), ..pg.clone() };
    assert_eq!(ask(link, &taken, &check).await.unwrap_err().code, FailureCode::CredentialsNotTaken);
    // A login of the machine that is refused shows in what the agent reports of the target; a connection's does not.
    let report = loop {
        let report = link.reported.clone().unwrap();
        if report.targets[4].reason == Some(FailureCode::TargetLogin) {
            break report;
        }
        link.next().await;
    };
    assert_eq!((report.targets[4].name.as_str(), report.targets[4].state), ("wrong", TargetState::Failing));
    assert_eq!(
        (report.targets[1].reason, report.targets[1].credentials),
        (None, Some(CredentialsWanted::Password))
    );
    assert_eq!(report.targets[0].credentials, None);
}

async fn catalogue(link: &mut Link, pg: &Call) {
    let names = |answer: &Value| -> Vec<String> {
        answer["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let tables = told(link, pg, json!({"tables": {}})).await;
    assert_eq!(names(&tables), ["many", "Odd \"Names\"", "many"], "not those that the login may not see");
    assert_eq!(names(&told(link, pg, json!({"tables": {"schema": "other"}})).await), ["many"]);
    assert_eq!(names(&told(link, pg, json!({"tables": {"contains": "ODD"}})).await).len(), 1);
    assert_eq!(names(&told(link, pg, json!({"tables": {"contains": "%"}})).await).len(), 0);
    let one = told(link, pg, json!({"tables": {"top": 1}})).await;
    assert_eq!((names(&one).len(), one["truncated"].as_bool()), (1, Some(true)));
    assert_eq!(names(&told(link, pg, json!({"views": {}})).await), ["few"]);
    let columns = told(link, pg, json!({"columns": {"name": "Odd \"Names\""}})).await;
    assert_eq!(
        columns["rows"][0],
        json!({"name": "Id", "type": "bigint", "nullable": false, "key": true, "generated": true, "preset": true})
    );
    assert_eq!(columns["rows"][5]["type"], "numeric(38,10)");
    assert_eq!(names(&told(link, pg, json!({"procedures": {}})).await), ["add_up", "twice", "two", "upto"]);
    let parameters = told(link, pg, json!({"parameters": {"name": "add_up"}})).await;
    assert_eq!(
        parameters["rows"][1],
        json!({"name": "total", "type": "bigint", "mode": "inout", "optional": false})
    );
    let parameters = told(link, pg, json!({"parameters": {"name": "upto"}})).await;
    assert_eq!(parameters["rows"][1]["optional"], true);
    for question in [
        json!({"columns": {"name": "secret"}}),
        json!({"columns": {"name": "nothing"}}),
        json!({"columns": {"schema": "pg_catalog", "name": "pg_authid"}}),
        json!({"query": {"from": {"name": "secret"}}}),
        json!({"parameters": {"name": "pg_sleep"}}),
    ] {
        assert_eq!(against(link, pg, question.clone()).await.fault, SqlFault::NotFound, "{question}");
    }
}

async fn every_type(link: &mut Link, pg: &Call) {
    let values = json!({
        "select": "Ada 🚂 \"'\\ \u{1}", "b": true, "i2": -32768, "i8": "9223372036854775807",
        "n": "1234567890123456789012345678.0123456789", "free": "-0.00000000000000000001", "f4": 0.1,
        "f8": "NaN", "c": "ab", "v": "żółw", "d": "0044-03-15", "t": "23:59:59.999999",
        "ts": "1066-10-14T09:00:00.5", "tz": "1899-12-31T23:30:00-01:00", "raw": "AP+A",
        "u": "6F9619FF-8B86-D011-B42D-00C04FC964FF", "j": {"a": [1, null, "x"]}, "tags": ["a\"b", null, "c,d\\"],
        "grid": [[1, 2], [3, 4]], "mood": "so so", "span": "P1Y2M3DT4H", "addr": "10.1.2.0/24", "cash": "12.50"
    });
    let made = json!({"create": {"table": {"name": "Odd \"Names\""}, "values": values, "returning": ["Id"]}});
    let made = told(link, pg, made).await;
    assert_eq!((&made["rows"][0]["Id"], &made["affected"]), (&json!(1), &json!(1)));
    let row = told(link, pg, json!({"query": {"from": {"name": "Odd \"Names\""}}})).await;
    let mut wanted = values;
    for (name, value) in [
        ("Id", json!(1)),
        ("c", json!("ab  ")),
        ("tz", json!("1900-01-01T00:30:00Z")),
        ("u", json!("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        ("cash", json!("$12.50")),
    ] {
        wanted[name] = value;
    }
    assert_eq!(row["rows"][0], wanted);
    let empty = json!({"create": {"table": {"name": "Odd \"Names\""}, "values": {}}});
    assert_eq!(told(link, pg, empty).await["affected"], 1);
    let row = told(
        link,
        pg,
        json!({"query": {"from": {"name": "Odd \"Names\""}, "columns": ["n", "tags"],
        "filter": [[{"column": "Id", "test": "equal", "value": 2}]]}}),
    )
    .await;
    assert_eq!(row["rows"], json!([{"n": null, "tags": null}]));
}

async fn filters(link: &mut Link, pg: &Call) {
    for (column, test, value, found) in [
        ("n", "equal", json!("1234567890123456789012345678.0123456789"), 1),
        ("n", "equal", json!("1234567890123456789012345678.012345678"), 0),
        ("i8", "greater", json!("9223372036854775806"), 1),
        ("tz", "equal", json!("1900-01-01T00:30:00Z"), 1),
        ("raw", "equal", json!("AP+A"), 1),
        ("mood", "in", json!(["fine", "so so"]), 1),
        ("mood", "contains", json!("so s"), 1),
        ("select", "begins", json!("Ada"), 1),
        ("select", "contains", json!("%"), 0),
        ("select", "ends", json!("\u{1}"), 1),
        ("select", "notIn", json!(["x"]), 1),
        ("select", "in", json!([]), 0),
        ("n", "empty", Value::Null, 1),
        ("n", "notEqual", Value::Null, 1),
        ("tags", "equal", json!(["a\"b", null, "c,d\\"]), 1),
        ("u", "equal", json!("6f9619ff-8b86-d011-b42d-00c04fc964ff"), 1),
        ("v", "equal", json!("żółw"), 1),
        ("B", "equal", json!(true), 1),
    ] {
        let condition = json!({"column": column, "test": test, "value": value});
        let question =
            json!({"query": {"from": {"name": "Odd \"Names\""}, "columns": ["Id"], "filter": [[condition]]}});
        let rows = told(link, pg, question.clone()).await;
        assert_eq!(rows["rows"].as_array().unwrap().len(), found, "{question}: {rows}");
    }
    let either = json!([
        [{"column": "id", "test": "less", "value": 3}, {"column": "id", "test": "greater", "value": 1}],
        [{"column": "id", "test": "equal", "value": 9}]
    ]);
    let order = json!([{"column": "id", "descending": true}]);
    let rows = told(
        link,
        pg,
        json!({"query": {"from": {"name": "many"}, "columns": ["id"], "filter": either, "order": order}}),
    );
    assert_eq!(rows.await["rows"], json!([{"id": 9}, {"id": 2}]));
    let view =
        told(link, pg, json!({"query": {"from": {"schema": "public", "name": "few"}, "top": 2}})).await;
    assert_eq!((view["rows"].as_array().unwrap().len(), view["truncated"].as_bool()), (2, Some(true)));
    let other = told(link, pg, json!({"query": {"from": {"schema": "other", "name": "many"}}})).await;
    assert_eq!((&other["rows"], &other["truncated"]), (&json!([]), &json!(false)));
}

async fn changes(link: &mut Link, pg: &Call) {
    let one = |id: i64| json!([[{"column": "id", "test": "equal", "value": id}]]);
    let table = json!({"name": "many"});
    let changed = json!({"update": {"table": table, "values": {"pad": "new"}, "filter": one(1)}});
    assert_eq!(told(link, pg, changed).await, json!({"affected": 1}));
    let none = json!({"delete": {"table": table, "filter": one(-1)}});
    assert_eq!(told(link, pg, none).await, json!({"affected": 0}));
    let all = json!({"delete": {"table": {"schema": "other", "name": "many"}, "all": true}});
    assert_eq!(told(link, pg, all).await, json!({"affected": 0}));
    for (question, fault, code) in [
        (json!({"create": {"table": table, "values": {"id": 1}}}), SqlFault::Constraint, "23505"),
        (
            json!({"create": {"table": table, "values": {"id": 5000, "parent": 4999}}}),
            SqlFault::Constraint,
            "23503",
        ),
        (
            json!({"create": {"table": table, "values": {"id": 5000, "pad": null}}}),
            SqlFault::Constraint,
            "23502",
        ),
        (json!({"create": {"table": table, "values": {"id": 3_000_000_000_i64}}}), SqlFault::Value, "22003"),
        (
            json!({"create": {"table": {"name": "Odd \"Names\""}, "values": {"v": "too long"}}}),
            SqlFault::Value,
            "22001",
        ),
        (
            json!({"create": {"table": {"name": "Odd \"Names\""}, "values": {"mood": "sad"}}}),
            SqlFault::Value,
            "22P02",
        ),
        (
            json!({"create": {"table": {"name": "Odd \"Names\""}, "values": {"ts": "2026-01-01T00:00:00Z"}}}),
            SqlFault::Value,
            "",
        ),
        (json!({"create": {"table": table, "values": {"nothing": 1}}}), SqlFault::NotFound, ""),
        (json!({"update": {"table": table, "values": {"pad": "x"}}}), SqlFault::Question, ""),
        (json!({"update": {"table": table, "values": {}, "all": true}}), SqlFault::Question, ""),
        (json!({"delete": {"table": table}}), SqlFault::Question, ""),
        (json!({"delete": {"table": table, "filter": [[]]}}), SqlFault::Question, ""),
        (json!({"delete": {"table": table, "filter": one(1), "all": true}}), SqlFault::Question, ""),
    ] {
        let error = against(link, pg, question.clone()).await;
        assert_eq!((error.fault, error.code.as_str()), (fault, code), "{question}: {}", error.words);
    }
}

async fn procedures(link: &mut Link, pg: &Call) {
    let run = |name: &str, parameters: Value| json!({"execute": {"procedure": {"name": name}, "parameters": parameters}});
    let added = told(link, pg, run("add_up", json!({"a": 2, "total": "9007199254740993"}))).await;
    assert_eq!(added, json!({"output": {"total": "9007199254740995"}, "resultSets": []}));
    assert_eq!(
        told(link, pg, run("twice", json!({"n": 21}))).await,
        json!({"returned": 42, "resultSets": []})
    );
    assert_eq!(told(link, pg, run("twice", json!({"s": "ab"}))).await["returned"], "abab");
    let two = told(link, pg, run("two", json!({"a": "3.0"}))).await;
    assert_eq!(two["output"]["words"], "half of 3.0");
    let upto = told(
        link,
        pg,
        json!({"execute": {"procedure": {"name": "upto"}, "parameters": {"most": 9}, "top": 2}}),
    )
    .await;
    let set = &upto["resultSets"][0];
    assert_eq!(set["rows"], json!([{"n": 1, "addr": "10.0.0.1/32"}, {"n": 2, "addr": "10.0.0.1/32"}]));
    assert_eq!((&set["truncated"], &set["columns"][0]["type"]), (&json!(true), &json!("int4")));
    let stepped = told(link, pg, run("upto", json!({"most": 9, "step": 4}))).await;
    assert_eq!(stepped["resultSets"][0]["rows"].as_array().unwrap().len(), 3);
    for parameters in [json!({}), json!({"a": 1}), json!({"n": 1, "s": "x"})] {
        assert_eq!(against(link, pg, run("twice", parameters)).await.fault, SqlFault::Question);
    }
}

async fn limits(link: &mut Link, pg: &Call) {
    let all = json!({"query": {"from": {"name": "many"}, "order": [{"column": "id"}]}});
    let preset = told(link, pg, all.clone()).await;
    assert_eq!((preset["rows"].as_array().unwrap().len(), preset["truncated"].as_bool()), (1000, Some(true)));
    let small = told(link, &call("small", CallKind::Sql, None), all).await;
    assert_eq!((small["rows"].as_array().unwrap().len(), small["truncated"].as_bool()), (10, Some(true)));
    // Larger than the window: it is streamed, and comes whole.
    let whole = told(link, pg, json!({"query": {"from": {"name": "many"}, "top": 10000}})).await;
    assert_eq!((whole["rows"].as_array().unwrap().len(), whole["truncated"].as_bool()), (3000, Some(false)));
    let short = Call { deadline: 300, ..pg.clone() };
    let begin = std::time::Instant::now();
    let sleep = json!({"execute": {"procedure": {"name": "upto"}, "parameters": {"most": 2_000_000_000}}});
    match ask(link, &short, &sleep).await {
        Err(failure) => assert_eq!(failure.code, FailureCode::Deadline),
        Ok(answer) => assert_eq!(answer.unwrap_err().fault, SqlFault::Limit),
    }
    assert!(begin.elapsed().as_secs() < 10);
}

async fn hostile(link: &mut Link, pg: &Call) {
    let evil = "x\"; DROP TABLE many; --";
    for question in [
        json!({"query": {"from": {"name": evil}}}),
        json!({"query": {"from": {"schema": evil, "name": "many"}}}),
        json!({"query": {"from": {"name": "many"}, "columns": [evil]}}),
        json!({"query": {"from": {"name": "many"}, "order": [{"column": evil}]}}),
        json!({"query": {"from": {"name": "many"}, "filter": [[{"column": evil, "test": "empty"}]]}}),
        json!({"execute": {"procedure": {"name": evil}}}),
    ] {
        assert_eq!(against(link, pg, question.clone()).await.fault, SqlFault::NotFound, "{question}");
    }
    let text = "'; DROP TABLE many; --";
    let held = json!({"query": {"from": {"name": "many"}, "filter": [[{"column": "pad", "test": "equal", "value": text}]]}});
    assert_eq!(told(link, pg, held).await["rows"], json!([]));
    let long = "n".repeat(200);
    assert_eq!(against(link, pg, json!({"columns": {"name": long}})).await.fault, SqlFault::Question);
    assert_eq!(against(link, pg, json!({"columns": {"name": "a\u{0}b"}})).await.fault, SqlFault::Question);
    let nul = json!({"create": {"table": {"name": "Odd \"Names\""}, "values": {"select": "a\u{0}b"}}});
    assert!(matches!(against(link, pg, nul).await.fault, SqlFault::Value | SqlFault::Refused));
    for body in [&b"{"[..], b"{\"sql\":\"select 1\"}", b"[]"] {
        let failure = link.call(pg, body).await.unwrap_err();
        assert_eq!((failure.code, failure.reached), (FailureCode::NotUnderstood, false));
    }
    assert_eq!(
        told(link, pg, json!({"query": {"from": {"name": "few"}}})).await["rows"].as_array().unwrap().len(),
        3
    );
}

/// Who asked goes away: the server stops working on it.
async fn stopped(link: &mut Link, pg: &Call, server: &Server) {
    let question = json!({"execute": {"procedure": {"name": "upto"}, "parameters": {"most": 1_999_999_999}}});
    let id = link.begin_call(pg, question.to_string().as_bytes()).await;
    let begin = std::time::Instant::now();
    while !server.log().contains("1999999999") {
        assert!(begin.elapsed().as_secs() < 30, "{}", server.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    link.send_call(Frame::Cancel(id, Cancelled::CallerGone)).await;
    let before = server.log().matches("canceling statement due to user request").count();
    while server.log().matches("canceling statement due to user request").count() == before {
        assert!(begin.elapsed().as_secs() < 60, "{}", server.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(told(link, pg, json!({"check": {}})).await["rows"][0]["user"], "ada");
}
