//! Words that are always the same.

pub(crate) const CONNECTIONS: &str = "Connections";
pub(crate) const CONNECTION: &str = "Connection";
pub(crate) const ABOUT: &str = "Credentials and settings for one service each. Make a connection once, share it, and use it wherever it is needed.";
pub(crate) const ADD: &str = "Add connection";
pub(crate) const FIRST_TITLE: &str = "No connections yet";
pub(crate) const FIRST_TEXT: &str = "A connection holds the credentials for one service, such as Salesforce or Box. \
     Drawbridge keeps them encrypted, checks that they work, and shows here when one needs attention.";
pub(crate) const FILTERED_TITLE: &str = "No connection matches";
pub(crate) const FILTERED_TEXT: &str = "Nothing here has that name and those properties.";
pub(crate) const CLEAR_FILTERS: &str = "Clear filters";
pub(crate) const RELOAD_FAILED: &str = "The list could not be brought up to date";
pub(crate) const MORE_FAILED: &str = "More connections could not be loaded";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const BY_STATUS: &str = "Connections by status";
pub(crate) const SEARCH: &str = "Search connections";

pub(crate) const COLUMN_NAME: &str = "Connection name";
pub(crate) const COLUMN_STATUS: &str = "Status";
pub(crate) const COLUMN_OWNER: &str = "Owner";
pub(crate) const COLUMN_CREATED: &str = "Created";
pub(crate) const COLUMN_VERIFIED: &str = "Last verified";
pub(crate) const COLUMN_CONNECTOR: &str = "Connector";
pub(crate) const ALL: &str = "All";
pub(crate) const ANYONE: &str = "Anyone";
pub(crate) const ME: &str = "Me";
pub(crate) const NEVER: &str = "Never";

pub(crate) const OPEN: &str = "Open";
pub(crate) const TEST: &str = "Test";
pub(crate) const TESTING: &str = "Testing";
pub(crate) const FINISH_SIGN_IN: &str = "Finish signing in";
pub(crate) const DISCARD: &str = "Discard";
pub(crate) const DISCARD_TEXT: &str =
    "The connection was never finished and nothing uses it. What was entered for it is deleted.";
pub(crate) const TEST_FAILED: &str = "The test could not be run";
pub(crate) const PROVED_NOW: &str = "Proved just now";

pub(crate) const STEP_CHOOSE: &str = "Step 1 of 2: choose a connector";
pub(crate) const CHOOSE: &str = "Connector";
pub(crate) const SEARCH_CONNECTORS: &str = "Search connectors";
/// The filter among connectors.
pub(crate) const CATEGORY: &str = "Category";
pub(crate) const CHOOSE_FIRST: &str = "Choose a connector first.";
pub(crate) const NO_CONNECTOR: &str = "No connector matches";
pub(crate) const NO_CONNECTOR_TEXT: &str =
    "For a service that is not in this list, choose the connector for any HTTP service.";
pub(crate) const CONNECTORS_FAILED: &str = "The connectors could not be loaded";
pub(crate) const CONNECTOR_GONE: &str = "There is no such connector";
pub(crate) const CONNECTOR_GONE_TEXT: &str = "The address names one that Drawbridge does not have.";
pub(crate) const STEP_MAKE: &str = "Step 2 of 2";
pub(crate) const CHOOSE_OTHER: &str = "Choose another connector";
pub(crate) const NEXT: &str = "Next";
pub(crate) const BACK: &str = "Back";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const DONE: &str = "Done";
pub(crate) const CONNECT: &str = "Connect";
pub(crate) const NAME: &str = "Connection name";
pub(crate) const NAME_HELP: &str =
    "People choose the connection by this name. Say what it reaches, such as Salesforce EU.";
pub(crate) const WAY: &str = "How to sign in";
pub(crate) const CHOOSE_ONE: &str = "Choose…";
pub(crate) const DOCUMENTS: &str = "Provider’s documents";
pub(crate) const DEVELOPMENT: &str = "For development only.";
pub(crate) const WHICH_ACCOUNT: &str = "The account signed in at the provider is the one that gets connected";
pub(crate) const WHICH_ACCOUNT_TEXT: &str = "If this browser remembers a sign-in there, that account is used, sandbox or \
     production. Check it in the sign-in window; “Connected as” shows it afterwards.";

pub(crate) const CLIENT: &str = "OAuth client";
pub(crate) const CLIENT_HELP: &str = "What your organisation registered at the provider.";
pub(crate) const CLIENT_MISSING: &str = "Choose or register an OAuth client.";
pub(crate) const NO_CLIENT_ASK: &str = "Ask a user with the role Developer, or an administrator, to register one. \
     They find the form for it here, in the same place.";
pub(crate) const NO_CLIENT_REGISTER: &str = "The provider asks for one to know your organisation. Register it there, then enter here what you were given.";
pub(crate) const REGISTER_ANOTHER: &str = "Register another";
pub(crate) const REGISTER: &str = "Register";
pub(crate) const REGISTER_TITLE: &str = "Register an OAuth client";
pub(crate) const REGISTER_WHERE: &str = "Open the provider’s registration page";
pub(crate) const REDIRECT: &str = "Redirect URL";
pub(crate) const REDIRECT_HELP: &str = "Enter this at the provider exactly as it stands.";
pub(crate) const CLIENT_NAME: &str = "Name";
pub(crate) const CLIENT_NAME_HELP: &str = "Tells several clients apart.";
pub(crate) const CLIENT_ID: &str = "Client ID";
pub(crate) const CLIENT_SECRET: &str = "Client secret";

pub(crate) const OPENING: &str = "Opening the sign-in";
pub(crate) const WAITING_TEXT: &str =
    "Sign in and allow the access in the other window. This page notices by itself.";
pub(crate) const OPEN_AGAIN: &str = "Open the sign-in again";
pub(crate) const OPEN_AGAIN_TEXT: &str =
    "If the window was closed or is nowhere to be seen, open the sign-in again with the button below.";
pub(crate) const NOT_FINISHED: &str = "The sign-in was not finished";
pub(crate) const AS_BEFORE: &str = "The connection is as it was before.";
pub(crate) const UNCHANGED: &str = "The sign-in window says why. The connection is as it was before.";
pub(crate) const SWEPT: &str = "This connection is gone";
pub(crate) const SWEPT_TEXT: &str = "One that is not finished is kept for 30 minutes. Start again.";
pub(crate) const CONNECTED: &str = "Connected";
pub(crate) const CONNECTED_TEXT: &str = "Proved just now. Check that this is the account you meant.";
pub(crate) const SIGN_IN_TITLE: &str = "Sign in at the provider";
pub(crate) const NO_SIGN_IN: &str = "This connection has no sign-in at the provider";
pub(crate) const NO_SIGN_IN_TEXT: &str = "It works with credentials that were entered when it was made.";

pub(crate) const STATUS: &str = "Status";
pub(crate) const SINCE: &str = "Since";
pub(crate) const REASON: &str = "Reason";
pub(crate) const REMEDY: &str = "What to do";
pub(crate) const PROVIDER_SAID: &str = "The provider said";
pub(crate) const CONNECTED_AS: &str = "Connected as";
pub(crate) const NOBODY: &str = "The provider does not say.";
pub(crate) const VERIFIED_BY: &str = "By the call";
pub(crate) const KEPT_UNTIL: &str = "Kept until";
pub(crate) const SCOPES: &str = "Granted scopes";
pub(crate) const NO_SCOPES: &str = "None named by the provider.";
pub(crate) const EXPIRES: &str = "Access token ends";
pub(crate) const REFRESHES: &str = "Next refresh";
pub(crate) const NO_REFRESH: &str = "This sign-in gives no way to refresh.";
pub(crate) const SIGN_IN: &str = "Sign-in";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const SETTINGS_OWNERS: &str =
    "Only owners of this connection see its settings. Ask an owner or an administrator.";
pub(crate) const NO_SETTINGS: &str = "This connection has no settings of its own.";
pub(crate) const SET: &str = "Set";
pub(crate) const NOT_SET: &str = "Not set";
pub(crate) const CREATED_BY: &str = "Created by";
pub(crate) const OPERATIONS: &str = "Operations";
pub(crate) const OPERATIONS_TEXT: &str = "What workflows and scripts can do through this connection.";
pub(crate) const NO_OPERATIONS: &str = "This connector has no operations of its own yet.";
pub(crate) const COLUMN_OPERATION: &str = "Operation";
pub(crate) const COLUMN_TYPE: &str = "Type";
pub(crate) const COLUMN_DOES: &str = "What it does";
pub(crate) const COLUMN_BY: &str = "By";
pub(crate) const COLUMN_WHEN: &str = "When";
pub(crate) const PAGE_STALE: &str = "This may be out of date";
pub(crate) const HISTORY: &str = "History";
pub(crate) const NO_HISTORY: &str = "Nothing has happened yet.";
pub(crate) const SYSTEM: &str = "Drawbridge";
pub(crate) const MISSING: &str = "There is no such connection";
pub(crate) const MISSING_TEXT: &str = "It may have been discarded or deleted, or it is not shared with you. An administrator can see every connection.";
pub(crate) const ALL_CONNECTIONS: &str = "All connections";
