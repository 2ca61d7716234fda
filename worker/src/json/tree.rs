//! From a tree to a type. What does not depend on the type is in functions of its own, so that it is compiled once.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::{Fault, Kind};

/// A value that is being read.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a>(pub(super) &'a Value);

#[cold]
#[inline(never)]
fn wrong_type() -> Fault {
    Fault::new(Kind::WrongType)
}

impl<'a> Tree<'a> {
    fn text(self) -> Result<&'a str, Fault> {
        self.0.as_str().ok_or_else(wrong_type)
    }

    fn list(self) -> Result<Items<'a>, Fault> {
        let items = self.0.as_array().ok_or_else(wrong_type)?;
        Ok(Items { items: items.iter(), place: 0 })
    }

    fn object(self) -> Result<Fields<'a>, Fault> {
        let fields = self.0.as_object().ok_or_else(wrong_type)?;
        Ok(Fields { fields: fields.iter(), value: None })
    }

    fn variant(self) -> Result<Variant<'a>, Fault> {
        if let Value::String(name) = self.0 {
            return Ok(Variant { name, content: None });
        }
        let one = |fields: &'a Map<String, Value>| {
            let (name, content) = fields.iter().next().filter(|_| fields.len() == 1)?;
            Some(Variant { name, content: Some(Tree(content)) })
        };
        self.0.as_object().and_then(one).ok_or_else(wrong_type)
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
        match self.0 {
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
        visitor.visit_bool(self.0.as_bool().ok_or_else(wrong_type)?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match (self.0.as_u64(), self.0.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => Err(wrong_type()),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.0.as_f64().ok_or_else(wrong_type)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(wrong_type()) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut items = self.list()?;
        let value = visitor.visit_seq(&mut items)?;
        // A visitor that took what it wanted: nothing more may be there.
        if items.items.len() == 0 { Ok(value) } else { Err(Fault::new(Kind::BadValue)) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(&mut self.object()?)
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

    // Fields in an object only: what is read from a list besides would be all types once more.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
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
    items: std::slice::Iter<'a, Value>,
    place: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.place += 1;
        seed.deserialize(Tree(item)).map(Some).map_err(|fault| fault.at(self.place - 1))
    }
}

/// The fields of an object.
struct Fields<'a> {
    fields: serde_json::map::Iter<'a>,
    value: Option<(&'a str, Tree<'a>)>,
}

impl<'a> Fields<'a> {
    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let (name, value) = self.fields.next()?;
        self.value = Some((name, Tree(value)));
        Some(name)
    }
}

impl<'de> MapAccess<'de> for &mut Fields<'_> {
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
        match self.content {
            None | Some(Tree(Value::Null)) => Ok(()),
            Some(_) => Err(wrong_type()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.content()?).map_err(|fault| fault.within(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content()?.deserialize_seq(visitor).map_err(|fault| fault.within(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.content()?.deserialize_map(visitor).map_err(|fault| fault.within(self.name))
    }
}
