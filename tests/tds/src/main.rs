//! Microsoft's mock of SQL Server: real logins and TLS, answers as they are told on standard input, a JSON object a line:
//! `{"text", "columns": [[name, type]], "rows": [[…]], "error": [number, words]}`. Says its port, then listens.

use std::error::Error;
use std::fs;
use std::io::BufRead;

use mssql_mock_tds::{
    ColumnDefinition, ColumnValue, MockTdsServer, QueryResponse, Row, SqlDataType, TerminalError, create_test_identity,
};
use serde_json::Value;

fn response(line: &Value) -> QueryResponse {
    if let Some(error) = line.get("error") {
        let number = u32::try_from(error[0].as_u64().unwrap_or_default()).unwrap_or_default();
        return QueryResponse::error_only(TerminalError::new(number, 14, error[1].as_str().unwrap_or_default()));
    }
    let list = |name: &str| line[name].as_array().cloned().unwrap_or_default();
    let columns = list("columns");
    let kind = |column: &Value| column[1].as_str().unwrap_or_default().to_owned();
    let defined = columns.iter().map(|column| {
        let data_type = match kind(column).as_str() {
            "tinyint" => SqlDataType::TinyInt,
            "smallint" => SqlDataType::SmallInt,
            "int" => SqlDataType::Int,
            "bigint" => SqlDataType::BigInt,
            _ => SqlDataType::NVarChar,
        };
        ColumnDefinition::new(column[0].as_str().unwrap_or_default(), data_type)
    });
    let value = |(column, value): (&Value, &Value)| {
        let number = value.as_i64().unwrap_or_default();
        match kind(column).as_str() {
            _ if value.is_null() => ColumnValue::Null,
            "tinyint" => ColumnValue::TinyInt(u8::try_from(number).unwrap_or_default()),
            "smallint" => ColumnValue::SmallInt(i16::try_from(number).unwrap_or_default()),
            "int" => ColumnValue::Int(i32::try_from(number).unwrap_or_default()),
            "bigint" => ColumnValue::BigInt(number),
            _ => ColumnValue::NVarChar(value.as_str().unwrap_or_default().to_owned()),
        }
    };
    let rows = list("rows");
    let rows = rows.iter().map(|row| {
        let values = row.as_array().cloned().unwrap_or_default();
        Row::new(columns.iter().zip(&values).map(value).collect())
    });
    QueryResponse::new(defined.collect(), rows.collect())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let server = match arguments.as_slice() {
        [mode, certificate, key] => {
            let identity = create_test_identity(&fs::read(certificate)?, &fs::read(key)?)?;
            if mode == "strict" {
                MockTdsServer::new_with_strict_tls("127.0.0.1:0", identity).await?
            } else {
                MockTdsServer::new_with_tls("127.0.0.1:0", Some(identity)).await?
            }
        }
        _ => MockTdsServer::new("127.0.0.1:0").await?,
    };
    let registry = server.query_registry();
    for line in std::io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        registry.lock().await.register(line["text"].as_str().unwrap_or_default(), response(&line));
    }
    println!("{}", server.local_addr().port());
    server.run().await?;
    Ok(())
}
