//! The fields of an operation's parameters, and what was typed as the values of a call.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::RunOperation;
use drawbridge_contract::json;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::connectors::{ConnectorOperation, ConnectorParameter};
use drawbridge_contract::types::uses::{OperationCall, OperationItem, OperationPath};
use drawbridge_domain::connector::ParameterType;
use leptos::prelude::*;
use serde_json::Value;

use super::{Came, Parts};
use crate::client::{Reading, call};
use crate::features::connections::words;
use crate::ui::{Choice, InputKind, SelectField, TextAreaField, TextField, live, memo};

/// Values by the parameters' ids.
pub(super) type Given = BTreeMap<String, Value>;

/// What is typed for one parameter.
#[derive(Clone)]
struct Entry {
    parameter: ConnectorParameter,
    value: RwSignal<String>,
    /// What is wrong with it before anybody is asked.
    wrong: RwSignal<Option<String>>,
}

/// What is typed for an operation.
#[derive(Clone)]
pub(super) struct Values(Vec<Entry>);

impl Values {
    pub(super) fn new(operation: &ConnectorOperation) -> Self {
        let entry = |parameter: &ConnectorParameter| Entry {
            value: RwSignal::new(preset(parameter)),
            wrong: RwSignal::new(None),
            parameter: parameter.clone(),
        };
        Self(operation.parameters.iter().map(entry).collect())
    }

    /// Says what cannot be sent at all; everything else is for the server to say.
    pub(super) fn check(&self) -> bool {
        let mut good = true;
        for entry in &self.0 {
            let wrong = entry.read().err();
            good &= wrong.is_none();
            entry.wrong.set(wrong.map(str::to_owned));
        }
        good
    }

    /// The values of a call; what is empty is left out.
    pub(super) fn given(&self) -> Given {
        let value = |entry: &Entry| Some((entry.parameter.id.clone(), entry.read().ok()??));
        self.0.iter().filter_map(value).collect()
    }
}

impl Entry {
    fn read(&self) -> Result<Option<Value>, &'static str> {
        let typed = self.value.get_untracked();
        let text = typed.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let value = match self.parameter.r#type {
            ParameterType::String | ParameterType::Name => Value::from(typed.as_str()),
            ParameterType::Integer => {
                text.parse::<i64>().map(Value::from).map_err(|_| words::NOT_A_NUMBER)?
            }
            ParameterType::Number => {
                json::read::<f64>(text).map(Value::from).map_err(|_| words::NOT_A_NUMBER)?
            }
            ParameterType::Boolean => Value::from(text == "true"),
            ParameterType::Strings => {
                text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect()
            }
            ParameterType::Json => json::read(text).map_err(|_| words::NOT_JSON)?,
        };
        Ok(Some(value))
    }
}

/// What a field starts with: the preset value as it is typed.
fn preset(parameter: &ConnectorParameter) -> String {
    let Some(json) = &parameter.default else { return String::new() };
    match json::read::<Value>(json) {
        Ok(Value::String(text)) => text,
        Ok(Value::Array(list)) if parameter.r#type == ParameterType::Strings => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        _ => json.clone(),
    }
}

/// The fields.
pub(super) fn fields(
    parts: Parts,
    operation: &ConnectorOperation,
    values: &Values,
    came: RwSignal<Came>,
) -> AnyView {
    let mut lookups: BTreeMap<String, Lookup> = BTreeMap::new();
    for parameter in &operation.parameters {
        if let Some(id) = &parameter.lookup {
            lookups.entry(id.clone()).or_insert_with(|| look_up(parts, id, values));
        }
    }
    let one = |entry: &Entry| {
        let lookup = entry.parameter.lookup.as_ref().and_then(|id| lookups.get(id)).copied();
        field(entry, lookup, came)
    };
    values.0.iter().map(one).collect::<Vec<_>>().into_any()
}

/// What a lookup offers; `None` until it has answered.
type Lookup = Memo<Option<Result<Vec<OperationItem>, String>>>;

/// Asks a lookup. It gets what is typed for the parameters that it has in common with the operation, and is not asked
/// before those that it needs are there.
fn look_up(parts: Parts, id: &str, values: &Values) -> Lookup {
    let wanted = match parts.connector.get_untracked() {
        Some(Ok(connector)) => connector.operations.into_iter().find(|one| one.id == id),
        _ => None,
    };
    let wanted = wanted.map(|one| one.parameters).unwrap_or_default();
    let shared: Vec<(ConnectorParameter, Option<RwSignal<String>>)> = wanted
        .into_iter()
        .map(|parameter| {
            let entry = values.0.iter().find(|entry| entry.parameter.id == parameter.id);
            (parameter, entry.map(|entry| entry.value))
        })
        .collect();
    let connection =
        parts.connection.with_untracked(|known| known.as_ref().map(|known| known.summary.id.clone()));
    let path = connection.map(|connection| OperationPath { connection, operation: id.to_owned() });
    let read = Reading::new(move || {
        let path = path.clone();
        let typed = |value: &Option<RwSignal<String>>| {
            value.map(|value| value.get()).filter(|text| !text.trim().is_empty())
        };
        let mut parameters = BTreeMap::new();
        let mut lacks = false;
        for (parameter, value) in &shared {
            match typed(value) {
                Some(text) => drop(parameters.insert(parameter.id.clone(), Value::from(text))),
                None => lacks |= parameter.required && value.is_some(),
            }
        }
        async move {
            let path = path?;
            if lacks {
                return Some(Ok(Vec::new()));
            }
            let body = OperationCall { parameters, ..OperationCall::default() };
            let answer = call::<RunOperation>(&path, &Nothing {}, &body).await;
            Some(match answer {
                Ok(answer) if answer.value.done => Ok(answer.value.items.unwrap_or_default()),
                Ok(answer) => Err(answer.value.message.unwrap_or_default()),
                Err(error) => Err(words::error(&error)),
            })
        }
    });
    memo(move || read.get().flatten())
}

fn field(entry: &Entry, lookup: Option<Lookup>, came: RwSignal<Came>) -> AnyView {
    let parameter = entry.parameter.clone();
    let (value, wrong) = (entry.value, entry.wrong);
    let path = ["parameters.", &parameter.id].concat();
    let error = Signal::derive(move || {
        let told = || came.with(|came| came.as_ref()?.as_ref().err()?.field(&path));
        wrong.get().or_else(told)
    });
    let label = parameter.label.clone();
    let (name, required) = (parameter.id.clone(), parameter.required);
    let listed = matches!(parameter.r#type, ParameterType::Strings | ParameterType::Json);
    if listed {
        let known = parameter.clone();
        let help = Signal::derive(move || {
            let items = lookup.and_then(|lookup| lookup.get()).and_then(Result::ok).unwrap_or_default();
            let items: Vec<String> = items.into_iter().take(30).map(|item| item.value).collect();
            words::parameter_help(&known, &items)
        });
        let code = parameter.r#type == ParameterType::Json;
        return view! { <TextAreaField label value name help error required code=code /> }.into_any();
    }
    let help = words::parameter_help(&parameter, &[]);
    if parameter.r#type == ParameterType::Boolean {
        let options = vec![
            Choice::new("", words::ANY),
            Choice::new("true", words::YES),
            Choice::new("false", words::NO),
        ];
        return view! { <SelectField label value options name help error required /> }.into_any();
    }
    let blank = if required { words::CHOOSE_ONE } else { words::ANY };
    if !parameter.options.is_empty() {
        let options = parameter.options.iter().map(|option| Choice::new(&option.value, &option.label));
        let options: Vec<_> = std::iter::once(Choice::new("", blank)).chain(options).collect();
        return view! { <SelectField label value options name help error required /> }.into_any();
    }
    let kind = match parameter.r#type {
        ParameterType::Integer | ParameterType::Number => InputKind::Number,
        _ => InputKind::Text,
    };
    let Some(lookup) = lookup else {
        return view! { <TextField label value kind name help error required /> }.into_any();
    };
    let failed = memo(move || lookup.get().and_then(Result::err));
    live(move || {
        let (label, name) = (label.clone(), name.clone());
        if let Some(why) = failed.get() {
            let help = Some(words::no_choices(&why));
            return view! { <TextField label value kind name help error required /> }.into_any();
        }
        let options = Signal::derive(move || {
            let Some(Ok(items)) = lookup.get() else { return vec![Choice::new("", words::READING_CHOICES)] };
            let items = items.into_iter().map(|item| Choice::new(item.value, item.label));
            std::iter::once(Choice::new("", blank)).chain(items).collect()
        });
        let help = help.clone();
        view! { <SelectField label value options name help error required /> }.into_any()
    })
}
