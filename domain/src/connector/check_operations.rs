//! Whether the operations hold together.

use std::collections::BTreeSet;

use super::check::{Check, Names, is_kebab};
use super::template::is_name;
use super::{Method, Operation, OperationType, Parameter, ParameterPlace, Problem};

impl Check<'_> {
    pub(super) fn operations(&mut self) {
        let mut seen = BTreeSet::new();
        let definition = self.definition;
        for operation in &definition.operations {
            let at = format!("operations.{}", operation.id);
            self.require(is_kebab(&operation.id), &at, Problem::NotKebabCase);
            self.require(seen.insert(&operation.id), &at, Problem::Twice);
            self.text(format!("{at}.name"), &operation.name, 80);
            self.text(format!("{at}.description"), &operation.description, 240);
            if let Some(docs) = &operation.docs {
                self.https(format!("{at}.docs"), docs);
            }
            self.headers(&format!("{at}.headers"), &operation.headers);
            self.answer(&at, operation);
            self.parameters(&at, operation);
        }
    }

    fn answer(&mut self, at: &str, operation: &Operation) {
        let answer = &operation.answer;
        let at = format!("{at}.answer");
        let pointers = [&answer.items, &answer.item, &answer.value, &answer.schema, &answer.label];
        self.pointers(&at, pointers.into_iter().flatten());
        if operation.kind == OperationType::Lookup {
            let complete = answer.items.is_some() && answer.value.is_some() && answer.label.is_some();
            self.require(complete, &at, Problem::Lookup);
            let reads = operation.sql.map_or(operation.method == Method::Get, super::SqlVerb::only_reads);
            self.require(reads, at, Problem::Method);
        }
    }

    fn parameters(&mut self, at: &str, operation: &Operation) {
        let mut seen = BTreeSet::new();
        let mut in_path = Vec::new();
        let used = operation.path.names();
        for parameter in &operation.parameters {
            let at = format!("{at}.parameters.{}", parameter.id);
            let known = |(_, names): &(_, Names)| names.samples.contains_key(&parameter.id);
            let fresh = seen.insert(&parameter.id) && !self.ways.iter().any(known);
            self.require(fresh, &at, Problem::Twice);
            self.require(is_name(&parameter.id), &at, Problem::NotAName);
            self.text(format!("{at}.label"), &parameter.label, 60);
            self.parameter(&at, operation, parameter);
            if parameter.place == ParameterPlace::Path {
                let good = parameter.required && used.contains(&parameter.id.as_str());
                self.require(good, &at, Problem::Parameter);
                in_path.push(parameter);
            }
        }
        if operation.sql.is_none() {
            self.everywhere(&format!("{at}.path"), &operation.path, &in_path);
        }
    }

    fn parameter(&mut self, at: &str, operation: &Operation, parameter: &Parameter) {
        self.require(parameter.format.is_well_formed(), format!("{at}.format"), Problem::Format);
        self.pointers(at, &parameter.at);
        let body = parameter.place == ParameterPlace::Body;
        self.require(body || parameter.at.is_none(), at, Problem::Parameter);
        let bodiless = operation.sql.is_none() && matches!(operation.method, Method::Get | Method::Delete);
        self.require(!(body && bodiless), at, Problem::Method);
        if parameter.place == ParameterPlace::Header {
            let name = parameter.wire_name();
            let good = super::format::is_key_header(name) && !name.eq_ignore_ascii_case("authorization");
            self.require(good, at, Problem::Header);
        }
        if parameter.place == ParameterPlace::Query {
            let taken = operation.query.contains_key(parameter.wire_name());
            self.require(!taken, at, Problem::Twice);
        }
        for option in &parameter.options {
            self.require(
                parameter.format.check(&option.value).is_ok(),
                format!("{at}.options"),
                Problem::Format,
            );
        }
        if let Some(lookup) = &parameter.lookup {
            let target = self.definition.operation(lookup);
            let good = target.is_some_and(|target| target.kind == OperationType::Lookup);
            self.require(good, format!("{at}.lookup"), Problem::Lookup);
        }
    }
}
