//! What the pages of connections say.

use drawbridge_contract::types::connections::{ConnectedAs, ConnectionCounts, ConnectionState};
use drawbridge_contract::types::connectors::ConnectorSummary;
use drawbridge_domain::connection::{Reason, Status};
use drawbridge_domain::connector::OperationType;
use drawbridge_domain::oauth::CallbackRefusal;

use crate::client::{ApiError, words as client_words};

pub(super) const CONNECTIONS: &str = "Connections";
pub(super) const CONNECTION: &str = "Connection";
pub(super) const ABOUT: &str =
    "Credentials and settings for one service each. Make a connection once, share it, and use it wherever it is needed.";
pub(super) const ADD: &str = "Add connection";
pub(super) const FIRST_TITLE: &str = "No connections yet";
pub(super) const FIRST_TEXT: &str = "A connection holds the credentials for one service, such as Salesforce or Box. \
     Drawbridge keeps them encrypted, checks that they work, and shows here when one needs attention.";
pub(super) const FILTERED_TITLE: &str = "No connection matches";
pub(super) const FILTERED_TEXT: &str = "Nothing here has that name and those properties.";
pub(super) const CLEAR_FILTERS: &str = "Clear filters";
pub(super) const RELOAD_FAILED: &str = "The list could not be brought up to date";
pub(super) const MORE_FAILED: &str = "More connections could not be loaded";
pub(super) const TRY_AGAIN: &str = "Try again";
pub(super) const BY_STATUS: &str = "Connections by status";
pub(super) const SEARCH: &str = "Search connections";

pub(super) const COLUMN_NAME: &str = "Connection name";
pub(super) const COLUMN_STATUS: &str = "Status";
pub(super) const COLUMN_OWNER: &str = "Owner";
pub(super) const COLUMN_CREATED: &str = "Created";
pub(super) const COLUMN_VERIFIED: &str = "Last verified";
pub(super) const COLUMN_CONNECTOR: &str = "Connector";
pub(super) const ALL: &str = "All";
pub(super) const ANYONE: &str = "Anyone";
pub(super) const ME: &str = "Me";
pub(super) const NEVER: &str = "Never";

pub(super) const OPEN: &str = "Open";
pub(super) const TEST: &str = "Test";
pub(super) const TESTING: &str = "Testing";
pub(super) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(super) const FINISH_SIGN_IN: &str = "Finish signing in";
pub(super) const DISCARD: &str = "Discard";
pub(super) const DISCARD_TEXT: &str =
    "The connection was never finished and nothing uses it. What was entered for it is deleted.";
pub(super) const TEST_FAILED: &str = "The test could not be run";
pub(super) const PROVED_NOW: &str = "Proved just now";

pub(super) const STEP_CHOOSE: &str = "Step 1 of 2: choose a connector";
pub(super) const CHOOSE: &str = "Connector";
pub(super) const SEARCH_CONNECTORS: &str = "Search connectors";
pub(super) const CHOOSE_FIRST: &str = "Choose a connector first.";
pub(super) const NO_CONNECTOR: &str = "No connector matches";
pub(super) const NO_CONNECTOR_TEXT: &str =
    "For a service that is not in this list, choose the connector for any HTTP service.";
pub(super) const CONNECTORS_FAILED: &str = "The connectors could not be loaded";
pub(super) const CONNECTOR_GONE: &str = "There is no such connector";
pub(super) const CONNECTOR_GONE_TEXT: &str = "The address names one that Drawbridge does not have.";
pub(super) const STEP_MAKE: &str = "Step 2 of 2";
pub(super) const CHOOSE_OTHER: &str = "Choose another connector";
pub(super) const NEXT: &str = "Next";
pub(super) const BACK: &str = "Back";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const DONE: &str = "Done";
pub(super) const CONNECT: &str = "Connect";
pub(super) const NAME: &str = "Connection name";
pub(super) const NAME_HELP: &str = "People choose the connection by this name. Say what it reaches, such as Salesforce EU.";
pub(super) const WAY: &str = "How to sign in";
pub(super) const CHOOSE_ONE: &str = "Choose…";
pub(super) const DOCUMENTS: &str = "Provider’s documents";
pub(super) const DEVELOPMENT: &str = "For development only.";
pub(super) const WHICH_ACCOUNT: &str = "The account signed in at the provider is the one that gets connected";
pub(super) const WHICH_ACCOUNT_TEXT: &str = "If this browser remembers a sign-in there, that account is used, sandbox or \
     production. Check it in the sign-in window; “Connected as” shows it afterwards.";

pub(super) const CLIENT: &str = "OAuth client";
pub(super) const CLIENT_HELP: &str = "What your organisation registered at the provider.";
pub(super) const CLIENT_MISSING: &str = "Choose or register an OAuth client.";
pub(super) const NO_CLIENT_ASK: &str = "Ask a user with the role Developer, or an administrator, to register one. \
     They find the form for it here, in the same place.";
pub(super) const NO_CLIENT_REGISTER: &str =
    "The provider asks for one to know your organisation. Register it there, then enter here what you were given.";
pub(super) const REGISTER_ANOTHER: &str = "Register another";
pub(super) const REGISTER: &str = "Register";
pub(super) const REGISTER_TITLE: &str = "Register an OAuth client";
pub(super) const REGISTER_WHERE: &str = "Open the provider’s registration page";
pub(super) const REDIRECT: &str = "Redirect URL";
pub(super) const REDIRECT_HELP: &str = "Enter this at the provider exactly as it stands.";
pub(super) const CLIENT_NAME: &str = "Name";
pub(super) const CLIENT_NAME_HELP: &str = "Tells several clients apart.";
pub(super) const CLIENT_ID: &str = "Client ID";
pub(super) const CLIENT_SECRET: &str = "Client secret";

pub(super) const OPENING: &str = "Opening the sign-in";
pub(super) const WAITING_TEXT: &str = "Sign in and allow the access in the other window. This page notices by itself.";
pub(super) const OPEN_AGAIN: &str = "Open the sign-in again";
pub(super) const OPEN_AGAIN_TEXT: &str =
    "If the window was closed or is nowhere to be seen, open the sign-in again with the button below.";
pub(super) const NOT_FINISHED: &str = "The sign-in was not finished";
pub(super) const UNCHANGED: &str = "The sign-in window says why. The connection is as it was before.";
pub(super) const SWEPT: &str = "This connection is gone";
pub(super) const SWEPT_TEXT: &str = "One that is not finished is kept for 30 minutes. Start again.";
pub(super) const CONNECTED: &str = "Connected";
pub(super) const CONNECTED_TEXT: &str = "Proved just now. Check that this is the account you meant.";
pub(super) const SIGN_IN_TITLE: &str = "Sign in at the provider";
pub(super) const NO_SIGN_IN: &str = "This connection has no sign-in at the provider";
pub(super) const NO_SIGN_IN_TEXT: &str = "It works with credentials that were entered when it was made.";

pub(super) const STATUS: &str = "Status";
pub(super) const SINCE: &str = "Since";
pub(super) const REASON: &str = "Reason";
pub(super) const REMEDY: &str = "What to do";
pub(super) const PROVIDER_SAID: &str = "The provider said";
pub(super) const CONNECTED_AS: &str = "Connected as";
pub(super) const NOBODY: &str = "The provider does not say.";
pub(super) const VERIFIED_BY: &str = "By the call";
pub(super) const KEPT_UNTIL: &str = "Kept until";
pub(super) const SCOPES: &str = "Granted scopes";
pub(super) const NO_SCOPES: &str = "None named by the provider.";
pub(super) const EXPIRES: &str = "Access token ends";
pub(super) const REFRESHES: &str = "Next refresh";
pub(super) const NO_REFRESH: &str = "This sign-in gives no way to refresh.";
pub(super) const SIGN_IN: &str = "Sign-in";
pub(super) const SETTINGS: &str = "Settings";
pub(super) const SETTINGS_OWNERS: &str = "Only owners of this connection see its settings. Ask an owner or an administrator.";
pub(super) const NO_SETTINGS: &str = "This connection has no settings of its own.";
pub(super) const SET: &str = "Set";
pub(super) const NOT_SET: &str = "Not set";
pub(super) const CREATED_BY: &str = "Created by";
pub(super) const OPERATIONS: &str = "Operations";
pub(super) const OPERATIONS_TEXT: &str = "What workflows and scripts can do through this connection.";
pub(super) const NO_OPERATIONS: &str = "This connector has no operations of its own yet.";
pub(super) const COLUMN_OPERATION: &str = "Operation";
pub(super) const COLUMN_TYPE: &str = "Type";
pub(super) const COLUMN_DOES: &str = "What it does";
pub(super) const COLUMN_BY: &str = "By";
pub(super) const COLUMN_WHEN: &str = "When";
pub(super) const PAGE_STALE: &str = "This may be out of date";
pub(super) const HISTORY: &str = "History";
pub(super) const NO_HISTORY: &str = "Nothing has happened yet.";
pub(super) const SYSTEM: &str = "Drawbridge";
pub(super) const MISSING: &str = "There is no such connection";
pub(super) const MISSING_TEXT: &str =
    "It may have been discarded or deleted, or it is not shared with you. An administrator can see every connection.";
pub(super) const ALL_CONNECTIONS: &str = "All connections";

/// A status as a word.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Pending => "Pending",
        Status::Active => "Active",
        Status::Degraded => "Degraded",
        Status::Invalid => "Invalid",
        Status::Disabled => "Disabled",
    }
}

/// What kind of operation it is.
pub(super) fn operation(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Action => "Action",
        OperationType::Lookup => "Lookup",
        OperationType::Event => "Event",
    }
}

/// The counts above the list; statuses that no connection has are left out, except the first three.
pub(super) fn counts(counts: ConnectionCounts) -> Vec<(Status, String)> {
    [
        (Status::Active, counts.active, true),
        (Status::Degraded, counts.degraded, true),
        (Status::Invalid, counts.invalid, true),
        (Status::Pending, counts.pending, false),
        (Status::Disabled, counts.disabled, false),
    ]
    .into_iter()
    .filter(|(_, count, always)| *always || *count > 0)
    .map(|(which, count, _)| (which, [&crate::ui::number(u64::from(count)), " ", &status(which).to_lowercase()].concat()))
    .collect()
}

/// What the foot of the list says.
pub(super) fn shown(rows: usize, total: Option<u64>, more: bool) -> String {
    let rows = u64::try_from(rows).unwrap_or_default();
    let noun = |count| if count == 1 { " connection" } else { " connections" };
    let number = crate::ui::number;
    match total {
        Some(total) if more => [&number(rows), " of ", &number(total), noun(total)].concat(),
        None if more => ["The first ", &number(rows), noun(rows)].concat(),
        _ => [&number(rows), noun(rows)].concat(),
    }
}

/// The name of a row's menu.
pub(super) fn actions_for(name: &str) -> String {
    ["Actions for “", name, "”"].concat()
}

/// The question before a pending connection is discarded.
pub(super) fn discard_title(name: &str) -> String {
    ["Discard connection “", name, "”?"].concat()
}

/// Said once a pending connection is gone.
pub(super) fn discarded(name: &str) -> String {
    ["“", name, "” was discarded"].concat()
}

/// Said after a test that went well.
pub(super) fn works(name: &str) -> String {
    ["“", name, "” works. ", PROVED_NOW, "."].concat()
}

/// Said after a test that did not.
pub(super) fn works_not(name: &str, state: &ConnectionState) -> String {
    ["“", name, "” is ", &status(state.status).to_lowercase(), ". ", &why(state)].concat()
}

/// Why a connection has its state, in the product's words and then the provider's.
pub(super) fn why(state: &ConnectionState) -> String {
    match &state.provider_words {
        Some(words) => [state.reason.words(), " It said: ", words].concat(),
        None => state.reason.words().to_owned(),
    }
}

/// Whether signing in at the provider again is what mends it.
pub(super) fn is_mended_by_sign_in(reason: Reason) -> bool {
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
pub(super) fn why_and_remedy(state: &ConnectionState) -> String {
    let said = state.provider_words.as_ref().map(|words| [PROVIDER_SAID, ": ", words, ". "].concat());
    [said.as_deref().unwrap_or_default(), state.reason.remedy()].concat().replace(".. ", ". ")
}

/// A person at the provider: name and email, whichever are known.
pub(super) fn person(who: &ConnectedAs) -> String {
    match (&who.name, &who.email) {
        (Some(name), Some(email)) if name != email => [name, " (", email, ")"].concat(),
        (Some(name), _) => name.clone(),
        (None, Some(email)) => email.clone(),
        (None, None) => who.id.clone(),
    }
}

/// Said of a connection that was just made.
pub(super) fn connected_as(who: Option<&ConnectedAs>) -> String {
    who.map_or_else(|| CONNECTED.to_owned(), |who| [CONNECTED_AS, " ", &person(who)].concat())
}

/// The same with the connection's name, for a toast.
pub(super) fn made(name: &str, who: Option<&ConnectedAs>) -> String {
    ["“", name, "”: ", &connected_as(who)].concat()
}

/// The second step's line under the title.
pub(super) fn step_make(connector: &str) -> String {
    ["Step 2 of 2: ", connector].concat()
}

/// What a connector's card says under its name.
pub(super) fn card_text(connector: &ConnectorSummary) -> String {
    if connector.sandbox {
        [DEVELOPMENT, " ", &connector.description].concat()
    } else {
        connector.description.clone()
    }
}

/// Said while the person is at the provider.
pub(super) fn waiting(connector: &str) -> String {
    ["Waiting for the sign-in at ", connector].concat()
}

/// What stands in the new window until the provider's page comes.
pub(super) fn opening(connector: &str) -> String {
    [OPENING, " at ", connector, "…"].concat()
}

/// The button that goes to the provider.
pub(super) fn sign_in_at(connector: &str) -> String {
    ["Sign in at ", connector].concat()
}

/// Said where no OAuth client is registered.
pub(super) fn no_client(connector: &str) -> String {
    ["No OAuth client for ", connector, " is registered yet"].concat()
}

/// What a refused callback means, by the code in the URL.
pub(super) fn refused(code: &str) -> &'static str {
    use CallbackRefusal as R;
    [R::Used, R::Expired, R::OtherBrowser, R::WrongIssuer, R::Malformed]
        .into_iter()
        .find(|refusal| refusal.code() == code)
        .unwrap_or(R::Unknown)
        .words()
}

/// What went wrong, and what to do. `unchanged`: the connection's state is that from before, so that it does not
/// tell why a new sign-in failed.
pub(super) fn failure(state: &ConnectionState, unchanged: bool) -> (String, String) {
    let silent = unchanged && state.status != Status::Pending;
    if silent || matches!(state.reason, Reason::Proved | Reason::AwaitingSignIn) {
        let text = if state.status == Status::Pending { state.reason.remedy() } else { UNCHANGED };
        (NOT_FINISHED.to_owned(), text.to_owned())
    } else {
        (state.reason.words().to_owned(), why_and_remedy(state))
    }
}

/// An error of a call as one line.
pub(super) fn error(error: &ApiError) -> String {
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
        let denied = failure(&state(Status::Pending, Reason::DeniedByUser, Some("The user said no.")), true);
        assert_eq!(denied.0, "Access was denied at the provider.");
        assert_eq!(denied.1, "The provider said: The user said no. Sign in again and allow the access.");
        assert_eq!(failure(&state(Status::Active, Reason::Proved, None), true).1, UNCHANGED);
    }
}
