//! Statements about records: names from the catalogue in quotes, values bound.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use drawbridge_contract::link::sql::{
    PARTS_MOST, SqlCondition, SqlError, SqlFault, SqlFilter, SqlOrder, SqlTest,
};
use serde_json::Value;

use super::dialect::{Column, Dialect};
use super::value::{Bound, Class, bind, error};

/// The most parameters of a statement; SQL Server takes 2100.
const VALUES_MOST: usize = 2000;

/// A statement and what is bound in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// Its text.
    pub(super) text: String,
    /// Its values, in order.
    pub(super) values: Vec<Bound>,
}

/// What a statement is about.
pub(super) struct Table<'a> {
    /// The database's way.
    pub(super) dialect: Dialect,
    /// The name, quoted, with its schema.
    pub(super) name: String,
    /// Its columns.
    pub(super) columns: &'a [Column],
}

impl<'a> Table<'a> {
    /// A column by its name: exactly, or apart from capitals where that is one only.
    pub(super) fn column(&self, name: &str) -> Result<&'a Column, SqlError> {
        named(self.columns, name)
            .ok_or_else(|| error(SqlFault::NotFound, format!("{} has no column {name}", self.name)))
    }

    /// The columns by their names; none: all.
    pub(super) fn columns(&self, names: &[String]) -> Result<Vec<&'a Column>, SqlError> {
        if names.is_empty() {
            return Ok(self.columns.iter().collect());
        }
        bounded("columns", names.len())?;
        names.iter().map(|name| self.column(name)).collect()
    }

    fn list(&self, columns: &[&Column]) -> String {
        let all: Vec<String> = columns.iter().map(|column| self.dialect.read(column)).collect();
        all.join(", ")
    }

    /// Rows.
    pub(super) fn select(
        &self,
        columns: &[&Column],
        filter: &SqlFilter,
        order: &[SqlOrder],
        rows: u32,
    ) -> Result<Statement, SqlError> {
        let mut values = Vec::new();
        let head = if self.dialect == Dialect::SqlServer {
            format!("SELECT TOP ({rows})")
        } else {
            "SELECT".to_owned()
        };
        let mut text = format!("{head} {} FROM {}", self.list(columns), self.name);
        text.push_str(&self.filter(filter, &mut values)?);
        bounded("columns to order by", order.len())?;
        for (at, by) in order.iter().enumerate() {
            text.push_str(if at == 0 { " ORDER BY " } else { ", " });
            text.push_str(&self.dialect.quote(&self.column(&by.column)?.name));
            text.push_str(if by.descending { " DESC" } else { " ASC" });
        }
        if self.dialect != Dialect::SqlServer {
            let _ = write!(text, " LIMIT {rows}");
        }
        Ok(Statement { text, values })
    }

    /// A new record.
    pub(super) fn insert(
        &self,
        given: &BTreeMap<String, Value>,
        returning: &[&Column],
    ) -> Result<Statement, SqlError> {
        bounded("values", given.len())?;
        let mut values = Vec::new();
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for (name, value) in given {
            let column = self.column(name)?;
            names.push(self.dialect.quote(&column.name));
            places.push(self.bound(column, value, &mut values)?);
        }
        let output = if self.dialect == Dialect::SqlServer && !returning.is_empty() {
            let list: Vec<String> = returning
                .iter()
                .map(|column| self.dialect.read(column).replacen('[', "inserted.[", 1))
                .collect();
            format!(" OUTPUT {}", list.join(", "))
        } else {
            String::new()
        };
        let mut text = format!("INSERT INTO {}", self.name);
        match (names.is_empty(), self.dialect) {
            (true, Dialect::MySql) => text.push_str(" () VALUES ()"),
            (true, _) => drop(write!(text, "{output} DEFAULT VALUES")),
            (false, _) => {
                let _ = write!(text, " ({}){output} VALUES ({})", names.join(", "), places.join(", "));
            }
        }
        if self.dialect != Dialect::SqlServer && !returning.is_empty() {
            let _ = write!(text, " RETURNING {}", self.list(returning));
        }
        Ok(Statement { text, values })
    }

    /// A change of records.
    pub(super) fn update(
        &self,
        given: &BTreeMap<String, Value>,
        filter: &SqlFilter,
        all: bool,
    ) -> Result<Statement, SqlError> {
        meant(filter, all)?;
        bounded("values", given.len())?;
        if given.is_empty() {
            return Err(error(SqlFault::Question, "there is nothing to change: no values are given"));
        }
        let mut values = Vec::new();
        let mut parts = Vec::new();
        for (name, value) in given {
            let column = self.column(name)?;
            let place = self.bound(column, value, &mut values)?;
            parts.push(format!("{} = {place}", self.dialect.quote(&column.name)));
        }
        let mut text = format!("UPDATE {} SET {}", self.name, parts.join(", "));
        text.push_str(&self.filter(filter, &mut values)?);
        Ok(Statement { text, values })
    }

    /// A deletion of records.
    pub(super) fn delete(&self, filter: &SqlFilter, all: bool) -> Result<Statement, SqlError> {
        meant(filter, all)?;
        let mut values = Vec::new();
        let mut text = format!("DELETE FROM {}", self.name);
        text.push_str(&self.filter(filter, &mut values)?);
        Ok(Statement { text, values })
    }

    fn bound(&self, column: &Column, value: &Value, values: &mut Vec<Bound>) -> Result<String, SqlError> {
        let bound = self.dialect.adapted(column, bind(column.class, &column.name, value)?);
        self.put(column, bound, values)
    }

    fn put(&self, column: &Column, bound: Bound, values: &mut Vec<Bound>) -> Result<String, SqlError> {
        if values.len() == VALUES_MOST {
            return Err(error(SqlFault::Question, format!("a question has at most {VALUES_MOST} values")));
        }
        let text = self.dialect.value(column, values.len() + 1, &bound);
        values.push(bound);
        Ok(text)
    }

    fn filter(&self, filter: &SqlFilter, values: &mut Vec<Bound>) -> Result<String, SqlError> {
        bounded("conditions", filter.iter().map(|group| group.len().max(1)).sum())?;
        let mut groups = Vec::new();
        for group in filter {
            if group.is_empty() {
                return Err(error(SqlFault::Question, "a group of conditions is empty"));
            }
            let all: Result<Vec<String>, SqlError> =
                group.iter().map(|condition| self.condition(condition, values)).collect();
            groups.push(format!("({})", all?.join(" AND ")));
        }
        Ok(if groups.is_empty() { String::new() } else { format!(" WHERE {}", groups.join(" OR ")) })
    }

    fn condition(&self, condition: &SqlCondition, values: &mut Vec<Bound>) -> Result<String, SqlError> {
        let column = self.column(&condition.column)?;
        let name = self.dialect.quote(&column.name);
        let value = &condition.value;
        let compared = |sign: &str, values: &mut Vec<Bound>| {
            if value.is_null() {
                let words = format!("{}: nothing is more or less than NULL", column.name);
                return Err(error(SqlFault::Value, words));
            }
            Ok(format!("{name} {sign} {}", self.bound(column, value, values)?))
        };
        match condition.test {
            SqlTest::Equal | SqlTest::Empty if value.is_null() => Ok(format!("{name} IS NULL")),
            SqlTest::NotEqual | SqlTest::NotEmpty if value.is_null() => Ok(format!("{name} IS NOT NULL")),
            SqlTest::Empty | SqlTest::NotEmpty => {
                Err(error(SqlFault::Question, format!("{}: this test takes no value", column.name)))
            }
            SqlTest::Equal => compared("=", values),
            SqlTest::NotEqual => compared("<>", values),
            SqlTest::Less => compared("<", values),
            SqlTest::AtMost => compared("<=", values),
            SqlTest::Greater => compared(">", values),
            SqlTest::AtLeast => compared(">=", values),
            SqlTest::Contains => self.like(column, value, ("%", "%"), values),
            SqlTest::Begins => self.like(column, value, ("", "%"), values),
            SqlTest::Ends => self.like(column, value, ("%", ""), values),
            SqlTest::In | SqlTest::NotIn => self.one_of(column, condition, values),
        }
    }

    fn like(
        &self,
        column: &Column,
        value: &Value,
        (before, after): (&str, &str),
        values: &mut Vec<Bound>,
    ) -> Result<String, SqlError> {
        if !matches!(column.class, Class::Text | Class::Other) {
            return Err(error(SqlFault::Question, format!("{} holds no text to look into", column.name)));
        }
        let Value::String(text) = value else {
            return Err(error(SqlFault::Value, format!("{}: a text is looked for", column.name)));
        };
        let pattern = Bound::Text(format!("{before}{}{after}", self.dialect.pattern(text)));
        // A pattern is a text whatever the column is.
        let plain = Column { class: Class::Text, cast: String::new(), ..column.clone() };
        let place = self.put(&plain, pattern, values)?;
        Ok(format!("{} LIKE {place} ESCAPE '!'", self.dialect.searched(column)))
    }

    fn one_of(
        &self,
        column: &Column,
        condition: &SqlCondition,
        values: &mut Vec<Bound>,
    ) -> Result<String, SqlError> {
        let not = condition.test == SqlTest::NotIn;
        let wrong =
            || error(SqlFault::Value, format!("{}: this test takes a list without null", column.name));
        let Value::Array(list) = &condition.value else { return Err(wrong()) };
        if list.iter().any(Value::is_null) {
            return Err(wrong());
        }
        if list.is_empty() {
            return Ok(if not { "1 = 1" } else { "1 = 0" }.to_owned());
        }
        let places: Result<Vec<String>, SqlError> =
            list.iter().map(|value| self.bound(column, value, values)).collect();
        let word = if not { "NOT IN" } else { "IN" };
        Ok(format!("{} {word} ({})", self.dialect.quote(&column.name), places?.join(", ")))
    }
}

/// A column or parameter by its name: exactly, or apart from capitals where that is one only.
pub(super) fn named<'a>(columns: &'a [Column], name: &str) -> Option<&'a Column> {
    columns.iter().find(|column| column.name == name).or_else(|| {
        let mut alike = columns.iter().filter(|column| column.name.to_lowercase() == name.to_lowercase());
        alike.next().filter(|_| alike.next().is_none())
    })
}

/// A question has at most so many of something.
pub(super) fn bounded(what: &str, count: usize) -> Result<(), SqlError> {
    if count > PARTS_MOST {
        return Err(error(SqlFault::Question, format!("a question has at most {PARTS_MOST} {what}")));
    }
    Ok(())
}

/// Every record is changed only where that is said.
fn meant(filter: &SqlFilter, all: bool) -> Result<(), SqlError> {
    match (filter.is_empty(), all) {
        (true, false) => Err(error(
            SqlFault::Question,
            "there is no filter: every record is meant only with \"all\": true",
        )),
        (false, true) => Err(error(SqlFault::Question, "\"all\" means every record, and there is a filter")),
        _ => Ok(()),
    }
}
