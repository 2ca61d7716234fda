//! What is wrong with JSON, and where. The value that was found is never part of it: it could be a secret.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

/// A place in JSON and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(Box<(String, Kind)>);

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is no JSON.
    NotJson,
    /// A field is missing.
    Missing,
    /// There is no such field.
    Unknown,
    /// A field is there twice.
    Repeated,
    /// It is none of the words that are possible.
    UnknownWord,
    /// It is of another type.
    WrongType,
    /// It is of the right type, and not possible.
    BadValue,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::NotJson => "no JSON",
            Self::Missing => "a missing field",
            Self::Unknown => "an unknown field",
            Self::Repeated => "a repeated field",
            Self::UnknownWord => "an unknown word",
            Self::WrongType => "a wrong type",
            Self::BadValue => "a bad value",
        }
    }
}

impl Fault {
    /// A fault of the whole.
    #[cold]
    #[inline(never)]
    pub(super) fn new(kind: Kind) -> Self {
        Self::of(kind, "")
    }

    /// A fault of a field.
    #[cold]
    #[inline(never)]
    pub(super) fn of(kind: Kind, field: &str) -> Self {
        Self(Box::new((field.to_owned(), kind)))
    }

    /// The same fault, seen from an object that has it in this field.
    #[cold]
    #[inline(never)]
    pub(super) fn within(mut self, field: &str) -> Self {
        let path = &mut self.0.0;
        if !path.is_empty() && !path.starts_with('[') {
            path.insert(0, '.');
        }
        path.insert_str(0, field);
        self
    }

    /// The same fault, seen from a list that has it at this place.
    #[cold]
    #[inline(never)]
    pub(super) fn at(self, place: usize) -> Self {
        self.within(&format!("[{place}]"))
    }

    /// Where it is, such as `fields[2].id`; empty for the whole.
    pub fn path(&self) -> &str {
        &self.0.0
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.0.1
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().words())?;
        if !self.path().is_empty() {
            f.write_str(" at ")?;
            f.write_str(self.path())?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

// All of it said again, because what is there by itself puts what is wrong into words.
impl Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new(Kind::BadValue)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(Kind::WrongType)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::new(Kind::BadValue)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::new(Kind::BadValue)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownWord)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(Kind::Unknown)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::of(Kind::Missing, field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::of(Kind::Repeated, field)
    }
}
