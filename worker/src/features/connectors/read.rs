//! One connector, with all that its form needs and nothing of how it calls.

use drawbridge_contract::endpoints::ReadConnector;
use drawbridge_contract::types::connectors::{
    ClientNeed, Connector, ConnectorAuthWay, ConnectorOperation, ConnectorParameter,
};
use drawbridge_domain::connector::{AuthWay, Definition, Parameter};

use super::{catalogue, redirect_url, summary};
use crate::http::{Call, Facts, Failure, Reply, Scope};

/// Reads it.
pub(super) async fn handle(call: Call<ReadConnector, Scope>) -> Result<Reply<Connector>, Failure> {
    let definition =
        catalogue::find(&call.params.connector).ok_or_else(|| Failure::not_found("connector"))?;
    Ok(Reply::new(connector(&definition, &call.facts)))
}

fn connector(definition: &Definition, facts: &Facts) -> Connector {
    let operation = |operation: &drawbridge_domain::connector::Operation| ConnectorOperation {
        id: operation.id.clone(),
        name: operation.name.clone(),
        description: operation.description.clone(),
        r#type: operation.kind,
        parameters: operation.parameters.iter().map(parameter).collect(),
        paged: operation.answer.paged,
    };
    Connector {
        summary: summary(definition),
        docs: definition.docs.clone(),
        target: definition.gateway.as_ref().map(|through| through.target),
        settings: definition.settings.clone(),
        auth: definition.auth.iter().map(|way| auth_way(way, facts)).collect(),
        operations: definition.operations.iter().map(operation).collect(),
        quirks: definition.quirks.clone(),
    }
}

fn parameter(parameter: &Parameter) -> ConnectorParameter {
    ConnectorParameter {
        id: parameter.id.clone(),
        label: parameter.label.clone(),
        help: parameter.help.clone(),
        r#type: parameter.kind,
        required: parameter.required,
        options: parameter.options.clone(),
        default: parameter.default.as_ref().map(ToString::to_string),
        lookup: parameter.lookup.clone(),
    }
}

fn auth_way(way: &AuthWay, facts: &Facts) -> ConnectorAuthWay {
    ConnectorAuthWay {
        id: way.id.clone(),
        label: way.label.clone(),
        help: way.help.clone(),
        fields: way.fields.clone(),
        interactive: way.is_interactive(),
        login: way.login(),
        client: way.oauth_code().map(|oauth| ClientNeed {
            built_in: oauth.builtin_client.is_some() || oauth.own_client.is_some(),
            redirect_url: redirect_url(facts),
            registration: oauth.registration.clone(),
        }),
    }
}
