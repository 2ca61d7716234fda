//! Single sign-on.

use drawbridge_domain::role::Role;

use super::endpoint;
use crate::endpoint::{Access, Audit, Method, Reach};
use crate::problem::ProblemCode as P;
use crate::types::Nothing;
use crate::types::sso::{
    ChangeSso, DomainPath, NameDomain, OwnIdentity, SignInOffer, SingleSignOn, SlugPath, SsoDomain, SsoStart,
};

const READERS: Access = Access::Role(Role::AutomationAdministrator);
const CHANGERS: Access = Access::Role(Role::GlobalAdministrator);

endpoint! {
    /// The tenant's single sign-on: settings without the secret, domains, status.
    ReadSso {
        summary: "Read the tenant's single sign-on", tag: "Single sign-on",
        method: Method::Get, path: "/api/v1/sso", access: READERS, reach: Reach::Full, etag: true,
    }
    Nothing, Nothing, Nothing => SingleSignOn
}
endpoint! {
    /// Sets it up or changes it. Another issuer or client switches it off until it is tested again.
    ChangeSsoSettings {
        summary: "Set up or change single sign-on", tag: "Single sign-on",
        method: Method::Patch, path: "/api/v1/sso", access: CHANGERS, reach: Reach::Full,
        audit: Audit::Records(&["sso.changed"]), etag: true, if_match: true, problems: &[P::NeedsPassword],
    }
    Nothing, Nothing, ChangeSso => SingleSignOn
}
endpoint! {
    /// Forgets the settings. Sessions that began by it end; people stay connected to the provider's accounts for the
    /// case that the same provider is set up again.
    DeleteSso {
        summary: "Delete the settings of single sign-on", tag: "Single sign-on",
        method: Method::Delete, path: "/api/v1/sso", access: CHANGERS, reach: Reach::Full, success: 204,
        audit: Audit::Records(&["sso.deleted"]), problems: &[P::NotFound, P::NeedsPassword],
    }
    Nothing, Nothing, Nothing => Nothing
}
endpoint! {
    /// Starts a sign-in that signs nobody in and shows whether the settings work.
    TestSso {
        summary: "Test single sign-on", tag: "Single sign-on",
        method: Method::Post, path: "/api/v1/sso/test", access: CHANGERS,
        audit: Audit::Records(&["sso.testing"]),
        problems: &[P::NotFound, P::NeedsPassword, P::ProviderUnavailable, P::TooManyRequests],
    }
    Nothing, Nothing, Nothing => SsoStart
}
endpoint! {
    /// Switches it on, once a test worked.
    EnableSso {
        summary: "Switch single sign-on on", tag: "Single sign-on",
        method: Method::Post, path: "/api/v1/sso/enable", access: CHANGERS, reach: Reach::Full,
        audit: Audit::Records(&["sso.enabled"]), problems: &[P::NotFound, P::Conflict, P::NeedsPassword],
    }
    Nothing, Nothing, Nothing => SingleSignOn
}
endpoint! {
    /// Switches it off; sessions that began by it end.
    DisableSso {
        summary: "Switch single sign-on off", tag: "Single sign-on",
        method: Method::Post, path: "/api/v1/sso/disable", access: CHANGERS, reach: Reach::Full,
        audit: Audit::Records(&["sso.disabled"]), problems: &[P::NotFound, P::Conflict, P::NeedsPassword],
    }
    Nothing, Nothing, Nothing => SingleSignOn
}
endpoint! {
    /// Names an email domain as the tenant's own; it counts once it is proved.
    NameSsoDomain {
        summary: "Name an email domain", tag: "Single sign-on",
        method: Method::Post, path: "/api/v1/sso/domains", access: CHANGERS, reach: Reach::Full, success: 201,
        audit: Audit::Records(&["sso.domain_named"]), problems: &[P::QuotaExceeded, P::NeedsPassword],
    }
    Nothing, Nothing, NameDomain => SsoDomain
}
endpoint! {
    /// Looks the domain's proof up in the DNS. A domain that another tenant proved is taken over when the DNS has not
    /// shown that one's proof for two weeks.
    ProveSsoDomain {
        summary: "Prove an email domain", tag: "Single sign-on",
        method: Method::Post, path: "/api/v1/sso/domains/{domain}/prove", access: CHANGERS, reach: Reach::Full,
        audit: Audit::Records(&["sso.domain_proved"]),
        problems: &[P::NotFound, P::Conflict, P::NeedsPassword, P::TooManyRequests,
            P::ProviderUnavailable],
    }
    DomainPath, Nothing, Nothing => SsoDomain
}
endpoint! {
    /// Takes a domain away again.
    RemoveSsoDomain {
        summary: "Remove an email domain", tag: "Single sign-on",
        method: Method::Delete, path: "/api/v1/sso/domains/{domain}", access: CHANGERS, reach: Reach::Full, success: 204,
        audit: Audit::Records(&["sso.domain_removed"]), problems: &[P::NotFound, P::NeedsPassword],
    }
    DomainPath, Nothing, Nothing => Nothing
}
endpoint! {
    /// What a tenant's own sign-in page offers; 404 without single sign-on, as where no such tenant is.
    FindSignIn {
        summary: "Ask what a tenant's sign-in page offers", tag: "Sessions",
        method: Method::Get, path: "/api/v1/sign-in/{slug}", access: Access::Public, reach: Reach::Any, problems: &[P::NotFound],
    }
    SlugPath, Nothing, Nothing => SignInOffer
}
endpoint! {
    /// As whom the tenant's provider knows the caller.
    ReadOwnIdentity {
        summary: "Read one's own identity at the tenant's provider", tag: "Sessions",
        method: Method::Get, path: "/api/v1/session/sso", access: Access::SignedIn,
    }
    Nothing, Nothing, Nothing => OwnIdentity
}
endpoint! {
    /// Starts a sign-in at the provider that connects the account there to the caller.
    ConnectOwnIdentity {
        summary: "Connect one's own account at the provider", tag: "Sessions",
        method: Method::Post, path: "/api/v1/session/sso", access: Access::SignedIn,
        audit: Audit::Records(&["identity.connecting"]),
        problems: &[P::NotFound, P::NeedsPassword, P::ProviderUnavailable, P::TooManyRequests],
    }
    Nothing, Nothing, Nothing => SsoStart
}
endpoint! {
    /// Ends that connection, and the sessions that began by it.
    DisconnectOwnIdentity {
        summary: "Disconnect one's own account at the provider", tag: "Sessions",
        method: Method::Delete, path: "/api/v1/session/sso", access: Access::SignedIn, success: 204,
        audit: Audit::Records(&["identity.disconnected"]), problems: &[P::NotFound, P::NeedsPassword],
    }
    Nothing, Nothing, Nothing => Nothing
}
