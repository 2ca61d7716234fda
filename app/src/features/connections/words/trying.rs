//! The words of Try it.

use drawbridge_contract::types::connectors::{ConnectorOperation, ConnectorParameter};
use drawbridge_contract::types::uses::OperationAnswer;
use drawbridge_domain::connector::ParameterType;

pub(crate) const TRY_IT: &str = "Try it";
pub(crate) const TRYING: &str = "Try an operation";
pub(crate) const OPERATION: &str = "Operation";
pub(crate) const RUN: &str = "Run";
pub(crate) const RUN_FOR_REAL: &str = "This is done for real, with the account that is connected.";
pub(crate) const CURL: &str = "Copy as curl";
pub(crate) const NOTHING_TO_FILL_IN: &str = "This operation takes no values.";
pub(crate) const NOT_JSON: &str = "This is not JSON.";
pub(crate) const NOT_A_NUMBER: &str = "Give a number.";
pub(crate) const ANY: &str = "Leave out";
pub(crate) const YES: &str = "Yes";
pub(crate) const NO: &str = "No";
pub(crate) const READING_CHOICES: &str = "Reading the choices…";
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const DID_IT: &str = "The provider did it";
pub(crate) const DID_NOT: &str = "The provider did not do it";
pub(crate) const NO_ANSWER: &str = "There is no answer";
pub(crate) const ANSWER_STATUS: &str = "Status";
pub(crate) const TOOK: &str = "Took";
pub(crate) const TRIES: &str = "Tries";
pub(crate) const CALLS_LEFT: &str = "Calls left at the provider";
pub(crate) const REQUEST_ID: &str = "Provider’s request id";
pub(crate) const BODY: &str = "Body";
pub(crate) const NO_BODY: &str = "The answer has no body.";
pub(crate) const AS_TREE: &str = "Tree";
pub(crate) const AS_TEXT: &str = "Text";
pub(crate) const NEXT_PAGE: &str = "Next page";
pub(crate) const MORE_ENTRIES: &str = "more; see the text";
pub(crate) const LAST_USED: &str = "Last used";
pub(crate) const NEVER_USED: &str = "Never";
pub(crate) const CALLS: &str = "Calls";
pub(crate) const FAILURES: &str = "Failed";

/// The name of the button beside an operation.
pub(crate) fn try_operation(operation: &ConnectorOperation) -> String {
    [TRY_IT, ": ", &operation.name].concat()
}

/// A field's help, with how several values are written.
pub(crate) fn parameter_help(parameter: &ConnectorParameter, choices: &[String]) -> Option<String> {
    let how = match parameter.r#type {
        ParameterType::Strings => "One on each line.",
        ParameterType::Json => "As JSON.",
        _ => "",
    };
    let offered =
        if choices.is_empty() { String::new() } else { ["Known: ", &choices.join(", "), "."].concat() };
    let parts = [parameter.help.as_deref().unwrap_or_default(), how, &offered];
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// Why a field has no choices.
pub(crate) fn no_choices(why: &str) -> String {
    ["The choices could not be read: ", why, " Type the value instead."].concat()
}

/// How long it took.
pub(crate) fn milliseconds(answer: &OperationAnswer) -> String {
    [&crate::ui::number(u64::from(answer.milliseconds)), " ms"].concat()
}

/// What happened, and what the provider said.
pub(crate) fn what_happened(answer: &OperationAnswer) -> Option<String> {
    let said = answer.provider_words.as_ref().map(|words| ["The provider said: “", words, "”"].concat());
    let parts = [answer.message.clone(), said];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
