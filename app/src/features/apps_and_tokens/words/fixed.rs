//! Words that never change.

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(in super::super) const $name: &str = $text;)+
    };
}

words! {
    /// The page.
    PAGE = "Apps and tokens";
    /// What the page is for.
    ABOUT = "Who may call the API: apps for programs of the tenant, personal access tokens for what you do yourself.";
    /// Leads to the API's reference.
    REFERENCE = "API reference";
    /// The machine identities.
    APPS = "Apps";
    /// What they are.
    APPS_ABOUT = "A program's own identity, with a client ID and a client secret. It reaches what its scopes name in the whole tenant.";
    /// The tokens.
    TOKENS = "Personal access tokens";
    /// What they are.
    TOKENS_ABOUT = "A token acts as you, narrowed by its scopes. It ends with your membership and rests while you are suspended.";
    /// Makes an app.
    ADD_APP = "Add app";
    /// Makes it.
    ADD = "Add";
    /// Opens the form of a token.
    ADD_TOKEN = "Add token";
    /// The form's title.
    CREATE_TOKEN = "Create new token";
    /// Makes it.
    CREATE = "Create";
    /// Where there is no app.
    NO_APPS = "No apps yet";
    /// What to do there.
    NO_APPS_TEXT = "Add one for each program that calls the API by itself. It signs in with its own client ID and secret.";
    /// Where there is no token.
    NO_TOKENS = "No personal access tokens yet";
    /// What to do there.
    NO_TOKENS_TEXT = "Create one for a script or a command line of your own.";
    /// Searches.
    SEARCH_APPS = "Search apps";
    /// Searches.
    SEARCH_TOKENS = "Search tokens";
    /// Where the search finds nothing.
    NOTHING_FOUND = "Nothing matches";
    /// What to do there.
    NOTHING_FOUND_TEXT = "Search for part of a name, or for a whole client ID.";
    /// The same for tokens.
    NO_TOKEN_FOUND_TEXT = "Search for part of a name, or for a token's whole identifier.";
    /// Shows all again.
    CLEAR = "Clear search";
    /// Above rows that could not be read anew.
    NOT_LOADED = "This could not be loaded";
    /// Reads again.
    TRY_AGAIN = "Try again";
    /// A column.
    APP_NAME = "App name";
    /// A column.
    NAME = "Name";
    /// A column.
    CLIENT_ID = "Client ID";
    /// The secret of an app.
    CLIENT_SECRET = "Client Secret";
    /// A column.
    TOKEN = "Token";
    /// A column.
    STATUS = "Status";
    /// A column.
    CREATED_BY = "Created by";
    /// A column.
    CREATED = "Created";
    /// A column.
    EXPIRES = "Expires";
    /// A column.
    LAST_USED = "Last used";
    /// Where it was never used.
    NEVER_USED = "Never";
    /// Where it has no end.
    NEVER = "Never";
    /// What it is for.
    DESCRIPTION = "Description";
    /// What it may do.
    SCOPES = "Scopes";
    /// The preset.
    FULL = "Full access";
    /// What that is for an app.
    FULL_APP = "Everything that the API offers in this tenant, and what is added later.";
    /// What that is for a token.
    FULL_TOKEN = "Everything that you may do yourself. It follows changes of your role at once.";
    /// The other choice.
    SOME = "Chosen scopes";
    /// What that is.
    SOME_TEXT = "Only what you choose here.";
    /// Where none is chosen.
    NO_SCOPE = "Choose at least one scope.";
    /// Beside reading, where managing is chosen.
    IMPLIED = "Part of managing.";
    /// Beside a scope that cannot be had again.
    NOT_HELD = "The token does not have it. Scopes can only be taken away; create a new token for more.";
    /// From where it may be used.
    ADDRESSES = "Allowed addresses";
    /// How to write them.
    ADDRESSES_HELP = "One per line: an IPv4 or IPv6 address, or a network such as 203.0.113.0/24. Empty: from anywhere.";
    /// Where there is no list.
    ANYWHERE = "From anywhere";
    /// When it ends.
    EXPIRY = "Expiry";
    /// What an app's end means.
    EXPIRY_APP_HELP = "From then on its secret and its tokens work no more.";
    /// What a token's end means.
    EXPIRY_TOKEN_HELP = "From then on the token works no more. You are told 30, 7 and 1 days before.";
    /// Another day.
    CUSTOM = "Another day";
    /// Which.
    LAST_DAY = "Last day";
    /// What is rarely wanted.
    ADVANCED = "Advanced";
    /// How tokens are signed.
    ALGORITHM = "Signature of its access tokens";
    /// What it matters to.
    ALGORITHM_HELP = "Only matters to other services that verify the tokens themselves.";
    /// The one that is taken.
    EDDSA = "EdDSA (Ed25519), recommended";
    /// The other.
    RS256 = "RS256 (RSA), for services that know nothing newer";
    /// Shows all of it.
    VIEW = "View";
    /// A new secret.
    ROTATE_SECRET = "Rotate secret";
    /// A new token.
    ROTATE = "Rotate";
    /// Changes it.
    EDIT = "Edit";
    /// Its title.
    EDIT_APP = "Edit app";
    /// Its title.
    EDIT_TOKEN = "Edit token";
    /// Saves.
    SAVE = "Save";
    /// Does nothing.
    CANCEL = "Cancel";
    /// Ends.
    DONE = "Done";
    /// Switches off.
    DISABLE = "Disable";
    /// Switches on.
    ACTIVATE = "Activate";
    /// Removes it.
    DELETE = "Delete";
    /// Ends it.
    REVOKE = "Revoke";
    /// Does what was asked.
    YES = "Yes";
    /// What deleting an app does.
    DELETE_APP_TEXT = "Every call with its credentials, or with a token that it already has, fails from that moment. This cannot be undone.";
    /// What deleting a token does.
    DELETE_TOKEN_TEXT = "It leaves the list. It works no more already.";
    /// What revoking does.
    REVOKE_TEXT = "Every call with it fails from that moment. This cannot be undone.";
    /// What is known of its use.
    NOT_USED_YET = "It has not been used.";
    /// The title over a new app's secret.
    APP_ADDED = "App added";
    /// The title over a new token.
    TOKEN_CREATED = "Token created";
    /// The title over a new secret.
    NEW_SECRET = "New secret";
    /// The title over a rotated token.
    NEW_TOKEN = "New token";
    /// A token that is shown.
    PERSONAL_TOKEN = "Personal access token";
    /// Said where it is never shown again.
    ONCE = "Copy it now: it is not kept and cannot be shown again.";
    /// Said where it can be.
    AGAIN_APP = "You can see it again under View. Who does so is recorded.";
    /// Said where it can be.
    AGAIN_TOKEN = "Only you can see it again, under View. That is recorded.";
    /// An answer that was repeated.
    LOST = "It was made, but its secret was told to an earlier request. Rotate it to get a new one.";
    /// Asked before it is lost.
    NOT_COPIED = "Close without copying it?";
    /// What is lost.
    NOT_COPIED_TEXT = "It was not copied and cannot be shown again. Without it you must rotate to get a new one.";
    /// Stays.
    STAY = "Go back";
    /// Goes.
    LEAVE = "Close anyway";
    /// What is open.
    APP = "App";
    /// What a token is known by.
    IDENTIFIER = "Identifier";
    /// When it ended.
    REVOKED_AT = "Revoked";
    /// Before a time.
    LAST_USED_AT = "Last used";
    /// Where there is none.
    NOT_USED = "Not used yet";
    /// Why it is hidden.
    HIDDEN = "Hidden until it is shown. Showing it is recorded.";
    /// How long the old one works.
    GRACE = "Until when the present one works";
    /// What rotating does.
    ROTATE_APP_TEXT = "A new secret works at once. The present one goes on working for as long as you choose, so that programs can change over.";
    /// What rotating does.
    ROTATE_TOKEN_TEXT = "A new token of the same name and scopes works at once, and its life begins anew. The present one goes on working for as long as you choose.";
    /// What the shortest one means.
    GRACE_NOW = "It stops working at once.";
    /// Where two work already.
    ROTATE_TWO = "The one before the present one ends at once.";
    /// What works now.
    WORKING = "Working now";
    /// The newest one.
    PRESENT = "Present";
    /// The one before.
    PREVIOUS = "Previous";
    /// A signing algorithm, in View.
    SIGNED = "Tokens signed with";
    /// How to begin.
    HOW = "How to use it";
    /// For an app.
    HOW_APP = "Get an access token with the client ID and secret, then call the API with it. It works for an hour.";
    /// For a token.
    HOW_TOKEN = "Send it with each request in the Authorization header.";
    /// Copies the lines.
    COPY_LINES = "Copy commands";
    /// What to do about an end that is near.
    ENDING_TEXT = "Rotate or replace it before then, and nothing stops.";
    /// Shown instead of a name while it is read.
    LOADING = "…";
    /// Why a token is blocked.
    BLOCKED = "Its life is longer than the tenant now allows. Rotate it, and it fits.";
    /// Why one rests.
    RESTS = "Its user is suspended.";
    /// A date that cannot be.
    NO_DAY = "Choose a day.";
    /// Copies it.
    COPY_ID = "Copy client ID";
    /// Before the end of an app.
    ENDS = "Ends";
    /// After a name: it was switched on.
    ACTIVATED = "is active again.";
    /// After a name: it was switched off.
    DISABLED = "is disabled. Calls with it fail from now on.";
    /// After a name.
    SAVED = "is saved.";
    /// After a name.
    DELETED = "is deleted.";
    /// After a name.
    REVOKED = "is revoked. Calls with it fail from now on.";
}
