//! Every statement about records is one, whatever names and values are in the question: a parser says so that we did not
//! write.

use std::collections::BTreeMap;

use drawbridge_contract::link::sql::{
    SqlCondition, SqlExecute, SqlFault, SqlFilter, SqlList, SqlName, SqlOrder, SqlTest,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use sqlparser::ast::{Query, SetExpr, Statement as Parsed, TableFactor};
use sqlparser::dialect::{Dialect as Grammar, MsSqlDialect, MySqlDialect, PostgreSqlDialect};
use sqlparser::parser::Parser;

use super::build::Table;
use super::dialect::{Column, Dialect};
use super::sqlserver::{
    CHECK, COLUMNS, COUNT, COUNT_NEW, PARAMETERS, Procedure, batch, procedures, relations, typed,
};
use super::value::{Bound, Class};

const DIALECTS: [Dialect; 3] = [Dialect::Postgres, Dialect::MySql, Dialect::SqlServer];

fn grammar(dialect: Dialect) -> Box<dyn Grammar> {
    match dialect {
        Dialect::Postgres => Box::new(PostgreSqlDialect {}),
        Dialect::MySql => Box::new(MySqlDialect {}),
        Dialect::SqlServer => Box::new(MsSqlDialect {}),
    }
}

fn parsed(dialect: Dialect, text: &str) -> Vec<Parsed> {
    Parser::parse_sql(&*grammar(dialect), text).unwrap_or_else(|fault| panic!("{fault}: {text}"))
}

fn column(dialect: Dialect, name: &str, class: Class) -> Column {
    if dialect == Dialect::SqlServer {
        let base = match class {
            Class::Whole => "int",
            Class::Decimal => "money",
            Class::Instant => "datetimeoffset",
            Class::Other => "hierarchyid",
            Class::Bytes => "varbinary",
            _ => "varchar",
        };
        return typed(name.to_owned(), base, 20, 10, 2);
    }
    let cast = if dialect == Dialect::Postgres { "pg_catalog.int4" } else { "" };
    Column {
        name: name.to_owned(),
        kind: "int".to_owned(),
        class,
        cast: cast.to_owned(),
        as_text: class == Class::Other,
    }
}

fn is(column: &str, test: SqlTest, value: Value) -> SqlCondition {
    SqlCondition { column: column.to_owned(), test, value }
}

fn table<'a>(dialect: Dialect, name: &str, columns: &'a [Column]) -> Table<'a> {
    Table { dialect, name: dialect.qualified("a schema", name), columns }
}

/// The only table of a query, as the parser reads its name.
fn from(query: &Query) -> String {
    let SetExpr::Select(select) = &*query.body else { panic!("{query}") };
    let TableFactor::Table { name, .. } = &select.from[0].relation else { panic!("{query}") };
    name.0.last().unwrap().as_ident().unwrap().value.clone()
}

#[test]
fn statements_are_right_in_each_database() {
    for dialect in DIALECTS {
        let columns: Vec<Column> = [
            ("i", Class::Whole),
            ("n", Class::Decimal),
            ("t", Class::Text),
            ("z", Class::Instant),
            ("raw", Class::Bytes),
            ("o", Class::Other),
        ]
        .into_iter()
        .map(|(name, class)| column(dialect, name, class))
        .collect();
        let table = table(dialect, "orders", &columns);
        let filter: SqlFilter = vec![
            vec![is("i", SqlTest::AtLeast, json!(1)), is("n", SqlTest::NotEqual, json!("1.250"))],
            vec![
                is("t", SqlTest::Contains, json!("50%_[!]")),
                is("z", SqlTest::Less, json!("2026-01-01T00:00:00Z")),
            ],
            vec![
                is("i", SqlTest::In, json!([1, 2])),
                is("t", SqlTest::NotIn, json!([])),
                is("raw", SqlTest::Empty, Value::Null),
            ],
            vec![is("t", SqlTest::Equal, Value::Null), is("o", SqlTest::Equal, json!("/1/"))],
        ];
        let order = vec![
            SqlOrder { column: "n".to_owned(), descending: true },
            SqlOrder { column: "i".to_owned(), descending: false },
        ];
        let values: BTreeMap<String, Value> =
            [("i", json!(1)), ("n", json!("2.5")), ("raw", Value::Null), ("t", json!("x"))]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
        let all = table.columns(&[]).unwrap();
        let select = table.select(&all, &filter, &order, 11).unwrap();
        assert_eq!(select.values.len(), 7, "{}", select.text);
        assert!(select.values.iter().any(|value| *value
            == Bound::Text(format!(
                "%50!%!_{}!!]%",
                if dialect == Dialect::SqlServer { "![" } else { "[" }
            ))));
        let mut statements = vec![
            select.text,
            table.insert(&values, &[]).unwrap().text,
            table.update(&values, &filter, false).unwrap().text,
            table.delete(&filter, false).unwrap().text,
            table.delete(&Vec::new(), true).unwrap().text,
            table.insert(&values, &all).unwrap().text,
        ];
        if dialect != Dialect::MySql {
            statements.push(table.insert(&BTreeMap::new(), &[]).unwrap().text);
        }
        for text in statements {
            assert_eq!(parsed(dialect, &text).len(), 1, "{text}");
        }
        assert_eq!(table.delete(&Vec::new(), false).unwrap_err().fault, SqlFault::Question);
        assert_eq!(table.column("T").map(|column| column.name.as_str()), Ok("t"));
        assert_eq!(table.column("x").unwrap_err().fault, SqlFault::NotFound);
    }
}

#[test]
fn what_sql_server_is_asked_beside_is_right() {
    let whole = SqlList { schema: Some("dbo".to_owned()), contains: Some("a".to_owned()), top: None };
    let texts = [
        CHECK.to_owned(),
        COLUMNS.to_owned(),
        PARAMETERS.to_owned(),
        relations(&whole, 'U', 5).unwrap().text,
        procedures(&whole, 5).unwrap().text,
        format!("DELETE FROM [t] WHERE [a] = @P1{COUNT}"),
        format!("INSERT INTO [t] ([a]) VALUES (@P1){COUNT_NEW}"),
    ];
    for text in texts {
        assert!(!parsed(Dialect::SqlServer, &text).is_empty());
    }
    for (base, length, kind) in
        [("nvarchar", 20, "nvarchar(10)"), ("varbinary", -1, "varbinary(max)"), ("xml", -1, "xml")]
    {
        assert_eq!(typed(String::new(), base, length, 0, 0).kind, kind);
        assert!(!typed(String::new(), base, length, 0, 0).cast.contains('['));
    }
    // What somebody called a type of their own.
    let odd = typed(String::new(), "int]; DROP TABLE t --", 0, 0, 0);
    assert_eq!(
        (odd.kind.as_str(), odd.cast.as_str()),
        ("[int]]; DROP TABLE t --]", "[int]]; DROP TABLE t --]")
    );
}

fn procedure(kind: &str) -> Procedure {
    let columns = vec![
        typed("a".to_owned(), "decimal", 9, 10, 2),
        typed("name".to_owned(), "nvarchar", 10, 0, 0),
        typed("total".to_owned(), "money", 8, 19, 4),
    ];
    Procedure::new(Dialect::SqlServer.qualified("dbo", "odd]name"), kind, columns, vec![false, false, true])
}

#[test]
fn procedures_are_run_with_variables_of_their_types() {
    let run = |kind: &str, parameters: Value| {
        let parameters = serde_json::from_value(parameters).unwrap();
        let name = SqlName { schema: None, name: "x".to_owned() };
        batch(&procedure(kind), &SqlExecute { procedure: name, parameters, top: None })
    };
    let statement = run("P", json!({"@A": "1.5", "name": "Ada"})).unwrap();
    assert_eq!(
        statement.text,
        "DECLARE @drawbridge_0 decimal(10,2) = CAST(@P1 AS decimal(38,1)); DECLARE @drawbridge_1 nvarchar(5) = @P2; \
         DECLARE @drawbridge_2 money; DECLARE @drawbridge_returned int; \
         EXEC @drawbridge_returned = [dbo].[odd]]name] @a = @drawbridge_0, @name = @drawbridge_1, \
         @total = @drawbridge_2 OUTPUT; SELECT @drawbridge_returned AS [drawbridge:returned], \
         CONVERT(varchar(40), @drawbridge_2, 2) AS [total]"
    );
    assert_eq!(
        run("FN", json!({"a": 1})).unwrap().text,
        "SELECT [dbo].[odd]]name](CAST(@P1 AS decimal(38,0)), DEFAULT, DEFAULT) AS [returned]"
    );
    assert_eq!(run("P", json!({"name": "longer"})).unwrap_err().fault, SqlFault::Value, "it would be cut");
    assert_eq!(run("P", json!({"a; DROP TABLE t": 1})).unwrap_err().fault, SqlFault::NotFound);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_name_stays_a_name_and_a_value_is_never_text(name in "[^\\x00]{1,20}", value in "\\PC{1,20}") {
        for dialect in DIALECTS {
            // The parser takes backslashes in names of MySQL for escapes, which the server does not.
            if dialect == Dialect::MySql && name.contains('\\') {
                continue;
            }
            let columns = [column(dialect, &name, Class::Text)];
            let table = table(dialect, &name, &columns);
            let filter = vec![vec![is(&name, SqlTest::Equal, json!(value))]];
            let select = table.select(&table.columns(&[]).unwrap(), &filter, &[], 1).unwrap();
            let statements = parsed(dialect, &select.text);
            prop_assert_eq!(statements.len(), 1);
            let Parsed::Query(query) = &statements[0] else { panic!("{}", select.text) };
            prop_assert_eq!(from(query), name.clone());
            prop_assert_eq!(select.values, vec![Bound::Text(value.clone())]);
        }
    }
}
