//! Words of the pages of connectors.

use crate::ui::number;

/// The list.
pub(super) const CONNECTORS: &str = "Connectors";
/// What the list shows.
pub(super) const ABOUT: &str = "The services that can be connected, and what can be done with each.";
/// One of them.
pub(super) const CONNECTOR: &str = "Connector";
/// Leads back to the list.
pub(super) const ALL_CONNECTORS: &str = "All connectors";
/// The search of the list.
pub(super) const SEARCH: &str = "Search connectors";
/// Where a connector is sorted.
pub(super) const CATEGORY: &str = "Category";
/// No filter.
pub(super) const ALL: &str = "All";
/// Takes search and filter away.
pub(super) const CLEAR: &str = "Clear filters";
/// The ways to authenticate.
pub(super) const WAYS: &str = "Ways to sign in";
/// What a connector can do.
pub(super) const OPERATIONS: &str = "Operations";
/// Said when the filters leave nothing.
pub(super) const NOTHING_FOUND: &str = "No connector found";
/// What to do then.
pub(super) const NOTHING_FOUND_TEXT: &str =
    "Search for another name, or connect any service that has an HTTP interface with the connector HTTP.";
/// Said where there is no such connector.
pub(super) const MISSING: &str = "There is no such connector";
/// What to do then.
pub(super) const MISSING_TEXT: &str =
    "The address may be mistyped, or the connector may not be part of this deployment.";
/// Marks what is there for trying out.
pub(super) const DEVELOPMENT: &str = "For development";
/// Begins a connection.
pub(super) const ADD_CONNECTION: &str = "Add connection";
/// What every way asks for.
pub(super) const ALWAYS_ASKED: &str = "Always asked for";
/// A person signs in at the provider.
pub(super) const INTERACTIVE: &str = "A person signs in";
/// An OAuth client must be registered.
pub(super) const NEEDS_CLIENT: &str = "Needs an OAuth client";
/// What is never shown again.
pub(super) const SECRET: &str = "Secret";
/// What must be filled in.
pub(super) const REQUIRED: &str = "Required.";
/// What may be left empty.
pub(super) const OPTIONAL: &str = "Optional.";
/// What surprises people.
pub(super) const QUIRKS: &str = "Good to know";
/// The provider's own documents.
pub(super) const DOCUMENTS: &str = "Documents of the provider";
/// The search among operations.
pub(super) const SEARCH_OPERATIONS: &str = "Search operations";
/// One thing that a connector can do.
pub(super) const OPERATION: &str = "Operation";
/// What kind of operation it is.
pub(super) const KIND: &str = "Type";
/// What an operation does.
pub(super) const DOES: &str = "What it does";
/// Said when no operation is found.
pub(super) const NO_OPERATIONS: &str = "No operation found";
/// Does something.
pub(super) const ACTION: &str = "Action";
/// Reads values to choose from.
pub(super) const LOOKUP: &str = "Lookup";
/// Starts a workflow.
pub(super) const EVENT: &str = "Event";
/// What was made with the connector.
pub(super) const CONNECTIONS: &str = "Connections";
/// Leads to the list of them.
pub(super) const ALL_CONNECTIONS: &str = "All connections with this connector";
/// Said when there is none.
pub(super) const NO_CONNECTIONS: &str = "No connection that you can see was made with it";
/// What something is called.
pub(super) const NAME: &str = "Name";
/// Whether it works.
pub(super) const STATUS: &str = "Status";
/// Who made it.
pub(super) const OWNER: &str = "Owner";
/// When it was made.
pub(super) const CREATED: &str = "Created";
/// Registered at the provider.
pub(super) const CLIENTS: &str = "OAuth clients";
/// What they are for.
pub(super) const CLIENTS_TEXT: &str =
    "People sign in at the provider through a client that your organisation registered there.";
/// Said when there is none.
pub(super) const NO_CLIENTS: &str = "No OAuth client is registered yet";
/// Opens the form for a new one, and its title.
pub(super) const REGISTER: &str = "Register OAuth client";
/// Registers it.
pub(super) const REGISTER_VERB: &str = "Register";
/// Opens the form for one that is there.
pub(super) const CHANGE: &str = "Change";
/// The title of that form.
pub(super) const CHANGE_TITLE: &str = "Change OAuth client";
/// Saves a change.
pub(super) const SAVE: &str = "Save";
/// Leaves the form.
pub(super) const CANCEL: &str = "Cancel";
/// Deletes a client.
pub(super) const DELETE: &str = "Delete";
/// What deleting means.
pub(super) const DELETE_TEXT: &str =
    "Its secret is deleted with it. At the provider the client stays until you remove it there.";
/// The provider's name of a client.
pub(super) const CLIENT_ID: &str = "Client ID";
/// The provider's secret of a client.
pub(super) const CLIENT_SECRET: &str = "Client secret";
/// When it was registered here, and by whom.
pub(super) const REGISTERED: &str = "Registered";
/// What the name is for.
pub(super) const NAME_HELP: &str = "To tell it from other clients of the same service.";
/// The address to enter at the provider.
pub(super) const REDIRECT: &str = "Redirect URL";
/// What to do with it.
pub(super) const REDIRECT_HELP: &str = "Enter it at the provider exactly like this.";
/// Leads to the provider.
pub(super) const REGISTER_WHERE: &str = "Where to register at the provider";

/// Where a connector's picture is.
pub(super) fn picture(icon: &str) -> String {
    ["/icons/connectors/", icon, ".svg"].concat()
}

/// What the foot of the list says.
pub(super) fn count(count: usize) -> String {
    let noun = if count == 1 { " connector" } else { " connectors" };
    [&number(u64::try_from(count).unwrap_or_default()), noun].concat()
}

/// Asks before a client is deleted.
pub(super) fn delete_title(name: &str) -> String {
    ["Delete OAuth client “", name, "”?"].concat()
}

/// Said once a client is gone.
pub(super) fn deleted(name: &str) -> String {
    ["OAuth client “", name, "” deleted"].concat()
}

/// Said once a client is saved.
pub(super) fn saved(name: &str) -> String {
    ["OAuth client “", name, "” saved"].concat()
}

/// Somebody else changed it meanwhile.
pub(super) fn changed(name: &str) -> String {
    let rest = "”. Save again to replace it with what stands here, or cancel to leave it.";
    ["Somebody else changed the client meanwhile. It is now “", name, rest].concat()
}

/// Why a client cannot be deleted.
pub(super) fn in_use(connections: u32) -> String {
    let made = if connections == 1 { " connection was" } else { " connections were" };
    [
        &number(u64::from(connections)),
        made,
        " made through it. Delete the connections first, or keep the client.",
    ]
    .concat()
}
