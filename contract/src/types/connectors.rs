//! Connectors, as the console's forms need them.

use drawbridge_domain::connector::{
    Category, Choice, Field, Link, Login, OperationType, ParameterType, Registration,
};
use drawbridge_domain::gateway::target::TargetKind;
use serde::{Deserialize, Serialize};

/// A connector in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorSummary {
    /// Its id.
    pub id: String,
    /// The service's own name.
    pub name: String,
    /// What the service is for.
    pub description: String,
    /// Where it is sorted.
    pub category: Category,
    /// Name of its icon: `/icons/connectors/{icon}.svg`.
    pub icon: String,
    /// For development only.
    pub sandbox: bool,
    /// What its ways to authenticate are called, the recommended one first.
    #[serde(default)]
    pub ways: Vec<String>,
    /// How many operations it has.
    #[serde(default)]
    pub operation_count: u32,
}

/// All that one needs to make a connection with a connector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Connector {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: ConnectorSummary,
    /// The provider's documents.
    pub docs: Vec<Link>,
    /// What a gateway's target must be, where the service stands in an organisation's own network; absent: it is called
    /// directly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetKind>,
    /// What every connection must say.
    pub settings: Vec<Field>,
    /// The ways to authenticate, the recommended one first.
    pub auth: Vec<ConnectorAuthWay>,
    /// What the connector can do.
    pub operations: Vec<ConnectorOperation>,
    /// What surprises people about the service.
    pub quirks: Vec<String>,
}

/// A way to authenticate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorAuthWay {
    /// Its id.
    pub id: String,
    /// What the choice is called.
    pub label: String,
    /// When to choose it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What it asks for, beside the connector's settings.
    pub fields: Vec<Field>,
    /// Whether a person signs in at the provider.
    pub interactive: bool,
    /// Who has the credentials for a gateway's target; absent where the way does not lead through one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// What is needed of an OAuth client; absent where the way needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientNeed>,
}

/// What is needed of an OAuth client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ClientNeed {
    /// Whether one comes with the connector, so that none need be registered.
    pub built_in: bool,
    /// The redirect URL to register at the provider.
    pub redirect_url: String,
    /// Where and how to register at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
}

/// One thing that a connector can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorOperation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Action, lookup or event.
    pub r#type: OperationType,
    /// What it takes.
    #[serde(default)]
    pub parameters: Vec<ConnectorParameter>,
    /// Whether it answers page by page.
    #[serde(default)]
    pub paged: bool,
}

/// A value that an operation takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorParameter {
    /// Its name in a call.
    pub id: String,
    /// Its name for people.
    pub label: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What it is.
    pub r#type: ParameterType,
    /// Whether the operation needs it.
    pub required: bool,
    /// The only values that are taken; any where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The value where none is given, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The lookup that offers values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<String>,
}

/// A connector in a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConnectorPath {
    /// The connector's id.
    pub connector: String,
}
