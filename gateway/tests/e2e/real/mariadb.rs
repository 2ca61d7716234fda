use drawbridge_contract::link::frame::Frame;
use drawbridge_contract::link::messages::{Call, CallKind};
use drawbridge_contract::link::sql::SqlFault;
use drawbridge_contract::link::{Cancelled, FailureCode};
use serde_json::{Value, json};

use super::server::{Server, program};
use super::{against, ask, call, sealed, told};
use crate::agent::Place;
use crate::peer::{Link, Peer};

const SCHEMA: &str = r"
CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE DATABASE other;
CREATE TABLE other.hidden (id int);
USE shop;
CREATE USER ada@'%' IDENTIFIED BY 'pÄss🔑';
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON shop.* TO ada@'%';
CREATE TABLE `Odd ``Names``` (
    Id bigint unsigned AUTO_INCREMENT PRIMARY KEY, `select` varchar(40) UNIQUE, b tinyint(1), u8 bigint unsigned,
    i8 bigint, i1 tinyint unsigned, n decimal(38, 10), f4 float, f8 double, c char(4), v varchar(5), d date, t time(6),
    ts datetime(6), tz timestamp(3) NULL, raw varbinary(8), j json, mood enum('fine', 'so so'), tags set('a', 'b'),
    bits bit(10), y year, words longtext, place point
);
CREATE TABLE many (id int PRIMARY KEY, parent int, pad varchar(1000) NOT NULL DEFAULT 'x', FOREIGN KEY (parent) REFERENCES many (id));
INSERT INTO many (id) SELECT seq FROM seq_1_to_3000;
SET sql_mode = '';
CREATE TABLE zeros (d date, ts datetime);
INSERT INTO zeros VALUES ('0000-00-00', '0000-00-00 00:00:00'), ('2026-00-00', '1000-01-01 00:00:00.5');
SET sql_mode = DEFAULT;
CREATE VIEW few AS SELECT id FROM many WHERE id <= 3;
DELIMITER //
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2 //
CREATE PROCEDURE add_up(IN a decimal(20, 4), INOUT total decimal(20, 4), OUT words varchar(40))
BEGIN SELECT a AS first; SELECT 1 AS x, 2 AS x UNION SELECT 3, 4; SET total = total + a; SET words = 'ąę🚂'; END //
CREATE PROCEDURE slowly() BEGIN SELECT SLEEP(100); END //
DELIMITER ;
";

fn start() -> Server {
    let mut server = Server::new("mariadb");
    let (certificate, key) = server.certificate(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let (data, port) = (server.folder.join("data"), server.port.to_string());
    let socket = server.folder.join("socket");
    let mut install = server.command(&program("MARIADB_INSTALL"));
    install
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    Server::run(&mut install);
    let mut run = server.command(&program("MARIADB_SERVER"));
    run.arg("--no-defaults").arg(format!("--datadir={}", data.display())).args([
        "--bind-address=127.0.0.1",
        "--port",
        &port,
    ]);
    run.arg(format!("--socket={}", socket.display()))
        .arg("--innodb-flush-log-at-trx-commit=0")
        .arg("--general-log=1");
    run.arg(format!("--general-log-file={}", server.folder.join("general.log").display()));
    run.arg(format!("--ssl-cert={}", certificate.display())).arg(format!("--ssl-key={}", key.display()));
    server.start(&mut run);
    let mut client = server.command(&program("MARIADB_CLIENT"));
    let schema = server.file("schema.sql", SCHEMA);
    client.arg("--no-defaults").arg(format!("--socket={}", socket.display())).args([
        "-u",
        "root",
        "--default-character-set=utf8mb4",
    ]);
    Server::run(client.stdin(std::fs::File::open(schema).unwrap()));
    server
}

fn heard(server: &Server) -> String {
    String::from_utf8_lossy(&std::fs::read(server.folder.join("general.log")).unwrap_or_default())
        .into_owned()
}

fn targets(server: &Server) -> String {
    let certificate = std::env::temp_dir().join(format!("gateway-real-maria-{}.pem", std::process::id()));
    std::fs::copy(server.folder.join("server.pem"), &certificate).unwrap();
    let one = |name: &str, more: &str| {
        format!(
            "[[target]]\nname = \"{name}\"\nkind = \"mysql\"\nhost = \"localhost\"\nport = {}\ndatabase = \"shop\"\n{more}\n",
            server.port
        )
    };
    let trusted = format!("ca_file = \"{}\"\n", certificate.display());
    let here = "login = \"gateway\"\nuser = \"ada\"\npassword_env = \"PASSWORD\"\n";
    [
        one("my", &format!("{trusted}{here}")),
        one("brought", &trusted),
        one("plain", &format!("encryption = \"off\"\n{here}")),
        one("unknown", here),
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs MariaDB"]
async fn mariadb_is_asked() {
    let server = start();
    let mut peer = Peer::start().await;
    let mut place = Place::new();
    place.variables = vec![("PASSWORD".to_owned(), "pÄss🔑".to_owned())];
    place.configure(&peer, &targets(&server));
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let agent = place.run();
    let mut link = peer.link().await;
    let my = call("my", CallKind::Sql, None);
    logins(&mut link, &peer, &my).await;
    catalogue(&mut link, &my).await;
    every_type(&mut link, &my).await;
    filters(&mut link, &my).await;
    changes(&mut link, &my).await;
    procedures(&mut link, &my).await;
    stopped(&mut link, &my, &server).await;
    assert!(!agent.log().contains("pÄss🔑"));
}

async fn logins(link: &mut Link, peer: &Peer, my: &Call) {
    let check = json!({"check": {}});
    let found = told(link, my, check.clone()).await["rows"][0].clone();
    assert_eq!(
        (&found["product"], &found["database"], &found["user"]),
        (&json!("MariaDB"), &json!("shop"), &json!("ada@%"))
    );
    let plain = call("plain", CallKind::Sql, None);
    assert_eq!(told(link, &plain, check.clone()).await["rows"][0]["user"], "ada@%");
    let failure = ask(link, &call("unknown", CallKind::Sql, None), &check).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::TargetTls, false), "{}", failure.detail);
    let with = |text: String| call("brought", CallKind::Sql, Some(text));
    let good = sealed(link, peer, "brought", "ada", "pÄss🔑");
    assert_eq!(told(link, &with(good), check.clone()).await["rows"][0]["user"], "ada@%");
    let bad = sealed(link, peer, "brought", "ada", "other");
    let failure = ask(link, &with(bad), &check).await.unwrap_err();
    assert_eq!((failure.code, failure.reached), (FailureCode::TargetLogin, false));
}

async fn catalogue(link: &mut Link, my: &Call) {
    let names = |answer: &Value| -> Vec<String> {
        answer["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&told(link, my, json!({"tables": {}})).await), ["many", "Odd `Names`", "zeros"]);
    assert_eq!(
        names(&told(link, my, json!({"tables": {"contains": "ODD", "schema": "shop"}})).await).len(),
        1
    );
    assert_eq!(names(&told(link, my, json!({"tables": {"schema": "mysql"}})).await).len(), 0);
    assert_eq!(names(&told(link, my, json!({"views": {}})).await), ["few"]);
    assert_eq!(names(&told(link, my, json!({"procedures": {}})).await), ["add_up", "slowly", "twice"]);
    let columns = told(link, my, json!({"columns": {"name": "Odd `Names`"}})).await;
    assert_eq!(
        columns["rows"][0],
        json!({"name": "Id", "type": "bigint(20) unsigned", "nullable": false, "key": true, "generated": false, "preset": true})
    );
    let parameters = told(link, my, json!({"parameters": {"name": "add_up"}})).await;
    assert_eq!(
        parameters["rows"][1],
        json!({"name": "total", "type": "decimal(20,4)", "mode": "inout", "optional": false})
    );
    for question in [
        json!({"columns": {"name": "hidden"}}),
        json!({"columns": {"schema": "other", "name": "hidden"}}),
        json!({"query": {"from": {"schema": "mysql", "name": "user"}}}),
        json!({"query": {"from": {"name": "many` WHERE 1=1; --"}}}),
        json!({"query": {"from": {"name": "many"}, "columns": ["id`, (SELECT 1) AS `x"]}}),
    ] {
        assert_eq!(against(link, my, question.clone()).await.fault, SqlFault::NotFound, "{question}");
    }
}

async fn every_type(link: &mut Link, my: &Call) {
    let values = json!({
        "select": "Ada 🚂 \"'\\ \u{1}", "b": true, "u8": "18446744073709551615", "i8": "-9223372036854775808", "i1": 255,
        "n": "1234567890123456789012345678.0123456789", "f4": 0.5, "f8": 1e-300, "c": "ab", "v": "żółw",
        "d": "1066-10-14", "t": "-838:59:58.5", "ts": "1899-12-31T23:59:59.999999", "tz": "2026-01-01T00:30:00.25+01:00",
        "raw": "AP+A", "j": {"a": [1, null]}, "mood": "so so", "tags": "a,b", "bits": 513, "y": 2026, "words": "long"
    });
    let made = told(link, my, json!({"create": {"table": {"name": "Odd `Names`"}, "values": values}})).await;
    assert_eq!(made, json!({"affected": 1, "identity": 1}));
    let row = told(link, my, json!({"query": {"from": {"name": "Odd `Names`"}}})).await;
    let mut wanted = values;
    for (name, value) in [
        ("Id", json!(1)),
        ("b", json!(1)),
        ("tz", json!("2025-12-31T23:30:00.25Z")),
        // MariaDB's JSON is a text.
        ("j", json!("{\"a\":[1,null]}")),
        ("place", Value::Null),
    ] {
        wanted[name] = value;
    }
    assert_eq!(row["rows"][0], wanted);
    let zeros =
        told(link, my, json!({"query": {"from": {"name": "zeros"}, "order": [{"column": "d"}]}})).await;
    assert_eq!(
        zeros["rows"],
        json!([{"d": "0000-00-00", "ts": "0000-00-00T00:00:00"}, {"d": "2026-00-00", "ts": "1000-01-01T00:00:00"}])
    );
    let returned =
        json!({"create": {"table": {"name": "Odd `Names`"}, "values": {}, "returning": ["Id", "words"]}});
    assert_eq!(told(link, my, returned).await["rows"], json!([{"Id": 2, "words": null}]));
}

async fn filters(link: &mut Link, my: &Call) {
    for (column, test, value, found) in [
        ("n", "equal", json!("1234567890123456789012345678.0123456789"), 1),
        ("n", "equal", json!("1234567890123456789012345678.012345678"), 0),
        ("u8", "equal", json!("18446744073709551615"), 1),
        ("u8", "equal", json!("18446744073709551614"), 0),
        ("tz", "equal", json!("2025-12-31T23:30:00.25Z"), 1),
        ("raw", "equal", json!("AP+A"), 1),
        ("select", "begins", json!("Ada 🚂"), 1),
        ("select", "contains", json!("%"), 0),
        ("select", "contains", json!("\\"), 1),
        ("mood", "in", json!(["fine", "so so"]), 1),
        ("words", "empty", Value::Null, 1),
        ("ID", "atMost", json!(1), 1),
    ] {
        let condition = json!({"column": column, "test": test, "value": value});
        let question =
            json!({"query": {"from": {"name": "Odd `Names`"}, "columns": ["Id"], "filter": [[condition]]}});
        let rows = told(link, my, question.clone()).await;
        assert_eq!(rows["rows"].as_array().unwrap().len(), found, "{question}: {rows}");
    }
    let all = told(link, my, json!({"query": {"from": {"name": "many"}}})).await;
    assert_eq!((all["rows"].as_array().unwrap().len(), all["truncated"].as_bool()), (1000, Some(true)));
    let whole = told(link, my, json!({"query": {"from": {"name": "many"}, "top": 5000}})).await;
    assert_eq!((whole["rows"].as_array().unwrap().len(), whole["truncated"].as_bool()), (3000, Some(false)));
}

async fn changes(link: &mut Link, my: &Call) {
    let one = |id: i64| json!([[{"column": "id", "test": "equal", "value": id}]]);
    let table = json!({"name": "many"});
    let changed = json!({"update": {"table": table, "values": {"pad": "x"}, "filter": one(1)}});
    assert_eq!(told(link, my, changed).await, json!({"affected": 1}), "found, though nothing is new");
    assert_eq!(
        told(link, my, json!({"delete": {"table": table, "filter": one(-1)}})).await,
        json!({"affected": 0})
    );
    let odd = json!({"name": "Odd `Names`"});
    for (question, fault) in [
        (json!({"create": {"table": table, "values": {"id": 1}}}), SqlFault::Constraint),
        (json!({"create": {"table": table, "values": {"id": 5000, "parent": 4999}}}), SqlFault::Constraint),
        (json!({"create": {"table": table, "values": {"id": 5000, "pad": null}}}), SqlFault::Constraint),
        (json!({"create": {"table": table, "values": {"id": 3_000_000_000_i64}}}), SqlFault::Value),
        (json!({"create": {"table": odd, "values": {"v": "too long"}}}), SqlFault::Value),
        (json!({"create": {"table": odd, "values": {"mood": "sad"}}}), SqlFault::Value),
        (json!({"create": {"table": odd, "values": {"i1": -1}}}), SqlFault::Value),
        (json!({"delete": {"table": {"name": "many"}}}), SqlFault::Question),
    ] {
        let error = against(link, my, question.clone()).await;
        assert_eq!(error.fault, fault, "{question}: {} {}", error.code, error.words);
    }
}

async fn procedures(link: &mut Link, my: &Call) {
    let run = |name: &str, parameters: Value| json!({"execute": {"procedure": {"name": name}, "parameters": parameters}});
    let added = told(link, my, run("add_up", json!({"a": "0.0001", "total": "9007199254740993"}))).await;
    assert_eq!(added["output"], json!({"total": "9007199254740993.0001", "words": "ąę🚂"}));
    assert_eq!(added["resultSets"][0]["rows"], json!([{"first": "0.0001"}]));
    assert_eq!(added["resultSets"][1]["rows"], json!([{"x": 1, "x_2": 2}, {"x": 3, "x_2": 4}]));
    assert_eq!(
        told(link, my, run("twice", json!({"n": 21}))).await,
        json!({"returned": 42, "resultSets": []})
    );
    assert_eq!(against(link, my, run("twice", json!({}))).await.fault, SqlFault::Question);
    assert_eq!(against(link, my, run("twice", json!({"m": 1}))).await.fault, SqlFault::NotFound);
}

/// Who asked goes away: the server stops working on it.
async fn stopped(link: &mut Link, my: &Call, server: &Server) {
    let question = json!({"execute": {"procedure": {"name": "slowly"}}});
    let id = link.begin_call(my, question.to_string().as_bytes()).await;
    let begin = std::time::Instant::now();
    while !heard(server).contains("CALL `shop`.`slowly`") {
        assert!(begin.elapsed().as_secs() < 30, "{}", heard(server));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    link.send_call(Frame::Cancel(id, Cancelled::CallerGone)).await;
    while !heard(server).contains("KILL QUERY") {
        assert!(begin.elapsed().as_secs() < 60, "{}", heard(server));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let short = Call { deadline: 500, ..my.clone() };
    match ask(link, &short, &question).await {
        Err(failure) => assert_eq!(failure.code, FailureCode::Deadline),
        Ok(answer) => assert_eq!(answer.unwrap_err().fault, SqlFault::Limit),
    }
    assert_eq!(told(link, my, json!({"check": {}})).await["rows"][0]["user"], "ada@%");
}
