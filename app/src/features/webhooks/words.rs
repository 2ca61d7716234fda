//! The words of Settings → Webhooks.

use drawbridge_contract::types::webhooks::{WebhookAttempt, WebhookDelivery};
use drawbridge_domain::webhook::{DeliveryState, WebhookOff};

use crate::ui::Tone;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $text;)+
    };
}

words! {
    /// The page.
    WEBHOOKS = "Webhooks";
    /// What the page is for.
    ABOUT = "Addresses that are told when something happens in this tenant.";
    /// Makes one.
    ADD = "Add webhook";
    /// Where there is none.
    FIRST = "No webhooks yet";
    /// What to do there.
    FIRST_TEXT = "Add the address of a program of yours. It is told when a connection turns invalid, works again or is \
                  deleted, and when a user is invited.";
    /// A name.
    NAME = "Name";
    /// What a name is for.
    NAME_HELP = "To tell several apart.";
    /// An address.
    URL = "Address";
    /// Which addresses are possible.
    URL_HELP = "A public https address. Messages are sent to it by POST.";
    /// Events.
    EVENTS = "Events";
    /// Where none is chosen.
    NO_EVENT = "Choose at least one event.";
    /// Whether it is told anything.
    ENABLED = "Enabled";
    /// What switching off does.
    ENABLED_HELP = "While it is disabled nothing is sent; what waits when it is disabled is given up.";
    /// The state of one that is off.
    DISABLED = "Disabled";
    /// The state of one that does not take messages.
    FAILING = "Failing";
    /// The state of one that does.
    ACTIVE = "Enabled";
    /// A state.
    STATE = "State";
    /// Changes it.
    EDIT = "Edit";
    /// The title of the panel that changes one.
    EDIT_TITLE = "Edit webhook";
    /// Saves.
    SAVE = "Save";
    /// Does nothing.
    CANCEL = "Cancel";
    /// Ends.
    DONE = "Done";
    /// Shows what was sent.
    DELIVERIES = "Deliveries";
    /// Where nothing was sent.
    NO_DELIVERIES = "Nothing was sent in the last 30 days";
    /// Sends a test.
    TEST = "Send test";
    /// Makes a new secret.
    ROTATE = "Rotate secret";
    /// What that does.
    ROTATE_TEXT = "A new secret signs from now on. The present one signs too for 24 hours; one that was replaced \
                   before ends at once.";
    /// Deletes it.
    DELETE = "Delete";
    /// What that does.
    DELETE_TEXT = "Nothing is sent to it any more, and its deliveries are forgotten.";
    /// The secret.
    SECRET = "Signing secret";
    /// What it is for.
    SECRET_HELP = "Copy it now: it is shown once. The receiver verifies messages with it, as Standard Webhooks says.";
    /// An answer that was repeated.
    SECRET_LOST = "The secret was shown before. Rotate it to get a new one.";
    /// The title over a new secret.
    SECRET_TITLE = "New signing secret";
    /// A message's body.
    BODY = "Message";
    /// When it is tried again.
    NEXT = "Next attempt after";
    /// Since when nothing arrived.
    SINCE = "Nothing has arrived lately.";
    /// Until when the secret before the present one is good.
    PREVIOUS = "The signing secret before the present one signs too until";
    /// Delivers again.
    REDELIVER = "Deliver again";
    /// Loads more.
    MORE = "Load more";
    /// It was delivered again.
    REDELIVERED = "Sent again.";
}

/// Asks before one is deleted.
pub(super) fn delete_title(name: &str) -> String {
    ["Delete “", name, "”?"].concat()
}

/// Asks before a secret is replaced.
pub(super) fn rotate_title(name: &str) -> String {
    ["Rotate the secret of “", name, "”?"].concat()
}

/// It was saved.
pub(super) fn saved(name: &str) -> String {
    ["“", name, "” is saved."].concat()
}

/// Somebody else changed it meanwhile.
pub(super) fn changed(name: &str) -> String {
    let rest = "”. Save again to replace it with what stands here, or cancel to leave it.";
    ["Somebody else changed the webhook meanwhile. It is now “", name, rest].concat()
}

/// It was deleted.
pub(super) fn deleted(name: &str) -> String {
    ["“", name, "” is deleted."].concat()
}

/// Why one is off.
pub(super) const fn off(why: WebhookOff) -> &'static str {
    match why {
        WebhookOff::SwitchedOff => "Somebody disabled it.",
        WebhookOff::Failing => "It took no message for three days.",
        WebhookOff::Gone => "It answered 410: it is gone.",
    }
}

/// How a delivery stands.
pub(super) const fn state(state: DeliveryState) -> (&'static str, Tone) {
    match state {
        DeliveryState::Pending => ("Waiting", Tone::Info),
        DeliveryState::Delivered => ("Delivered", Tone::Ok),
        DeliveryState::Failed => ("Given up", Tone::Bad),
        DeliveryState::Dropped => ("Not sent: too many were waiting", Tone::Bad),
    }
}

/// How an attempt ended, in a line.
pub(super) fn attempt(attempt: &WebhookAttempt) -> String {
    let end = match (attempt.status, &attempt.fault) {
        (Some(status), _) => ["It answered ", &status.to_string(), "."].concat(),
        (None, Some(fault)) => fault.clone(),
        (None, None) => String::new(),
    };
    ["Attempt ", &attempt.number.to_string(), ": ", &end].concat()
}

/// How a test ended.
pub(super) fn tested(delivery: &WebhookDelivery) -> String {
    let end = delivery.attempts.last().map(attempt).unwrap_or_default();
    ["Test sent. ", &end].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use drawbridge_domain::time::Timestamp;

    #[test]
    fn an_attempt_is_told_by_its_answer_or_its_fault() {
        let mut one = WebhookAttempt {
            number: 2,
            at: Timestamp::from_millis(0),
            milliseconds: 1,
            status: Some(204),
            fault: None,
            answer: String::new(),
        };
        assert_eq!(attempt(&one), "Attempt 2: It answered 204.");
        one.status = None;
        one.fault = Some("No answer within 10 seconds.".to_owned());
        assert_eq!(attempt(&one), "Attempt 2: No answer within 10 seconds.");
    }
}
