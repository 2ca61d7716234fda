//! The file as it stands: every setting with its place, so that a mistake can be pointed at.

use serde::Deserialize;
use toml::Spanned;

/// A text and where it stands.
pub(super) type Text = Spanned<String>;

/// All of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whole {
    pub(super) server: Text,
    pub(super) proxy: Option<Text>,
    pub(super) proxy_user: Option<Text>,
    pub(super) proxy_password_file: Option<Text>,
    pub(super) proxy_password_env: Option<Text>,
    pub(super) ca_file: Option<Text>,
    pub(super) log: Option<Text>,
    pub(super) listen: Option<Text>,
    pub(super) state: Option<Text>,
    #[serde(default, rename = "target")]
    pub(super) targets: Vec<Spanned<Target>>,
}

/// A `[[target]]`: the settings of all kinds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    pub(super) name: Text,
    pub(super) kind: Text,
    pub(super) url: Option<Text>,
    pub(super) auth: Option<Text>,
    pub(super) user: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_env: Option<Text>,
    pub(super) token_file: Option<Text>,
    pub(super) token_env: Option<Text>,
    pub(super) ca_file: Option<Text>,
    pub(super) paths: Option<Vec<Text>>,
    pub(super) host: Option<Text>,
    pub(super) port: Option<Spanned<u16>>,
    pub(super) database: Option<Text>,
    pub(super) encryption: Option<Text>,
    pub(super) login: Option<Text>,
    pub(super) rows: Option<Spanned<u32>>,
}
