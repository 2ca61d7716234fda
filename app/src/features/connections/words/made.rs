//! Words that depend on what they are about.

use drawbridge_contract::types::connections::{
    ConnectedAs, ConnectionCounts, ConnectionState, RefusedSignIn,
};
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::connector::OperationType;
use drawbridge_domain::oauth::CallbackRefusal;

use crate::client::{ApiError, words as client_words};

use super::fixed::{
    AS_BEFORE, CONNECTED, CONNECTED_AS, DEVELOPMENT, NOT_FINISHED, OPENING, PROVED_NOW, PROVIDER_SAID,
    UNCHANGED,
};

/// What kind of operation it is.
pub(crate) fn operation(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Action => "Action",
        OperationType::Lookup => "Lookup",
        OperationType::Event => "Event",
    }
}

/// The counts above the list; statuses that no connection has are left out, except the first three.
pub(crate) fn counts(counts: ConnectionCounts) -> Vec<(Status, String)> {
    [
        (Status::Active, counts.active, true),
        (Status::Degraded, counts.degraded, true),
        (Status::Invalid, counts.invalid, true),
        (Status::Pending, counts.pending, false),
        (Status::Disabled, counts.disabled, false),
    ]
    .into_iter()
    .filter(|(_, count, always)| *always || *count > 0)
    .map(|(which, count, _)| {
        (which, [&crate::ui::number(u64::from(count)), " ", &which.name().to_ascii_lowercase()].concat())
    })
    .collect()
}

/// What the foot of the list says.
pub(crate) fn shown(rows: usize, total: Option<u64>, more: bool) -> String {
    let rows = u64::try_from(rows).unwrap_or_default();
    let noun = |count| if count == 1 { " connection" } else { " connections" };
    let number = crate::ui::number;
    match total {
        Some(total) if more => [&number(rows), " of ", &number(total), noun(total)].concat(),
        None if more => ["The first ", &number(rows), noun(rows)].concat(),
        _ => [&number(rows), noun(rows)].concat(),
    }
}

/// The question before a pending connection is discarded.
pub(crate) fn discard_title(name: &str) -> String {
    ["Discard connection “", name, "”?"].concat()
}

/// Said once a pending connection is gone.
pub(crate) fn discarded(name: &str) -> String {
    ["“", name, "” was discarded"].concat()
}

/// Said after a test that went well.
pub(crate) fn works(name: &str) -> String {
    ["“", name, "” works. ", PROVED_NOW, "."].concat()
}

/// Said after a test that did not.
pub(crate) fn works_not(name: &str, state: &ConnectionState) -> String {
    ["“", name, "” is ", &state.status.name().to_ascii_lowercase(), ". ", &why(state)].concat()
}

/// Why a connection has its state, in the product's words and then the provider's.
pub(crate) fn why(state: &ConnectionState) -> String {
    match &state.provider_words {
        Some(words) => [state.reason.words(), " It said: ", words].concat(),
        None => state.reason.words().to_owned(),
    }
}

/// Whether signing in at the provider again is what mends it.
pub(crate) fn is_mended_by_sign_in(reason: Reason) -> bool {
    use Reason as R;
    matches!(
        reason,
        R::AwaitingSignIn
            | R::DeniedByUser
            | R::SignInRefused
            | R::GrantRevoked
            | R::Expired
            | R::ConsentNeeded
            | R::WrongIdentity
    )
}

/// Why and what to do.
pub(crate) fn why_and_remedy(state: &ConnectionState) -> String {
    let said = state.provider_words.as_ref().map(|words| [PROVIDER_SAID, ": ", words, ". "].concat());
    [said.as_deref().unwrap_or_default(), state.reason.remedy()].concat().replace(".. ", ". ")
}

/// A person at the provider: name and email, whichever are known.
pub(crate) fn person(who: &ConnectedAs) -> String {
    match (&who.name, &who.email) {
        (Some(name), Some(email)) if name != email => [name, " (", email, ")"].concat(),
        (Some(name), _) => name.clone(),
        (None, Some(email)) => email.clone(),
        (None, None) => who.id.clone(),
    }
}

/// Said of a connection that was just made.
pub(crate) fn connected_as(who: Option<&ConnectedAs>) -> String {
    who.map_or_else(|| CONNECTED.to_owned(), |who| [CONNECTED_AS, " ", &person(who)].concat())
}

/// The same with the connection's name, for a toast.
pub(crate) fn made(name: &str, who: Option<&ConnectedAs>) -> String {
    ["“", name, "”: ", &connected_as(who)].concat()
}

/// The second step's line under the title.
pub(crate) fn step_make(connector: &str) -> String {
    ["Step 2 of 2: ", connector].concat()
}

/// What a connector's card says under its name.
pub(crate) fn card_text(connector: &ConnectorSummary) -> String {
    if connector.sandbox {
        [DEVELOPMENT, " ", &connector.description].concat()
    } else {
        connector.description.clone()
    }
}

/// Said while the person is at the provider.
pub(crate) fn waiting(connector: &str) -> String {
    ["Waiting for the sign-in at ", connector].concat()
}

/// What stands in the new window until the provider's page comes.
pub(crate) fn opening(connector: &str) -> String {
    [OPENING, " at ", connector, "…"].concat()
}

/// The button that goes to the provider.
pub(crate) fn sign_in_at(connector: &str) -> String {
    ["Sign in at ", connector].concat()
}

/// Said where no OAuth client is registered.
pub(crate) fn no_client(connector: &str) -> String {
    ["No OAuth client for ", connector, " is registered yet"].concat()
}

/// What a refused callback means, by the code in the URL.
pub(crate) fn refused(code: &str) -> &'static str {
    use CallbackRefusal as R;
    [R::Used, R::Expired, R::OtherBrowser, R::WrongIssuer, R::Malformed]
        .into_iter()
        .find(|refusal| refusal.code() == code)
        .unwrap_or(R::Unknown)
        .words()
}

/// Why a new sign-in was refused for a connection that stays as it was.
pub(crate) fn refusal(reason: Reason) -> (String, String) {
    (reason.words().to_owned(), [reason.remedy(), " ", AS_BEFORE].concat())
}

/// Why the last sign-in was refused, and what to do; the connection is as it was.
pub(crate) fn refused_sign_in(why: &RefusedSignIn) -> (String, String) {
    let said = match (&why.words, why.reason) {
        // Our own words: who it was, and who it should have been.
        (Some(words), Reason::WrongIdentity) => [words, " "].concat(),
        (Some(words), _) => [PROVIDER_SAID, ": ", words, ". "].concat().replace(".. ", ". "),
        (None, _) => String::new(),
    };
    (why.reason.words().to_owned(), [&said, why.reason.remedy(), " ", AS_BEFORE].concat())
}

/// What went wrong, and what to do. `silent`: the connection's state is that from before and does not tell why a new
/// sign-in failed.
pub(crate) fn failure(state: &ConnectionState, silent: bool) -> (String, String) {
    if silent || matches!(state.reason, Reason::Proved | Reason::AwaitingSignIn) {
        let text = if state.status == Status::Pending { state.reason.remedy() } else { UNCHANGED };
        (NOT_FINISHED.to_owned(), text.to_owned())
    } else {
        (state.reason.words().to_owned(), why_and_remedy(state))
    }
}

/// An error of a call as one line.
pub(crate) fn error(error: &ApiError) -> String {
    client_words::line(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use drawbridge_domain::time::Timestamp;

    #[test]
    fn a_person_is_named_by_what_is_known() {
        let who = |name: Option<&str>, email: Option<&str>| ConnectedAs {
            id: "u1".into(),
            name: name.map(str::to_owned),
            email: email.map(str::to_owned),
        };
        assert_eq!(person(&who(Some("Ada"), Some("a@x"))), "Ada (a@x)");
        assert_eq!(person(&who(Some("a@x"), Some("a@x"))), "a@x");
        assert_eq!(person(&who(None, Some("a@x"))), "a@x");
        assert_eq!(person(&who(None, None)), "u1");
        assert_eq!(connected_as(None), "Connected");
    }

    #[test]
    fn refusals_have_words_whatever_the_url_says() {
        assert_eq!(refused("flow_expired"), CallbackRefusal::Expired.words());
        assert_eq!(refused("<b>"), CallbackRefusal::Unknown.words());
    }

    #[test]
    fn a_failure_is_told_with_the_providers_words() {
        let state = |status, reason, words: Option<&str>| ConnectionState {
            status,
            reason,
            provider_words: words.map(str::to_owned),
            since: Timestamp::from_millis(0),
        };
        let denied = failure(&state(Status::Pending, Reason::DeniedByUser, Some("The user said no.")), false);
        assert_eq!(denied.0, "Access was denied at the provider.");
        assert_eq!(denied.1, "The provider said: The user said no. Sign in again and allow the access.");
        assert_eq!(failure(&state(Status::Active, Reason::Proved, None), true).1, UNCHANGED);
    }
}
