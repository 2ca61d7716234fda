//! Reading. What does not depend on the type is in functions of its own, so that it is compiled once.

use std::borrow::Cow;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Fault;

/// Reads a whole text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let mut reader = Reader { text, at: 0 };
    let value = T::deserialize(&mut reader)?;
    if reader.peek() == 0 && reader.at == text.len() { Ok(value) } else { Err(Fault) }
}

/// The fields of a flat object as texts, by name; without those that are null.
pub(crate) fn pairs(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut reader = Reader { text, at: 0 };
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut first = true;
    reader.take(b'{')?;
    while reader.goes_on(&mut first, b'}')? {
        let name = reader.string()?;
        reader.take(b':')?;
        let start = reader.peek();
        let from = reader.at;
        let mut add = |value: String| {
            let place = pairs.iter().position(|(other, _)| **other > *name).unwrap_or(pairs.len());
            pairs.insert(place, (name.clone().into_owned(), value));
        };
        match start {
            b'"' => add(reader.string()?.into_owned()),
            b'[' => {
                let mut first = true;
                reader.take(b'[')?;
                while reader.goes_on(&mut first, b']')? {
                    add(reader.string()?.into_owned());
                }
            }
            _ => {
                reader.skip()?;
                if start != b'n' {
                    add(text.get(from..reader.at).unwrap_or_default().to_owned());
                }
            }
        }
    }
    Ok(pairs)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn here(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// The next byte after white space; zero at the end.
    fn peek(&mut self) -> u8 {
        while matches!(self.here(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        self.here()
    }

    fn take(&mut self, wanted: u8) -> Result<(), Fault> {
        if self.peek() != wanted {
            return Err(Fault);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        self.peek();
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(Fault);
        }
        self.at += word.len();
        Ok(())
    }

    fn bool(&mut self) -> Result<bool, Fault> {
        let yes = self.peek() == b't';
        self.word(if yes { "true" } else { "false" })?;
        Ok(yes)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.take(b'"')?;
        let mut built = String::new();
        let mut from = self.at;
        loop {
            match self.here() {
                b'"' => {
                    let last = self.text.get(from..self.at).ok_or(Fault)?;
                    self.at += 1;
                    if built.is_empty() {
                        return Ok(Cow::Borrowed(last));
                    }
                    built.push_str(last);
                    return Ok(Cow::Owned(built));
                }
                b'\\' => {
                    built.push_str(self.text.get(from..self.at).ok_or(Fault)?);
                    self.at += 1;
                    built.push(self.escaped()?);
                    from = self.at;
                }
                0..=0x1f => return Err(Fault),
                _ => self.at += 1,
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Fault> {
        let kind = self.here();
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                let code = if (0xd800..0xdc00).contains(&unit) {
                    self.word("\\u")?;
                    let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(Fault)?;
                    0x1_0000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                char::from_u32(code).ok_or(Fault)?
            }
            _ => return Err(Fault),
        })
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.here()).to_digit(16).ok_or(Fault)?;
            self.at += 1;
        }
        Ok(unit)
    }

    fn digits(&mut self) -> &'a str {
        self.peek();
        let from = self.at;
        while matches!(self.here(), b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') {
            self.at += 1;
        }
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn whole(&mut self) -> Result<i64, Fault> {
        self.digits().parse().map_err(|_| Fault)
    }

    /// Whether another element follows, in what ends with `end`.
    fn goes_on(&mut self, first: &mut bool, end: u8) -> Result<bool, Fault> {
        let first = std::mem::take(first);
        if self.peek() == end {
            self.at += 1;
            return Ok(false);
        }
        if !first {
            self.take(b',')?;
        }
        Ok(true)
    }

    fn skip(&mut self) -> Result<(), Fault> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'n' => self.word("null"),
            b't' | b'f' => self.bool().map(drop),
            open @ (b'{' | b'[') => {
                self.at += 1;
                let (mut first, end) = (true, open + 2);
                while self.goes_on(&mut first, end)? {
                    if open == b'{' {
                        self.string()?;
                        self.take(b':')?;
                    }
                    self.skip()?;
                }
                Ok(())
            }
            _ if self.digits().is_empty() => Err(Fault),
            _ => Ok(()),
        }
    }
}

/// A number that need not be whole; exact up to fifteen digits. What the library has for this weighs ten kilobytes.
fn fraction(digits: &str) -> Result<f64, Fault> {
    let (number, power) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let scaled: i64 = [whole, part].concat().parse().map_err(|_| Fault)?;
    let power: i32 = power.parse().map_err(|_| Fault)?;
    let power = power.checked_sub(i32::try_from(part.len()).map_err(|_| Fault)?).ok_or(Fault)?;
    #[expect(clippy::cast_precision_loss, reason = "said above")]
    let scaled = scaled as f64;
    // To divide by a whole power is exact where to multiply with a part is not.
    Ok(if power < 0 { scaled / 10_f64.powi(power.saturating_neg()) } else { scaled * 10_f64.powi(power) })
}

macro_rules! same {
    ($($name:ident)+ => $with:ident) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$with(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.peek() {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b'n' => self.deserialize_unit(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            _ => {
                let digits = self.digits();
                match digits.parse() {
                    Ok(whole) => visitor.visit_i64(whole),
                    Err(_) => visitor.visit_f64(fraction(digits)?),
                }
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.bool()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_i64(self.whole()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(fraction(self.digits())?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.peek() == b'n' {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.take(b'[')?;
        let mut inside = Inside { reader: self, first: true, ended: false };
        let value = visitor.visit_seq(&mut inside)?;
        inside.end(b']')?;
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.take(b'{')?;
        let mut inside = Inside { reader: self, first: true, ended: false };
        let value = visitor.visit_map(&mut inside)?;
        inside.end(b'}')?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.skip()?;
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
        if self.peek() == b'"' {
            let name = self.string()?;
            let name: StrDeserializer<'_, Fault> = (&*name).into_deserializer();
            return visitor.visit_enum(name);
        }
        self.take(b'{')?;
        let value = visitor.visit_enum(&mut *self)?;
        self.take(b'}')?;
        Ok(value)
    }

    forward_to_deserialize_any! { bytes byte_buf }
}

/// The elements of an array or the fields of an object.
struct Inside<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
    ended: bool,
}

impl Inside<'_, '_> {
    fn goes_on(&mut self, end: u8) -> Result<bool, Fault> {
        self.ended = !self.reader.goes_on(&mut self.first, end)?;
        Ok(!self.ended)
    }

    /// After a visitor that took what it wanted: nothing more may be there.
    fn end(self, end: u8) -> Result<(), Fault> {
        if self.ended { Ok(()) } else { self.reader.take(end) }
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, '_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        if self.goes_on(b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, '_> {
    type Error = Fault;

    fn next_key_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        if self.goes_on(b'}')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant that holds something: an object with one field, named after the variant.
impl<'de> EnumAccess<'de> for &mut Reader<'_> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Fault> {
        let name = seed.deserialize(&mut *self)?;
        self.take(b':')?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for &mut Reader<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        self.word("null")
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }
}
