//! From a tree to a type. What does not depend on the type is in functions of its own, so that it is compiled once.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::{Fault, Kind};

/// What is read from the object that it stands in: a part of a row that is a type of its own. `#[serde(flatten)]` does
/// the same with a copy of each row and another way to read every type in it.
const SAME: &str = "..";

/// A value that is being read, or the place of one that is absent.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    pub(super) value: Option<&'a Value>,
    /// Whether fields that nobody knows are refused, and not passed over.
    pub(super) strict: bool,
}

#[cold]
#[inline(never)]
fn wrong_type() -> Fault {
    Fault::new(Kind::WrongType)
}

impl<'a> Tree<'a> {
    fn value(self) -> Result<&'a Value, Fault> {
        self.value.ok_or_else(wrong_type)
    }

    fn is_null(self) -> bool {
        matches!(self.value, Some(Value::Null))
    }

    fn text(self) -> Result<&'a str, Fault> {
        self.value.and_then(Value::as_str).ok_or_else(wrong_type)
    }

    fn list(self) -> Result<Items<'a>, Fault> {
        let items = self.value.and_then(Value::as_array).ok_or_else(wrong_type)?;
        Ok(Items { left: items.iter(), place: 0, strict: self.strict })
    }

    fn object(self) -> Result<&'a Map<String, Value>, Fault> {
        self.value.and_then(Value::as_object).ok_or_else(wrong_type)
    }

    fn entries(self) -> Result<Entries<'a>, Fault> {
        Ok(Entries { left: self.object()?.iter(), value: None, strict: self.strict })
    }

    fn fields(self, names: &'static [&'static str]) -> Result<Fields<'a>, Fault> {
        let object = self.object()?;
        let unknown = |name: &&String| !names.contains(&name.as_str());
        match object.keys().find(unknown).filter(|_| self.strict) {
            Some(name) => Err(Fault::of(Kind::Unknown, name)),
            None => Ok(Fields { whole: self, object, names: names.iter(), absent: None }),
        }
    }

    fn variant(self) -> Result<Variant<'a>, Fault> {
        if let Some(Value::String(name)) = self.value {
            return Ok(Variant { name, content: None });
        }
        let fields = self.object()?;
        let (name, content) = fields.iter().next().filter(|_| fields.len() == 1).ok_or_else(wrong_type)?;
        Ok(Variant { name, content: Some(Tree { value: Some(content), ..self }) })
    }
}

fn key(name: &str) -> StrDeserializer<'_, Fault> {
    name.into_deserializer()
}

macro_rules! same {
    ($($name:ident)+ => $with:ident) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$with(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for Tree<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value()? {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.value()?.as_bool().ok_or_else(wrong_type)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = self.value()?;
        match (value.as_u64(), value.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => Err(wrong_type()),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.value()?.as_f64().ok_or_else(wrong_type)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.is_null() { visitor.visit_unit() } else { Err(wrong_type()) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.value.is_none() || self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut items = self.list()?;
        let value = visitor.visit_seq(&mut items)?;
        // A visitor that took what it wanted: nothing more may be there.
        if items.left.len() == 0 { Ok(value) } else { Err(Fault::new(Kind::BadValue)) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(&mut self.entries()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    same! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_u8 deserialize_u16 deserialize_u32
    deserialize_u64 => deserialize_i64 }
    same! { deserialize_f32 => deserialize_f64 }
    same! { deserialize_char deserialize_string deserialize_identifier => deserialize_str }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    // A type can be read from its fields by name or in their order. In order is a third of the code: here the names are
    // looked up, and not in each type.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let mut fields = self.fields(names)?;
        visitor.visit_seq(&mut fields).map_err(|fault| fields.or_missing(fault))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self.variant()?)
    }

    forward_to_deserialize_any! { bytes byte_buf }
}

/// The items of a list.
struct Items<'a> {
    left: std::slice::Iter<'a, Value>,
    place: usize,
    strict: bool,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.left.next() else { return Ok(None) };
        self.place += 1;
        let item = Tree { value: Some(item), strict: self.strict };
        seed.deserialize(item).map(Some).map_err(|fault| fault.at(self.place - 1))
    }
}

/// The fields of an object in the order of a type.
struct Fields<'a> {
    whole: Tree<'a>,
    object: &'a Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
    /// The last one that was looked for and is not there.
    absent: Option<&'static str>,
}

impl<'a> Fields<'a> {
    #[inline(never)]
    fn next(&mut self) -> Option<(&'static str, Tree<'a>)> {
        let name = *self.names.next()?;
        if name == SAME {
            return Some((name, self.whole));
        }
        let value = self.object.get(name);
        if value.is_none() {
            self.absent = Some(name);
        }
        Some((name, Tree { value, ..self.whole }))
    }

    /// Of a field that is absent the type itself knows whether it may be.
    #[cold]
    #[inline(never)]
    fn unless_absent(&self, name: &str, fault: Fault) -> Result<(), Fault> {
        match name {
            SAME => Err(fault),
            _ if self.absent == Some(name) => Ok(()),
            _ => Err(fault.within(name)),
        }
    }

    /// What the type itself found amiss is that it got too few fields.
    #[cold]
    #[inline(never)]
    fn or_missing(&self, fault: Fault) -> Fault {
        match self.absent {
            Some(name) if fault.path().is_empty() => Fault::of(Kind::Missing, name),
            _ => fault,
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Fields<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((name, value)) = self.next() else { return Ok(None) };
        match seed.deserialize(value) {
            Ok(value) => Ok(Some(value)),
            Err(fault) => self.unless_absent(name, fault).map(|()| None),
        }
    }
}

/// The entries of a map.
struct Entries<'a> {
    left: serde_json::map::Iter<'a>,
    value: Option<(&'a str, Tree<'a>)>,
    strict: bool,
}

impl<'a> Entries<'a> {
    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let (name, value) = self.left.next()?;
        self.value = Some((name, Tree { value: Some(value), strict: self.strict }));
        Some(name)
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_> {
    type Error = Fault;

    fn next_key_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(name) = self.next() else { return Ok(None) };
        seed.deserialize(key(name)).map(Some).map_err(|fault| fault.within(name))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.value.take().ok_or_else(wrong_type)?;
        seed.deserialize(value).map_err(|fault| fault.within(name))
    }
}

/// One of several forms: a text that names it, or an object with one field that is named after it.
struct Variant<'a> {
    name: &'a str,
    content: Option<Tree<'a>>,
}

impl<'a> Variant<'a> {
    fn content(&self) -> Result<Tree<'a>, Fault> {
        self.content.ok_or_else(wrong_type)
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Fault> {
        Ok((seed.deserialize(key(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        if self.content.is_none_or(Tree::is_null) { Ok(()) } else { Err(wrong_type()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.content()?).map_err(|fault| fault.within(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content()?.deserialize_seq(visitor).map_err(|fault| fault.within(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let fields = self.content()?.deserialize_struct("", names, visitor);
        fields.map_err(|fault| fault.within(self.name))
    }
}
