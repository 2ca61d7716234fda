//! Connectors whose services stand in an organisation's own network and are reached through a gateway.

use serde::{Deserialize, Serialize};

use super::{Pointer, Template};
use crate::gateway::target::TargetKind;

/// Every call of the connector goes through a gateway, to one of its targets. Which gateway and which target, a
/// connection says in its settings [`GATEWAY`] and [`TARGET`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Through {
    /// What the target must be. Paths of calls begin after the base URL that the gateway's configuration has for it.
    pub target: TargetKind,
    /// What the service hands out and wants back with every call that changes something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
}

/// The setting that holds the gateway's id.
pub const GATEWAY: &str = "gateway";
/// The setting that holds the target's name.
pub const TARGET: &str = "target";

impl Through {
    /// Whether the target is a database, which is asked questions rather than sent HTTP requests.
    pub const fn is_database(&self) -> bool {
        !matches!(self.target, TargetKind::Http)
    }
}

/// A value that a service hands out and wants back with every call that changes something, so that no page of another
/// site can make one in a signed-in person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ticket {
    /// Where it is had, by a POST without a body.
    pub path: Template,
    /// Where it stands in the answer.
    pub at: Pointer,
    /// The header that it is sent back in.
    pub header: String,
}

/// How a connection through a gateway signs in at its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtTarget {
    /// Who has the credentials.
    pub login: Login,
}

crate::closed_list! {
    feature "schema",
    /// Who has the credentials for a target, and what they are.
    Login {
        /// They stand in the gateway's configuration and never leave its machine.
        Kept = "kept", "the login that the gateway has";
        /// User name and password, sealed in the browser to the keys of the gateway's machines.
        Password = "password", "user name and password";
        /// A token, sealed likewise.
        Token = "token", "a token";
    }
}

impl Login {
    /// Whether a connection brings sealed credentials.
    pub const fn is_sealed(self) -> bool {
        !matches!(self, Self::Kept)
    }

    /// What stands in a sealed box, by the names of its parts.
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Kept => &[],
            Self::Password => &["username", "password"],
            Self::Token => &["token"],
        }
    }
}

crate::closed_list! {
    feature "schema",
    /// What an operation asks of a database. Its parameters make the rest of the question.
    SqlVerb {
        /// Rows of a table or a view.
        Query = "query", "reads rows";
        /// Makes a record.
        Create = "create", "makes a record";
        /// Changes the records that a filter finds.
        Update = "update", "changes records";
        /// Deletes the records that a filter finds.
        Delete = "delete", "deletes records";
        /// Runs a stored procedure.
        Execute = "execute", "runs a procedure";
        /// Which tables there are.
        Tables = "tables", "lists tables";
        /// Which views there are.
        Views = "views", "lists views";
        /// Which columns a table or view has.
        Columns = "columns", "lists columns";
        /// Which procedures there are.
        Procedures = "procedures", "lists procedures";
        /// Which parameters a procedure takes.
        Parameters = "parameters", "lists parameters";
    }
}

impl SqlVerb {
    /// Whether it only reads, so that it may be asked again after a failure.
    pub const fn only_reads(self) -> bool {
        !matches!(self, Self::Create | Self::Update | Self::Delete | Self::Execute)
    }
}
