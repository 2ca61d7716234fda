//! The words of single sign-on.

use drawbridge_domain::sso::SsoStatus;

/// The page.
pub(super) const SSO: &str = "Single sign-on";
/// What the page is for.
pub(super) const SSO_TEXT: &str = "People sign in with your organisation's OpenID Connect provider.";
/// Said above what may only be read.
pub(super) const READ_ONLY: &str = "You can read these settings";
/// The section of the state.
pub(super) const STATUS: &str = "Status";
/// When a test last worked.
pub(super) const TESTED: &str = "Last test that worked";
/// When somebody last signed in.
pub(super) const LAST_USED: &str = "Last sign-in";
/// It never happened.
pub(super) const NEVER: &str = "Never";
/// The tenant's own sign-in page.
pub(super) const SIGN_IN_URL: &str = "Your tenant's sign-in address";
/// Who needs it.
pub(super) const SIGN_IN_URL_HELP: &str =
    "Give it to your people. Whoever has an email address of a proved domain finds the way without it.";
/// Starts a test.
pub(super) const TEST: &str = "Test sign-in";
/// Switches it on.
pub(super) const ON: &str = "Switch on";
/// Switches it off.
pub(super) const OFF: &str = "Switch off";
/// Forgets the settings.
pub(super) const DELETE: &str = "Delete";
/// Why nothing can be tested or deleted yet.
pub(super) const NOT_SAVED: &str = "Save the provider's settings first.";
/// Said once it is on.
pub(super) const IS_ON: &str = "Single sign-on is on";
/// Said once it is off.
pub(super) const IS_OFF: &str = "Single sign-on is off";
/// Said once deleted.
pub(super) const DELETED: &str = "Settings deleted";
/// Said after a test that worked.
pub(super) const TEST_WORKED: &str = "The test worked";
/// What it did, while single sign-on is on.
pub(super) const TEST_WORKED_TEXT: &str = "Nobody was signed in.";
/// What to do now, while it is off.
pub(super) const TEST_WORKED_OFF: &str = "Nobody was signed in. You can switch single sign-on on now.";
/// The question before it is switched off.
pub(super) const OFF_TITLE: &str = "Switch single sign-on off?";
/// What follows.
pub(super) const OFF_TEXT: &str = "Everybody who signed in with it is signed out at once. People without a password cannot sign in until it is on again. The settings stay.";
/// The question before the settings are deleted.
pub(super) const DELETE_TITLE: &str = "Delete the settings of single sign-on?";
/// What follows.
pub(super) const DELETE_TEXT: &str = "Everybody who signed in with it is signed out at once. People without a password cannot sign in until the same provider is set up again.";
/// The section of the provider.
pub(super) const PROVIDER: &str = "Provider";
/// What to give the provider.
pub(super) const REDIRECT: &str = "Redirect URL";
/// Where it belongs.
pub(super) const REDIRECT_HELP: &str =
    "Register this at the provider, for a web application with the code flow.";
/// The provider's address.
pub(super) const ISSUER: &str = "Issuer";
/// Where to find it.
pub(super) const ISSUER_HELP: &str =
    "The provider's address as it names itself. Below it lies /.well-known/openid-configuration.";
/// The client id.
pub(super) const CLIENT_ID: &str = "Client ID";
/// The client's secret.
pub(super) const CLIENT_SECRET: &str = "Client secret";
/// The scopes.
pub(super) const SCOPES: &str = "Scopes";
/// The button of the sign-in page.
pub(super) const LABEL: &str = "Name on the sign-in page";
/// How it is shown.
pub(super) const LABEL_HELP: &str = "The button says “Continue with” and this name.";
/// The role of people who join.
pub(super) const ROLE: &str = "Role of new people";
/// Why there are no administrators.
pub(super) const ROLE_HELP: &str = "Administrators are made in User management only.";
/// People join by themselves.
pub(super) const AUTO_JOIN: &str = "People of proved email domains join by signing in";
/// What happens otherwise.
pub(super) const AUTO_JOIN_HELP: &str = "Off: only people come in who are users already or were invited. The provider must say that it verified the address.";
/// Saves.
pub(super) const SAVE: &str = "Save";
/// Said once saved.
pub(super) const SAVED: &str = "Settings saved";
/// Said when somebody else saved first.
pub(super) const CHANGED_MEANWHILE: &str = "Somebody else changed these settings meanwhile. What you typed is still here; look at theirs by reloading the page, or save again.";
/// The section of domains.
pub(super) const DOMAINS: &str = "Email domains";
/// What a proof is for.
pub(super) const DOMAINS_TEXT: &str = "An email address counts only when its domain is proved to be yours: then it finds the way to your provider, connects people to the users with the same address, and lets them join if you want that.";
/// A new domain.
pub(super) const DOMAIN: &str = "Domain";
/// Adds it.
pub(super) const ADD: &str = "Add domain";
/// Proved.
pub(super) const PROVED: &str = "Proved";
/// Not yet.
pub(super) const NOT_PROVED: &str = "Not proved yet";
/// Its record is gone.
pub(super) const MISSING: &str = "Record missing";
/// What that means, and what to do.
pub(super) const MISSING_TEXT: &str = "The DNS has not shown the record for days. The domain still counts, but another tenant that proves it may take it over. Make the record again, then look it up.";
/// What to do in the DNS.
pub(super) const RECORD_TEXT: &str = "Make a TXT record with this name and text, then look it up.";
/// The record's name.
pub(super) const RECORD_NAME: &str = "Name";
/// The record's text.
pub(super) const RECORD_VALUE: &str = "Text";
/// Looks it up.
pub(super) const PROVE: &str = "Look up";
/// Takes a domain away.
pub(super) const REMOVE: &str = "Remove";
/// Said once named.
pub(super) const ADDED: &str = "Domain added";
/// Said once proved.
pub(super) const IS_PROVED: &str = "Domain proved";
/// Said once removed.
pub(super) const REMOVED: &str = "Domain removed";

/// The state in words.
pub(super) fn status(status: SsoStatus) -> &'static str {
    match status {
        SsoStatus::NotSetUp => "Not set up",
        SsoStatus::Untested => "Not tested yet",
        SsoStatus::Off => "Off",
        SsoStatus::On => "On",
    }
}

/// As whom a test worked.
pub(super) fn tested_as(who: &str) -> String {
    ["as ", who].concat()
}
