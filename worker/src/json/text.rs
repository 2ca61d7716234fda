//! JSON as it is sent, before anybody knows what it should be.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{Fault, Kind};

/// The tree of a text; where it is `strict`, no object may have a field twice.
pub(super) fn parse(text: &[u8], strict: bool) -> Result<Value, Fault> {
    let repeated = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(text);
    let any = Any { repeated: strict.then_some(&repeated) };
    let read = any.deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    read.map_err(|_| match repeated.take() {
        Some(field) => Fault::of(Kind::Repeated, &field),
        None => Fault::new(Kind::NotJson),
    })
}

/// Anything.
#[derive(Clone, Copy)]
struct Any<'a> {
    /// Where a field that is there twice is named; `None`: nobody minds.
    repeated: Option<&'a Cell<Option<String>>>,
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if let Some(repeated) = self.repeated
                && object.contains_key(&name)
            {
                repeated.set(Some(name));
                return Err(A::Error::custom("a repeated field"));
            }
            let value = entries.next_value_seed(self)?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}
