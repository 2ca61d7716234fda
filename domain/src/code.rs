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

/// Declares a closed list: values, each with the word that stands for it and what it means, for people. `feature` is the
/// one with which a crate has JSON Schemas of its types.
#[macro_export]
macro_rules! closed_list {
    (
        feature $feature:tt, $(#[$about:meta])* $type:ident {
            $($(#[$doc:meta])* $name:ident = $code:literal, $words:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = $feature, derive(schemars::JsonSchema))]
        pub enum $type {
            $($(#[$doc])* #[cfg_attr(feature = $feature, schemars(rename = $code))] $name,)+
        }

        $crate::coded!($type);

        impl $type {
            /// All of them, in the order in which they are offered and written.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word that stands for it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What it means, for people.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }

            /// What a word stands for.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}
