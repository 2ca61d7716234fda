//! How each database writes names, values and limits.

use super::mysql::utc;
use super::value::{Bound, Class, scale};

/// A database's way to say things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `PostgreSQL`.
    Postgres,
    /// `MySQL` and `MariaDB`.
    MySql,
    /// Microsoft SQL Server.
    SqlServer,
}

/// A column or a parameter, as the catalogue has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name, exactly.
    pub(super) name: String,
    /// The database's word for its type.
    pub(super) kind: String,
    /// What it holds.
    pub(super) class: Class,
    /// The type that a bound text is made into; empty: none.
    pub(super) cast: String,
    /// How it is read where its value itself cannot be: `true` as a text of the database's own.
    pub(super) as_text: bool,
}

impl Dialect {
    /// A name in quotes.
    pub(super) fn quote(self, name: &str) -> String {
        match self {
            Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MySql => format!("`{}`", name.replace('`', "``")),
            Self::SqlServer => format!("[{}]", name.replace(']', "]]")),
        }
    }

    /// A name with its schema.
    pub(super) fn qualified(self, schema: &str, name: &str) -> String {
        format!("{}.{}", self.quote(schema), self.quote(name))
    }

    /// What stands for the value that is bound at a place, counted from 1.
    pub(super) fn place(self, at: usize) -> String {
        match self {
            Self::Postgres => format!("${at}"),
            Self::MySql => "?".to_owned(),
            Self::SqlServer => format!("@P{at}"),
        }
    }

    /// The same, made into what it is for.
    pub(super) fn value(self, column: &Column, at: usize, bound: &Bound) -> String {
        let place = self.place(at);
        let cast = |kind: &str| format!("CAST({place} AS {kind})");
        match (self, column.class, bound) {
            (Self::Postgres, _, Bound::Bytes(_)) => place,
            (Self::Postgres, ..) if column.cast.is_empty() => place,
            (Self::Postgres, ..) => cast(&column.cast),
            // A decimal that is compared as a text is compared as a floating number.
            (Self::MySql, Class::Decimal, Bound::Text(text)) => {
                format!("CAST({place} AS DECIMAL(65,{}))", scale(text).min(30))
            }
            (Self::SqlServer, Class::Decimal, Bound::Text(text)) => {
                cast(&format!("decimal(38,{})", scale(text).min(38)))
            }
            (Self::SqlServer, _, Bound::Text(_)) if !column.cast.is_empty() => cast(&column.cast),
            (Self::SqlServer, _, Bound::Null) if column.class == Class::Bytes => cast("varbinary(max)"),
            (Self::MySql | Self::SqlServer, ..) => place,
        }
    }

    /// A value as this database takes it.
    pub(super) fn adapted(self, column: &Column, bound: Bound) -> Bound {
        match (self, column.class, bound) {
            (Self::MySql, Class::Instant, Bound::Text(text)) => Bound::Text(utc(&text).unwrap_or(text)),
            (_, _, bound) => bound,
        }
    }

    /// A column as it is read.
    pub(super) fn read(self, column: &Column) -> String {
        let name = self.quote(&column.name);
        if !column.as_text {
            return name;
        }
        match self {
            Self::Postgres => format!("CAST({name} AS text) AS {name}"),
            Self::MySql => format!("ST_AsText({name}) AS {name}"),
            // Money has four digits after its point in this style, and styles mean nothing to other types.
            Self::SqlServer if column.class == Class::Decimal => {
                format!("CONVERT(varchar(40), {name}, 2) AS {name}")
            }
            Self::SqlServer if column.cast.ends_with("hierarchyid") || column.cast.starts_with("geo") => {
                format!("{name}.ToString() AS {name}")
            }
            Self::SqlServer => format!("CONVERT(nvarchar(max), {name}) AS {name}"),
        }
    }

    /// A column as a text that can be looked into.
    pub(super) fn searched(self, column: &Column) -> String {
        let name = self.quote(&column.name);
        match self {
            Self::Postgres => format!("CAST({name} AS text)"),
            Self::MySql | Self::SqlServer => name,
        }
    }

    /// A text as a part of a pattern whose escape is `!`.
    pub(super) fn pattern(self, text: &str) -> String {
        let special =
            |letter: char| matches!(letter, '%' | '_' | '!') || (self == Self::SqlServer && letter == '[');
        let mut pattern = String::with_capacity(text.len());
        for letter in text.chars() {
            if special(letter) {
                pattern.push('!');
            }
            pattern.push(letter);
        }
        pattern
    }
}
