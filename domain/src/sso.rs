//! Rules of a tenant's single sign-on by OpenID Connect: what an administrator may set, and whom a provider's word
//! lets in.

use crate::role::Role;
use crate::text::TextFault;
use crate::time::{DAY, Timestamp};
use crate::user::UserState;

/// The longest issuer, in characters.
pub const ISSUER_MAX: usize = 300;
/// The most email domains of one tenant.
pub const MOST_DOMAINS: u32 = 20;
/// The scopes that are asked for unless others are set.
pub const SCOPES: &str = "openid profile email";
/// The name in the DNS, in front of the domain, where a domain's proof stands.
pub const PROOF_NAME: &str = "_drawbridge";
/// What stands in front of the secret of a domain's proof.
pub const PROOF_PREFIX: &str = "drawbridge-verification=";

/// For how long the DNS must not have shown a domain's proof until that is said, in milliseconds: a fault that passes
/// is none.
pub const PROOF_DOUBT: i64 = 2 * DAY;
/// For how long, until another tenant that proves the domain takes it over, in milliseconds.
pub const PROOF_LOST: i64 = 14 * DAY;

/// The roles that people may be given who join by themselves: a provider's word makes nobody an administrator.
pub const DEFAULT_ROLES: [Role; 3] = [Role::Participant, Role::Designer, Role::Developer];

const NOT_AN_ISSUER: TextFault = TextFault::Said(
    "not_an_issuer",
    "Type the provider's address as it names itself, such as https://id.example.com.",
);
const NOT_A_DOMAIN: TextFault = TextFault::Said("not_a_domain", "Type an email domain, such as example.com.");
const NO_OPENID: TextFault = TextFault::Said("no_openid", "Name the scope openid too.");

/// How far a tenant's single sign-on is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum SsoStatus {
    /// Nothing is set.
    NotSetUp,
    /// Set, and nobody has signed in with these settings yet.
    Untested,
    /// A test sign-in worked, and it is off.
    Off,
    /// People sign in with it.
    On,
}

crate::coded!(SsoStatus);

impl SsoStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NotSetUp, Self::Untested, Self::Off, Self::On];

    /// The word that stands for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSetUp => "notSetUp",
            Self::Untested => "untested",
            Self::Off => "off",
            Self::On => "on",
        }
    }

    /// The status that a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Why somebody may not change single sign-on, in words; `None`: they may.
pub fn change_refusal(role: Role, signed_in_by_sso: bool) -> Option<&'static str> {
    if !role.includes(Role::GlobalAdministrator) {
        Some("Only a Global administrator can change single sign-on.")
    } else if signed_in_by_sso {
        Some(NEEDS_PASSWORD)
    } else {
        None
    }
}

/// Why a session that a provider's word began may not do what concerns the account or its other tenants.
pub const NEEDS_PASSWORD: &str = "You signed in with single sign-on, which is good for this tenant only. Sign in with your password for this.";

/// Why single sign-on cannot be switched on yet; `None`: it can.
pub fn enable_refusal(status: SsoStatus) -> Option<&'static str> {
    match status {
        SsoStatus::NotSetUp => Some("Save the provider's settings first."),
        SsoStatus::Untested => {
            Some("Test the sign-in first, so that nobody is sent to a provider that does not work.")
        }
        SsoStatus::Off | SsoStatus::On => None,
    }
}

/// An issuer as it is compared: an `https` address without query or fragment (OpenID Connect Core §2). Plain `http`
/// passes for this machine only; whether it may be called is decided by who calls.
pub fn issuer(text: &str) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().count() > ISSUER_MAX {
        return Err(TextFault::TooLong(ISSUER_MAX));
    }
    let rest = text.strip_prefix("https://").or_else(|| {
        let local = text.strip_prefix("http://")?;
        (local == "localhost" || local.starts_with("localhost:") || local.starts_with("localhost/"))
            .then_some(local)
    });
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !"?#@\\\"<>".contains(c));
    if host.is_empty() || !plain { Err(NOT_AN_ISSUER) } else { Ok(text.to_owned()) }
}

/// An email domain as it is compared: lower case, ASCII, at least two labels.
pub fn domain(text: &str) -> Result<String, TextFault> {
    let text = text.trim().trim_start_matches('@').trim_end_matches('.').to_ascii_lowercase();
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.len() > 240 {
        return Err(TextFault::TooLong(240));
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    let good = text.contains('.')
        && text.split('.').all(label)
        && last.starts_with(|c: char| c.is_ascii_alphabetic());
    if good { Ok(text) } else { Err(NOT_A_DOMAIN) }
}

/// The scopes to ask for: words of visible ASCII, `openid` among them.
pub fn scopes(text: &str) -> Result<String, TextFault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.len() > 300 {
        return Err(TextFault::TooLong(300));
    }
    if let Some(bad) = text.chars().find(|c| !(c.is_ascii_graphic() || *c == ' ') || "\"\\".contains(*c)) {
        return Err(TextFault::Forbidden(bad));
    }
    if words.contains(&"openid") { Ok(text) } else { Err(NO_OPENID) }
}

/// The domain of an email address.
pub fn domain_of(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// How a proved domain stands, by when the DNS last showed its proof and when it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofState {
    /// The DNS shows the proof, or did so lately.
    Shown,
    /// It has not shown it for days. The domain counts all the same: nobody is locked out by a record that is lost.
    Missing,
    /// It has not shown it for so long that another tenant may prove the domain.
    Lost,
}

/// How a proved domain stands.
pub fn proof_state(shown: Timestamp, asked: Timestamp) -> ProofState {
    match asked.since(shown) {
        ..PROOF_DOUBT => ProofState::Shown,
        PROOF_DOUBT..PROOF_LOST => ProofState::Missing,
        _ => ProofState::Lost,
    }
}

/// Where the browser goes after signing in: a page of a tenant, or the first one. Nothing else is gone to.
pub fn return_path(wanted: &str) -> &str {
    let good = wanted.starts_with("/t/")
        && wanted.len() <= 512
        && !wanted.contains('\\')
        && !wanted.contains("//")
        && wanted.chars().all(|c| c.is_ascii_graphic());
    if good { wanted } else { "/" }
}

/// What is known once a provider has said who somebody is.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The user to whom this identity belongs.
    pub known: Option<UserState>,
    /// The user of the tenant with the same email address who has no identity at this provider yet.
    pub same_email: Option<UserState>,
    /// Whether some user of the tenant has the email address at all.
    pub email_taken: bool,
    /// Whether the provider named an email address.
    pub has_email: bool,
    /// Whether the provider says that the address was verified.
    pub email_verified: bool,
    /// Whether the tenant proved the address's domain.
    pub domain_proved: bool,
    /// Whether people of a proved domain join by themselves.
    pub auto_join: bool,
}

/// How somebody comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// As the user to whom the identity belongs.
    Known,
    /// As the user with the same email address, to whom the identity belongs from now on.
    Linked,
    /// As a new user.
    Joined,
}

/// Decides whom a provider's word lets in. The identity counts, not the email address: an address is believed only
/// when the provider verified it and the tenant proved that its domain is the tenant's own.
pub fn admit(arrival: Arrival) -> Result<Admission, SsoRefusal> {
    if let Some(state) = arrival.known {
        return if state == UserState::Active { Ok(Admission::Known) } else { Err(SsoRefusal::Suspended) };
    }
    if !arrival.has_email {
        return Err(SsoRefusal::NoEmail);
    }
    let believed = arrival.email_verified && arrival.domain_proved;
    match arrival.same_email {
        Some(UserState::Suspended) if believed => Err(SsoRefusal::Suspended),
        Some(_) if believed => Ok(Admission::Linked),
        None if believed && arrival.auto_join && !arrival.email_taken => Ok(Admission::Joined),
        None if arrival.domain_proved && arrival.auto_join && !arrival.email_verified => {
            Err(SsoRefusal::EmailNotVerified)
        }
        _ => Err(SsoRefusal::NotConnected),
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $words:literal;)+) => {
        /// Why a single sign-on came to nothing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SsoRefusal { $($(#[$doc])* $name,)+ }

        impl SsoRefusal {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The refusal's code, for the audit log and for programs.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The HTTP status of the page that says so.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// What happened and what to do.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }
        }
    };
}

refusals! {
    /// The address names neither tenant nor email address.
    NothingNamed = "nothing_named", 400, "To sign in with single sign-on, name your work email address, or open your tenant's own sign-in address.";
    /// No sign-in has this `state`: forged, foreign or long gone.
    Unknown = "flow_unknown", 400, "This sign-in is not known here. It may have been started elsewhere or long ago. Start again.";
    /// The sign-in was used before.
    Used = "flow_used", 409, "This sign-in was already used. Start again.";
    /// It took longer than ten minutes.
    Expired = "flow_expired", 410, "The sign-in took longer than 10 minutes. Start again.";
    /// Another browser or session started it.
    OtherBrowser = "flow_other_browser", 403, "This sign-in was started in another browser. Start again in this one.";
    /// The answer names another issuer (RFC 9207).
    WrongIssuer = "flow_wrong_issuer", 400, "The answer came from another server than the one that was asked. Nobody was signed in. Tell your administrator if it happens again.";
    /// Neither code nor error, or repeated parameters.
    Malformed = "flow_malformed", 400, "The provider's answer could not be understood. Start again.";
    /// The settings changed while somebody was signing in.
    Changed = "settings_changed", 409, "The settings of single sign-on were changed meanwhile. Start again.";
    /// Single sign-on is not set up or switched off, or there is no such tenant.
    Off = "not_available", 404, "There is no single sign-on here. Sign in with your password, or ask your administrator for your tenant's sign-in address.";
    /// Too many sign-ins are under way from one place.
    TooMany = "too_many", 429, "Too many sign-ins were started from your network. Wait some minutes, then try again.";
    /// The person said no.
    Denied = "denied", 403, "The sign-in was cancelled at the provider. Nobody was signed in.";
    /// The provider refused the client or the request.
    Refused = "provider_refused", 502, "The provider refused the sign-in. An administrator of your tenant finds the reason in the audit log.";
    /// The provider does not answer, or not in time.
    Unreachable = "provider_unreachable", 502, "The provider could not be reached in time. Try again in some minutes.";
    /// The provider's answer makes no sense.
    Nonsense = "provider_nonsense", 502, "The provider answered something that could not be understood. Tell your administrator.";
    /// The proof of who somebody is does not hold.
    BadToken = "bad_token", 403, "The provider's proof of who you are does not hold. Nobody was signed in. Start again, and tell your administrator if it happens again.";
    /// The user is suspended.
    Suspended = "suspended", 403, "Your user is suspended in this tenant. An administrator can reactivate it.";
    /// The identity belongs to no user here.
    NotConnected = "not_connected", 403, "Your account at the provider is not connected to a user of this tenant. If you have a user here, sign in with your password and connect it under Your account. If not, ask an administrator of the tenant for an invitation.";
    /// The domain would do, the address is not verified.
    EmailNotVerified = "email_not_verified", 403, "The provider does not say that your email address is verified. Verify it there, or ask an administrator of the tenant for an invitation.";
    /// No email address came along.
    NoEmail = "no_email", 403, "The provider did not tell your email address. An administrator of your tenant may have to add the scope “email”.";
    /// The identity belongs to somebody else already.
    Taken = "identity_taken", 409, "This account at the provider is connected to another user of the tenant already, or your user to another account. Disconnect it there first.";
    /// The invitation is used, withdrawn or too old.
    InvitationGone = "invitation_gone", 404, "This invitation was accepted or withdrawn, a newer link took its place, or it has expired. Ask an administrator of the tenant for a new link.";
    /// The tenant may have no more users.
    Full = "quota_exceeded", 409, "Your tenant has as many users as it may have. Ask an administrator of the tenant.";
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Arrival = Arrival {
        known: None,
        same_email: None,
        email_taken: false,
        has_email: true,
        email_verified: true,
        domain_proved: true,
        auto_join: true,
    };

    #[test]
    fn an_identity_that_is_known_comes_in_whatever_its_email_says() {
        let known =
            Arrival { known: Some(UserState::Active), has_email: false, email_verified: false, ..NEW };
        assert_eq!(admit(known), Ok(Admission::Known));
        for state in [UserState::Suspended, UserState::Invited] {
            assert_eq!(admit(Arrival { known: Some(state), ..NEW }), Err(SsoRefusal::Suspended));
        }
    }

    #[test]
    fn an_email_address_is_believed_only_verified_and_of_a_proved_domain() {
        let taken = Arrival { same_email: Some(UserState::Active), email_taken: true, ..NEW };
        assert_eq!(admit(taken), Ok(Admission::Linked));
        assert_eq!(admit(Arrival { same_email: Some(UserState::Invited), ..taken }), Ok(Admission::Linked));
        assert_eq!(
            admit(Arrival { same_email: Some(UserState::Suspended), ..taken }),
            Err(SsoRefusal::Suspended)
        );
        assert_eq!(admit(Arrival { email_verified: false, ..taken }), Err(SsoRefusal::NotConnected));
        assert_eq!(admit(Arrival { domain_proved: false, ..taken }), Err(SsoRefusal::NotConnected));
        // The address went over to another account at the provider.
        assert_eq!(admit(Arrival { same_email: None, ..taken }), Err(SsoRefusal::NotConnected));
    }

    #[test]
    fn people_join_by_themselves_only_where_that_is_wanted() {
        assert_eq!(admit(NEW), Ok(Admission::Joined));
        assert_eq!(admit(Arrival { auto_join: false, ..NEW }), Err(SsoRefusal::NotConnected));
        assert_eq!(admit(Arrival { domain_proved: false, ..NEW }), Err(SsoRefusal::NotConnected));
        assert_eq!(admit(Arrival { email_verified: false, ..NEW }), Err(SsoRefusal::EmailNotVerified));
        assert_eq!(admit(Arrival { has_email: false, ..NEW }), Err(SsoRefusal::NoEmail));
    }

    #[test]
    fn addresses_domains_and_scopes_are_checked_as_typed() {
        assert_eq!(issuer(" https://id.example.com/ "), Ok("https://id.example.com/".to_owned()));
        assert_eq!(issuer("http://localhost:9555"), Ok("http://localhost:9555".to_owned()));
        for bad in [
            "id.example.com",
            "http://id.example.com",
            "http://localhost.evil.example",
            "https://",
            "https:///x",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "https://user@a.example",
            "https://ä.example",
            "javascript:alert(1)",
        ] {
            assert_eq!(issuer(bad), Err(NOT_AN_ISSUER), "{bad}");
        }
        assert_eq!(issuer(" "), Err(TextFault::Empty));
        assert_eq!(domain(" @Example.COM. "), Ok("example.com".to_owned()));
        for bad in ["example", "-a.com", "a..com", "a b.com", "ä.com", "10.0.0.1", "a/b.com", "*.example.com"]
        {
            assert_eq!(domain(bad), Err(NOT_A_DOMAIN), "{bad}");
        }
        assert_eq!(scopes(" email  openid "), Ok("email openid".to_owned()));
        assert_eq!(scopes("email"), Err(NO_OPENID));
        assert_eq!(scopes("openid a\"b"), Err(TextFault::Forbidden('"')));
        assert_eq!(domain_of("ada@x.example"), "x.example");
    }

    #[test]
    fn one_returns_to_pages_of_ours_only() {
        assert_eq!(return_path("/t/acme/automate/connections?add=1"), "/t/acme/automate/connections?add=1");
        for bad in [
            "",
            "/",
            "//evil.example",
            "/t/a\\b",
            "https://evil.example",
            "/api/v1/session",
            "/t//evil",
            "/t/\n",
        ] {
            assert_eq!(return_path(bad), "/", "{bad}");
        }
    }

    #[test]
    fn who_may_change_it_is_told() {
        assert_eq!(change_refusal(Role::GlobalAdministrator, false), None);
        assert_eq!(change_refusal(Role::GlobalAdministrator, true), Some(NEEDS_PASSWORD));
        assert!(change_refusal(Role::AutomationAdministrator, false).is_some());
        assert!(DEFAULT_ROLES.iter().all(|role| !role.is_administrator()));
        assert!(enable_refusal(SsoStatus::Untested).is_some() && enable_refusal(SsoStatus::Off).is_none());
    }

    #[test]
    fn every_refusal_has_a_code_of_its_own_and_a_way_on() {
        let codes: std::collections::BTreeSet<_> =
            SsoRefusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), SsoRefusal::ALL.len());
        assert!(SsoRefusal::ALL.iter().all(|refusal| (400..600).contains(&refusal.status())));
    }
}
