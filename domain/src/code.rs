//! Values of a closed list as the words that stand for them: in JSON, in the database, in addresses.

/// Has a type written and read by its `code` and `from_code`. What serde derives does the same with a state machine for
/// each type, which the console would have to load.
#[macro_export]
macro_rules! coded {
    ($type:ty) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(&code).ok_or_else(|| ::serde::de::Error::unknown_variant(&code, &[]))
            }
        }
    };
}
