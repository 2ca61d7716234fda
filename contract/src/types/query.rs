//! What the queries of lists have in common.

/// Declares the query of a list that comes page by page: filters that may be absent, and where the page begins.
macro_rules! paged {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        pub struct $name {
            $(
                $(#[$about])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// Where the page begins: the `nextCursor` of the page before, with the same filters and order.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub cursor: Option<String>,
            /// The most items to answer, 1 to 200; 50 when absent.
            #[serde(
                default,
                skip_serializing_if = "Option::is_none",
                deserialize_with = "crate::types::connections::page_size"
            )]
            #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 200)))]
            pub page_size: Option<u32>,
        }
    };
}
pub(crate) use paged;
