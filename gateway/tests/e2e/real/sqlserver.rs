//! SQL Server as Microsoft's own mock speaks it: its TLS, its logins, its rows. It knows no SQL: what is asked is compared
//! with what was registered, of which it knows capitals only.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use drawbridge_contract::link::FailureCode;
use drawbridge_contract::link::messages::CallKind;
use drawbridge_contract::link::sql::SqlFault;
use serde_json::{Value, json};

use super::server::{Server, program};
use super::{against, ask, call, sealed, told};
use crate::agent::Place;
use crate::peer::Peer;

struct Mock {
    child: Child,
    port: u16,
}

impl Mock {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(program("TDS_MOCK"));
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        for line in answers() {
            writeln!(input, "{line}").unwrap();
        }
        drop(input);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers() -> Vec<Value> {
    let texts =
        |names: &[&str]| -> Vec<Value> { names.iter().map(|name| json!([name, "nvarchar"])).collect() };
    let mut columns = texts(&["schema", "table", "column", "type"]);
    columns.extend([
        json!(["length", "smallint"]),
        json!(["precision", "tinyint"]),
        json!(["scale", "tinyint"]),
    ]);
    let row = |name: &str, kind: &str, length: i16| json!(["DBO", "ORDERS", name, kind, length, 10, 2]);
    vec![
        json!({"text": "ORIGINAL_LOGIN() AS [", "columns": texts(&["product", "version", "database", "user"]),
            "rows": [["Microsoft SQL Server", "16.0", "Orders", "ada"]]}),
        json!({"text": "CASE WHEN EXISTS (SELECT * FROM ", "columns": columns,
            "rows": [row("ID", "int", 4), row("NAME", "nvarchar", 40)]}),
        json!({"text": "FROM [DBO].[ORDERS] WHERE ([NAME] = @P1)", "columns": [["ID", "int"], ["NAME", "nvarchar"]],
            "rows": [[1, "Ada 🚂"], [null, "y"], [3, "x"]]}),
        json!({"text": "DELETE FROM [DBO].[ORDERS] WHERE ([ID] = @P1)", "columns": [["affected", "bigint"]],
            "rows": [[9_007_199_254_740_993_i64]]}),
        json!({"text": "INSERT INTO [DBO].[ORDERS] ([NAME]) VALUES (@P1)", "error": [2627, "Violation of UNIQUE KEY"]}),
    ]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Microsoft's mock"]
async fn sqlserver_is_asked() {
    let folder = Server::new("sqlserver");
    let (certificate, key) = folder.certificate(&["-newkey", "rsa:2048", "-sha256"]);
    let files = [certificate.to_str().unwrap(), key.to_str().unwrap()];
    let (plain, wrapped) = (Mock::start(&[]), Mock::start(&["wrapped", files[0], files[1]]));
    let strict = Mock::start(&["strict", files[0], files[1]]);
    let mut peer = Peer::start().await;
    let mut place = Place::new();
    place.variables = vec![("PASSWORD".to_owned(), "pÄss🔑".to_owned())];
    let ca = format!("ca_file = \"{}\"\n", certificate.display());
    let one = |name: &str, mock: &Mock, more: &str| {
        let here = "login = \"gateway\"\nuser = \"ada\"\npassword_env = \"PASSWORD\"\n";
        let login = if name == "brought" { "" } else { here };
        let port = mock.port;
        format!(
            "[[target]]\nname = \"{name}\"\nkind = \"sqlserver\"\nhost = \"localhost\"\nport = {port}\ndatabase = \"Orders\"\n{login}{more}\n"
        )
    };
    let targets = [
        one("wrapped", &wrapped, &ca),
        one("strict", &strict, &format!("{ca}encryption = \"strict\"\n")),
        one("plain", &plain, "encryption = \"off\"\n"),
        one("brought", &wrapped, &ca),
        one("unknown", &wrapped, ""),
        one("unencrypted", &plain, ""),
    ];
    place.configure(&peer, &targets.concat());
    let joined = place.command(&["enroll", "--url", &peer.origin(), "--code", crate::peer::CODE]).await;
    assert!(joined.status.success(), "{joined:?}");
    let agent = place.run();
    let mut link = peer.link().await;
    let check = json!({"check": {}});
    for target in ["wrapped", "strict", "plain"] {
        let found = told(&mut link, &call(target, CallKind::Sql, None), check.clone()).await;
        assert_eq!(found["rows"][0]["user"], "ada", "{target}");
    }
    for target in ["unknown", "unencrypted"] {
        let failure = ask(&mut link, &call(target, CallKind::Sql, None), &check).await.unwrap_err();
        assert_eq!(
            (failure.code, failure.reached),
            (FailureCode::TargetTls, false),
            "{target}: {}",
            failure.detail
        );
    }
    let text = sealed(&link, &peer, "brought", "ada", "pÄss🔑");
    let found = told(&mut link, &call("brought", CallKind::Sql, Some(text)), check.clone()).await;
    assert_eq!(found["rows"][0]["database"], "Orders");

    let sql = call("wrapped", CallKind::Sql, None);
    let filter = json!([[{"column": "name", "test": "equal", "value": "a"}]]);
    let query = json!({"query": {"from": {"name": "Orders"}, "filter": filter, "top": 2}});
    assert_eq!(
        told(&mut link, &sql, query).await,
        json!({"columns": [{"name": "ID", "type": "int"}, {"name": "NAME", "type": "nvarchar(20)"}],
            "rows": [{"ID": 1, "NAME": "Ada 🚂"}, {"ID": null, "NAME": "y"}], "truncated": true})
    );
    let table = json!({"name": "Orders"});
    let one = json!([[{"column": "Id", "test": "equal", "value": 1}]]);
    let deleted = told(&mut link, &sql, json!({"delete": {"table": table, "filter": one}})).await;
    assert_eq!(deleted, json!({"affected": "9007199254740993"}));
    let error = against(&mut link, &sql, json!({"create": {"table": table, "values": {"Name": "x"}}})).await;
    assert_eq!((error.fault, error.code.as_str()), (SqlFault::Constraint, "2627"));
    assert!(!agent.log().contains("pÄss🔑"));
}
