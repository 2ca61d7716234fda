//! Whether a connector whose calls go through a gateway holds together, and whether any other keeps away from gateways.

use super::check::Check;
use super::{
    AuthScheme, Field, FieldKind, GATEWAY, Login, Operation, ParameterPlace, Problem, TARGET, Through,
};

impl Check<'_> {
    pub(super) fn gateway(&mut self) {
        let definition = self.definition;
        let Some(through) = &definition.gateway else {
            let chosen = |field: &&Field| {
                matches!(field.kind, FieldKind::Gateway | FieldKind::Target) || field.id == GATEWAY
            };
            let ways = definition.auth.iter().flat_map(|way| &way.fields);
            let field = definition.settings.iter().chain(ways).find(chosen);
            self.require(field.is_none(), "settings", Problem::Gateway);
            self.require(definition.auth.iter().all(|way| way.login().is_none()), "auth", Problem::Gateway);
            let asks = definition.operations.iter().any(|operation| operation.sql.is_some());
            self.require(!asks, "operations", Problem::Gateway);
            return;
        };
        self.require(definition.hosts.is_empty(), "hosts", Problem::Gateway);
        self.require(definition.base_url.is_empty(), "baseUrl", Problem::Gateway);
        for (id, kind) in [(GATEWAY, FieldKind::Gateway), (TARGET, FieldKind::Target)] {
            let good = |field: &Field| (field.id == id) == (field.kind == kind);
            let there = definition.settings.iter().any(|field| field.id == id && field.required);
            let all = there && definition.settings.iter().all(good);
            self.require(all, format!("settings.{id}"), Problem::Gateway);
        }
        for way in &definition.auth {
            let AuthScheme::Gateway(at) = &way.scheme else {
                self.fault(format!("auth.{}", way.id), Problem::Gateway);
                continue;
            };
            let plain = way.fields.is_empty() && way.base_url.is_none();
            let known = !(through.is_database() && at.login == Login::Token);
            self.require(plain && known, format!("auth.{}", way.id), Problem::Gateway);
        }
        if let Some(ticket) = &through.ticket {
            self.require(!through.is_database(), "gateway.ticket", Problem::Gateway);
            self.everywhere("gateway.ticket.path", &ticket.path, &[]);
            self.pointers("gateway.ticket.at", [&ticket.at]);
            let header = super::format::is_key_header(&ticket.header);
            self.require(header, "gateway.ticket.header", Problem::Header);
        }
        let identity = definition.identity.as_ref().is_none_or(|identity| identity.call.is_none());
        self.require(!through.is_database() || identity, "identity.call", Problem::Gateway);
        self.require(
            definition.validation.is_empty() == through.is_database(),
            "validation",
            Problem::Gateway,
        );
        for operation in &definition.operations {
            let good = asks_as_its_target_does(through, operation);
            self.require(good, format!("operations.{}", operation.id), Problem::Gateway);
        }
    }
}

/// A database is asked by a verb and what stands in the body; anything else is sent HTTP requests.
fn asks_as_its_target_does(through: &Through, operation: &Operation) -> bool {
    let nothing_else = operation.path.is_empty()
        && operation.query.is_empty()
        && operation.headers.is_empty()
        && operation.parameters.iter().all(|parameter| parameter.place == ParameterPlace::Body);
    if through.is_database() {
        operation.sql.is_some() && nothing_else && !operation.answer.paged
    } else {
        operation.sql.is_none() && !operation.path.is_empty()
    }
}
