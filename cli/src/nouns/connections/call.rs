//! Calling operations.

use std::collections::BTreeMap;

use drawbridge_contract::endpoints::RunOperation;
use drawbridge_contract::types::Nothing;
use drawbridge_contract::types::uses::{OperationAnswer, OperationCall, OperationPath};
use serde_json::Value;

use super::{Call, at};
use crate::fault::Fault;
use crate::session::{Session, input};

pub(super) fn run(call: Call, session: &Session) -> Result<(), Fault> {
    let parameters = if call.input { read(&input()?)? } else { typed(call.parameters) };
    let connection = at(session, &call.connection)?.connection;
    let path = OperationPath { connection, operation: call.operation };
    let mut body = OperationCall { parameters, cursor: None, page_size: None };
    loop {
        let answered = session.client.call::<RunOperation>(&path, &Nothing {}, &body)?;
        let answer = answered.value;
        if !answer.done {
            if session.out.json {
                session.out.line(&answered.text)?;
            }
            return Err(refused(&answer));
        }
        if !call.all {
            return if session.out.json { session.out.line(&answered.text) } else { show(&answer, session) };
        }
        for item in entries(&answer) {
            session.out.line(&item.to_string())?;
        }
        match answer.next_cursor {
            // A page that begins where it began would never end.
            Some(next) if body.cursor.as_ref() != Some(&next) => body.cursor = Some(next),
            _ => return Ok(()),
        }
    }
}

fn read(text: &str) -> Result<BTreeMap<String, Value>, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::Usage("Standard input is no JSON object.".to_owned()))
}

fn typed(parameters: Vec<(String, String)>) -> BTreeMap<String, Value> {
    let typed = parameters.into_iter().map(|(name, text)| {
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (name, value)
    });
    typed.collect()
}

/// The entries of a page: of the provider's own list, where there is one.
fn entries(answer: &OperationAnswer) -> Vec<Value> {
    if let Some(Value::Array(items)) = &answer.body {
        return items.clone();
    }
    match &answer.items {
        Some(items) => {
            items.iter().map(|item| serde_json::json!({ "value": item.value, "label": item.label })).collect()
        }
        // No list that is known as one: the page as it is.
        None => answer.body.iter().cloned().collect(),
    }
}

fn show(answer: &OperationAnswer, session: &Session) -> Result<(), Fault> {
    let text = match (&answer.body, &answer.text) {
        (Some(body), _) => serde_json::to_string_pretty(body).unwrap_or_default(),
        (None, Some(text)) => crate::out::plain(text),
        (None, None) => String::new(),
    };
    if !text.is_empty() {
        session.out.line(&text)?;
    }
    let more = if answer.next_cursor.is_some() { " There is more: --all." } else { "" };
    session
        .out
        .note(&format!("The provider answered {} in {} ms.{more}", answer.status, answer.milliseconds));
    Ok(())
}

fn refused(answer: &OperationAnswer) -> Fault {
    let parts = [answer.message.as_deref(), answer.provider_words.as_deref()];
    let words: Vec<&str> = parts.into_iter().flatten().collect();
    Fault::Negative(format!("The provider answered {}. {}", answer.status, words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_json_where_it_reads_as_json() {
        let typed = typed(vec![
            ("limit".to_owned(), "5".to_owned()),
            ("name".to_owned(), "Grace Hopper".to_owned()),
            ("tags".to_owned(), "[\"a\"]".to_owned()),
            ("digits".to_owned(), "\"007\"".to_owned()),
        ]);
        assert_eq!(typed["limit"], 5);
        assert_eq!(typed["name"], "Grace Hopper");
        assert_eq!(typed["tags"][0], "a");
        assert_eq!(typed["digits"], "007");
    }
}
